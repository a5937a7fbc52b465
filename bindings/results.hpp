// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <vector>

#include "anomalens/reasons.hpp"
#include "span.hpp"

/// Results that are lists of objects: one list of doubles for each field.
namespace anomalens::binding {

/// Lists of doubles, one for each field of some objects, kept until the next result.
class Lending {
 public:
  /// `fields` makes an array of an object.
  template <class Object, class Fields>
  Lending(const std::vector<Object>& objects, Fields fields) : count_(objects.size()) {
    for (std::size_t i = 0; i < count_; i++) {
      const auto numbers = fields(objects[i]);
      if (i == 0) kept.resize(numbers.size() * count_);
      for (std::size_t field = 0; field < numbers.size(); field++) kept[field * count_ + i] = numbers[field];
    }
  }
  Span operator[](std::size_t field) const { return {reinterpret_cast<Address>(kept.data() + field * count_), count_}; }

 private:
  inline static std::vector<double> kept;
  std::size_t count_;
};

/// What should be in a column; NaN: no cell; infinite: some other value than the frequent ones.
template <class Object>
double expected_of(const Object& object) {
  return object.expected.value_or(std::numeric_limits<double>::infinity());
}

struct Reasons {
  Span column;
  Span kind;
  Span drop;
  Span share;
  Span expected;
  Span percentile;

  static Reasons of(const std::vector<ColumnReason>& reasons) {
    const Lending lent(reasons, [](const ColumnReason& reason) {
      return std::array{static_cast<double>(reason.column),
                        static_cast<double>(reason.kind),
                        reason.drop,
                        reason.share,
                        expected_of(reason),
                        reason.percentile};
    });
    return {lent[0], lent[1], lent[2], lent[3], lent[4], lent[5]};
  }
};

struct RepairSteps {
  Span column;
  Span expected;
  Span score;

  static RepairSteps of(const std::vector<RepairStep>& steps) {
    const Lending lent(steps, [](const RepairStep& step) {
      return std::array{static_cast<double>(step.column), expected_of(step), step.score};
    });
    return {lent[0], lent[1], lent[2]};
  }
};

/// Tallies, lent.
struct Tallied {
  Span column;
  Span width;
  Span counts;
};

struct ColumnParts {
  Span column;
  Span free;
  Span trimmed;
  Span rarity;
};

inline ColumnParts column_parts(const Anatomy& anatomy) {
  const Lending lent(anatomy.columns, [](const Anatomy::ColumnPart& part) {
    return std::array{static_cast<double>(part.column), part.free, part.trimmed, part.rarity};
  });
  return {lent[0], lent[1], lent[2], lent[3]};
}
inline void ignore_columns(Anatomy& /*anatomy*/, const ColumnParts& /*columns*/) {}

}  // namespace anomalens::binding
