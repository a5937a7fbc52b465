// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "detection/detector.hpp"

namespace anomalens {

/// What a feature is set to: the cell of a number, the level of a category, the two cells of a cycle.
struct Choice {
  std::array<double, 2> cells{};
  int level = 0;
};

/// How much the score of one encoded row falls when one feature is repaired; cells that are missing together are repaired
/// together. See repairs.py of the reference.
class Repairs {
 public:
  /// With no more gaps than `most` repaired together.
  Repairs(Detector& detector, EncodedRows row, std::size_t most = std::numeric_limits<std::size_t>::max());

  const EncodedRows& row() const { return row_; }
  /// Of every feature, the score without the cut of E.
  const std::vector<double>& drops() const { return drops_; }
  const Choice& choice(std::size_t feature) const { return choices_[feature]; }
  /// Whether a feature has been set to its choice.
  bool done(std::size_t feature) const { return done_[feature] != 0; }
  /// Sets a feature to its choice, or takes a departure away, and looks again. One repair fewer is left of `most`.
  void put(std::size_t feature);
  void undo_departure(std::size_t column);
  /// The score that verdicts are made of.
  double score() { return detector_.scores(row_)[0]; }

 private:
  struct Candidate {
    std::size_t feature;
    Choice choice;
  };
  void look();
  /// Credits several missing cells of the row with equal parts of what filling all of them takes from `base`, its score.
  void share_gaps(double base, const std::vector<Choice>& filled);
  std::vector<float> outputs(std::span<const float> cells);
  void add_candidates(std::size_t feature, std::span<const float> outputs, std::span<const float> echoes,
                      std::vector<Candidate>& out) const;
  /// The output of every number for the row that already has, in that cell alone, what `cells` say; one a feature.
  std::vector<float> echoed(std::span<const float> cells);
  /// So many copies of the row without its departures.
  EncodedRows copies(std::size_t count) const;
  void set(EncodedRows& rows, std::size_t row, std::size_t feature, const Choice& choice) const;

  Detector& detector_;
  EncodedRows row_;
  std::size_t most_;
  std::vector<std::uint8_t> done_;
  std::vector<double> drops_;
  std::vector<Choice> choices_;
};

}  // namespace anomalens
