// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// How the detector sees the columns of a table: each becomes one feature of one or more encoded cells. All of it is plain
/// numbers, which files hold. Formulas: the numpy reference of the tests (tests/reference).
namespace anomalens {

/// Beyond five deviations the nets see only the logarithm of the excess: one wild cell must not drown the others.
/// z up to |z| = 5, sign(z) (5 + ln(1 + |z| - 5)) beyond; and the way back.
double squash(double z);
double unsquash(double a);

/// A number with at least three distinct values: a = squash((g(x) - center) / spread). g is the identity or, for positive
/// skewed columns that it makes about symmetric, the logarithm. A missing cell is a = 0.
struct NumberFeature {
  static constexpr std::size_t kBins = 10;

  bool logarithmic = false;
  double least = 0;   ///< of a logarithmic one: below it g goes on along its tangent
  double center = 0;  ///< mean and standard deviation of g, after clipping at 20 sturdy deviations
  double spread = 1;
  std::vector<double> percentiles;  ///< 0, 1, ..., 100 of the column in its own units
  double low = 0;                   ///< histogram of the encoded training cells
  double high = 1;
  std::array<double, kBins> counts{};
  double rows = 0;

  /// Of the training cells that are there, in any order. Throws kNonFinite, naming `column`, when their spread is not finite.
  static NumberFeature of(std::vector<double> cells, std::size_t column = 0);
  /// Takes the histogram of the encoded training cells, those missing included.
  void count(std::span<const double> encoded);
  /// Follows a change of `counts` and `rows`: what rarity() tells comes from them.
  void weigh();

  double encode(double value) const;
  /// The value in the column's own units; always finite.
  double decode(double cell) const;
  /// -ln of the smoothed height of the cell's bin relative to the highest. A training row does not count itself.
  double rarity(double cell, bool training = false) const {
    return (training ? own_rarities_ : rarities_)[bin_of(cell)];
  }
  /// Rows in the bin of an encoded cell; 0 outside the histogram.
  double height(double cell) const;
  /// Whether an encoded cell lies outside the histogram.
  bool outside(double cell) const { return bin_of(cell) == kBins; }
  /// The bin of an encoded cell. What lies beyond the training cells belongs to the outermost bins, and where the histogram
  /// ends before them, as in training, to none: kBins.
  std::size_t place_of(double cell) const;
  /// Where a value lies among the training cells, 0 to 100.
  double percentile(double value) const;

 private:
  std::size_t bin_of(double cell) const;

  /// Of a cell in each bin, and last of one outside; and with one row of the bin that does not count.
  std::array<double, kBins + 1> rarities_{};
  std::array<double, kBins + 1> own_rarities_{};
};

/// A text, a yes or no, or a number of at most two values: one feature, a block of cells [x = level] - share. The most
/// frequent values are levels, all others share the last one, "other". For a value never seen all indicators are 0.
struct CategoryFeature {
  static constexpr std::size_t kMostLevels = 32;
  static constexpr int kUnseen = -1;

  std::vector<double> values;          ///< the cells of the training rows, each once, ascending; NaN, "missing", last
  std::vector<double> counts;          ///< rows that have each value
  std::vector<std::int32_t> level_of;  ///< level of each value
  std::vector<std::int32_t> levels;    ///< value of each level but "other"
  std::vector<double> shares;          ///< of all levels
  double entropy = 0;                  ///< -sum f ln f over the shares of the values
  double rows = 0;

  static CategoryFeature of(std::vector<double> values, std::vector<double> counts);

  std::size_t width() const { return shares.size(); }
  /// Position of a cell among `values`, or kUnseen.
  int find(double cell) const;
  /// Rarity in nats beyond that of an average row, not below 0: of a value, with `own` of its rows not counted.
  double rarity(int value, double own = 0) const;
  /// The same of a level; of "other", with the mean count of its values.
  double level_rarity(int level) const;
  /// What a net's outputs mean: clip(y + share, .5 / rows, 1) of every level, as shares of their sum, in place.
  void probabilities(std::span<double> outputs) const;

 private:
  double nats(double count) const;
};

/// A point of a cycle (hour of a day, day of a week): squash(((sin t, cos t) - center) / spread), t = 2 pi v / period, total
/// variance 1. A missing cell is (0, 0).
struct CycleFeature {
  double period = 24;              ///< a whole number; there are as many bins
  std::array<double, 2> center{};  ///< means of sin t and cos t
  double spread = 1;
  std::vector<double> counts;  ///< training cells in each bin [v, v + 1)
  double commonest = 0;        ///< mean point of the fullest bin
  double rows = 0;             ///< cells that are there

  static CycleFeature of(std::span<const double> cells, double period);

  std::array<double, 2> encode(double value) const;
  double decode(std::array<double, 2> cells) const;
  /// 0 for a missing cell, whose absence is a feature of its own.
  double rarity(double value, double own = 0) const;
  /// Cells in the bin of a point.
  double height(double value) const { return counts[bin_of(value)]; }
  std::size_t bin_of(double value) const;
};

}  // namespace anomalens
