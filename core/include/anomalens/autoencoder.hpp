// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "anomalens/architecture.hpp"
#include "anomalens/model.hpp"
#include "anomalens/table.hpp"
#include "anomalens/threshold.hpp"

namespace anomalens {

class Scorer;

/// The single change that makes a row most ordinary.
struct Repair {
  std::size_t group = 0;   ///< which feature (see Autoencoder::repair)
  std::size_t column = 0;  ///< its column; of a group of several, the one to set
  double from = 0;         ///< the cell before and after, in the column's own units
  double to = 0;
  double score = 0;  ///< of the row afterwards
};

/// Tells how strange a row is, which column makes it strange and what that column should have been. fit() and Trainer
/// (trainer.hpp) train it.
///
/// A single net's score is the mean over the columns of (reconstruction - row)^2, both scaled. A committee's score is
///   (ln P - med) / iqr + (ln H - med') / (2 iqr'),   P = mean_j sqrt(q_j / ordinary_j) + 1e-3,   H = mean_j h_j + 1e-2,
/// q_j the members' mean squared residual of column j and h_j the rarity of its value; see CommitteeStatistics. Its nets
/// see z up to 5 as it is and 5 + ln(1 + |z| - 5) beyond. Higher is stranger; cells that are missing are left out.
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
  /// Squared residuals in scaled units into `out`, rows x columns (a committee's: the mean over its members, of squashed
  /// values); 0 for a missing cell. A single net's score is their mean over the cells that are there.
  void feature_errors(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// The part of every column in the score into `out`, rows x columns; the parts of a row add up to 1. Single net:
  /// r_j^2 / sum r^2. Committee: the logarithmic derivative of the score by p_j and h_j.
  void shares(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// Rows as the model would have them, in the columns' own units, into `out`, rows x columns. Constant columns come back
  /// as the constant.
  void reconstruct(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// The same in double precision: what a reason gives as the expected value.
  void expected(TableView rows, std::span<double> out, std::size_t first_row = 0) const;
  /// Latent codes into `out`, rows x latent. Single net only (kBadOption naming `members`).
  void encode(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// Codes (rows x latent) to rows in the columns' own units, into `out`, rows x columns. Single net only.
  void decode(TableView codes, std::span<float> out, std::size_t first_row = 0) const;
  /// The activations of every layer for one row, one layer after another, the scaled input first, into `out`
  /// (columns + the sum of all layers' outputs). Single net only.
  void activations(TableView row, std::span<float> out) const;

  /// The change of one feature that most lowers the score of one row. `groups` gives every column the number of its
  /// feature (0, 1, ...); columns of one feature are indicators of a category, exactly one of which is to be 1. Numeric
  /// columns are searched over their training range: 33 equal steps and the expected value, then by golden section.
  Repair repair(TableView row, std::span<const std::int32_t> groups) const;

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
  /// Of one member; empty until usable.
  std::span<const LayerShape> layers(int member = 0) const;
  std::span<const float> parameters(int member = 0) const;
  std::size_t parameter_count() const;  ///< of all members
  const Scaler& scaler() const;  ///< Throws kNotFitted until usable; so do calibration() and calibration_held_out().
  /// What a training with `resume` goes on with, while another one is open too. Throws kNotFitted.
  const Scaler& trained_scaler() const;
  std::size_t columns() const;  ///< 0 until usable
  /// Width of the bottleneck (of a committee's first member), 0 until usable.
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
