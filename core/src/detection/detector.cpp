// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/detector.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "math/finite.hpp"

namespace anomalens {

using terms::Matrix;
using terms::Vector;

Detector::Detector(DetectorModel known, std::span<const Network> nets, std::size_t members)
    : model(std::move(known)),
      free_(nets.first(std::min(members, nets.size())), model.encoding),
      trimmed_(nets.subspan(std::min(members, nets.size())), model.encoding),
      pool_(model.pool, model.encoding.width) {}

std::vector<std::uint8_t> Detector::cells_there(const EncodedGroup& group, std::size_t row) const {
  std::vector<std::uint8_t> there;
  for (std::size_t f = 0; f < features(); f++) {
    const bool counts = group.codes[row * features() + f] != EncodedRows::kLeftOut;
    there.insert(there.end(), encoding().features[f].width, counts ? 1 : 0);
  }
  return there;
}

Detector::Judgement Detector::judge(const EncodedGroup& group) {
  Matrix free;
  Matrix trimmed;
  free_.residuals(group, {}, free);
  if (!model.clean) trimmed_.residuals(group, {}, trimmed);
  return judge(group, free, trimmed, {});
}

Detector::Judgement Detector::judge(const EncodedGroup& group, const Matrix& free, const Matrix& trimmed,
                                    std::span<const std::int32_t> own) {
  Judgement judged;
  const Vector counted = terms::counted(group.codes, group.rows, features());
  judged.free = terms::squared_parts(encoding(), model.free, free, group.codes);
  judged.other = model.clean ? judged.free : terms::squared_parts(encoding(), model.trimmed, trimmed, group.codes);
  judged.terms.residual = terms::power_mean(judged.other, counted, model.clean ? 2 : 1);
  judged.terms.excess = terms::power_mean(judged.free, counted, 4);
  judged.terms.rarity = terms::mean_rarity(group.rarity, counted, features());
  if (!pool_.empty()) {
    Vector distances(group.rows);
    pool_.distances({group.cells, group.rows * encoding().width}, own, {distances.data(), group.rows});
    Vector unseen(group.rows, 0);
    for (std::size_t row = 0; row < group.rows; row++) {
      for (std::size_t f = 0; f < features(); f++) {
        const bool category = encoding().categorical(encoding().features[f]);
        unseen[row] += category && group.codes[row * features() + f] == CategoryFeature::kUnseen ? 1 : 0;
      }
      if (counted[row] == static_cast<double>(features())) continue;
      distances[row] = pool_.distance_of(group.cells + row * encoding().width, cells_there(group, row),
                                         own.empty() ? Pool::kNone : own[row]);
    }
    judged.terms.distance = terms::log_distance(distances, unseen);
  }
  return judged;
}

double Detector::departures(const EncodedRows& rows, std::size_t row) const {
  if (rows.departures.empty()) return 0;
  const std::size_t columns = encoding().columns.size();
  const auto first = rows.departures.begin() + static_cast<std::ptrdiff_t>(row * columns);
  const auto count = std::count_if(first, first + static_cast<std::ptrdiff_t>(columns),
                                   [](Departure departure) { return departure != Departure::kNone; });
  return model.departure * static_cast<double>(count);
}

std::vector<double> Detector::scores(const EncodedRows& rows, bool whole) {
  std::vector<double> out(rows.rows, 0.0);
  for (std::size_t first = 0; first < rows.rows; first += kJudged) {
    const std::size_t count = std::min(kJudged, rows.rows - first);
    if (features() > 0) {
      const Vector scores = terms::score(model, judge(group_of(encoding(), rows, first, count)).terms, whole);
      std::ranges::copy(scores, out.begin() + static_cast<std::ptrdiff_t>(first));
    }
    for (std::size_t row = first; row < first + count; row++) {
      const double score = out[row] + departures(rows, row);
      constexpr auto kMost = static_cast<double>(finite::kLargest);
      out[row] = std::isnan(score) ? kMost : std::clamp(score, -kMost, kMost);
    }
  }
  return out;
}

bool Detector::sound() {
  constexpr std::size_t kProbes = 3;
  constexpr auto kMost = static_cast<double>(finite::kLargest);
  const std::size_t width = encoding().width;
  EncodedRows rows;
  rows.rows = kProbes;
  rows.cells.resize(kProbes * width);
  std::fill_n(rows.cells.data() + width, width, 5.F);
  std::fill_n(rows.cells.data() + 2 * width, width, -5.F);
  rows.codes.resize(kProbes * features());
  rows.rarity.resize(kProbes * features());
  double most = model.departure;
  for (const double score : scores(rows)) most = std::max(most, std::fabs(score));
  return most < kMost && free_.sound(kProbes) && trimmed_.sound(kProbes);
}

}  // namespace anomalens
