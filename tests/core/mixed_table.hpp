// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "random/mt19937.hpp"
#include "support.hpp"

/// Tables of several kinds of columns, and what every detector of them must fulfil.
namespace anomalens::testing {

struct MixedTable {
  std::vector<Column> columns;
  std::vector<double> cells;
  std::size_t rows = 0;

  TableView view() const { return {cells.data(), rows, columns.size()}; }
  TableView row(std::size_t at) const { return view().slice(at, 1); }
  double& cell(std::size_t row, std::size_t column) { return cells[row * columns.size() + column]; }
};

inline Column number() { return {ColumnKind::kNumber, 24}; }
inline Column category() { return {ColumnKind::kCategory, 24}; }
inline Column cycle(double period = 24) { return {ColumnKind::kCycle, period}; }

/// Two linked numbers, a category and an hour linked to them, a number with gaps, a constant.
inline MixedTable mixed_table(std::size_t rows = 120, std::uint32_t seed = 3) {
  MixedTable table{{number(), number(), category(), cycle(), number(), number()}, {}, rows};
  Mt19937 random(seed);
  for (std::size_t row = 0; row < rows; row++) {
    const double x = random.normal();
    const double gap = random.below(6) == 0 ? kNaN : x + random.normal();
    table.cells.insert(table.cells.end(), {x, 2 * x + 0.2 * random.normal(), std::floor(std::clamp(x + 2, 0.0, 3.9)),
                                           12 + 3 * x + 0.5 * random.normal(), gap, 7.5});
  }
  return table;
}

inline TrainReport train(Autoencoder& model, const MixedTable& table, const TrainOptions& options) {
  Trainer trainer(model, TrainingSet(table.columns, table.view(), model.options().missing_cells()), options);
  trainer.run(Budget::epochs(1e6));
  return trainer.finish();
}

inline TrainOptions few_epochs(bool clean, int epochs = 12) {
  TrainOptions options;
  options.clean = clean;
  options.epochs = epochs;
  return options;
}

template <class Numbers>
bool all_finite(const Numbers& numbers) {
  return std::all_of(std::begin(numbers), std::end(numbers), [](auto number) { return std::isfinite(number); });
}

/// Nothing that the model says of `rows` is NaN.
inline void check_numbers(const Autoencoder& model, const TrainReport& report, TableView rows) {
  CHECK(all_finite(report.loss));
  CHECK(all_finite(report.scores));
  CHECK_FALSE(std::isnan(report.threshold));
  CHECK(std::isinf(report.threshold) == (report.scores.size() < 9));
  for (int net = 0; net < model.nets(); net++) CHECK(all_finite(model.parameters(net)));
  const std::vector<float> scores = scores_of(model, rows);
  CHECK(all_finite(scores));
  std::vector<float> errors(rows.rows() * rows.columns());
  model.feature_errors(rows, errors);
  CHECK(all_finite(errors));
  for (std::size_t row = 0; row < std::min<std::size_t>(rows.rows(), 6); row++) {
    double sum = 0;
    for (const ColumnReason& reason : model.reasons(rows.slice(row, 1))) {
      CHECK(std::isfinite(reason.drop));
      CHECK((!std::isnan(reason.percentile) || std::isnan(rows(row, reason.column))));
      sum += reason.share;
    }
    CHECK((sum == 0 || sum == doctest::Approx(1)));
    for (const RepairStep& step : model.repair(rows.slice(row, 1), {}, 5)) CHECK(std::isfinite(step.score));
    const Anatomy anatomy = model.anatomy(rows.slice(row, 1));
    double points = anatomy.residual.points + anatomy.rarity.points + anatomy.excess.points + anatomy.departures;
    if (anatomy.distance) points += anatomy.distance->points;
    CHECK(points == doctest::Approx(static_cast<double>(scores[row])).epsilon(1e-5));
  }
}

}  // namespace anomalens::testing
