// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace anomalens {

/// What went wrong, as a caller can act on it. The numbers are part of the binary interface: append only.
enum class ErrorCode : int {
  kShape = 1,        ///< Rows, columns or a buffer do not have the size that was asked for.
  kNonFinite = 2,    ///< A cell is NaN or infinite where numbers are needed.
  kBadOption = 3,    ///< An option lies outside its range or contradicts another one.
  kNotFitted = 4,    ///< The model has not been trained yet.
  kDisposed = 5,     ///< A handle was used after it had been given back.
  kOutOfMemory = 6,  ///< An allocation failed; nothing was changed.
  kBadFile = 7,      ///< A saved model is damaged, altered or of another version.
  kDiverged = 8,     ///< The training loss stopped being finite; the last good weights were kept.
  kInternal = 99,    ///< A defect of the library itself.
};

/// The only exception the library throws on purpose. `what()` is a sentence: what was expected, what came, where.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}

  Error& at(std::size_t row, std::size_t column) {
    row_ = row;
    column_ = column;
    return *this;
  }
  Error& named(std::string option) {
    option_ = std::move(option);
    return *this;
  }

  ErrorCode code() const { return code_; }
  /// Zero-based position of the offending cell, where one cell is to blame.
  std::optional<std::size_t> row() const { return row_; }
  std::optional<std::size_t> column() const { return column_; }
  /// Name of the offending option as the C++ structs spell it; empty when no option is to blame.
  const std::string& option() const { return option_; }

 private:
  ErrorCode code_;
  std::optional<std::size_t> row_;
  std::optional<std::size_t> column_;
  std::string option_;
};

}  // namespace anomalens
