// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/trainer.hpp"

#include <string>

#include "data/article.hpp"
#include "data/experiments.hpp"
#include "data/torch_variants.hpp"
#include "network/network.hpp"
#include "support.hpp"

namespace anomalens::testing {

namespace {

using fixtures::Experiment;

/// Everything that PyTorch recorded about one experiment.
void check_experiment(const Experiment& e) {
  CAPTURE(std::string(e.name));
  Autoencoder model(model_options(e));
  const TrainReport report = fit(model, table_of(e), train_options(e));
  CHECK(report.epochs == e.epochs);
  CHECK(distance(model.scaler().center(), e.center, 1e-12) < 1e-12);
  CHECK(distance(model.scaler().scale(), e.scale) < 1e-10);
  CHECK(distance(report.loss, e.losses) < kRelative);
  CHECK(distance(model.parameters(), e.final, kFloor) < kRelative);
  CHECK(distance(scores_of(model, table_of(e)), e.errors) < kRelative);
  CHECK(distance(std::vector{report.threshold}, std::vector{e.threshold}) < kRelative);
  CHECK(model.threshold() == report.threshold);
}

/// Initial parameters and row orders are no matter of rounding: they are equal.
void check_draws(const Experiment& e) {
  CAPTURE(std::string(e.name));
  Network network(layers_for(model_options(e), e.columns), encoder_layers_for(model_options(e)));
  Mt19937 random(e.seed);
  network.initialise(Compatibility::kPytorch, random);
  CHECK(fnv1a(std::span<const float>(network.parameters().data(), network.parameter_count())) == e.initial);
  std::vector<std::uint32_t> order(e.rows);
  for (std::size_t epoch = 0; epoch < e.orders.size(); epoch++) {
    CAPTURE(epoch);
    pytorch_epoch_order(order, random);
    REQUIRE(fnv1a(order) == e.orders[epoch]);
  }
}

/// Trains to the end in many short runs.
std::vector<float> in_slices(Budget budget, const std::vector<float>& table, std::vector<double>& losses) {
  Autoencoder model(small_options());
  Trainer trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), short_training());
  while (!trainer.progress().done) trainer.run(budget);
  losses = trainer.finish().loss;
  return {model.parameters().begin(), model.parameters().end()};
}

}  // namespace

TEST_SUITE_BEGIN("training");

TEST_CASE("the article's experiment starts and shuffles exactly as in PyTorch") {
  check_draws(fixtures::kArticle);
  Network network(layers_for(model_options(fixtures::kArticle), 4), 2);
  Mt19937 random(42);
  network.initialise(Compatibility::kPytorch, random);
  CHECK(same_bits({network.parameters().data(), network.parameter_count()}, fixtures::kArticleInitial));
  std::vector<std::uint32_t> order(200);
  pytorch_epoch_order(order, random);
  CHECK(std::equal(order.begin(), order.end(), std::begin(fixtures::kArticleFirstOrder)));
}

TEST_CASE("the article's experiment ends as in PyTorch: losses, weights, errors, threshold within 1e-5") {
  check_experiment(fixtures::kArticle);
}

TEST_CASE("the article's test rows get PyTorch's errors and the crosstab 55/5/0/20") {
  const Experiment& e = fixtures::kArticle;
  Autoencoder model(model_options(e));
  fit(model, table_of(e), train_options(e));
  const std::vector<float> scores = scores_of(model, TableView(fixtures::kArticleTest, 80, 4));
  CHECK(distance(scores, std::span(fixtures::kArticleTestErrors)) < kRelative);
  int table[2][2] = {};
  int different = 0;
  for (std::size_t row = 0; row < scores.size(); row++) {
    const bool flagged = scores[row] > model.threshold();
    table[fixtures::kArticleLabels[row]][flagged ? 1 : 0]++;
    different += flagged != (fixtures::kArticlePredictions[row] == 1) ? 1 : 0;
  }
  CHECK(different == 0);
  CHECK(table[0][0] == 55);
  CHECK(table[0][1] == 5);
  CHECK(table[1][0] == 0);
  CHECK(table[1][1] == 20);
}

TEST_CASE("other seeds, shapes, activations and batch sizes start and shuffle exactly as in PyTorch") {
  for (const Experiment* e : fixtures::kExperiments) check_draws(*e);
}

TEST_CASE("other seeds, shapes, activations and batch sizes end as in PyTorch within 1e-5") {
  for (const Experiment* e : fixtures::kExperiments) check_experiment(*e);
}

TEST_CASE("every activation, loss, optimizer, schedule and penalty ends as in PyTorch within 1e-5") {
  for (const Experiment* e : fixtures::kVariants) {
    check_draws(*e);
    check_experiment(*e);
  }
}

TEST_CASE("many short runs end in the same bits as one long run, whatever the budget counts") {
  const std::vector<float> table = small_table();
  Autoencoder model(small_options());
  const TrainReport whole = fit(model, view(table), short_training());
  for (const Budget budget : {Budget::steps(1), Budget::steps(3), Budget::epochs(1), Budget::epochs(4),
                              Budget::milliseconds(0.001), Budget::milliseconds(0.05), Budget::milliseconds(1000)}) {
    CAPTURE(static_cast<int>(budget.kind));
    CAPTURE(budget.amount);
    std::vector<double> losses;
    CHECK(same_bits(in_slices(budget, table, losses), model.parameters()));
    CHECK(losses == whole.loss);
  }
}

TEST_CASE("scoring between two runs does not disturb the training") {
  const std::vector<float> table = small_table();
  Autoencoder calm(small_options());
  fit(calm, view(table), short_training());
  Autoencoder watched(small_options());
  Trainer trainer(watched, TrainingSet(ScalerKind::kStandard, view(table)), short_training());
  while (!trainer.progress().done) {
    trainer.run(Budget::steps(1));
    scores_of(watched, view(table));
  }
  trainer.finish();
  CHECK(watched.fingerprint() == calm.fingerprint());
}

TEST_CASE("training twice gives the same bits, also in a model that was trained before") {
  const std::vector<float> table = small_table();
  const std::vector<float> other = small_table(40, 99);
  Autoencoder model(small_options());
  fit(model, view(table), short_training());
  const std::uint64_t first = model.fingerprint();
  fit(model, view(other), short_training(3));
  CHECK(model.fingerprint() != first);
  fit(model, view(table), short_training());
  CHECK(model.fingerprint() == first);
}

TEST_CASE("another seed gives other weights") {
  const std::vector<float> table = small_table();
  ModelOptions options = small_options();
  Autoencoder first(options);
  options.seed++;
  Autoencoder second(options);
  fit(first, view(table), short_training());
  fit(second, view(table), short_training());
  CHECK(first.fingerprint() != second.fingerprint());
}

TEST_CASE("training lowers the loss with every activation") {
  const std::vector<float> table = small_table(200);
  for (const Activation activation : kActivations) {
    CAPTURE(static_cast<int>(activation));
    Autoencoder model(small_options(activation));
    const TrainReport report = fit(model, view(table), short_training(40));
    CHECK(report.loss.back() < 0.5 * report.loss.front());
  }
}

TEST_CASE("a discarded trainer leaves the model as it was") {
  const std::vector<float> table = small_table();
  const std::vector<float> wider = small_table(50, 3);
  Autoencoder model(small_options());
  {
    const Trainer unused(model, TrainingSet(ScalerKind::kStandard, view(table)), short_training());
    CHECK_FALSE(model.fitted());
    CHECK(scores_of(model, view(table)).size() == 61);  // the model of the moment can be looked at
  }
  CHECK_FALSE(model.fitted());
  CHECK_CODE(scores_of(model, view(table)), ErrorCode::kNotFitted);

  fit(model, view(table), short_training());
  const std::uint64_t fingerprint = model.fingerprint();
  const double threshold = *model.threshold();
  const std::vector<float> scores = scores_of(model, view(table));
  {
    Trainer trainer(model, TrainingSet(ScalerKind::kStandard, view(wider, 5)), short_training());
    trainer.run(Budget::steps(5));
    CHECK(model.columns() == 5);
    CHECK(model.fingerprint() != fingerprint);
  }
  CHECK(model.fitted());
  CHECK(model.fingerprint() == fingerprint);
  CHECK(model.threshold() == threshold);
  CHECK(same_bits(scores_of(model, view(table)), scores));
}

TEST_CASE("a training may be finished where it stands") {
  const std::vector<float> table = small_table();
  Autoencoder model(small_options());
  Trainer trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), short_training(100));
  trainer.run(Budget::epochs(3));
  CHECK_FALSE(trainer.progress().done);
  const TrainReport report = trainer.finish();
  CHECK(report.epochs == 3);
  CHECK(report.loss.size() == 3);
  CHECK(model.fitted());
  Autoencoder same(small_options());
  fit(same, view(table), short_training(3));
  CHECK(model.fingerprint() == same.fingerprint());
  CHECK(model.threshold() == same.threshold());
}

TEST_CASE("progress counts steps and epochs and ends with the last epoch's loss") {
  const std::vector<float> table = small_table();  // 61 rows in batches of 16: four steps an epoch
  Autoencoder model(small_options());
  Trainer trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), short_training(6));
  Progress progress = trainer.run(Budget::steps(3));
  CHECK(progress.step == 3);
  CHECK(progress.epoch == 0);
  CHECK(progress.epochs == 6);
  CHECK(progress.loss > 0);
  progress = trainer.run(Budget::epochs(1));
  CHECK(progress.step == 7);
  CHECK(progress.epoch == 1);
  CHECK(progress.loss == trainer.losses().back());
  progress = trainer.run(Budget::epochs(1000));
  CHECK(progress.step == 24);
  CHECK(progress.epoch == 6);
  CHECK(trainer.progress().done);
  CHECK(progress.eta_ms == 0);
  CHECK(trainer.run(Budget::steps(1)).step == 24);
  const TrainReport report = trainer.finish();
  CHECK(report.loss.back() == progress.loss);
  CHECK(std::equal(report.loss.begin(), report.loss.end(), trainer.losses().begin(), trainer.losses().end()));
}

TEST_CASE("budgets that are not above 0 are refused") {
  const std::vector<float> table = small_table();
  Autoencoder model(small_options());
  Trainer trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), short_training());
  for (const double amount : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_CODE(trainer.run(Budget::steps(amount)), ErrorCode::kBadOption);
  }
  CHECK(trainer.progress().step == 0);
}

TEST_CASE("learning rate and weight decay can change on the way and bad ones change nothing") {
  const std::vector<float> table = small_table();
  const auto train = [&](double rate, double decay, bool refused) {
    Autoencoder model(small_options());
    Trainer trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), short_training());
    trainer.run(Budget::epochs(2));
    trainer.set_learning_rate(rate);
    trainer.set_weight_decay(decay);
    if (refused) {
      CHECK_CODE(trainer.set_learning_rate(0), ErrorCode::kBadOption);
      CHECK_CODE(trainer.set_learning_rate(11), ErrorCode::kBadOption);
      CHECK_CODE(trainer.set_weight_decay(-1), ErrorCode::kBadOption);
    }
    trainer.run(Budget::epochs(10));
    trainer.finish();
    return model.fingerprint();
  };
  Autoencoder plain(small_options());
  fit(plain, view(table), short_training());
  const TrainOptions same = short_training();
  CHECK(train(*same.learning_rate, same.weight_decay, true) == plain.fingerprint());
  CHECK(train(0.5e-2, same.weight_decay, false) != plain.fingerprint());
  CHECK(train(*same.learning_rate, 0.1, false) != plain.fingerprint());
}

TEST_CASE("what is not given is chosen from the rows") {
  const std::vector<float> table = small_table();
  TrainOptions options;
  Autoencoder model(small_options());
  const auto epochs = [&](int batch_size) {
    options.batch_size = batch_size;
    return Trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), options).progress().epochs;
  };
  CHECK(epochs(1) == 65);  // about 4,000 steps
  CHECK(epochs(64) == 300);
  options.batch_size.reset();
  CHECK(Trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), options).progress().epochs == 300);
  const TrainOptions single = TrainOptions{}.resolved(small_options(), 61);
  CHECK(single.batch_size == 32);
  CHECK(single.learning_rate == 0.001);
  CHECK(single.trim == 0);
  const TrainOptions committee = TrainOptions{}.resolved({}, 61);
  CHECK(committee.batch_size == 64);
  CHECK(committee.learning_rate == 0.01);
  options.clean = false;
  CHECK(options.resolved({}, 61).trim == 0.3);
}

TEST_CASE("constant columns and equal rows train without a number that is none") {
  std::vector<double> table;
  for (int row = 0; row < 30; row++) table.insert(table.end(), {3.0, 0.0, 1e9, row % 2 == 0 ? 1.0 : 2.0, 0.1});
  const std::vector<double> equal(40, 7.25);
  for (const Activation activation : kActivations) {
    CAPTURE(static_cast<int>(activation));
    for (const TableView rows : {TableView(table.data(), 30, 5), TableView(equal.data(), 10, 4)}) {
      Autoencoder model(small_options(activation));
      const TrainReport report = fit(model, rows, short_training(50));
      CHECK(std::all_of(report.loss.begin(), report.loss.end(), [](double loss) { return std::isfinite(loss); }));
      const auto parameters = model.parameters();
      CHECK(std::all_of(parameters.begin(), parameters.end(), [](float w) { return std::isfinite(w); }));
      const std::vector<float> scores = scores_of(model, rows);
      CHECK(std::all_of(scores.begin(), scores.end(), [](float score) { return std::isfinite(score); }));
      CHECK(std::isfinite(report.threshold));
    }
  }
}

TEST_CASE("a training that diverges says so, keeps finite weights and can be finished") {
  const std::vector<float> table = small_table();
  ModelOptions options = small_options(Activation::kLinear, std::vector<int>(16, 8), 8);
  TrainOptions wild = short_training();
  wild.learning_rate = 10;
  Autoencoder model(options);
  {
    Trainer trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), wild);
    CHECK_CODE(trainer.run(Budget::epochs(6)), ErrorCode::kDiverged);
    CHECK(trainer.progress().done);
    trainer.finish();
  }
  CHECK(model.fitted());
  const auto parameters = model.parameters();
  CHECK(std::all_of(parameters.begin(), parameters.end(), [](float w) { return std::isfinite(w); }));
  const std::uint64_t fingerprint = model.fingerprint();
  CHECK_CODE(fit(model, view(table), wild), ErrorCode::kDiverged);
  CHECK(model.fingerprint() == fingerprint);
}

TEST_CASE("floats that are taken once and scaled where they lie are floats observed and appended") {
  const std::vector<float> table = table_with_holes(90);
  const TableView rows = view(table);
  for (const ScalerKind kind : {ScalerKind::kStandard, ScalerKind::kRobust, ScalerKind::kMinMax, ScalerKind::kNone}) {
    TrainingSet twice(kind, 90, 4, true);
    twice.observe(rows);
    twice.append(rows);
    TrainingSet once(kind, 90, 4, true);
    CHECK_CODE(once.take(TableView(table.data(), 10, 3)), ErrorCode::kShape);
    for (std::size_t first = 0; first < 90; first += 30) once.take(rows.slice(first, 30));
    CHECK_CODE(once.take(rows.slice(0, 1)), ErrorCode::kShape);
    CHECK_FALSE(once.complete());
    CHECK_FALSE(once.scale(70));
    CHECK(once.scale(20));
    CHECK(once.complete());
    CHECK(same_bits(once.scaled(), twice.scaled()));
  }
  TrainingSet early(ScalerKind::kStandard, 90, 4, true);
  early.take(rows.slice(0, 89));
  CHECK_CODE(early.scale(1), ErrorCode::kShape);
}

TEST_CASE("a training set may come in chunks of any size and must come whole") {
  const std::vector<float> table = small_table();
  const TableView rows = view(table);
  TrainingSet set(ScalerKind::kStandard, 61, 4);
  std::size_t observed = 0;
  for (const std::size_t count : {9U, 1U, 0U, 51U}) {
    set.observe(rows.slice(observed, count));
    observed += count;
  }
  for (std::size_t first = 0; first < 60; first += 12) {
    set.append(rows.slice(first, 12));
  }
  CHECK_FALSE(set.complete());
  CHECK_CODE(set.append(rows.slice(0, 2)), ErrorCode::kShape);
  set.append(rows.slice(60, 1));
  CHECK(set.complete());
  CHECK_CODE(set.append(rows.slice(0, 1)), ErrorCode::kShape);
  CHECK_CODE(set.observe(rows), ErrorCode::kShape);
  const TrainingSet whole(ScalerKind::kStandard, rows);
  CHECK(same_bits(set.scaled(), whole.scaled()));

  Autoencoder model(small_options());
  TrainingSet partial(ScalerKind::kStandard, 61, 4);
  partial.observe(rows);
  partial.append(rows.slice(0, 30));
  CHECK_CODE(Trainer(model, std::move(partial), short_training()), ErrorCode::kShape);
  CHECK_FALSE(model.fitted());
}

TEST_CASE("tables without enough rows or columns, and chunks of another width, are refused") {
  const std::vector<float> table = small_table();
  CHECK_CODE(TrainingSet(ScalerKind::kStandard, 0, 4), ErrorCode::kShape);
  CHECK_CODE(TrainingSet(ScalerKind::kStandard, 1, 4), ErrorCode::kShape);
  CHECK_CODE(TrainingSet(ScalerKind::kStandard, 5, 0), ErrorCode::kShape);
  TrainingSet set(ScalerKind::kStandard, 2, 4);
  CHECK_CODE(set.observe(TableView(table.data(), 2, 3)), ErrorCode::kShape);
}

TEST_SUITE_END();

}  // namespace anomalens::testing
