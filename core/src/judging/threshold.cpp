// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/threshold.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "judging/ranking.hpp"
#include "math/elementary.hpp"
#include "math/ordered.hpp"
#include "math/quantile.hpp"
#include "math/sorting.hpp"
#include "math/tensor.hpp"
#include "refusal.hpp"

namespace anomalens {

using Kind = ThresholdRule::Kind;

namespace {

std::vector<float> sorted_copy(std::span<const float> scores) {
  std::vector<float> sorted(scores.begin(), scores.end());
  sort_ascending(sorted);
  return sorted;
}

/// The largest threshold t for which every score above t has p <= alpha: #{calibration >= s} <= alpha (m + 1) - 1.
double conformal_threshold(std::span<const float> sorted, double alpha) {
  const auto m = sorted.size();
  // A few ulps of grace, so that alpha = .05 with 99 scores allows 4 of them and not 3.
  const auto allowed = static_cast<std::int64_t>(std::floor(alpha * static_cast<double>(m + 1) * (1 + 1e-12))) - 1;
  if (allowed < 0) return std::numeric_limits<double>::infinity();
  return sorted[m - 1 - std::min<std::size_t>(static_cast<std::size_t>(allowed), m - 1)];
}

double mad_threshold(const std::vector<float>& sorted, double k) {
  const double median = quantile_of_sorted(std::span<const float>(sorted), 0.5);
  std::vector<float> distances(sorted.size());
  ordered::assign(distances, xt::abs(tensor(sorted) - median));
  sort_ascending(distances);
  // 1.4826 makes the deviation an estimate of sigma where scores are normally distributed.
  return median + k * 1.4826 * quantile_of_sorted(std::span<const float>(distances), 0.5);
}

double false_positive_threshold(const ThresholdRule& rule, std::span<const float> scores) {
  std::vector<float> normal;  // a selection, of unknown size
  for (std::size_t i = 0; i < scores.size(); i++) {
    if (rule.labels[i] == 0) normal.push_back(scores[i]);
  }
  sort_ascending(normal);
  const auto allowed =
      static_cast<std::size_t>(std::floor(rule.value * static_cast<double>(normal.size()) * (1 + 1e-12)));
  return normal[normal.size() - 1 - std::min(allowed, normal.size() - 1)];
}

/// Candidates are midpoints between distinct scores, so that the verdicts survive rounding.
double best_f1_threshold(const ThresholdRule& rule, std::span<const float> scores) {
  const Ranking ranking(scores, rule.labels);
  const auto hits = tensor(ranking.hits);
  const auto alarms = tensor(ranking.alarms);
  std::vector<double> f1(ranking.scores.size());
  ordered::assign(f1, 2 * hits / (hits + alarms + ranking.hits.back()));
  const auto best = static_cast<std::size_t>(std::max_element(f1.begin(), f1.end()) - f1.begin());
  const double here = ranking.scores[best];
  if (best + 1 == ranking.scores.size()) return std::nextafter(static_cast<float>(here), -1e30F);
  return (here + ranking.scores[best + 1]) / 2;
}

void check_labels(std::span<const std::uint8_t> labels, std::size_t rows) {
  constexpr const char* kLabels = "threshold.labels";
  if (labels.size() != rows) refuse_option(kLabels, Reason::kLabelsPerRow, {rows, labels.size()});
  const auto broken = std::ranges::find_if(labels, [](std::uint8_t label) { return label > 1; });
  if (broken != labels.end()) refuse_option(kLabels, Reason::kLabelNotZeroOrOne, {broken - labels.begin()});
  const auto anomalies = static_cast<std::size_t>(std::ranges::count(labels, 1));
  if (anomalies == 0 || anomalies == labels.size()) {
    refuse_option(kLabels, Reason::kLabelsOfOneKind, {anomalies == 0 ? 0 : 1});
  }
}

}  // namespace

void ThresholdRule::validate(std::size_t rows) const {
  constexpr const char* kValue = "threshold.value";
  switch (kind) {
    case Kind::kQuantile:
      check_range(kValue, value, 0, 1, Ends::kNeither);
      break;
    case Kind::kFixed:
      if (!std::isfinite(value)) refuse_option(kValue, Reason::kNotFinite, {value});
      break;
    case Kind::kConformal:
    case Kind::kContamination:
      check_range(kValue, value, 0, 0.5, Ends::kHigh);
      break;
    case Kind::kMad:
      check_range(kValue, value, 0, 100, Ends::kHigh);
      break;
    case Kind::kTail:
      check_range(kValue, value, 0, 0.02, Ends::kHigh);
      break;
    case Kind::kFalsePositiveRate:
      check_range(kValue, value, 0, 1, Ends::kLow);
      break;
    case Kind::kBestF1:
      break;
    case Kind::kOutOfBag:
    case Kind::kExponential:
    case Kind::kNone:
      refuse_option("threshold", Reason::kRuleOfItsOwn);
  }
  if (needs_labels()) check_labels(labels, rows);
}

std::size_t ThresholdRule::fewest_scores() const {
  if (kind == Kind::kConformal) return static_cast<std::size_t>(std::ceil(1 / value * (1 - 1e-12))) - 1;
  return kind == Kind::kTail ? 500 : 1;
}

double threshold_from(const ThresholdRule& rule, std::span<const float> scores) {
  rule.validate(scores.size());
  if (rule.kind == Kind::kFixed) return rule.value;
  if (scores.size() < rule.fewest_scores()) {
    refuse_option("threshold", Reason::kTooFewScores, {rule.fewest_scores(), scores.size()});
  }
  if (rule.kind == Kind::kFalsePositiveRate) return false_positive_threshold(rule, scores);
  if (rule.kind == Kind::kBestF1) return best_f1_threshold(rule, scores);
  const std::vector<float> sorted = sorted_copy(scores);
  const std::span<const float> view(sorted);
  switch (rule.kind) {
    case Kind::kConformal:
      return conformal_threshold(view, rule.value);
    case Kind::kContamination:
      return quantile_of_sorted(view, 1 - rule.value);
    case Kind::kMad:
      return mad_threshold(sorted, rule.value);
    case Kind::kTail:
      return fit_tail(view).exceeded_with(rule.value);
    default:
      return quantile_of_sorted(view, rule.value);
  }
}

double conformal_p_value(std::span<const float> calibration, float score) {
  const auto first = std::lower_bound(calibration.begin(), calibration.end(), score);
  const auto at_least = static_cast<double>(calibration.end() - first);
  return (1 + at_least) / (1 + static_cast<double>(calibration.size()));
}

TailFit fit_tail(std::span<const float> sorted, double quantile) {
  TailFit fit;
  fit.start = quantile_of_sorted(sorted, quantile);
  const auto first = static_cast<std::size_t>(
      std::upper_bound(sorted.begin(), sorted.end(), fit.start,
                       [](double start, float score) { return start < static_cast<double>(score); }) -
      sorted.begin());
  const std::size_t count = sorted.size() - first;
  fit.share = static_cast<double>(count) / static_cast<double>(sorted.size());
  if (count == 0) return fit;
  const auto n = static_cast<double>(count);
  const auto above = sorted.subspan(first);
  const auto excess = tensor(above) - fit.start;
  const auto position = (xt::arange(n) + 0.65) / n;  // plotting position of the i-th smallest excess
  // Sums of quotients, not quotients of sums: their bits are pinned.
  const double mean = ordered::sum(excess / n);
  const double weighted = ordered::sum((1 - position) * excess / n);
  const double gap = mean - 2 * weighted;
  if (gap <= 0) {  // heavier than the method can fit (shape >= 1): the heaviest it can
    fit.shape = 0.99;
    fit.scale = mean * (1 - fit.shape);
    return fit;
  }
  fit.shape = std::min(2 - mean / gap, 0.99);
  fit.scale = 2 * mean * weighted / gap;
  return fit;
}

double TailFit::exceeded_with(double risk) const {
  if (share <= risk || scale <= 0) return start;
  const double exceedance = elementary::log(risk / share);  // below 0
  if (std::fabs(shape) < 1e-6) return start - scale * exceedance;
  return start + scale / shape * (elementary::exp(-shape * exceedance) - 1);
}

std::vector<std::uint8_t> discoveries(std::span<const double> p_values, double rate) {
  check_range("false_discovery_rate", rate, 0, 1, Ends::kHigh);
  std::vector<double> sorted(p_values.begin(), p_values.end());
  sort_ascending(sorted);
  const auto m = static_cast<double>(sorted.size());
  const auto p = tensor(sorted);
  std::vector<std::uint8_t> passes(sorted.size());
  ordered::assign(passes, p <= xt::arange(1.0, m + 1) / m * rate);
  const auto last = std::find(passes.rbegin(), passes.rend(), 1);
  const double largest = last == passes.rend() ? -1 : sorted[static_cast<std::size_t>(passes.rend() - last) - 1];
  std::vector<std::uint8_t> found(p_values.size());
  ordered::assign(found, tensor(p_values) <= largest);
  return found;
}

}  // namespace anomalens
