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

/// Appends the numbers that are passed, or takes them back in the same order. Throws kBadFile for what it cannot have
/// written.
class Way {
 public:
  explicit Way(std::vector<double>& numbers) : written_(&numbers) {}
  explicit Way(std::span<const double> numbers) : read_(numbers) {}

  [[gnu::noinline]] void pass(double& number) {
    if (written_ != nullptr) return written_->push_back(number);
    if (at_ == read_.size()) fail_count(1);
    number = read_[at_++];
  }
  /// A whole number from 0 to `most`.
  [[gnu::noinline]] double whole(double number, double most) {
    pass(number);
    if (written_ != nullptr || (number >= 0 && number <= most && number == std::floor(number))) return number;
    fail(Reason::kSavedOutOfRange, {0, most, number});
  }
  /// No list is longer than what is left: none takes more room than the whole.
  std::size_t length(std::size_t size) {
    size = static_cast<std::size_t>(whole(static_cast<double>(size), std::numeric_limits<std::int32_t>::max()));
    if (written_ == nullptr && size > read_.size() - at_) fail_count(size);
    return size;
  }
  void end() const {
    if (at_ != read_.size()) fail_count(0);
  }

 private:
  /// There should have been so many more.
  [[noreturn]] void fail_count(std::size_t more) const {
    fail(Reason::kSavedCount, {static_cast<double>(at_ + more), static_cast<double>(read_.size())});
  }
  [[noreturn]] static void fail(Reason reason, std::initializer_list<double> numbers) {
    Error error(ErrorCode::kBadFile, reason);
    error.named("detector");
    for (const double number : numbers) error.with(number);
    throw error;
  }

  std::vector<double>* written_ = nullptr;
  std::span<const double> read_;
  std::size_t at_ = 0;
};

template <class Number>
inline constexpr double kMost = std::numeric_limits<std::int32_t>::max();
template <>
inline constexpr double kMost<bool> = 1;
template <>
inline constexpr double kMost<Missing> = static_cast<double>(Missing::kLearn);
template <>
inline constexpr double kMost<ColumnKind> = static_cast<double>(ColumnKind::kCycle);
template <>
inline constexpr double kMost<FeatureKind> = static_cast<double>(FeatureKind::kMissing);

inline void pass(Way& way, double& number) { way.pass(number); }
template <class Number>
  requires(std::is_integral_v<Number> || std::is_enum_v<Number>)
void pass(Way& way, Number& number) {
  number = static_cast<Number>(way.whole(static_cast<double>(number), kMost<Number>));
}
template <class... Numbers>
  requires(sizeof...(Numbers) > 1)
void pass(Way& way, Numbers&... numbers) {
  (pass(way, numbers), ...);
}
template <class Element>
void pass(Way& way, std::vector<Element>& list) {
  list.resize(way.length(list.size()));
  for (Element& element : list) pass(way, element);
}
template <std::size_t kSize>
void pass(Way& way, std::array<double, kSize>& list) {
  for (double& element : list) way.pass(element);
}
inline void pass(Way& way, Column& column) { pass(way, column.kind, column.period); }
inline void pass(Way& way, Feature& feature) {
  pass(way, feature.column, feature.kind, feature.at, feature.width, feature.index);
}
inline void pass(Way& way, ConstantColumn& constant) { pass(way, constant.column, constant.value); }
inline void pass(Way& way, NumberFeature& number) {
  pass(way, number.logarithmic, number.least, number.center, number.spread);
  pass(way, number.percentiles);
  pass(way, number.low, number.high);
  pass(way, number.counts);
  pass(way, number.rows);
}
inline void pass(Way& way, CategoryFeature& category) {
  pass(way, category.values);
  pass(way, category.counts);
  pass(way, category.level_of);
  pass(way, category.levels);
  pass(way, category.shares);
  pass(way, category.entropy, category.rows);
}
inline void pass(Way& way, CycleFeature& cycle) {
  pass(way, cycle.period);
  pass(way, cycle.center);
  pass(way, cycle.spread);
  pass(way, cycle.counts);
  pass(way, cycle.commonest, cycle.rows);
}
inline void pass(Way& way, Encoding& encoding) {
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
inline void pass(Way& way, Term& term) { pass(way, term.middle, term.spread); }
inline void pass(Way& way, ResidualUnits& units) {
  pass(way, units.ordinary);
  pass(way, units.surprise);
}
inline void pass(Way& way, DetectorModel& model) {
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
  Way way(numbers);
  pass(way, model);
  return numbers;
}

/// All but the pool.
inline DetectorModel unflattened(std::span<const double> numbers) {
  DetectorModel model;
  Way way(numbers);
  pass(way, model);
  way.end();
  return model;
}

}  // namespace anomalens::binding
