// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "detection/net_scorer.hpp"
#include "refusal.hpp"

/// Reasons and repairs of a single net: by how much its score falls when one feature is changed.
namespace anomalens {

namespace {

constexpr std::size_t kSteps = 33;  // candidates over a column's training range
constexpr int kRefinements = 24;    // golden sections: the bracket shrinks to a hundred-thousandth
constexpr double kGolden = 0.6180339887498949;
constexpr std::size_t kLikeliest = 3;

/// The columns of every feature.
using Groups = std::vector<std::vector<std::size_t>>;

Groups groups_of(std::span<const std::int32_t> features, std::size_t columns) {
  Groups groups;
  if (features.size() != columns) refuse(ErrorCode::kShape, Reason::kFeatureNumbers);
  for (std::size_t column = 0; column < columns; column++) {
    const std::int32_t feature = features[column];
    if (feature < 0 || feature > std::ssize(groups)) refuse(ErrorCode::kShape, Reason::kFeatureNumbers);
    if (feature == std::ssize(groups)) groups.emplace_back();
    groups[static_cast<std::size_t>(feature)].push_back(column);
  }
  return groups;
}

/// Looks for the best value of one feature of one scaled row: a column, or the columns of a category.
class RepairSearch {
 public:
  RepairSearch(NetScorer& scorer, std::vector<float> row, std::vector<float> expected)
      : scorer_(scorer), row_(std::move(row)), expected_(std::move(expected)) {}

  struct Candidate {
    std::size_t column;
    std::size_t at;  ///< among those it was compared with
    float value;
    float score;
  };

  Candidate numeric(std::size_t column) {
    if (scorer_.scaler.constant()[column] != 0) {
      added()[column] = 0;
      return best(column);
    }
    const double low = static_cast<double>(scorer_.low[column]);
    const double step = (static_cast<double>(scorer_.high[column]) - low) / (kSteps - 1);
    for (std::size_t i = 0; i < kSteps; i++) added()[column] = static_cast<float>(low + static_cast<double>(i) * step);
    added()[column] = expected_[column];
    added();
    return refined(best(column), static_cast<float>(step));
  }

  Candidate category(const std::vector<std::size_t>& columns) {
    for (const std::size_t chosen : columns) {
      float* row = added();
      for (const std::size_t j : columns) row[j] = scorer_.scaler.scaled(j, j == chosen ? 1 : 0);
    }
    Candidate found = best(0);
    found.column = columns[found.at];
    return found;
  }

 private:
  /// One more row to compare, the row itself so far.
  float* added() {
    rows_.resize(rows_.size() + row_.size());
    return std::copy_n(row_.data(), row_.size(), rows_.data() + rows_.size() - row_.size()) - row_.size();
  }

  /// Which of the rows added since the last call has the lowest score, and what it has in `column`.
  Candidate best(std::size_t column) {
    std::vector<float> scores(rows_.size() / row_.size());
    scorer_.score_scaled(rows_, scores);
    const auto at = static_cast<std::size_t>(std::min_element(scores.begin(), scores.end()) - scores.begin());
    const Candidate found{column, at, rows_[at * row_.size() + column], scores[at]};
    rows_.clear();
    return found;
  }

  Candidate refined(Candidate found, float step) {
    const std::size_t column = found.column;
    double low = std::max<double>(static_cast<double>(found.value - step), static_cast<double>(scorer_.low[column]));
    double high = std::min<double>(static_cast<double>(found.value + step), static_cast<double>(scorer_.high[column]));
    for (int i = 0; i < kRefinements && low < high; i++) {
      added()[column] = static_cast<float>(high - (high - low) * kGolden);
      added()[column] = static_cast<float>(low + (high - low) * kGolden);
      const double left = static_cast<double>(rows_[column]);
      const double right = static_cast<double>(rows_[row_.size() + column]);
      const Candidate better = best(column);
      if (better.at == 0) {
        high = right;
      } else {
        low = left;
      }
      if (better.score < found.score) found = better;
    }
    return found;
  }

  NetScorer& scorer_;
  std::vector<float> row_;
  std::vector<float> expected_;
  std::vector<float> rows_;
};

/// What the single net would rather have in one feature; see engine's documentation of ColumnReason.
class Drops {
 public:
  Drops(NetScorer& scorer, std::vector<float> row) : scorer_(scorer), row_(std::move(row)) {
    expected_.resize(row_.size());
    scorer_.reconstruct_group(row_, expected_);
    score_ = score_of(row_);
  }

  struct Found {
    double drop;
    double cell;        ///< of a column, scaled
    std::size_t level;  ///< of a category: which of its columns
  };

  /// x^, x^ after feeding it back twice, the centre.
  Found of_column(std::size_t column) {
    std::vector<float> fed = row_;
    std::vector<float> again(row_.size());
    fed[column] = expected_[column];
    for (int turn = 0; turn < 2; turn++) {
      scorer_.reconstruct_group(fed, again);
      fed[column] = again[column];
    }
    Found best{-std::numeric_limits<double>::infinity(), 0, 0};
    for (const float cell : {expected_[column], fed[column], 0.F}) {
      std::vector<float> row = row_;
      row[column] = cell;
      const double drop = score_ - score_of(row);
      if (drop > best.drop) best = {drop, static_cast<double>(cell), 0};
    }
    return best;
  }

  /// The likeliest values.
  Found of_category(const std::vector<std::size_t>& columns) {
    const auto own = [&](std::size_t level) {
      return scorer_.scaler.restore(columns[level], static_cast<double>(expected_[columns[level]]));
    };
    std::vector<std::uint8_t> tried(columns.size(), 0);
    Found best{-std::numeric_limits<double>::infinity(), 0, 0};
    for (std::size_t i = 0; i < std::min(kLikeliest, columns.size()); i++) {
      std::size_t level = columns.size();
      for (std::size_t k = 0; k < columns.size(); k++) {
        if (tried[k] == 0 && (level == columns.size() || own(k) > own(level))) level = k;
      }
      tried[level] = 1;
      std::vector<float> row = row_;
      for (std::size_t k = 0; k < columns.size(); k++)
        row[columns[k]] = scorer_.scaler.scaled(columns[k], k == level ? 1 : 0);
      const double drop = score_ - score_of(row);
      if (drop > best.drop) best = {drop, 0, level};
    }
    return best;
  }

 private:
  double score_of(const std::vector<float>& row) {
    float score = 0;
    scorer_.score_group(row, {&score, 1});
    return static_cast<double>(score);
  }

  NetScorer& scorer_;
  std::vector<float> row_;
  std::vector<float> expected_;
  double score_ = 0;
};

ReasonKind kind_of(const NetScorer& scorer, std::size_t column, float z) {
  if (std::isnan(z)) return ReasonKind::kMissing;
  if (scorer.scaler.constant()[column] != 0 && z != 0) return ReasonKind::kConstant;
  const bool outside = z < scorer.low[column] || z > scorer.high[column];
  return outside ? ReasonKind::kRare : ReasonKind::kRelation;
}

}  // namespace

std::vector<ColumnReason> NetScorer::reasons(TableView row, std::span<const std::int32_t> features) {
  const Groups groups = groups_of(features, columns());
  std::vector<float> z(columns());
  scaler.transform(row, z);
  Drops drops(*this, z);
  std::vector<ColumnReason> reasons;
  double sum = 0;
  for (std::size_t feature = 0; feature < groups.size(); feature++) {
    const std::size_t column = groups[feature][0];
    ColumnReason reason;
    reason.column = feature;
    reason.percentile = std::numeric_limits<double>::quiet_NaN();
    const bool category = groups[feature].size() > 1;
    const Drops::Found found = category ? drops.of_category(groups[feature]) : drops.of_column(column);
    reason.kind = category && !std::isnan(z[column]) ? ReasonKind::kRelation : kind_of(*this, column, z[column]);
    reason.drop = std::isnan(z[column]) ? 0 : std::max(found.drop, 0.0);
    reason.expected = category ? static_cast<double>(found.level) : scaler.restore(column, found.cell);
    const bool steady = scaler.constant()[column] != 0 && z[column] == 0;
    if (steady && !category) continue;  // a constant at its constant has nothing to do with the score
    sum += reason.drop;
    reasons.push_back(reason);
  }
  return by_share(std::move(reasons), sum);
}

std::vector<RepairStep> NetScorer::repair(TableView row, std::span<const std::int32_t> features, std::size_t most) {
  const Groups groups = groups_of(features, columns());
  std::vector<float> z(columns());
  scaler.transform(row, z);
  std::vector<RepairStep> steps;
  std::vector<std::uint8_t> done(groups.size(), 0);
  float score = 0;
  for (score_group(z, {&score, 1}); steps.size() < most; score_group(z, {&score, 1})) {
    if (!steps.empty() && threshold && !(static_cast<double>(score) > *threshold)) break;
    std::vector<float> expected(columns());
    reconstruct_group(z, expected);
    RepairSearch search(*this, z, expected);
    std::optional<RepairSearch::Candidate> best;
    std::size_t chosen = 0;
    for (std::size_t feature = 0; feature < groups.size(); feature++) {
      const std::vector<std::size_t>& mine = groups[feature];
      if (done[feature] != 0 || std::isnan(z[mine[0]])) continue;  // what is missing cannot be wrong
      const RepairSearch::Candidate found = mine.size() > 1 ? search.category(mine) : search.numeric(mine[0]);
      if (best && found.score >= best->score) continue;
      best = found;
      chosen = feature;
    }
    if (!best || !(best->score < score)) break;
    done[chosen] = 1;
    const std::vector<std::size_t>& mine = groups[chosen];
    RepairStep step;
    step.column = chosen;
    step.score = static_cast<double>(best->score);
    step.expected = mine.size() > 1 ? static_cast<double>(best->column - mine[0])
                                    : scaler.restore(mine[0], static_cast<double>(best->value));
    for (const std::size_t j : mine) z[j] = mine.size() > 1 ? scaler.scaled(j, j == best->column ? 1 : 0) : best->value;
    steps.push_back(step);
  }
  return steps;
}

}  // namespace anomalens
