// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "anomalens/architecture.hpp"
#include "anomalens/model.hpp"
#include "anomalens/reasons.hpp"
#include "anomalens/table.hpp"
#include "anomalens/threshold.hpp"

namespace anomalens {

class Scorer;

/// Tells how strange a row is, which column makes it strange and what that column should have been. fit() and Trainer
/// (trainer.hpp) train it.
///
/// A single net takes tables of numbers; its score is the mean over the columns that are there of (reconstruction - row)^2,
/// both scaled. The default detector, a committee, takes tables of columns that TrainingSet was told the kinds of; its score
/// is made of terms, each centred and scaled by the training rows: P how badly its nets rebuild the row, H how rare its
/// values are, E how grossly the worst cells are off and, where the training rows are clean, N how far the nearest known row
/// is. Clean: P + H / 2 + N + max(0, E - 3), else P + H / 2 + 3 max(0, E - 3); plus a fixed price for every cell that
/// departs from what all training rows had in common. Higher is stranger.
///
/// All results are the same bits on every engine for the same options, rows and seed.
/// Not thread safe: one thread at a time works with one model. A call that throws leaves the model as it was.
class Autoencoder {
 public:
  /// Untrained. Throws kBadOption.
  explicit Autoencoder(ModelOptions options = {});
  /// Trained, as model() gave it. Throws kBadOption and, from Model::validate(), kBadFile.
  explicit Autoencoder(const Model& model);
  ~Autoencoder();
  Autoencoder(Autoencoder&&) noexcept;
  Autoencoder& operator=(Autoencoder&&) noexcept;

  /// Scores into `out`, one a row. Throws kNotFitted, kShape (width), kNonFinite (row and column; `first_row` is added).
  void score(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// What every column adds to the strangeness of a row into `out`, rows x columns. Single net: squared residuals in scaled
  /// units, 0 for a missing cell; the score is their mean over the cells that are there. Detector: squared parts p_j.
  void feature_errors(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// Rows as the model would have them, in the columns' own units, into `out`, rows x columns. Constant columns come back
  /// as the constant; a category as the number of its likeliest value, -1 where that is none of the frequent ones; a column
  /// that is left out as NaN.
  void reconstruct(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// The same in double precision.
  void expected(TableView rows, std::span<double> out, std::size_t first_row = 0) const;
  /// What every column has to do with the score of one row, by falling share. `features` gives every column of a single
  /// net the number of its feature (0, 1, ... in order); columns of one feature are indicators of a category, and `column`
  /// of the result is then the feature and `expected` the number of a value. The detector does not look at it.
  std::vector<ColumnReason> reasons(TableView row, std::span<const std::int32_t> features = {}) const;
  /// Changes of one column after another, the one that helps most first, until the score is no longer above the threshold,
  /// at most `most`. A single net always makes the first change if it lowers the score. `features` as in reasons().
  std::vector<RepairStep> repair(TableView row, std::span<const std::int32_t> features = {},
                                 std::size_t most = 1) const;
  /// The score of one row taken apart. Detector only (kBadOption naming `members`).
  Anatomy anatomy(TableView row) const;
  /// Latent codes into `out`, rows x latent. Single net only (kBadOption naming `members`).
  void encode(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// Codes (rows x latent) to rows in the columns' own units, into `out`, rows x columns. Single net only.
  void decode(TableView codes, std::span<float> out, std::size_t first_row = 0) const;
  /// The activations of every layer for one row, one layer after another, the scaled input first, into `out`
  /// (columns + the sum of all layers' outputs). Single net only.
  void activations(TableView row, std::span<float> out) const;

  /// Conformal p-values of scores: the share of calibration scores at least as high (see conformal_p_value).
  void p_values(std::span<const float> scores, std::span<double> out) const;

  /// A new threshold from the scores of `rows`, without training; they become the calibration rows (of labelled rows only
  /// the normal ones). Returns it.
  double calibrate(TableView rows, const ThresholdRule& rule);
  /// The same from scores that are already there. Throws kNonFinite for one that is NaN.
  double calibrate_scores(std::span<const float> scores, const ThresholdRule& rule);
  /// Empty while none has been set.
  std::optional<double> threshold() const;
  void set_threshold(double threshold);

  bool fitted() const;
  /// True as soon as there are weights to work with: fitted, or a trainer is open.
  bool usable() const;
  const ModelOptions& options() const;
  int members() const;
  /// How many nets there are: those of one committee or of two; 0 until usable.
  int nets() const;
  /// Of one net; empty until usable.
  std::span<const LayerShape> layers(int net = 0) const;
  std::span<const float> parameters(int net = 0) const;
  std::size_t parameter_count() const;  ///< of all nets
  /// Of a single net. Throws kNotFitted until usable, as calibration() and calibration_held_out() do; kBadOption otherwise.
  const Scaler& scaler() const;
  /// Of the default detector; null otherwise.
  const Encoding* encoding() const;
  /// Training rows that the default detector keeps, encoded, to compare others with.
  std::size_t rows_inside() const;
  /// What a training with `resume` goes on with, while another one is open too. Throw kNotFitted, and kBadOption for a model
  /// of the other kind.
  const Scaler& trained_scaler() const;
  const Encoding& trained_encoding() const;
  std::size_t columns() const;  ///< of the tables it takes; 0 until usable
  /// Width of the bottleneck (of the first net), 0 until usable.
  std::size_t latent() const;
  /// Scores p-values are taken from, ascending.
  std::span<const float> calibration() const;
  bool calibration_held_out() const;
  /// FNV-1a (64 bits) over the layers' shapes and the bits of all parameters.
  std::uint64_t fingerprint() const;

  /// A copy of everything that makes the model. Throws kNotFitted.
  Model model() const;

 private:
  friend class Trainer;
  class Seat;
  Scorer& scorer() const;
  std::unique_ptr<Seat> seat_;
};

}  // namespace anomalens
