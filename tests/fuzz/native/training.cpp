// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Any table learned from with any options, in pieces, and trained on: refused or diverged, or a model whose every number
// is finite. What fails or is given up leaves the model as it was.

#include "reader.hpp"

namespace {

using namespace anomalens;
using namespace anomalens::fuzzing;

struct Table {
  std::size_t columns;
  std::vector<double> cells;
  std::size_t rows() const { return cells.size() / columns; }
  TableView view() const { return {cells.data(), rows(), columns}; }
};

Table table(Reader& reader, std::size_t columns) {
  const bool whole = reader.within(0, 3) == 0;
  Table made{columns, {}};
  made.cells.resize(columns * static_cast<std::size_t>(reader.within(reader.anything ? 1 : 2, 24)));
  // Copies of a few rows: bytes are better spent on what differs.
  const std::size_t distinct = columns * static_cast<std::size_t>(reader.within(1, 8));
  for (std::size_t i = 0; i < made.cells.size(); i++)
    made.cells[i] = i < distinct ? reader.cell() : made.cells[i - distinct] + 0.125 * static_cast<double>(i % 3);
  // Such as numbers of categories are.
  for (double& cell : made.cells) cell = whole ? std::floor(std::fmod(std::abs(cell), 8)) : cell;
  return made;
}

/// Whether its cells can be the numbers of categories.
bool whole(const Table& table) {
  return std::ranges::all_of(table.cells, [](double cell) {
    return std::isnan(cell) || (cell >= 0 && cell < 100 && cell == std::floor(cell));
  });
}

TrainingSet set_of(Autoencoder& model, const Table& table, Reader& reader, bool resume) {
  if (model.options().committee()) {
    std::vector<Column> columns(table.columns);
    const int last = reader.anything || whole(table) ? 2 : 0;
    for (Column& column : columns) column = {reader.word<ColumnKind>(last), static_cast<double>(reader.within(2, 30))};
    if (!resume) return {std::move(columns), table.view(), model.options().missing_cells()};
    TrainingSet set(model.trained_encoding(), table.rows());
    set.observe(table.view());
    return set;
  }
  if (!resume) return {model.options().scaler, table.view(), model.options().missing_cells() == Missing::kMask};
  TrainingSet set(model.trained_scaler(), table.rows());
  set.append(table.view());
  return set;
}

void run(Trainer& trainer, Reader& reader) {
  const int pieces = reader.within(0, 3);
  for (int piece = 0; piece < pieces; piece++) {
    switch (reader.within(0, 4)) {
      case 0:
        survives([&] { trainer.set_learning_rate(reader.amount(0, 10)); });
        break;
      case 1:
        survives([&] { trainer.train_member(reader.within(0, 3)); });
        break;
      default:
        survives([&] { trainer.run(Budget::steps(reader.amount(1, 9))); });
    }
  }
  survives([&] { trainer.run(Budget::epochs(10)); });
}

void must_be_whole(const Autoencoder& model, const TrainReport& report) {
  must_be_finite(report.loss, "a loss");
  must_be_finite(report.scores, "a score of a training row");
  if (std::isnan(report.threshold)) violated("a threshold");
  for (int net = 0; net < model.nets(); net++) must_be_finite(model.parameters(net), "a weight");
  std::optional<Autoencoder> again;
  if (!survives([&] { again.emplace(model.model()); })) refused("a trained model cannot be loaded");
  if (again->fingerprint() != model.fingerprint()) violated("another fingerprint after saving");
}

/// Whether the model has been trained.
bool learn(Autoencoder& model, const Table& rows, Reader& reader, bool resume) {
  TrainOptions options = train_options(reader, model.options(), rows.rows());
  options.resume = resume;
  const bool before = model.fitted();
  const std::uint64_t fingerprint = before ? model.fingerprint() : 0;
  const bool keep = reader.within(0, 7) > 0;
  bool finished = false;
  survives([&] {
    Trainer trainer(model, set_of(model, rows, reader, resume), options);
    run(trainer, reader);
    if (!keep) return;
    const TrainReport report = trainer.finish();
    finished = true;
    must_be_whole(model, report);
  });
  if (!finished && (model.fitted() != before || (before && model.fingerprint() != fingerprint)))
    violated("a training that was given up changed the model");
  return finished;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  reader.anything = reader.within(0, 7) == 0;
  std::optional<Autoencoder> model;
  if (!survives([&] { model.emplace(model_options(reader)); })) return 0;
  const auto columns = static_cast<std::size_t>(reader.within(1, 4));
  const Table rows = table(reader, columns);
  if (!learn(*model, rows, reader, false)) return 0;
  judge(*model, rows.cells, columns);
  const Table others = table(reader, columns);
  judge(*model, others.cells, columns);
  if (reader.coin()) learn(*model, others, reader, true);
  survives([&] { model->calibrate(others.view(), threshold_rule(reader, others.rows())); });
  judge(*model, rows.cells, columns);
  return 0;
}
