// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "refusal.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace anomalens {

namespace {

constexpr int kDigits = 6;

std::string digits_of(std::uint64_t number) {
  char digits[20];  // of the largest number
  std::size_t at = sizeof(digits);
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  return {digits + at, sizeof(digits) - at};
}

/// Digits of `scaled` (kDigits of them) with the point after the first `whole` ones, trailing zeros dropped.
std::string with_point(std::uint64_t scaled, int whole) {
  std::string text;
  const std::string digits = digits_of(scaled);
  if (whole <= 0) text.append("0.");
  for (int i = whole; i < 0; i++) text.append("0");
  for (std::size_t i = 0; i < digits.size(); i++) {
    text.append(digits.data() + i, 1);
    if (static_cast<int>(i) + 1 == whole) text.append(".");
  }
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

Error error_of(ErrorCode code, std::initializer_list<Part> parts) {
  std::string sentence;
  for (const Part& part : parts) part.append_to(sentence);
  return Error(code, sentence);
}

}  // namespace

void Part::append_to(std::string& sentence) const {
  if (text_ != nullptr) {
    sentence.append(text_);
  } else {
    sentence.append(decimal(number_));
  }
}

void refuse(ErrorCode code, std::initializer_list<Part> sentence) { throw error_of(code, sentence); }

void refuse(ErrorCode code, std::initializer_list<Part> sentence, Cell cell) {
  throw error_of(code, sentence).at(cell.row, cell.column);
}

void refuse(const char* option, std::initializer_list<Part> sentence) {
  throw error_of(ErrorCode::kBadOption, sentence).named(option);
}

void refuse_unfitted() { refuse(ErrorCode::kNotFitted, {"The model has not been trained yet: call fit() first."}); }

void check_range(const char* option, double value, double low, double high, bool open) {
  if ((open ? value > low : value >= low) && value <= high) return;
  refuse(option, {option, " must be ", open ? "above " : "from ", low, open ? " and at most " : " to ", high,
                  ", but it is ", value, "."});
}

std::string decimal(double value) {
  if (std::isnan(value)) return "NaN";
  if (value < 0) return std::string("-").append(decimal(-value));
  if (std::isinf(value)) return "Infinity";
  if (value < 1e15 && value == std::floor(value)) return digits_of(static_cast<std::uint64_t>(value));
  int exponent = 0;  // value = mantissa * 10^exponent, 1 <= mantissa < 10
  double mantissa = value;
  for (; mantissa >= 10; exponent++) mantissa /= 10;
  for (; mantissa < 1; exponent--) mantissa *= 10;
  auto scaled = static_cast<std::uint64_t>(std::floor(mantissa * 1e5 + 0.5));
  if (scaled == 1000000) {
    scaled = 100000;
    exponent++;
  }
  if (exponent >= -4 && exponent < kDigits) return with_point(scaled, exponent + 1);
  const auto size = static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent);
  return with_point(scaled, 1).append(exponent < 0 ? "e-" : "e").append(digits_of(size));
}

}  // namespace anomalens
