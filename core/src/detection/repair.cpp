// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "detection/seat.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

constexpr std::size_t kSteps = 33;  // candidates over a column's training range
constexpr int kRefinements = 24;    // golden sections: the bracket shrinks to a hundred-thousandth
constexpr double kGolden = 0.6180339887498949;

/// Looks for the best value of one column, or the best category of a group of columns, of one scaled row.
class RepairSearch {
 public:
  RepairSearch(Scorer& scorer, std::vector<float> row, std::vector<float> expected)
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

  Scorer& scorer_;
  std::vector<float> row_;
  std::vector<float> expected_;
  std::vector<float> rows_;
};

/// How many groups there are.
std::int32_t count_of(std::span<const std::int32_t> groups) {
  std::int32_t count = 0;
  for (const std::int32_t group : groups) {
    if (group < 0 || group > count) {
      refuse(ErrorCode::kShape, Reason::kFeatureNumbers);
    }
    count = std::max(count, group + 1);
  }
  return count;
}

std::vector<std::size_t> columns_of(std::span<const std::int32_t> groups, std::int32_t group) {
  std::vector<std::size_t> columns;
  for (std::size_t j = 0; j < groups.size(); j++) {
    if (groups[j] == group) columns.push_back(j);
  }
  return columns;
}

}  // namespace

Repair Autoencoder::repair(TableView row, std::span<const std::int32_t> groups) const {
  Scorer& s = scorer();
  const std::size_t columns = s.scaler.columns();
  if (row.rows() != 1) refuse(ErrorCode::kShape, Reason::kNotOneRow, {row.rows()});
  if (groups.size() != columns) refuse(ErrorCode::kShape, Reason::kFeatureNumbers);
  const std::int32_t count = count_of(groups);
  std::vector<float> z(columns);
  s.scaler.transform(row, z);
  std::vector<float> expected(columns);
  s.reconstruct_group(z, expected);
  RepairSearch search(s, z, expected);
  Repair best;
  best.score = std::numeric_limits<double>::infinity();
  for (std::int32_t group = 0; group < count; group++) {
    const std::vector<std::size_t> members = columns_of(groups, group);
    if (std::isnan(z[members[0]])) continue;  // what is missing cannot be wrong
    const bool numeric = members.size() == 1;
    const RepairSearch::Candidate found = numeric ? search.numeric(members[0]) : search.category(members);
    if (static_cast<double>(found.score) >= best.score) continue;
    best.group = static_cast<std::size_t>(group);
    best.column = found.column;
    best.from = row(0, found.column);
    best.to = numeric ? s.scaler.restore(found.column, static_cast<double>(found.value)) : 1;
    best.score = static_cast<double>(found.score);
  }
  return best;
}

}  // namespace anomalens
