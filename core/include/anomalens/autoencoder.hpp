// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "anomalens/architecture.hpp"
#include "anomalens/table.hpp"
#include "anomalens/threshold.hpp"
#include "anomalens/training.hpp"

namespace anomalens {

class Trainer;

/// A dense autoencoder with its scaler and its threshold: learns rows, then tells how strange a row is.
///
/// score(row) = mean over the columns of (reconstruction - row)^2, both scaled; higher is stranger.
/// All results are the same bits on every engine for the same options, rows and seed.
/// Not thread safe: one thread at a time works with one model. A call that throws leaves the model as it was.
class Autoencoder {
 public:
  /// Throws kBadOption.
  explicit Autoencoder(ModelOptions options = {});
  ~Autoencoder();
  Autoencoder(Autoencoder&&) noexcept;
  Autoencoder& operator=(Autoencoder&&) noexcept;

  /// Trains from scratch on `rows` (at least two) and sets the threshold; the same as a Trainer run to its end.
  TrainReport fit(TableView rows, const TrainOptions& options = {});

  /// Scores into `out`, one a row. Throws kNotFitted, kShape (width), kNonFinite (row and column; `first_row` is added).
  void score(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// Squared residuals in scaled units into `out`, rows x columns. Their mean over a row is its score.
  void feature_errors(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// Rows as the model would have them, in the columns' own units, into `out`, rows x columns.
  void reconstruct(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// Latent codes into `out`, rows x latent.
  void encode(TableView rows, std::span<float> out, std::size_t first_row = 0) const;
  /// Codes (rows x latent) to rows in the columns' own units, into `out`, rows x columns.
  void decode(TableView codes, std::span<float> out, std::size_t first_row = 0) const;
  /// The activations of every layer for one row, one layer after another, the scaled input first, into `out`
  /// (columns + the sum of all layers' outputs).
  void activations(TableView row, std::span<float> out) const;

  /// A new threshold from the scores of `rows`, without training. Returns it.
  double calibrate(TableView rows, const ThresholdRule& rule);
  double threshold() const;
  void set_threshold(double threshold);

  bool fitted() const;
  const ModelOptions& options() const;
  /// Empty until fitted.
  std::span<const LayerShape> layers() const;
  std::span<const float> parameters() const;
  const Scaler& scaler() const;
  std::size_t columns() const;
  std::size_t latent() const;
  /// FNV-1a (64 bits) over the layers' shapes and the bits of all parameters.
  std::uint64_t fingerprint() const;

  /// A model as it was saved. Throws kBadFile unless all sizes agree and all numbers are finite.
  static Autoencoder restored(ModelOptions options, Scaler scaler, std::span<const float> parameters, double threshold);

 private:
  friend class Trainer;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace anomalens
