// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "anomalens/encoding.hpp"
#include "refusal.hpp"

/// What a saved encoding must be, before anything is allocated by it.
namespace anomalens {

namespace {

constexpr double kReach = 6;      // of histograms
constexpr double kMostNats = 64;  // of an entropy

void finite(const char* member, double number, std::size_t at = 0) {
  if (!std::isfinite(number)) refuse_saved(member, Reason::kSavedNotFinite, {at});
}

void positive(const char* member, double number, std::size_t at = 0) {
  finite(member, number, at);
  if (!(number > 0)) refuse_saved(member, Reason::kSavedNotPositive, {at});
}

void counted(const char* member, std::size_t expected, std::size_t size) {
  if (expected != size) refuse_saved(member, Reason::kSavedCount, {expected, size});
}

template <class Numbers>
void not_negative(const char* member, const Numbers& numbers) {
  for (std::size_t i = 0; i < numbers.size(); i++) {
    finite(member, numbers[i], i);
    if (numbers[i] < 0) refuse_saved(member, Reason::kSavedNotPositive, {i});
  }
}

void below(const char* member, std::size_t limit, std::size_t index) {
  if (index >= limit) refuse_saved(member, Reason::kSavedOutOfRange, {0, limit, index});
}

void within(const char* member, double low, double high, double number) {
  if (!(number >= low && number <= high)) refuse_saved(member, Reason::kSavedOutOfRange, {low, high, number});
}

/// `rows` must be the rows that were counted.
void summed(const char* member, const std::vector<double>& counts, double rows) {
  positive(member, rows);
  const double sum = std::accumulate(counts.begin(), counts.end(), 0.0);
  if (sum != rows) refuse_saved(member, Reason::kSavedCount, {sum, rows});
}

void check_period(const char* member, double period) {
  within(member, 2, 366, period);
  if (period != std::floor(period)) refuse_saved(member, Reason::kSavedOutOfRange, {2, 366, period});
}

void check(const NumberFeature& number) {
  if (number.logarithmic) positive("number.least", number.least);
  finite("number.center", number.center);
  positive("number.spread", number.spread);
  counted("number.percentiles", 101, number.percentiles.size());
  for (std::size_t i = 0; i < number.percentiles.size(); i++) finite("number.percentiles", number.percentiles[i], i);
  if (!std::ranges::is_sorted(number.percentiles)) refuse_saved("number.percentiles", Reason::kSavedNotAscending);
  finite("number.low", number.low);
  finite("number.high", number.high);
  if (!(number.high > number.low)) refuse_saved("number.high", Reason::kSavedNotAbove, {0});
  within("number.low", -kReach, kReach, number.low);
  within("number.high", -kReach, kReach + 1, number.high);
  not_negative("number.counts", number.counts);
  positive("number.rows", number.rows);
}

void check(const CategoryFeature& category) {
  const std::size_t values = category.values.size();
  if (values == 0) refuse_saved("category.values", Reason::kSavedCount, {1, 0});
  counted("category.counts", values, category.counts.size());
  not_negative("category.counts", category.counts);
  for (std::size_t i = 0; i < values; i++) {
    if (i + 1 < values || !std::isnan(category.values[i])) finite("category.values", category.values[i], i);
  }
  const auto known = category.values.end() - (std::isnan(category.values.back()) ? 1 : 0);
  if (!std::is_sorted(category.values.begin(), known)) refuse_saved("category.values", Reason::kSavedNotAscending);
  counted("category.shares", category.levels.size() + 1, category.shares.size());
  not_negative("category.shares", category.shares);
  for (const double share : category.shares) within("category.shares", 0, 1, share);
  counted("category.level_of", values, category.level_of.size());
  for (const std::int32_t level : category.level_of) {
    below("category.level_of", category.shares.size(), static_cast<std::size_t>(level));
  }
  for (std::size_t level = 0; level < category.levels.size(); level++) {
    const auto value = static_cast<std::size_t>(category.levels[level]);
    below("category.levels", values, value);
    counted("category.level_of", level, static_cast<std::size_t>(category.level_of[value]));
  }
  within("category.entropy", -1e-6, kMostNats, category.entropy);
  summed("category.rows", category.counts, category.rows);
}

void check(const CycleFeature& cycle) {
  check_period("cycle.period", cycle.period);
  for (const double center : cycle.center) within("cycle.center", -1, 1, center);
  positive("cycle.spread", cycle.spread);
  counted("cycle.counts", static_cast<std::size_t>(cycle.period), cycle.counts.size());
  not_negative("cycle.counts", cycle.counts);
  within("cycle.commonest", 0, cycle.period, cycle.commonest);
  summed("cycle.rows", cycle.counts, cycle.rows);
}

void check(const Column& column) {
  within("columns", 0, static_cast<double>(ColumnKind::kCycle), static_cast<double>(column.kind));
  if (column.kind == ColumnKind::kCycle) check_period("columns", column.period);
}

/// Follows the features in their order: every column has one, perhaps followed by that of its gaps.
class FeatureCheck {
 public:
  explicit FeatureCheck(const Encoding& encoding) : encoding_(encoding), taken_(encoding.columns.size(), 0) {}

  void check(const Feature& feature) {
    below("features.column", taken_.size(), feature.column);
    within("features.kind", 0, static_cast<double>(FeatureKind::kMissing), static_cast<double>(feature.kind));
    const bool gaps = feature.kind == FeatureKind::kMissing;
    if (gaps ? !last_ || feature.column != *last_ || gap_taken_ || gapless_.empty() || gapless_.back() != *last_ ||
                   encoding_.missing != Missing::kLearn
             : last_ && feature.column <= *last_) {
      refuse_saved("features.column", Reason::kSavedNotAscending);
    }
    if (!gaps) check_column(feature);
    check_place(feature);
    if (gaps) {
      gap_taken_ = true;
      gapless_.pop_back();
      if (encoding_.category(feature).values != std::vector<double>{0, 1}) {
        refuse_saved("category.values", Reason::kSavedOutOfRange, {0, 1, encoding_.category(feature).values[0]});
      }
    }
  }

  /// One that has no feature.
  void take(const char* member, std::size_t column) {
    below(member, taken_.size(), column);
    if (taken_[column] != 0) refuse_saved(member, Reason::kSavedOutOfRange, {0, taken_.size() - 1, column});
    taken_[column] = 1;
  }

  void finish() {
    counted("numbers", encoding_.numbers.size(), numbers_);
    counted("categories", encoding_.categories.size(), categories_);
    counted("cycles", encoding_.cycles.size(), cycles_);
    counted("width", at_, encoding_.width);
    const auto missing = static_cast<std::size_t>(std::ranges::count(taken_, 0));
    if (missing > 0) refuse_saved("columns", Reason::kSavedCount, {taken_.size(), taken_.size() - missing});
    if (encoding_.missing != Missing::kLearn) gapless_.clear();
    if (encoding_.gapless != gapless_) {
      refuse_saved("gapless", Reason::kSavedCount, {gapless_.size(), encoding_.gapless.size()});
    }
  }

 private:
  void check_column(const Feature& feature) {
    const ColumnKind kind = encoding_.columns[feature.column].kind;
    const bool fits = feature.kind == FeatureKind::kCategory ? kind != ColumnKind::kCycle
                      : feature.kind == FeatureKind::kNumber ? kind == ColumnKind::kNumber
                                                             : kind == ColumnKind::kCycle;
    if (!fits) refuse_saved("features.kind", Reason::kSavedOutOfRange, {0, 3, static_cast<double>(feature.kind)});
    take("features.column", feature.column);
    last_ = feature.column;
    gap_taken_ = false;
    if (feature.kind != FeatureKind::kCategory) gapless_.push_back(feature.column);
  }

  void check_place(const Feature& feature) {
    const bool category = encoding_.categorical(feature);
    const bool number = feature.kind == FeatureKind::kNumber;
    std::size_t& next = category ? categories_ : number ? numbers_ : cycles_;
    const std::size_t size = category ? encoding_.categories.size()
                             : number ? encoding_.numbers.size()
                                      : encoding_.cycles.size();
    below("features.index", size, next);
    counted("features.index", next++, feature.index);
    counted("features.at", at_, feature.at);
    counted("features.width", category ? encoding_.category(feature).width() : number ? 1 : 2, feature.width);
    at_ += feature.width;
  }

  const Encoding& encoding_;
  std::vector<std::uint8_t> taken_;
  std::vector<std::size_t> gapless_;
  std::optional<std::size_t> last_;  ///< column of the value before
  bool gap_taken_ = false;           ///< whether its gaps have had their feature
  std::size_t numbers_ = 0;
  std::size_t categories_ = 0;
  std::size_t cycles_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

void Encoding::validate() const {
  if (columns.empty()) refuse_saved("columns", Reason::kSavedCount, {1, 0});
  within("missing", 0, static_cast<double>(Missing::kLearn), static_cast<double>(missing));
  for (const Column& column : columns) check(column);
  for (const NumberFeature& number : numbers) check(number);
  for (const CategoryFeature& one : categories) check(one);
  for (const CycleFeature& cycle : cycles) check(cycle);
  if (features.empty() && constants.empty()) refuse_saved("features", Reason::kSavedCount, {1, 0});
  if (rows < 2) refuse_saved("rows", Reason::kSavedOutOfRange, {2, 1e15, rows});
  FeatureCheck roles(*this);
  for (const Feature& feature : features) roles.check(feature);
  for (const ConstantColumn& constant : constants) {
    roles.take("constants.column", constant.column);
    if (std::isinf(constant.value)) refuse_saved("constants.value", Reason::kSavedNotFinite, {constant.column});
  }
  for (const std::size_t column : skipped) roles.take("skipped", column);
  roles.finish();
}

}  // namespace anomalens
