// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "anomalens/error.hpp"

namespace anomalens {

/// A number for a sentence, with up to six significant digits. Own code: the library's conversions bring in tables of more
/// than 100 KB.
std::string decimal(double value);

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
