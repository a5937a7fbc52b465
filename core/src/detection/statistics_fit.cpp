// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/statistics_fit.hpp"

#include <algorithm>
#include <utility>

namespace anomalens {

namespace {

/// Cells whose residuals are kept at once; of larger tables an even sample of rows is enough.
constexpr std::size_t kMostCells = 2'000'000;
constexpr std::size_t kFewestRows = 1000;

}  // namespace

StatisticsFit::StatisticsFit(Scorer& scorer, const float* table, std::span<const std::uint32_t> rows)
    : scorer_(&scorer), complete_(!scorer.committee()) {
  if (complete_) return;
  const std::size_t columns = scorer.scaler.columns();
  const std::size_t count = std::min(rows.size(), std::max(kFewestRows, kMostCells / columns));
  sample_.z = xt::xtensor<float, 2>::from_shape({count, columns});
  sample_.q = xt::xtensor<float, 2>::from_shape({count, columns});
  for (std::size_t i = 0; i < count; i++) {
    const std::size_t row = rows[static_cast<std::size_t>(static_cast<std::uint64_t>(i) * rows.size() / count)];
    std::copy_n(table + row * columns, columns, sample_.z.data() + i * columns);
  }
  found_ = committee::statistics_for(columns);
}

void StatisticsFit::advance() {
  const std::size_t columns = sample_.columns();
  if (rows_ < sample_.rows()) {
    const std::size_t n = std::min(kGroup, sample_.rows() - rows_);
    const std::size_t first = rows_ * columns;
    scorer_->errors_group({sample_.z.data() + first, n * columns}, {sample_.q.data() + first, n * columns});
    rows_ += n;
  } else if (columns_ < columns) {
    committee::fit_column(sample_, columns_++, found_);
  } else {
    committee::fit_rows(sample_, found_);
    scorer_->statistics = std::move(found_);
    sample_ = {};
    complete_ = true;
  }
}

}  // namespace anomalens
