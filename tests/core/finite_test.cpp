// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "mixed_table.hpp"

/// Every number that a trained model gives is finite, however wild the training, the row or the file.
namespace anomalens::testing {

namespace {

/// Everything that a model tells about a row is finite.
void check_finite(const Autoencoder& model, TableView row) {
  CHECK(all_finite(scores_of(model, row)));
  std::vector<float> cells(row.columns());
  std::vector<double> expected(row.columns());
  model.feature_errors(row, cells);
  CHECK(all_finite(cells));
  model.reconstruct(row, cells);
  CHECK(all_finite(cells));
  model.expected(row, expected);
  CHECK(all_finite(expected));
  for (const ColumnReason& reason : reasons_of(model, row)) {
    CHECK(std::isfinite(reason.drop));
    CHECK(std::isfinite(reason.share));
    if (reason.expected) CHECK(std::isfinite(*reason.expected));
  }
  std::vector<std::int32_t> apart(row.columns());
  std::iota(apart.begin(), apart.end(), 0);
  for (const RepairStep& step : model.repair(row, apart, 3)) {
    CHECK(std::isfinite(step.score));
    if (step.expected) CHECK(std::isfinite(*step.expected));
  }
  if (model.members() > 1) return;
  std::vector<float> codes(model.latent());
  model.encode(row, codes);
  CHECK(all_finite(codes));
  std::size_t units = model.columns();
  for (const LayerShape& layer : model.layers()) units += static_cast<std::size_t>(layer.outputs);
  std::vector<float> activations(units);
  model.activations(row, activations);
  CHECK(all_finite(activations));
}

struct Wild {
  OptimizerKind optimizer;
  double momentum;
  LossKind loss;
  ScalerKind scaler;
};

constexpr Wild kWild[] = {{OptimizerKind::kSgd, 0, LossKind::kMse, ScalerKind::kStandard},
                          {OptimizerKind::kSgd, 0.9, LossKind::kMae, ScalerKind::kNone},
                          {OptimizerKind::kRmsProp, 0.9, LossKind::kHuber, ScalerKind::kMinMax},
                          {OptimizerKind::kAdam, 0, LossKind::kMae, ScalerKind::kRobust}};

/// Trains `model` wildly; whether it was refused. Then the model is as it was, else everything it says is finite.
bool refused(Autoencoder& model, TableView table, const TrainOptions& options) {
  const std::uint64_t before = model.fitted() ? model.fingerprint() : 0;
  try {
    const TrainReport report = fit(model, table, options);
    CHECK(std::isfinite(report.threshold));
  } catch (const Error& error) {
    CHECK(static_cast<int>(error.code()) == static_cast<int>(ErrorCode::kDiverged));
    CHECK((model.fitted() ? model.fingerprint() : 0) == before);
    return true;
  }
  CHECK(all_finite(scores_of(model, table)));
  for (std::size_t row = 0; row < 3; row++) check_finite(model, table.slice(row, 1));
  const Autoencoder again(model.model());
  CHECK(again.threshold() == model.threshold());
  return false;
}

}  // namespace

TEST_SUITE_BEGIN("finite");

TEST_CASE("a training ends in a model whose numbers are finite, or says that it diverged and changes nothing") {
  const std::vector<float> plain = small_table(90);
  std::vector<double> large(plain.begin(), plain.end());
  for (std::size_t i = 0; i < large.size(); i += 4) large[i] *= 1e11;
  for (const bool wide : {false, true}) {
    const TableView table = wide ? TableView(large.data(), 90, 4) : view(plain);
    for (const Wild& wild : kWild) {
      int diverged = 0;
      for (const double rate : {0.3, 3.0, 10.0}) {
        for (const int epochs : {1, 2, 3}) {
          CAPTURE(rate);
          CAPTURE(epochs);
          ModelOptions how = small_options(Activation::kLeakyRelu, {8, 4}, 1);
          how.scaler = wild.scaler;
          TrainOptions options = short_training(epochs);
          Autoencoder model(how);
          fit(model, view(plain), options);
          options.optimizer = wild.optimizer;
          options.momentum = wild.momentum;
          options.loss = wild.loss;
          options.learning_rate = rate;
          diverged += refused(model, table, options) ? 1 : 0;
        }
      }
      if (wild.optimizer == OptimizerKind::kSgd && wild.loss == LossKind::kMse) CHECK(diverged > 0);
    }
  }
}

TEST_CASE("weights that only the last step blew up are noticed") {
  const std::vector<float> table = small_table(64);
  int noticed = 0;
  for (double rate = 0.1; rate < 10; rate *= 1.2) {
    CAPTURE(rate);
    Autoencoder model(small_options(Activation::kLinear, {16, 16}, 2));
    TrainOptions options = short_training(1, 16);
    options.optimizer = OptimizerKind::kSgd;
    options.learning_rate = rate;
    Trainer trainer(model, set_for(model.options(), view(table)), options);
    const auto last = trainer.progress().steps - 1;
    const auto early = error_of([&] { trainer.run(Budget::steps(static_cast<double>(last))); });
    if (!early && error_of([&] { trainer.run(Budget::steps(1)); })) noticed++;
    const auto error = error_of([&] { trainer.finish(); });
    CHECK((!error || error->code() == ErrorCode::kDiverged));
    if (!error) CHECK(all_finite(scores_of(model, view(table))));
  }
  CHECK(noticed > 0);
}

TEST_CASE("a committee ends in finite numbers or diverges, also where all columns have two values") {
  std::vector<double> table;
  Mt19937 random(4);
  for (int row = 0; row < 160; row++) {
    const double one = random.below(2);
    table.insert(table.end(), {one, one == 1 && random.below(3) > 0 ? 7.0 : -2.0});
  }
  for (std::uint32_t seed = 0; seed < 12; seed++) {
    CAPTURE(seed);
    ModelOptions how;
    how.members = 3;
    how.seed = seed;
    Autoencoder model(how);
    TrainOptions options;
    options.epochs = 1;
    options.optimizer = OptimizerKind::kRmsProp;
    options.learning_rate = 10;
    options.momentum = 0.9;
    options.clean = seed % 2 == 0;
    refused(model, TableView(table.data(), 160, 2), options);
  }
}

TEST_CASE("a held-out loss that is not finite is a divergence") {
  const std::vector<float> table = small_table(90);
  for (const double rate : {0.5, 2.0, 10.0}) {
    Autoencoder model(small_options(Activation::kRelu, {16, 16, 16}, 2));
    TrainOptions options = short_training(2);
    options.optimizer = OptimizerKind::kSgd;
    options.learning_rate = rate;
    options.validation_split = 0.3;
    refused(model, view(table), options);
  }
}

TEST_CASE("rows and codes of any size give finite numbers") {
  const std::vector<float> table = small_table();
  for (const int members : {1, 3}) {
    ModelOptions how = small_options(Activation::kLinear, {}, 2);
    how.members = members;
    Autoencoder model(how);
    TrainOptions options = short_training(2);
    options.learning_rate = 1;
    fit(model, view(table), options);
    for (const double huge : {1e13, -1e38, 1e100, -1e300, 1.7e308}) {
      CAPTURE(huge);
      for (std::size_t j = 0; j < 4; j++) {
        std::vector<double> row = {0.1, 0.1, 0.1, 0.1};
        row[j] = huge;
        check_finite(model, TableView(row.data(), 1, 4));
      }
      if (members > 1) continue;
      const std::vector<double> codes = {huge, 1, 1, -huge};
      std::vector<float> rows(8);
      model.decode(TableView(codes.data(), 2, 2), rows);
      CHECK(all_finite(rows));
    }
  }
}

TEST_CASE("a table of cells that no float holds is rebuilt within floats") {
  std::vector<double> table;
  for (const float cell : small_table()) table.push_back(static_cast<double>(cell) * 1e100);
  Autoencoder model(small_options());
  fit(model, TableView(table.data(), 61, 4), short_training());
  check_finite(model, TableView(table.data(), 1, 4));
}

TEST_CASE("a file whose weights overflow is a bad file") {
  const std::vector<float> table = small_table();
  Autoencoder net(small_options());
  fit(net, view(table), short_training());
  Autoencoder detector;
  fit(detector, view(table), short_training());
  for (const Autoencoder* model : {&net, &detector}) {
    for (const float weight : {3e38F, -1e30F, 1e25F}) {
      Model state = model->model();
      std::ranges::fill(state.parameters, weight);
      const auto error = error_of([&] { Autoencoder{state}; });
      REQUIRE(error);
      CHECK(error->code() == ErrorCode::kBadFile);
      CHECK(error->reason() == Reason::kSavedOverflow);
    }
    Model state = model->model();
    state.threshold = kInfinity;
    CHECK_CODE(Autoencoder{state}, ErrorCode::kBadFile);
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
