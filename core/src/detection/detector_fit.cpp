// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/detector_fit.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "math/elementary.hpp"
#include "math/quantile.hpp"
#include "math/sorting.hpp"

namespace anomalens {

using terms::Matrix;
using terms::Vector;

namespace {

constexpr double kOrdinaryShare = 0.9;
constexpr double kLeastResidual = 1e-3;
constexpr double kDeparture = 10;    // by how much one departure lifts even the most ordinary row above the threshold
constexpr std::size_t kFewRows = 9;  // below, every member saw every row
constexpr std::size_t kFewDistinct = 10;
constexpr double kCleanShare = 0.05;
constexpr double kDirtyShare = 0.04;
constexpr double kLeastTail = 0.05;

Matrix rows_of(const Matrix& all, std::size_t first, std::size_t count) {
  const std::size_t features = all.shape()[1];
  Matrix some = Matrix::from_shape({count, features});
  std::copy_n(all.data() + first * features, some.size(), some.data());
  return some;
}

void put_rows(const Matrix& some, std::size_t first, Matrix& all) {
  std::copy_n(some.data(), some.size(), all.data() + first * all.shape()[1]);
}

/// FNV-1a over the bits of a row's cells.
std::uint64_t hash_of(std::span<const float> cells) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const float cell : cells) hash = (hash ^ std::bit_cast<std::uint32_t>(cell)) * 0x100000001B3ULL;
  return hash;
}

/// The mean score of rows whose encoded cells are equal, by the order of their hashes.
std::vector<double> once_each(std::span<const double> scores, const EncodedRows& rows, std::size_t width) {
  const auto cells = [&](std::uint32_t row) { return std::span(rows.cells).subspan(row * width, width); };
  std::vector<std::uint64_t> hashes(rows.rows);
  for (std::uint32_t row = 0; row < rows.rows; row++) hashes[row] = hash_of(cells(row));
  const std::vector<std::uint32_t> order = ascending_order(hashes);
  std::vector<double> means;
  for (std::size_t i = 0; i < order.size();) {
    double sum = 0;
    const std::size_t start = i;
    do {
      sum += scores[order[i++]];
    } while (i < order.size() && std::ranges::equal(cells(order[start]), cells(order[i])));
    means.push_back(sum / static_cast<double>(i - start));
  }
  return means;
}

/// Of the `kept` smallest. What is equal as a float to the largest of them counts as that float.
double mean_of_smallest(std::span<const double> numbers, std::size_t kept) {
  if (kept == 0) return 0;
  std::vector<float> rounded(numbers.size());
  std::ranges::transform(numbers, rounded.begin(), [](double number) { return static_cast<float>(number); });
  const float largest = nth_smallest(rounded, kept - 1);
  double sum = 0;
  std::size_t below = 0;
  for (std::size_t i = 0; i < numbers.size(); i++) {
    if (!(rounded[i] < largest)) continue;
    sum += numbers[i];
    below++;
  }
  return (sum + static_cast<double>(kept - below) * static_cast<double>(largest)) / static_cast<double>(kept);
}

double clean_threshold(std::vector<double> scores) {
  sort_ascending(scores);
  const std::size_t n = scores.size();
  const auto k = static_cast<std::size_t>(std::ceil(static_cast<double>(n + 1) * (1 - kCleanShare)));
  return k <= n ? scores[k - 1] : scores[n - 1] + 0.5 * (scores[n - 1] - scores[n - 2]);
}

}  // namespace

double detector_threshold(std::span<const double> scores, const EncodedRows& rows, std::size_t width, bool clean) {
  if (scores.size() < kFewRows) return std::numeric_limits<double>::infinity();
  std::vector<double> judged(scores.begin(), scores.end());
  if (clean) return clean_threshold(std::move(judged));
  if (width > 0) {
    std::vector<double> distinct = once_each(scores, rows, width);
    if (distinct.size() >= kFewDistinct) judged = std::move(distinct);
  }
  sort_ascending(judged);
  const std::span<const double> sorted(judged);
  const double q50 = quantile_of_sorted(sorted, 0.5);
  const double q80 = quantile_of_sorted(sorted, 0.8);
  // An exponential tail through the two quantiles, continued to the promised share.
  const double slope = std::max((q80 - q50) / elementary::log(2.5), kLeastTail);
  return q50 + slope * elementary::log(0.5 / kDirtyShare);
}

DetectorFit::DetectorFit(Detector& detector, const EncodedRows& rows, const Samples& samples,
                         std::span<const std::uint32_t> pool_rows)
    : detector_(detector), rows_(rows) {
  const std::size_t features = detector.features();
  const std::size_t width = detector.encoding().width;
  for (const std::vector<std::uint32_t>& sample : samples) {
    std::vector<std::uint8_t>& marks = seen_.emplace_back(rows.rows, 0);
    for (const std::uint32_t row : sample) marks[row] = 1;
  }
  free_ = Matrix::from_shape({rows.rows, features});
  if (!detector.model.clean) trimmed_ = free_;
  detector.model.pool.clear();
  if (!pool_rows.empty() && width > 0) {
    own_.assign(rows.rows, Pool::kNone);
    for (const std::uint32_t row : pool_rows) {
      own_[row] = static_cast<std::int32_t>(detector.model.pool.size() / width);
      const float* cells = rows.cells.data() + row * width;
      detector.model.pool.insert(detector.model.pool.end(), cells, cells + width);
    }
  }
  detector.take_pool();
}

std::vector<std::uint8_t> DetectorFit::unseen(std::size_t first, std::size_t count) const {
  std::vector<std::uint8_t> marks;
  marks.reserve(seen_.size() * count);
  for (const std::vector<std::uint8_t>& seen : seen_) {
    for (std::size_t row = first; row < first + count; row++) marks.push_back(seen[row] == 0 ? 1 : 0);
  }
  return marks;
}

void DetectorFit::residuals_of_group() {
  const std::size_t count = std::min(kJudged, rows_.rows - done_);
  const EncodedGroup group = group_of(detector_.encoding(), rows_, done_, count);
  const std::vector<std::uint8_t> asked = unseen(done_, count);
  Matrix q;
  detector_.free().residuals(group, asked, q);
  sound_ = sound_ && detector_.free().sound(count);
  put_rows(q, done_, free_);
  if (!detector_.model.clean) {
    detector_.trimmed().residuals(group, asked, q);
    sound_ = sound_ && detector_.trimmed().sound(count);
    put_rows(q, done_, trimmed_);
  }
  done_ += count;
}

void DetectorFit::add_unit(const Matrix& q, std::size_t feature, ResidualUnits& units) const {
  const Encoding& encoding = detector_.encoding();
  std::vector<double> column;
  column.reserve(rows_.rows);
  for (std::size_t row = 0; row < rows_.rows; row++) {
    if (rows_.codes[row * encoding.features.size() + feature] != EncodedRows::kLeftOut) {
      column.push_back(q(row, feature));
    }
  }
  const auto n = static_cast<double>(std::max<std::size_t>(1, column.size()));
  const auto kept = std::min(column.size(), std::max<std::size_t>(1, static_cast<std::size_t>(kOrdinaryShare * n)));
  double surprise = 0;
  if (encoding.categorical(encoding.features[feature])) {
    const CategoryFeature& category = encoding.category(encoding.features[feature]);
    for (const double probability : column) surprise += terms::surprise(category, probability);
  }
  units.surprise.push_back(surprise / n);
  units.ordinary.push_back(mean_of_smallest(column, kept) + kLeastResidual);
}

void DetectorFit::measure_feature() {
  DetectorModel& model = detector_.model;
  if (measured_ == 0) {
    model.free = {};
    model.trimmed = {};
    terms_ = {Vector(rows_.rows), Vector(rows_.rows), Vector(rows_.rows), {}};
    if (pooled()) terms_.distance = terms_.residual;
  }
  add_unit(free_, measured_, model.free);
  if (!model.clean) add_unit(trimmed_, measured_, model.trimmed);
  measured_++;
}

void DetectorFit::judge_group() {
  const bool clean = detector_.model.clean;
  const std::size_t first = judged_;
  const std::size_t count = std::min(kJudged, rows_.rows - first);
  const std::span<const std::int32_t> own =
      own_.empty() ? std::span<const std::int32_t>() : std::span(own_).subspan(first, count);
  const Matrix trimmed = clean ? Matrix() : rows_of(trimmed_, first, count);
  const terms::Terms part =
      detector_.judge(group_of(detector_.encoding(), rows_, first, count), rows_of(free_, first, count), trimmed, own)
          .terms;
  const auto put = [&](const Vector& from, Vector& to) {
    std::ranges::copy(from, to.begin() + static_cast<std::ptrdiff_t>(first));
  };
  put(part.residual, terms_.residual);
  put(part.rarity, terms_.rarity);
  put(part.excess, terms_.excess);
  if (pooled()) put(part.distance, terms_.distance);
  judged_ += count;
}

void DetectorFit::center() {
  DetectorModel& model = detector_.model;
  model.residual = terms::term_of(terms_.residual);
  model.rarity = terms::term_of(terms_.rarity);
  model.excess = terms::term_of(terms_.excess);
  if (pooled()) model.distance = terms::term_of(terms_.distance);
  scores_ = terms::score(model, terms_);
  if (!pooled()) return;
  // A copy of a row of the pool is at no distance from it, while the row itself was judged by its distance to the others.
  const double nearest = *std::min_element(terms_.distance.begin(), terms_.distance.end());
  closer_ = (nearest - elementary::log(terms::kLeastDistance)) / model.distance.spread;
}

bool DetectorFit::pooled() const { return !detector_.pool().empty(); }

void DetectorFit::advance() {
  if (detector_.features() > 0) {
    if (done_ < rows_.rows) return residuals_of_group();
    if (measured_ < detector_.features()) return measure_feature();
    if (judged_ < rows_.rows) return judge_group();
    if (scores_.empty()) return center();
  } else {
    scores_.assign(rows_.rows, 0.0);
  }
  threshold_ = detector_threshold(scores_, rows_, detector_.encoding().width, detector_.model.clean);
  const auto [least, most] = std::ranges::minmax(scores_);
  detector_.model.departure =
      kDeparture + std::max(0.0, (std::isfinite(threshold_) ? threshold_ : most) - (least - closer_));
  complete_ = true;
}

}  // namespace anomalens
