// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "detection/detector.hpp"

namespace anomalens {

/// What every net learned from: rows of the training table, one list a net. Both committees may have the same.
using Samples = std::vector<std::vector<std::uint32_t>>;

/// Everything that a detector takes from its training rows once its nets are trained, piece by piece: residuals of the
/// rows by the members that did not see them, units, terms with their middles and spreads, scores, the threshold and the
/// price of a departure.
class DetectorFit {
 public:
  /// `rows` are the encoded training rows, `samples` those of the members of one committee (row numbers among `rows`),
  /// `pool_rows` the rows of the pool (empty: none). All must outlive this.
  DetectorFit(Detector& detector, const EncodedRows& rows, const Samples& samples,
              std::span<const std::uint32_t> pool_rows);

  bool complete() const { return complete_; }
  /// One piece. With the last one the detector can judge.
  void advance();
  /// Whether what the nets made of the rows so far was finite; else there is nothing to be measured.
  bool sound() const { return sound_; }
  /// Of the training rows, when complete.
  const std::vector<double>& scores() const { return scores_; }
  double threshold() const { return threshold_; }

 private:
  std::vector<std::uint8_t> unseen(std::size_t first, std::size_t count) const;
  void residuals_of_group();
  void add_unit(const terms::Matrix& q, std::size_t feature, ResidualUnits& units) const;
  /// Takes the units of the residuals of one feature.
  void measure_feature();
  /// Takes the terms of some rows.
  void judge_group();
  /// Centres the terms and adds them up.
  void center();
  bool pooled() const;

  Detector& detector_;
  const EncodedRows& rows_;
  std::vector<std::vector<std::uint8_t>> seen_;  ///< member by member, a mark a row
  std::vector<std::int32_t> own_;                ///< each row's place in the pool
  terms::Matrix free_;                           ///< residuals, rows x features
  terms::Matrix trimmed_;
  std::size_t done_ = 0;      ///< rows whose residuals are known
  std::size_t measured_ = 0;  ///< features whose units are known
  terms::Terms terms_;
  std::size_t judged_ = 0;  ///< rows whose terms are known
  std::vector<double> scores_;
  double closer_ = 0;  ///< points by which a row may score below all training rows for being a copy of one
  double threshold_ = 0;
  bool sound_ = true;
  bool complete_ = false;
};

/// The detector's own threshold; see threshold.py of the reference. Infinite for fewer than 9 rows.
double detector_threshold(std::span<const double> scores, const EncodedRows& rows, std::size_t width, bool clean);

}  // namespace anomalens
