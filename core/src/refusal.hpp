// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>

#include "anomalens/error.hpp"

/// The sentences of errors. A place that refuses something only lists the parts; putting a sentence together there, string
/// by string, would repeat the same code each time.
namespace anomalens {

/// A piece of a sentence: text, or a number that decimal() spells.
class Part {
 public:
  Part(const char* text) : text_(text) {}
  template <class Number>
    requires std::integral<Number> || std::floating_point<Number>
  Part(Number number) : number_(static_cast<double>(number)) {}

  void append_to(std::string& sentence) const;

 private:
  const char* text_ = nullptr;  ///< null: a number
  double number_ = 0;
};

/// A cell that is to blame, zero-based.
struct Cell {
  std::size_t row;
  std::size_t column;
};

/// Throws an Error whose sentence is the parts in a row.
[[noreturn]] void refuse(ErrorCode code, std::initializer_list<Part> sentence);
[[noreturn]] void refuse(ErrorCode code, std::initializer_list<Part> sentence, Cell cell);
/// kBadOption, with the option to blame.
[[noreturn]] void refuse(const char* option, std::initializer_list<Part> sentence);

/// Throws kNotFitted: something is asked of a model that has not been trained.
[[noreturn]] void refuse_unfitted();

/// A number with up to six significant digits; whole numbers below 10^15 with all of theirs. Own code: the library's
/// conversions bring in large tables.
std::string decimal(double value);

/// Throws kBadOption unless low <= value <= high (or low < value with `open`). NaN is out of every range.
void check_range(const char* option, double value, double low, double high, bool open = false);

}  // namespace anomalens
