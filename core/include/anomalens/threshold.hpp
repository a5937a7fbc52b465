// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace anomalens {

/// How scores become verdicts: a row is an anomaly when its score is strictly above the threshold. Every rule can be
/// applied again, to other scores or with other numbers, without training.
struct ThresholdRule {
  enum class Kind : int {
    kQuantile = 0,   ///< the `value` quantile of the scores, interpolated as numpy's default ("linear")
    kFixed = 1,      ///< `value` itself
    kConformal = 2,  ///< false alarms at most `value` in expectation, from rows held out of the training (Vovk 2005)
    kContamination = 3,      ///< flags the share `value` of the rows the threshold is taken from
    kMad = 4,                ///< median + `value` * 1.4826 * median absolute deviation (Iglewicz & Hoaglin 1993)
    kTail = 5,               ///< exceeded with probability `value`: generalised Pareto tail above the 98 % quantile
    kFalsePositiveRate = 6,  ///< least threshold with at most the share `value` of the normal rows above it; labels
    kBestF1 = 7,             ///< the threshold with the best F1 of the labelled rows
    // What the default detector does by itself; not to be asked for.
    kOutOfBag =
        8,  ///< the ceil(.95 (n + 1))-th smallest score of the training rows, each judged by nets that did not see it
    kExponential =
        9,       ///< of such scores, an exponential tail through the median and the 80 % quantile, continued to 4 %
    kNone = 10,  ///< infinite: fewer than nine rows promise nothing
  };
  Kind kind = Kind::kQuantile;
  /// kQuantile: q in (0, 1). kFixed: finite. kConformal, kContamination: in (0, 0.5]. kTail: in (0, 0.02].
  /// kMad: (0, 100]. kFalsePositiveRate: [0, 1). kBestF1: not used.
  double value = 0.95;
  /// kQuantile: from rows held out of the training instead of the training rows themselves.
  bool held_out = false;
  /// kFalsePositiveRate, kBestF1: 1 = anomaly, 0 = normal, one a row; both must occur.
  std::vector<std::uint8_t> labels;

  bool needs_held_out() const {
    return kind == Kind::kConformal || kind == Kind::kTail || (kind == Kind::kQuantile && held_out);
  }
  bool needs_labels() const { return kind == Kind::kFalsePositiveRate || kind == Kind::kBestF1; }

  /// Throws kBadOption naming `threshold`. `rows` is the number of rows that labels must match.
  void validate(std::size_t rows) const;
  /// Fewest scores the rule can work with: 1 / alpha - 1 for kConformal, 500 for kTail.
  std::size_t fewest_scores() const;
};

/// The threshold that `rule` takes from `scores` (in any order, not empty). kConformal: the least score that p <= alpha
/// still flags, or infinity when so few scores flag nothing. Throws kBadOption when there are too few scores.
double threshold_from(const ThresholdRule& rule, std::span<const float> scores);

/// Conformal p-value: (1 + number of calibration scores >= score) / (1 + number of calibration scores).
/// `calibration` is ascending.
double conformal_p_value(std::span<const float> calibration, float score);

/// Tail of a distribution above `start`: P(X > x) = share (1 + shape (x - start) / scale)^(-1/shape), by Pickands.
struct TailFit {
  double start = 0;
  double share = 0;
  double shape = 0;
  double scale = 0;
  /// The value exceeded with probability `risk`; below `start` it would not be meant: risk <= share.
  double exceeded_with(double risk) const;
};

/// Generalised Pareto distribution of the excesses over the `quantile` of ascending scores, by probability-weighted
/// moments (Hosking & Wallis 1987).
TailFit fit_tail(std::span<const float> sorted, double quantile = 0.98);

/// Benjamini & Hochberg 1995: 1 for every p-value that may be called a discovery at false-discovery rate `rate`.
std::vector<std::uint8_t> discoveries(std::span<const double> p_values, double rate);

}  // namespace anomalens
