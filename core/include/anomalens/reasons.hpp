// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace anomalens {

/// Why a cell is strange.
enum class ReasonKind : int {
  kRelation,  ///< common by itself, it does not fit the other columns
  kRare,      ///< the value itself: at most 5 % of the training cells are as rare
  kUnseen,    ///< a value that the training rows did not have
  kMissing,   ///< there is no cell
  kConstant,  ///< the column was the same in all training rows and differs now
};

/// What one column has to do with a row's score.
struct ColumnReason {
  std::size_t column = 0;
  ReasonKind kind = ReasonKind::kRelation;
  /// By how much the score falls when the column is repaired, not below 0; cells that are missing together share their drop.
  double drop = 0;
  double share = 0;  ///< of the drops of the row
  /// What the column should have been, in its own units: for a category the number of a value. Empty: some other value of
  /// a category than those that are frequent. NaN: no cell.
  std::optional<double> expected;
  /// Where the value lies in its column: the percentile of a number, for a category or a cycle the percentage of training
  /// rows with the same value or in the same bin. NaN for a missing cell.
  double percentile = 0;
};

/// One step towards an ordinary row.
struct RepairStep {
  std::size_t column = 0;
  std::optional<double> expected;  ///< as in ColumnReason
  double score = 0;                ///< of the row, after it
};

/// A score taken apart. `points` add up to it, with those of departures.
struct Anatomy {
  struct Part {
    double value = 0;   ///< of the term, before it is centred
    double middle = 0;  ///< its median over the training rows
    double spread = 1;  ///< and the distance of its quartiles
    double points = 0;  ///< what it adds to the score
  };
  double score = 0;
  Part residual;                 ///< P
  Part rarity;                   ///< H
  Part excess;                   ///< E
  std::optional<Part> distance;  ///< N
  double departures = 0;
  /// Of one column: its parts p_j in both committees (the same when clean) and its rarity H_j in nats; the largest of the
  /// column's features.
  struct ColumnPart {
    std::size_t column = 0;
    double free = 0;
    double trimmed = 0;
    double rarity = 0;
  };
  std::vector<ColumnPart> columns;
};

}  // namespace anomalens
