// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "detection/state.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

constexpr std::size_t kSteps = 33;  // candidates over a column's training range
constexpr int kRefinements = 24;    // golden sections: the bracket shrinks to a hundred-thousandth
constexpr double kGolden = 0.6180339887498949;

/// Looks for the best value of one column, or the best category of a group of columns, of one scaled row.
class RepairSearch {
 public:
  RepairSearch(Autoencoder::State& state, std::vector<float> row, std::vector<float> expected)
      : state_(state), row_(std::move(row)), expected_(std::move(expected)) {}

  struct Candidate {
    std::size_t column = 0;
    float value = 0;
    float score = std::numeric_limits<float>::infinity();
  };

  Candidate numeric(std::size_t column) {
    if (state_.scaler.constant()[column] != 0) return best_of(column, {0.F});
    std::vector<float> values;
    values.reserve(kSteps + 2);
    const double low = static_cast<double>(state_.low[column]);
    const double step = (static_cast<double>(state_.high[column]) - low) / (kSteps - 1);
    for (std::size_t i = 0; i < kSteps; i++) values.push_back(static_cast<float>(low + static_cast<double>(i) * step));
    values.push_back(expected_[column]);
    values.push_back(row_[column]);
    return refine(best_of(column, values), static_cast<float>(step));
  }

  Candidate category(const std::vector<std::size_t>& columns) {
    std::vector<float> rows;
    for (const std::size_t chosen : columns) {
      std::vector<float> row = row_;
      for (const std::size_t j : columns) row[j] = state_.scaler.scaled(j, j == chosen ? 1 : 0);
      rows.insert(rows.end(), row.begin(), row.end());
    }
    const std::vector<float> scores = scored(rows);
    const auto best = static_cast<std::size_t>(std::min_element(scores.begin(), scores.end()) - scores.begin());
    return {columns[best], 1.F, scores[best]};
  }

 private:
  std::vector<float> scored(const std::vector<float>& rows) {
    std::vector<float> scores(rows.size() / row_.size());
    state_.score_scaled(rows, scores);
    return scores;
  }

  Candidate best_of(std::size_t column, const std::vector<float>& values) {
    std::vector<float> rows;
    for (const float value : values) {
      rows.insert(rows.end(), row_.begin(), row_.end());
      rows[rows.size() - row_.size() + column] = value;
    }
    const std::vector<float> scores = scored(rows);
    const auto best = static_cast<std::size_t>(std::min_element(scores.begin(), scores.end()) - scores.begin());
    return {column, values[best], scores[best]};
  }

  Candidate refine(Candidate best, float step) {
    double low = std::max<double>(static_cast<double>(best.value - step), static_cast<double>(state_.low[best.column]));
    double high =
        std::min<double>(static_cast<double>(best.value + step), static_cast<double>(state_.high[best.column]));
    for (int i = 0; i < kRefinements && low < high; i++) {
      const auto left = static_cast<float>(high - (high - low) * kGolden);
      const auto right = static_cast<float>(low + (high - low) * kGolden);
      const Candidate a = best_of(best.column, {left});
      const Candidate b = best_of(best.column, {right});
      if (a.score <= b.score) {
        high = static_cast<double>(right);
      } else {
        low = static_cast<double>(left);
      }
      const Candidate& better = a.score <= b.score ? a : b;
      if (better.score < best.score) best = better;
    }
    return best;
  }

  Autoencoder::State& state_;
  std::vector<float> row_;
  std::vector<float> expected_;
};

/// Columns of every group, in order.
std::vector<std::vector<std::size_t>> columns_of(std::span<const std::int32_t> groups) {
  std::vector<std::vector<std::size_t>> columns;
  for (std::size_t j = 0; j < groups.size(); j++) {
    const auto group = static_cast<std::size_t>(groups[j]);
    if (groups[j] < 0 || group > columns.size()) {
      refuse(ErrorCode::kShape, {"The groups of the columns must be numbered 0, 1, ... in order."});
    }
    if (group == columns.size()) columns.emplace_back();
    columns[group].push_back(j);
  }
  return columns;
}

}  // namespace

Repair Autoencoder::repair(TableView row, std::span<const std::int32_t> groups) const {
  if (!state_->usable()) refuse_unfitted();
  const std::size_t columns = state_->scaler.columns();
  if (row.rows() != 1) refuse(ErrorCode::kShape, {"A repair is that of one row."});
  if (groups.size() != columns) refuse(ErrorCode::kShape, {"Every column must have a group."});
  const auto features = columns_of(groups);
  std::vector<float> z(columns);
  state_->scaler.transform(row, z);
  std::vector<float> expected(columns);
  state_->reconstruct_group(z, expected);
  RepairSearch search(*state_, z, expected);
  Repair best;
  best.score = std::numeric_limits<double>::infinity();
  for (std::size_t group = 0; group < features.size(); group++) {
    const std::vector<std::size_t>& members = features[group];
    if (std::isnan(z[members[0]])) continue;  // what is missing cannot be wrong
    const bool numeric = members.size() == 1;
    const RepairSearch::Candidate found = numeric ? search.numeric(members[0]) : search.category(members);
    if (static_cast<double>(found.score) >= best.score) continue;
    best.group = group;
    best.column = found.column;
    best.from = row(0, found.column);
    best.to = numeric ? state_->scaler.restore(found.column, static_cast<double>(found.value)) : 1;
    best.score = static_cast<double>(found.score);
  }
  return best;
}

}  // namespace anomalens
