// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "anomalens/reasons.hpp"
#include "span.hpp"

/// Results that are lists of objects: one list of doubles for each field.
namespace anomalens::binding {

/// Keeps lists of doubles until the next result.
class Lending {
 public:
  template <class List>
  Lending(const List& list, std::size_t fields) {
    kept().clear();
    kept().reserve(list.size() * fields);
  }
  template <class List, class Get>
  Span list(const List& list, Get get) {
    const std::size_t first = kept().size();
    for (const auto& one : list) kept().push_back(static_cast<double>(std::invoke(get, one)));
    return {reinterpret_cast<Address>(kept().data() + first), list.size()};
  }

 private:
  static std::vector<double>& kept() {
    static std::vector<double> numbers;
    return numbers;
  }
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
    Lending lending(reasons, 6);
    return {lending.list(reasons, &ColumnReason::column),     lending.list(reasons, &ColumnReason::kind),
            lending.list(reasons, &ColumnReason::drop),       lending.list(reasons, &ColumnReason::share),
            lending.list(reasons, expected_of<ColumnReason>), lending.list(reasons, &ColumnReason::percentile)};
  }
};

struct RepairSteps {
  Span column;
  Span expected;
  Span score;

  static RepairSteps of(const std::vector<RepairStep>& steps) {
    Lending lending(steps, 3);
    return {lending.list(steps, &RepairStep::column), lending.list(steps, expected_of<RepairStep>),
            lending.list(steps, &RepairStep::score)};
  }
};

struct ColumnParts {
  Span column;
  Span free;
  Span trimmed;
  Span rarity;
};

inline ColumnParts column_parts(const Anatomy& anatomy) {
  using Part = Anatomy::ColumnPart;
  Lending lending(anatomy.columns, 4);
  return {lending.list(anatomy.columns, &Part::column), lending.list(anatomy.columns, &Part::free),
          lending.list(anatomy.columns, &Part::trimmed), lending.list(anatomy.columns, &Part::rarity)};
}
inline void ignore_columns(Anatomy& /*anatomy*/, const ColumnParts& /*columns*/) {}

}  // namespace anomalens::binding
