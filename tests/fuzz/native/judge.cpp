// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <numeric>

#include "reader.hpp"

namespace anomalens::fuzzing {

namespace {

void judge_row(Autoencoder& model, TableView row) {
  std::vector<std::int32_t> features(row.columns());
  std::iota(features.begin(), features.end(), 0);
  survives([&] {
    for (const ColumnReason& reason : model.reasons(row, features)) {
      must_be_finite(std::array{reason.drop, reason.share}, "a reason");
      if (reason.share < 0 || reason.share > 1) violated("a share", reason.share);
      if (reason.column >= row.columns()) violated("a reason of no column", static_cast<double>(reason.column));
    }
  });
  survives([&] {
    for (const RepairStep& step : model.repair(row, features, 3)) must_be_finite(std::array{step.score}, "a repair");
  });
  if (model.members() > 1) {
    survives([&] { must_be_finite(std::array{model.anatomy(row).score}, "an anatomy"); });
    return;
  }
  std::size_t outputs = row.columns();
  for (const LayerShape& layer : model.layers()) outputs += static_cast<std::size_t>(layer.outputs);
  std::vector<float> found(outputs);
  if (survives([&] { model.activations(row, found); })) must_be_finite(found, "an activation");
}

void judge_codes(Autoencoder& model, TableView rows) {
  std::vector<float> codes(rows.rows() * model.latent());
  if (!survives([&] { model.encode(rows, codes); })) return;
  must_be_finite(codes, "a code");
  std::vector<float> out(rows.rows() * rows.columns());
  const TableView given(codes.data(), rows.rows(), model.latent());
  if (survives([&] { model.decode(given, out); })) must_be_finite(out, "a decoded cell");
}

}  // namespace

void judge(Autoencoder& model, std::span<const double> cells, std::size_t columns) {
  if (columns == 0 || cells.size() < columns) return;
  const TableView rows(cells.data(), cells.size() / columns, columns);
  std::vector<float> scores(rows.rows());
  if (!survives([&] { model.score(rows, scores); })) {
    judge_row(model, rows.slice(0, 1));
    return;
  }
  must_be_finite(scores, "a score");
  for (std::size_t row = 0; row < rows.rows(); row++) {
    float alone = 0;
    if (!survives([&] { model.score(rows.slice(row, 1), std::span(&alone, 1)); })) refused("a row is refused alone");
    if (alone != scores[row]) violated("a row scored otherwise alone", alone - scores[row]);
  }
  std::vector<float> errors(rows.rows() * columns);
  if (survives([&] { model.feature_errors(rows, errors); })) must_be_finite(errors, "a feature's error");
  std::vector<double> expected(errors.size());
  if (survives([&] { model.expected(rows, expected); }) && model.members() == 1)
    must_be_finite(expected, "an expected cell");
  std::vector<double> p_values(scores.size());
  if (survives([&] { model.p_values(scores, p_values); }))
    for (const double p : p_values)
      if (!(p > 0 && p <= 1)) violated("a p-value", p);
  judge_row(model, rows.slice(0, 1));
  if (model.members() == 1) judge_codes(model, rows);
}

}  // namespace anomalens::fuzzing
