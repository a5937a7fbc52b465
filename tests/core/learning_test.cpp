// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <numeric>

#include "anomalens/metrics.hpp"
#include "random/mt19937.hpp"
#include "support.hpp"
#include "training/row_roles.hpp"

/// What the options of a training do, and what they must not do.
namespace anomalens::testing {

namespace {

using Kind = ThresholdRule::Kind;

/// The rows that a training watches: dealt as the engine deals them.
std::vector<std::uint32_t> watched_rows(const ModelOptions& model, const TrainOptions& options, std::size_t rows) {
  const TrainOptions resolved = options.resolved(model, rows);
  return deal_rows(rows, held_out_rows(resolved, rows), derived_seed(model.seed, 1U << 16)).validation;
}

TrainOptions resuming(int epochs = 5) {
  TrainOptions options = short_training(epochs);
  options.resume = true;
  return options;
}

TrainingSet set_for(const Autoencoder& model, TableView rows) {
  if (model.encoding() != nullptr) {
    TrainingSet set(*model.encoding(), rows.rows());
    set.observe(rows);
    return set;
  }
  TrainingSet set(model.scaler(), rows.rows());
  set.observe(rows);
  set.append(rows);
  return set;
}

TrainReport trained_on(Autoencoder& model, TableView rows, const TrainOptions& options) {
  Trainer trainer(model, set_for(model, rows), options);
  trainer.run(Budget::epochs(1e6));
  return trainer.finish();
}

}  // namespace

TEST_SUITE_BEGIN("learning");

TEST_CASE("rows are dealt once each") {
  for (const std::size_t rows : {10U, 61U, 500U}) {
    const RowRoles roles = deal_rows(rows, {rows / 5, rows / 4}, 8);
    CHECK(roles.validation.size() == rows / 5);
    CHECK(roles.calibration.size() == rows / 4);
    std::vector<std::uint32_t> all = roles.learning;
    all.insert(all.end(), roles.validation.begin(), roles.validation.end());
    all.insert(all.end(), roles.calibration.begin(), roles.calibration.end());
    std::sort(all.begin(), all.end());
    REQUIRE(all.size() == rows);
    for (std::size_t i = 0; i < rows; i++) REQUIRE(all[i] == i);
  }
}

TEST_CASE("early stopping ends a training that got worse and keeps the weights of its best epoch") {
  const std::vector<float> table = small_table(40);
  const ModelOptions shape = small_options(Activation::kTanh, {32}, 4);
  TrainOptions options = short_training(2000, 8);
  options.weight_decay = 0;
  options.validation_split = 0.25;
  options.corruption = {{Corruption::Kind::kGaussian, 0.3}};
  options.patience = 12;
  Autoencoder model(shape);
  const TrainReport report = fit(model, view(table), options);
  CHECK(report.stopped == Stopped::kPatience);
  CHECK(report.epochs < 2000);
  REQUIRE(report.validation_loss.size() == static_cast<std::size_t>(report.epochs));
  const double least = *std::min_element(report.validation_loss.begin(), report.validation_loss.end());
  CHECK(report.validation_loss.back() > least);
  double best = kInfinity;
  int since = 0;
  int end = 0;
  for (const double loss : report.validation_loss) {  // the rule, told again
    since = loss < best * (1 - 1e-4) ? 0 : since + 1;
    best = std::min(best, loss);
    end++;
    if (since == options.patience) break;
  }
  CHECK(since == options.patience);
  CHECK(end == report.epochs);
  const std::vector<std::uint32_t> watched = watched_rows(shape, options, 40);
  REQUIRE(watched.size() == 10);
  const std::vector<float> scores = scores_of(model, view(table));
  double loss = 0;
  for (const std::uint32_t row : watched) loss += static_cast<double>(scores[row]) / 10;
  CHECK(loss == doctest::Approx(least).epsilon(1e-5));

  TrainOptions whole = options;
  whole.patience = 0;
  whole.epochs = report.epochs;
  Autoencoder same(shape);
  CHECK(fit(same, view(table), whole).stopped == Stopped::kEpochs);
  CHECK(same.fingerprint() == model.fingerprint());  // best weights are kept without patience as well
}

TEST_CASE("patience without a split holds a tenth out") {
  const std::vector<float> table = small_table(61);
  TrainOptions options = short_training(4);
  options.patience = 3;
  Autoencoder model(small_options());
  CHECK(fit(model, view(table), options).validation_loss.size() == 4);
  CHECK(watched_rows(small_options(), options, 61).size() == 7);
}

TEST_CASE("training on continues from the weights and keeps the scaler") {
  const std::vector<float> table = small_table(61);
  std::vector<float> more = small_table(50, 9);
  for (float& cell : more) cell = cell * 2 + 1;
  Autoencoder model(small_options());
  const TrainReport before = fit(model, view(table), short_training(30));
  const std::uint64_t fingerprint = model.fingerprint();
  const std::vector<double> scale(model.scaler().scale().begin(), model.scaler().scale().end());
  const TrainReport after = trained_on(model, view(table), resuming());
  CHECK(after.epochs == 5);
  CHECK(after.loss.front() < before.loss[2]);
  CHECK(after.loss.back() < before.loss.back());
  CHECK(model.fingerprint() != fingerprint);
  trained_on(model, view(more), resuming());
  CHECK(std::equal(scale.begin(), scale.end(), model.scaler().scale().begin()));
  {
    const Trainer unused(model, set_for(model, view(more)), resuming());
  }
  CHECK(model.fitted());

  Autoencoder again(small_options());
  fit(again, view(table), short_training(30));
  trained_on(again, view(table), resuming());
  trained_on(again, view(more), resuming());
  CHECK(again.fingerprint() == model.fingerprint());
}

TEST_CASE("training on needs a trained model and its scaler") {
  const std::vector<float> table = small_table(61);
  const std::vector<float> more = small_table(50, 9);
  Autoencoder model(small_options());
  CHECK_CODE(fit(model, view(table), resuming()), ErrorCode::kNotFitted);
  fit(model, view(table), short_training());
  CHECK_CODE(fit(model, view(more), resuming()), ErrorCode::kShape);
  CHECK_CODE(trained_on(model, TableView(more.data(), 50, 3), resuming()), ErrorCode::kShape);
}

TEST_CASE("a committee can be trained on") {
  const std::vector<float> table = small_table(80);
  Autoencoder model{ModelOptions{}};
  const TrainReport before = fit(model, view(table), short_training(20));
  const TrainReport after = trained_on(model, view(table), resuming(3));
  CHECK(after.loss.front() < before.loss.front());
  CHECK(after.loss.back() < 1.5 * before.loss.back());
}

TEST_CASE("trimming keeps planted outliers from being learned") {
  synthetic::ArticleOptions source;
  source.rows = 160;
  source.normals = 0;
  source.anomalies = 40;
  const synthetic::Data data = synthetic::article(source);
  std::vector<float> dirty = data.train;
  dirty.insert(dirty.end(), data.test.begin(), data.test.end());
  std::vector<std::uint8_t> labels(200, 0);
  std::fill(labels.begin() + 160, labels.end(), 1);
  const auto quality = [&](double trim) {
    TrainOptions options = short_training(120, 32);
    options.trim = trim;
    Autoencoder model(small_options(Activation::kTanh, {16}, 2));
    fit(model, view(dirty), options);
    return metrics::auroc(scores_of(model, view(dirty)), labels);
  };
  const double plain = quality(0);
  const double trimmed = quality(0.3);
  CHECK(trimmed > plain + 0.05);
  CHECK(trimmed > 0.95);
}

TEST_CASE("a training that diverges later keeps the weights of the last whole epoch") {
  const std::vector<float> table = small_table();
  Autoencoder model(small_options(Activation::kLinear, std::vector<int>(12, 8), 8));
  TrainOptions options = short_training(400);
  options.optimizer = OptimizerKind::kSgd;
  options.learning_rate = 1e-3;
  Trainer trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), options);
  trainer.run(Budget::epochs(2));
  const std::uint64_t good = model.fingerprint();
  trainer.set_learning_rate(10);
  CHECK_CODE(trainer.run(Budget::epochs(1)), ErrorCode::kDiverged);
  CHECK(trainer.progress().done);
  CHECK(model.fingerprint() == good);
  CHECK(trainer.finish().epochs == 2);
  CHECK(model.fitted());
  CHECK(model.fingerprint() == good);
}

TEST_CASE("slices of a training with every option on end in the same bits as the whole") {
  const std::vector<float> table = table_with_holes();
  for (const int members : {1, 3}) {
    const ModelOptions shape = every_model_option(members);
    Autoencoder whole(shape);
    const TrainReport report = fit(whole, view(table), every_train_option());
    for (const Budget budget : {Budget::steps(1), Budget::steps(7), Budget::epochs(2), Budget::milliseconds(0.05)}) {
      CAPTURE(members);
      CAPTURE(static_cast<int>(budget.kind));
      Autoencoder model(shape);
      Trainer trainer(model, testing::set_for(shape, view(table)), every_train_option());
      while (!trainer.progress().done) {
        trainer.run(budget);
        if (budget.kind == Budget::Kind::kEpochs) scores_of(model, view(table));
      }
      const TrainReport sliced = trainer.finish();
      CHECK(sliced.loss == report.loss);
      CHECK(sliced.validation_loss == report.validation_loss);
      CHECK(model.fingerprint() == whole.fingerprint());
      CHECK(model.threshold() == whole.threshold());
    }
  }
  Autoencoder committee{ModelOptions{}};
  const std::vector<float> plain = small_table();
  fit(committee, view(plain), short_training());
  for (const Budget budget : {Budget::steps(5), Budget::milliseconds(0.05)}) {
    Autoencoder model{ModelOptions{}};
    Trainer trainer(model, testing::set_for({}, view(plain)), short_training());
    while (!trainer.progress().done) trainer.run(budget);
    trainer.finish();
    CHECK(model.fingerprint() == committee.fingerprint());
    CHECK(model.threshold() == committee.threshold());
  }
}

TEST_CASE("a missing cell neither scores nor is blamed: a row's score is the mean over the cells that are there") {
  const std::vector<float> table = table_with_holes();
  ModelOptions shape = small_options();
  shape.missing = Missing::kMask;
  Autoencoder model(shape);
  const TrainReport report = fit(model, view(table), short_training(40));
  CHECK(report.loss.back() < 0.8 * report.loss.front());
  std::vector<float> errors(table.size());
  model.feature_errors(view(table), errors);
  const std::vector<float> shares = shares_of(model, view(table));
  const std::vector<float> scores = scores_of(model, view(table));
  for (std::size_t row = 0; row < scores.size(); row++) {
    double sum = 0;
    double cells = 0;
    double blamed = 0;
    for (std::size_t i = row * 4; i < row * 4 + 4; i++) {
      blamed += static_cast<double>(shares[i]);
      if (std::isnan(table[i])) {
        CHECK(errors[i] == 0);
        CHECK(shares[i] == 0);
        continue;
      }
      sum += static_cast<double>(errors[i]);
      cells++;
    }
    CHECK(scores[row] == doctest::Approx(sum / cells).epsilon(1e-6));
    CHECK((blamed == 0 || blamed == doctest::Approx(1)));
  }
}

TEST_CASE("rows and columns without a cell are named, as are missing cells that were not announced") {
  std::vector<float> table = small_table(20);
  ModelOptions shape = small_options();
  table[5 * 4 + 2] = kFloatNaN;
  auto error = error_of([&] { fit_new(shape, view(table), short_training(1)); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::kNonFinite);
  CHECK(error->row() == 5);
  CHECK(error->column() == 2);
  shape.missing = Missing::kMask;
  Autoencoder model(shape);
  fit(model, view(table), short_training(1));
  std::fill_n(table.begin() + 5 * 4, 4, kFloatNaN);
  std::vector<float> out(20);
  error = error_of([&] { model.score(view(table), out, 100); });
  REQUIRE(error);
  CHECK(error->row() == 105);
  error = error_of([&] { fit_new(shape, view(table), short_training(1)); });
  REQUIRE(error);
  CHECK(error->row() == 5);
  table = small_table(20);
  for (std::size_t i = 1; i < table.size(); i += 4) table[i] = kFloatNaN;
  error = error_of([&] { fit_new(shape, view(table), short_training(1)); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::kNonFinite);
  CHECK(error->column() == 1);
}

TEST_CASE("a training cell of 1e200 is refused and names its column") {
  std::vector<double> table;
  for (const float cell : small_table(20)) table.push_back(static_cast<double>(cell));
  table[4 * 7 + 2] = 1e200;
  const auto error = error_of([&] { fit_new(small_options(), TableView(table.data(), 20, 4), short_training(1)); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::kNonFinite);
  CHECK(error->column() == 2);
}

TEST_CASE(
    "a column constant in training: its constant costs nothing, anything else is the reason, with the constant "
    "expected") {
  std::vector<double> table;
  for (const float cell : small_table(130)) table.push_back(static_cast<double>(cell));
  for (std::size_t i = 2; i < table.size(); i += 4) table[i] = 3.25;
  const TableView rows(table.data(), 130, 4);
  for (const bool committee : {false, true}) {
    CAPTURE(committee);
    Autoencoder model(committee ? ModelOptions{} : small_options(Activation::kTanh, {16}, 2));
    fit(model, rows, short_training(committee ? 100 : 200));
    for (const double value : {3.0, 3.2500001, -1e9, 1e200}) {
      CAPTURE(value);
      const std::vector<double> row = {0.1, 0.1, value, 0.05};
      const TableView one(row.data(), 1, 4);
      std::vector<double> expected(4);
      const std::vector<float> shares = shares_of(model, one);
      model.expected(one, expected);
      CHECK(std::max_element(shares.begin(), shares.end()) - shares.begin() == 2);
      CHECK(expected[2] == 3.25);
      CHECK(scores_of(model, one)[0] > model.threshold());
    }
    const std::vector<double> row = {0.1, 0.1, 3.25, 0.05};
    CHECK(scores_of(model, TableView(row.data(), 1, 4))[0] < model.threshold());
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
