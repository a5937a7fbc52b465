// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Any cells for models that stay: refused with their row and column, or judged with finite numbers.

#include <cmath>

#include "reader.hpp"

namespace {

using namespace anomalens;
using namespace anomalens::fuzzing;

constexpr std::size_t kColumns = 3;

std::vector<double> ordinary_rows() {
  std::vector<double> cells;
  for (int row = 0; row < 40; row++) {
    const double hidden = std::sin(row);
    cells.insert(cells.end(), {hidden, 2 * hidden + 0.1 * std::cos(7 * row), static_cast<double>(row % 3)});
  }
  return cells;
}

Autoencoder trained(ModelOptions options, TrainOptions learning = {}) {
  Autoencoder model(std::move(options));
  const std::vector<double> cells = ordinary_rows();
  const TableView rows(cells.data(), cells.size() / kColumns, kColumns);
  learning.epochs = 2;
  if (!model.options().committee()) {
    fit(model, rows, learning);
    return model;
  }
  const std::vector<Column> columns{{ColumnKind::kNumber}, {ColumnKind::kCycle, 24}, {ColumnKind::kCategory}};
  Trainer trainer(model, TrainingSet(columns, rows, model.options().missing_cells()), learning);
  trainer.run(Budget::epochs(2));
  trainer.finish();
  return model;
}

std::vector<Autoencoder> all_models() {
  std::vector<Autoencoder> models;
  models.push_back(trained({.hidden = std::vector{4}, .latent = 2}));
  models.push_back(
      trained({.hidden = std::vector{4}, .latent = 2, .scaler = ScalerKind::kRobust, .missing = Missing::kMask}));
  models.push_back(trained({.hidden = std::vector<int>{}, .latent = 1, .scaler = ScalerKind::kNone}));
  models.push_back(trained({.members = 2}));
  TrainOptions unsure;
  unsure.clean = false;
  models.push_back(trained({.missing = Missing::kMask, .members = 2}, unsure));
  return models;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::vector<Autoencoder> models = all_models();
  Reader reader(data, size);
  reader.anything = reader.within(0, 3) == 0;
  reader.gaps = reader.coin();
  Autoencoder& model = models[static_cast<std::size_t>(reader.within(0, static_cast<int>(models.size()) - 1))];
  const std::size_t columns = reader.within(0, 9) == 0 ? static_cast<std::size_t>(reader.within(1, 5)) : kColumns;
  // Now and then more rows than are judged at once.
  const int most = reader.within(0, 31) == 0 ? 70 : 8;
  std::vector<double> cells(columns * static_cast<std::size_t>(reader.within(1, most)));
  for (double& cell : cells) cell = reader.empty() ? cells[0] : reader.cell();
  const std::uint64_t before = model.fingerprint();
  judge(model, cells, columns);
  if (model.fingerprint() != before) violated("judging changed the model");
  return 0;
}
