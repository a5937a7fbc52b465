// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include "anomalens/detector_model.hpp"
#include "anomalens/error.hpp"

/// What the detector knows beside its nets and its pool, as one list of numbers, which files hold. Its order is that of
/// pass(); a list of any length stands behind its length. Other orders are other formats.
namespace anomalens::binding {

/// Appends what is passed.
class Writer {
 public:
  explicit Writer(std::vector<double>& numbers) : numbers_(numbers) {}
  template <class Number>
  void pass(const Number& number) {
    numbers_.push_back(static_cast<double>(number));
  }
  void length(std::size_t& size) { pass(size); }

 private:
  std::vector<double>& numbers_;
};

/// Takes back, in the same order. Throws kBadFile for what a Writer cannot have written.
class Reader {
 public:
  explicit Reader(std::span<const double> numbers) : numbers_(numbers) {}
  template <class Number>
  void pass(Number& number) {
    if (at_ == numbers_.size()) fail(Reason::kSavedCount, {static_cast<double>(at_ + 1), static_cast<double>(at_)});
    const double given = numbers_[at_++];
    if constexpr (std::is_same_v<Number, double>) {
      number = given;
    } else {
      number = static_cast<Number>(whole(given, most<Number>()));
    }
  }
  /// No list is longer than what is left: none takes more room than the whole.
  void length(std::size_t& size) {
    pass(size);
    const std::size_t left = numbers_.size() - at_;
    if (size > left) fail(Reason::kSavedCount, {static_cast<double>(at_ + size), static_cast<double>(numbers_.size())});
  }
  void end() const {
    if (at_ != numbers_.size())
      fail(Reason::kSavedCount, {static_cast<double>(at_), static_cast<double>(numbers_.size())});
  }

 private:
  template <class Number>
  static constexpr double most() {
    if constexpr (std::is_same_v<Number, bool>) return 1;
    if constexpr (std::is_same_v<Number, Missing>) return static_cast<double>(Missing::kLearn);
    if constexpr (std::is_same_v<Number, ColumnKind>) return static_cast<double>(ColumnKind::kCycle);
    if constexpr (std::is_same_v<Number, FeatureKind>) return static_cast<double>(FeatureKind::kMissing);
    return std::numeric_limits<std::int32_t>::max();
  }
  static double whole(double number, double highest) {
    if (number >= 0 && number <= highest && number == std::floor(number)) return number;
    fail(Reason::kSavedOutOfRange, {0, highest, number});
  }
  [[noreturn]] static void fail(Reason reason, std::initializer_list<double> numbers) {
    Error error(ErrorCode::kBadFile, reason);
    error.named("detector");
    for (const double number : numbers) error.with(number);
    throw error;
  }

  std::span<const double> numbers_;
  std::size_t at_ = 0;
};

template <class Way, class... Numbers>
  requires((std::is_arithmetic_v<Numbers> || std::is_enum_v<Numbers>) && ...)
void pass(Way& way, Numbers&... numbers) {
  (way.pass(numbers), ...);
}
template <class Way, class Element>
void pass(Way& way, std::vector<Element>& list) {
  std::size_t size = list.size();
  way.length(size);
  list.resize(size);
  for (Element& element : list) pass(way, element);
}
template <class Way, std::size_t kSize>
void pass(Way& way, std::array<double, kSize>& list) {
  for (double& element : list) way.pass(element);
}
template <class Way>
void pass(Way& way, Column& column) {
  pass(way, column.kind, column.period);
}
template <class Way>
void pass(Way& way, Feature& feature) {
  pass(way, feature.column, feature.kind, feature.at, feature.width, feature.index);
}
template <class Way>
void pass(Way& way, ConstantColumn& constant) {
  pass(way, constant.column, constant.value);
}
template <class Way>
void pass(Way& way, NumberFeature& number) {
  pass(way, number.logarithmic, number.least, number.center, number.spread);
  pass(way, number.percentiles);
  pass(way, number.low, number.high);
  pass(way, number.counts);
  pass(way, number.rows);
}
template <class Way>
void pass(Way& way, CategoryFeature& category) {
  pass(way, category.values);
  pass(way, category.counts);
  pass(way, category.level_of);
  pass(way, category.levels);
  pass(way, category.shares);
  pass(way, category.entropy, category.rows);
}
template <class Way>
void pass(Way& way, CycleFeature& cycle) {
  pass(way, cycle.period);
  pass(way, cycle.center);
  pass(way, cycle.spread);
  pass(way, cycle.counts);
  pass(way, cycle.commonest, cycle.rows);
}
template <class Way>
void pass(Way& way, Encoding& encoding) {
  pass(way, encoding.missing);
  pass(way, encoding.columns);
  pass(way, encoding.features);
  pass(way, encoding.numbers);
  pass(way, encoding.categories);
  pass(way, encoding.cycles);
  pass(way, encoding.constants);
  pass(way, encoding.skipped);
  pass(way, encoding.gapless);
  pass(way, encoding.width, encoding.rows);
}
template <class Way>
void pass(Way& way, Term& term) {
  pass(way, term.middle, term.spread);
}
template <class Way>
void pass(Way& way, ResidualUnits& units) {
  pass(way, units.ordinary);
  pass(way, units.surprise);
}
template <class Way>
void pass(Way& way, DetectorModel& model) {
  pass(way, model.encoding);
  pass(way, model.clean);
  pass(way, model.free);
  pass(way, model.trimmed);
  pass(way, model.residual);
  pass(way, model.rarity);
  pass(way, model.excess);
  pass(way, model.distance);
  pass(way, model.departure);
}

inline std::vector<double> flattened(DetectorModel& model) {
  std::vector<double> numbers;
  Writer writer(numbers);
  pass(writer, model);
  return numbers;
}

/// All but the pool.
inline DetectorModel unflattened(std::span<const double> numbers) {
  DetectorModel model;
  Reader reader(numbers);
  pass(reader, model);
  reader.end();
  return model;
}

}  // namespace anomalens::binding
