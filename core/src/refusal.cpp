// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "refusal.hpp"

namespace anomalens {

namespace {

Error error_of(ErrorCode code, Reason reason, std::initializer_list<Number> numbers) {
  Error error(code, reason);
  for (const Number& number : numbers) error.with(number.value());
  return error;
}

}  // namespace

Error& Error::with(double number) {
  numbers_.at(count_++) = number;
  return *this;
}

Error& Error::at_row(std::size_t row) {
  row_ = row;
  return *this;
}

Error& Error::at_column(std::size_t column) {
  column_ = column;
  return *this;
}

Error& Error::named(const char* option) {
  option_ = option;
  return *this;
}

const char* Error::what() const noexcept { return option_ != nullptr ? option_ : "anomalens::Error"; }

void refuse(ErrorCode code, Reason reason, std::initializer_list<Number> numbers, Place place) {
  Error error = error_of(code, reason, numbers);
  if (place.row) error.at_row(*place.row);
  if (place.column) error.at_column(*place.column);
  throw error;
}

void refuse_option(const char* option, Reason reason, std::initializer_list<Number> numbers) {
  throw error_of(ErrorCode::kBadOption, reason, numbers).named(option);
}

void refuse_saved(const char* member, Reason reason, std::initializer_list<Number> numbers) {
  throw error_of(ErrorCode::kBadFile, reason, numbers).named(member);
}

void refuse_untrained() { refuse(ErrorCode::kNotFitted, Reason::kNotTrained); }

void check_range(const char* option, double value, double low, double high, Ends ends) {
  const bool with_low = ends == Ends::kBoth || ends == Ends::kLow;
  const bool with_high = ends == Ends::kBoth || ends == Ends::kHigh;
  if ((with_low ? value >= low : value > low) && (with_high ? value <= high : value < high)) return;
  const Reason reasons[] = {Reason::kNotFromTo, Reason::kNotFromBelow, Reason::kNotAboveTo, Reason::kNotAboveBelow};
  refuse_option(option, reasons[static_cast<int>(ends)], {low, high, value});
}

}  // namespace anomalens
