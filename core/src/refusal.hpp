// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>

#include "anomalens/error.hpp"

/// Throwing in one line, from a place that knows the numbers.
namespace anomalens {

/// A number of any type that goes with a reason.
class Number {
 public:
  template <class Any>
    requires std::integral<Any> || std::floating_point<Any>
  Number(Any value) : value_(static_cast<double>(value)) {}
  double value() const { return value_; }

 private:
  double value_;
};

/// Where the fault lies, zero-based.
struct Place {
  std::optional<std::size_t> row;
  std::optional<std::size_t> column;
};

[[noreturn]] void refuse(ErrorCode code, Reason reason, std::initializer_list<Number> numbers = {}, Place place = {});
/// kBadOption, with the option to blame.
[[noreturn]] void refuse_option(const char* option, Reason reason, std::initializer_list<Number> numbers = {});
/// kBadFile, with the member of Model to blame.
[[noreturn]] void refuse_saved(const char* member, Reason reason, std::initializer_list<Number> numbers = {});
/// Something is asked of a model that has not been trained.
[[noreturn]] void refuse_untrained();

/// What an option holds once TrainOptions::resolved() has chosen it.
template <class Value>
const Value& chosen(const std::optional<Value>& option) {
  if (!option) refuse(ErrorCode::kInternal, Reason::kDefect);
  return *option;
}

/// Which ends of a range belong to it.
enum class Ends { kBoth, kLow, kHigh, kNeither };

/// Throws kBadOption unless `value` lies between `low` and `high`. NaN is out of every range.
void check_range(const char* option, double value, double low, double high, Ends ends = Ends::kBoth);

/// The same for an option that need not be given.
template <class Value>
void check_range(const char* option, const std::optional<Value>& value, double low, double high,
                 Ends ends = Ends::kBoth) {
  if (value) check_range(option, static_cast<double>(*value), low, high, ends);
}

}  // namespace anomalens
