// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <string>

#include "range.hpp"

namespace anomalens {

namespace {

constexpr int kDigits = 6;

/// Digits of `scaled` (kDigits of them) with the point after the first `whole` ones, trailing zeros dropped.
std::string with_point(std::int64_t scaled, int whole) {
  std::string digits(whole <= 0 ? static_cast<std::size_t>(1 - whole) : 0, '0');
  digits.append(std::to_string(scaled));
  const std::size_t point = whole <= 0 ? 1 : static_cast<std::size_t>(whole);
  digits.insert(digits.begin() + static_cast<std::ptrdiff_t>(point), '.');
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

}  // namespace

std::string decimal(double value) {
  if (std::isnan(value)) return "NaN";
  if (value < 0) return std::string("-").append(decimal(-value));
  if (std::isinf(value)) return "Infinity";
  if (value < 1e15 && value == std::floor(value)) return std::to_string(static_cast<std::int64_t>(value));
  int exponent = 0;  // value = mantissa * 10^exponent, 1 <= mantissa < 10
  double mantissa = value;
  for (; mantissa >= 10; exponent++) mantissa /= 10;
  for (; mantissa < 1; exponent--) mantissa *= 10;
  auto scaled = static_cast<std::int64_t>(std::floor(mantissa * 1e5 + 0.5));
  if (scaled == 1000000) {
    scaled = 100000;
    exponent++;
  }
  if (exponent >= -4 && exponent < kDigits) return with_point(scaled, exponent + 1);
  return with_point(scaled, 1).append("e").append(std::to_string(exponent));
}

}  // namespace anomalens
