// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <optional>
#include <span>

namespace anomalens {

/// What went wrong, as a caller can act on it.
enum class ErrorCode : int {
  kShape,        ///< Rows, columns or a buffer do not have the size that was asked for.
  kNonFinite,    ///< A cell is NaN or infinite where numbers are needed.
  kBadOption,    ///< An option lies outside its range or contradicts another one.
  kNotFitted,    ///< The model has not been trained yet.
  kDisposed,     ///< A trainer was used after another one took its model over, or after it was finished.
  kOutOfMemory,  ///< An allocation failed; nothing was changed. In C++ that is std::bad_alloc.
  kBadFile,      ///< A saved model is damaged, altered or of another version.
  kDiverged,     ///< The training loss stopped being finite; the last good weights were kept.
  kInternal,     ///< A defect of the library itself.
};

/// Why exactly. Behind each reason stand the numbers that come with it, in their order, and the place where one is given.
enum class Reason : int {
  // Options: Error::option() names the field, `schedule.warmup` for a field of a field.
  kNotFromTo,            ///< low, high, value: must be from low to high
  kNotAboveTo,           ///< low, high, value: must be above low and at most high
  kNotFromBelow,         ///< low, high, value: must be at least low and below high
  kNotAboveBelow,        ///< low, high, value: must be above low and below high
  kNotAbove,             ///< low, value: must be above low
  kNotFinite,            ///< value: must be finite
  kNotWhole,             ///< value: must be a whole number
  kTooManyLayers,        ///< most, count
  kTooManyCorruptions,   ///< most, count
  kCommitteeOfPytorch,   ///< members: must be 1 with compatibility to PyTorch
  kNeedsSingleNet,       ///< members: there must be 1
  kNeedsDetector,        ///< only the default detector can tell
  kMomentumOfAdam,       ///< momentum goes with kSgd and kRmsProp only
  kTopKAboveLatent,      ///< latent, k: from 1 to latent codes can be kept
  kKlNeedsSigmoid,       ///< a KL penalty needs codes in (0, 1)
  kWarmupAboveEpochs,    ///< epochs, warmup: must be below epochs
  kTooFewRowsToHoldOut,  ///< held out, rows: the threshold rule needs so many rows held out and as many to train on
  kTooFewRowsToLearn,    ///< rows: validation_split leaves fewer than two to train on
  kLabelsPerRow,         ///< rows, labels: one label a row
  kLabelNotZeroOrOne,    ///< number of the label
  kLabelsOfOneKind,      ///< the label that all rows have; in metrics, too
  kTooFewScores,         ///< fewest, scores: the threshold rule needs more rows to be taken from
  kRuleOfItsOwn,         ///< a rule that only the detector applies by itself
  kMembersWatched,       ///< member: a plateau schedule, patience and validation_split watch all members together
  kMembersRunning,       ///< member: run() has begun to train all members together
  kNeedsScaler,          ///< without one, floats cannot tell the cells of any column apart
  // Tables: row() and column() say where, as far as one is to blame.
  kColumns,          ///< expected, columns
  kNoColumns,        ///< training needs at least one
  kNoFeatures,       ///< columns: all are identifiers, which teach nothing
  kTooFewRows,       ///< fewest, rows
  kCellNotANumber,   ///< row, column
  kCellInfinite,     ///< row, column
  kRowMissing,       ///< row: all its cells are missing
  kColumnMissing,    ///< column: all its cells are missing
  kSpreadNotFinite,  ///< column: its cells are too large to be scaled
  kCodeNotFinite,    ///< row, column of a code to be decoded
  kRowsNotObserved,  ///< rows: those appended must be those observed, after all were observed
  kRowsIncomplete,   ///< the training set lacks rows
  kOtherScaler,      ///< to train on, rows must be scaled with the model's own scaler
  kNotOneRow,        ///< rows: one was expected
  kFeatureNumbers,   ///< columns must be given the numbers of their features, 0, 1, ... in order
  kRoom,             ///< needed, room: the buffer for results has another size
  kParameters,       ///< member, expected, parameters
  kScoresAndLabels,  ///< scores, labels: one label a score
  kScoreNotANumber,  ///< row
  // States.
  kNotTrained,      ///< train the model first
  kNoCalibration,   ///< there are no calibration scores to take p-values from
  kReplaced,        ///< another training of the same model has begun since
  kFinished,        ///< the training has been finished
  kDiverged,        ///< epoch (from 1) in which the loss stopped being finite
  kMemberDiverged,  ///< member
  kScoresDiverged,  ///< the last weights give scores that a float cannot hold
  // Saved models: option() names the list or the number of Model.
  kSavedCount,         ///< expected, numbers
  kSavedNotFinite,     ///< number of the first that is not finite
  kSavedNotPositive,   ///< number of the first that is not above 0
  kSavedNotAbove,      ///< number of the first that is not above its counterpart (`high` and `low`)
  kSavedNotAscending,  ///< the list must ascend
  kSavedOutOfRange,    ///< low, high, value
  kSavedOverflow,      ///< the weights or units give scores that a float cannot hold
  // Beyond the caller.
  kNoMemory,
  kTooLarge,  ///< rows, columns, gigabytes that a training on them needs at least
  kDefect,
};

/// The only exception the library throws on purpose. It carries data, no prose: whoever shows it to people composes the
/// sentence in their words. A call that throws leaves everything as it was.
class Error : public std::exception {
 public:
  static constexpr std::size_t kMostNumbers = 3;

  Error(ErrorCode code, Reason reason) : code_(code), reason_(reason) {}
  /// One more of the numbers that belong to the reason.
  Error& with(double number);
  Error& at_row(std::size_t row);
  Error& at_column(std::size_t column);
  /// `option` must live for ever, as a literal does.
  Error& named(const char* option);

  ErrorCode code() const { return code_; }
  Reason reason() const { return reason_; }
  /// What the reason's documentation lists.
  std::span<const double> numbers() const { return {numbers_.data(), count_}; }
  /// Zero-based position of what is to blame, where a row or a column is.
  std::optional<std::size_t> row() const { return row_; }
  std::optional<std::size_t> column() const { return column_; }
  /// Name of the option to blame as the C++ structs spell it; null when no option is to blame.
  const char* option() const { return option_; }
  /// For logs: the option to blame, or the name of this class.
  const char* what() const noexcept override;

 private:
  ErrorCode code_;
  Reason reason_;
  std::array<double, kMostNumbers> numbers_{};
  std::size_t count_ = 0;
  std::optional<std::size_t> row_;
  std::optional<std::size_t> column_;
  const char* option_ = nullptr;
};

}  // namespace anomalens
