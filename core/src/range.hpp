// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <charconv>
#include <string>

#include "anomalens/error.hpp"

namespace anomalens {

/// The shortest decimal that reads back as `value`; iostreams would cost a page of 60 KB.
inline std::string decimal(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

/// Throws kBadOption unless low <= value <= high (or low < value with `open`). NaN is out of every range.
inline void check_range(const char* option, double value, double low, double high, bool open = false) {
  if ((open ? value > low : value >= low) && value <= high) return;
  const std::string name(option);
  throw Error(ErrorCode::kBadOption, name + " must be " + (open ? "above " : "from ") + decimal(low) +
                                         (open ? " and at most " : " to ") + decimal(high) + ", but it is " +
                                         decimal(value) + ".")
      .named(name);
}

}  // namespace anomalens
