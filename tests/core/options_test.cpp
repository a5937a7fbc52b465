// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <cstdio>

#include "random/mt19937.hpp"
#include "refusal.hpp"
#include "support.hpp"

/// Every option has its range and says so by its name; options that contradict each other are refused before any work.
namespace anomalens::testing {

namespace {

using Corrupt = Corruption::Kind;
using Rule = ThresholdRule::Kind;

template <class Change>
void refuse_model(const char* option, Change change) {
  ModelOptions options;
  change(options);
  check_option([&] { Autoencoder{options}; }, option);
}

/// Trains a small net, 61 rows of four columns, with changed options; the model must stay as it was.
template <class Change>
void refuse(const char* option, Change change, ModelOptions model = small_options()) {
  const std::vector<float> table = small_table();
  TrainOptions options;
  options.epochs = 1;
  change(options);
  Autoencoder subject(model);
  check_option([&] { fit(subject, view(table), options); }, option);
  CHECK_FALSE(subject.usable());
}

template <class Change>
void accept(Change change, ModelOptions model = small_options()) {
  const std::vector<float> table = small_table();
  TrainOptions options = short_training(1);
  change(options);
  Autoencoder subject(model);
  fit(subject, view(table), options);
  CHECK(subject.fitted());
}

void ask_for(TrainOptions& options, Rule kind, double value, std::vector<std::uint8_t> labels = {}) {
  options.threshold = rule(kind, value);
  options.threshold->labels = std::move(labels);
}

}  // namespace

TEST_SUITE_BEGIN("options");

TEST_CASE("options of the model out of range are refused by name") {
  refuse_model("hidden", [](ModelOptions& o) { o.hidden = {8, 0}; });
  refuse_model("hidden", [](ModelOptions& o) { o.hidden = {4097}; });
  refuse_model("hidden", [](ModelOptions& o) { o.hidden.emplace(17, 4); });
  refuse_model("decoder", [](ModelOptions& o) { o.decoder = {-1}; });
  refuse_model("decoder", [](ModelOptions& o) { o.decoder = {4097}; });
  refuse_model("decoder", [](ModelOptions& o) { o.decoder.emplace(17, 4); });
  refuse_model("latent", [](ModelOptions& o) { o.latent = -1; });
  refuse_model("latent", [](ModelOptions& o) { o.latent = 4097; });
  refuse_model("members", [](ModelOptions& o) { o.members = -1; });
  refuse_model("members", [](ModelOptions& o) { o.members = 65; });
  refuse_model("members", [](ModelOptions& o) {
    o.members = 2;
    o.compatibility = Compatibility::kPytorch;
  });
}

TEST_CASE("an option that only a committee can heed is refused by a single net") {
  refuse_model("missing", [](ModelOptions& o) {
    o.members = 1;
    o.missing = Missing::kLearn;
  });
}

TEST_CASE("options of a training out of range are refused by name") {
  refuse("epochs", [](TrainOptions& o) { o.epochs = -1; });
  refuse("epochs", [](TrainOptions& o) { o.epochs = 1000001; });
  refuse("batch_size", [](TrainOptions& o) { o.batch_size = -1; });
  refuse("batch_size", [](TrainOptions& o) { o.batch_size = 65537; });
  for (const double rate : {-1e-3, 10.5, kNaN}) {
    refuse("learning_rate", [&](TrainOptions& o) { o.learning_rate = rate; });
  }
  for (const double momentum : {-0.1, 1.0, kNaN}) {
    refuse("momentum", [&](TrainOptions& o) {
      o.optimizer = OptimizerKind::kSgd;
      o.momentum = momentum;
    });
  }
  for (const double penalty : {-1e-9, 11.0, kNaN}) {
    refuse("weight_decay", [&](TrainOptions& o) { o.weight_decay = penalty; });
    refuse("l1", [&](TrainOptions& o) { o.l1 = penalty; });
  }
  for (const double share : {-0.1, 1.0, kNaN}) refuse("dropout", [&](TrainOptions& o) { o.dropout = share; });
  for (const double norm : {-1.0, 2e6, kNaN}) refuse("clip_norm", [&](TrainOptions& o) { o.clip_norm = norm; });
  for (const double trim : {-0.5, 0.95, kNaN}) refuse("trim", [&](TrainOptions& o) { o.trim = trim; });
  for (const double split : {-0.1, 0.6, kNaN}) {
    refuse("validation_split", [&](TrainOptions& o) { o.validation_split = split; });
  }
  refuse("patience", [](TrainOptions& o) { o.patience = -1; });
  refuse("threshold.value", [](TrainOptions& o) { ask_for(o, Rule::kQuantile, 1); });
  for (const int rows : {-1, 4097}) refuse("neighbours", [&](TrainOptions& o) { o.neighbours = rows; });
}

TEST_CASE("kinds of corruption and their amounts are checked") {
  for (const Corrupt kind : {Corrupt::kGaussian, Corrupt::kScale}) {
    for (const double sigma : {-0.1, 101.0, kNaN}) {
      refuse("corruption.amount", [&](TrainOptions& o) { o.corruption = {{kind, sigma}}; });
    }
    accept([&](TrainOptions& o) { o.corruption = {{kind, 1}}; });
  }
  for (const Corrupt kind : {Corrupt::kMask, Corrupt::kSaltPepper, Corrupt::kSwap}) {
    for (const double rate : {-0.1, 1.1, kNaN}) {
      refuse("corruption.amount", [&](TrainOptions& o) { o.corruption = {{Corrupt::kMask, 0.5}, {kind, rate}}; });
    }
    accept([&](TrainOptions& o) { o.corruption = {{kind, 1}}; });
  }
  refuse("corruption", [](TrainOptions& o) { o.corruption.assign(9, {Corrupt::kMask, 0.1}); });
}

TEST_CASE("schedules are checked") {
  const auto schedule = [](const char* option, Schedule::Kind kind, auto change) {
    refuse(option, [&](TrainOptions& o) {
      o.epochs = 10;
      o.schedule.kind = kind;
      change(o.schedule);
    });
  };
  using Kind = Schedule::Kind;
  schedule("schedule.warmup", Kind::kCosine, [](Schedule& s) { s.warmup = -1; });
  schedule("schedule.warmup", Kind::kCosine, [](Schedule& s) { s.warmup = 10; });
  schedule("schedule.every", Kind::kStep, [](Schedule& s) { s.every = 0; });
  schedule("schedule.patience", Kind::kPlateau, [](Schedule& s) { s.patience = -1; });
  for (const double factor : {0.0, 1.0, -0.5, kNaN}) {
    schedule("schedule.factor", Kind::kStep, [&](Schedule& s) { s.factor = factor; });
    schedule("schedule.factor", Kind::kPlateau, [&](Schedule& s) { s.factor = factor; });
  }
  accept([](TrainOptions& o) {
    o.epochs = 10;
    o.schedule.kind = Kind::kCosine;
    o.schedule.warmup = 9;
  });
}

TEST_CASE("pressure on the codes is checked against the codes") {
  using Kind = Sparsity::Kind;
  ModelOptions codes = small_options();
  codes.latent_activation = Activation::kSigmoid;
  const auto sparse = [&](Kind kind, auto change) {
    return [kind, change](TrainOptions& o) {
      o.sparsity.kind = kind;
      o.sparsity.weight = 1;
      change(o.sparsity);
    };
  };
  for (const double weight : {-1.0, 2e6, kNaN}) {
    refuse("sparsity.weight", sparse(Kind::kL1, [&](Sparsity& s) { s.weight = weight; }));
    refuse("sparsity.weight", sparse(Kind::kKl, [&](Sparsity& s) { s.weight = weight; }), codes);
  }
  for (const double target : {0.0, 1.0, kNaN}) {
    refuse("sparsity.target", sparse(Kind::kKl, [&](Sparsity& s) { s.target = target; }), codes);
  }
  for (const Activation activation : kActivations) {
    ModelOptions other = small_options();
    other.latent_activation = activation;
    if (activation != Activation::kSigmoid) refuse("sparsity", sparse(Kind::kKl, [](Sparsity&) {}), other);
  }
  accept(sparse(Kind::kKl, [](Sparsity&) {}), codes);
  for (const int k : {0, -1, 4}) refuse("sparsity.k", sparse(Kind::kTopK, [&](Sparsity& s) { s.k = k; }));
  accept(sparse(Kind::kTopK, [](Sparsity& s) { s.k = 3; }));
  // The narrowest bottleneck of a committee decides.
  refuse("sparsity.k", sparse(Kind::kTopK, [](Sparsity& s) { s.k = 3; }), ModelOptions{});
}

TEST_CASE("momentum goes with descent only") {
  for (const OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kAdamW}) {
    refuse("momentum", [&](TrainOptions& o) {
      o.optimizer = kind;
      o.momentum = 0.5;
    });
  }
  for (const OptimizerKind kind : {OptimizerKind::kSgd, OptimizerKind::kRmsProp}) {
    accept([&](TrainOptions& o) {
      o.optimizer = kind;
      o.momentum = 0.5;
    });
  }
}

TEST_CASE("rules that the rows do not allow are refused") {
  refuse("threshold", [](TrainOptions& o) { ask_for(o, Rule::kConformal, 0.03); });  // 33 scores, but half of 61 are 30
  accept([](TrainOptions& o) { ask_for(o, Rule::kConformal, 0.05); });
  refuse("threshold", [](TrainOptions& o) { ask_for(o, Rule::kTail, 0.01); });
  refuse("threshold.labels", [](TrainOptions& o) { ask_for(o, Rule::kBestF1, 0, {0, 1}); });
  refuse("threshold.labels", [](TrainOptions& o) { ask_for(o, Rule::kBestF1, 0, std::vector<std::uint8_t>(61, 0)); });
  refuse("threshold.labels",
         [](TrainOptions& o) { ask_for(o, Rule::kFalsePositiveRate, 0.1, std::vector<std::uint8_t>(61, 1)); });
  std::vector<std::uint8_t> labels(61, 0);
  labels[4] = 1;
  accept([&](TrainOptions& o) { ask_for(o, Rule::kFalsePositiveRate, 0.1, labels); });
  accept([&](TrainOptions& o) { ask_for(o, Rule::kBestF1, 0, labels); });
  const std::vector<float> few = small_table(3);
  TrainOptions options = short_training(1);
  options.validation_split = 0.5;
  check_option([&] { fit_new(small_options(), view(few), options); }, "validation_split");
}

/// What shows whether an option was heard: weights, scores and the threshold of a short training.
std::vector<float> outcome(const ModelOptions& model, const TrainOptions& options) {
  const std::vector<float> table = small_table(200);
  Autoencoder subject(model);
  const TrainReport report = fit(subject, view(table), options);
  std::vector<float> all = scores_of(subject, view(table));
  all.push_back(static_cast<float>(report.threshold));
  all.push_back(static_cast<float>(report.epochs));
  for (int member = 0; member < subject.members(); member++) {
    all.insert(all.end(), subject.parameters(member).begin(), subject.parameters(member).end());
  }
  return all;
}

TEST_CASE("every option of the model that a caller sets is heard, though it is the only one") {
  TrainOptions brief;
  brief.epochs = 2;
  const std::vector<float> plain = outcome({}, brief);
  const auto heard = [&](auto change) {
    ModelOptions options;
    change(options);
    return outcome(options, brief) != plain;
  };
  CHECK(heard([](ModelOptions& o) { o.hidden = {5}; }));
  CHECK(heard([](ModelOptions& o) { o.decoder = {5}; }));
  CHECK(heard([](ModelOptions& o) { o.latent = 1; }));
  CHECK(heard([](ModelOptions& o) { o.activation = Activation::kRelu; }));
  CHECK(heard([](ModelOptions& o) { o.latent_activation = Activation::kTanh; }));
  CHECK(heard([](ModelOptions& o) { o.members = 3; }));
  CHECK(heard([](ModelOptions& o) { o.seed = 1; }));
  CHECK(heard([](ModelOptions& o) { o.compatibility = Compatibility::kPytorch; }));
  ModelOptions single = small_options();
  const std::vector<float> standard = outcome(single, brief);
  single.scaler = ScalerKind::kMinMax;
  CHECK(outcome(single, brief) != standard);
  const std::vector<float> holes = table_with_holes();
  const auto missing = [&](ModelOptions options, Missing what) {
    options.missing = what;
    return fit_new(options, view(holes), brief).scores;
  };
  CHECK_CODE(missing({}, Missing::kError), ErrorCode::kNonFinite);
  CHECK(missing({}, Missing::kMask) != missing({}, Missing::kLearn));
  CHECK(missing({}, Missing::kLearn) == fit_new({}, view(holes), brief).scores);
  CHECK_CODE(missing(small_options(), Missing::kError), ErrorCode::kNonFinite);
  CHECK_CODE(fit_new(small_options(), view(holes), brief), ErrorCode::kNonFinite);
  CHECK(missing(small_options(), Missing::kMask).empty());
}

TEST_CASE("every option of the training that a caller sets is heard, though it is the only one") {
  ModelOptions shape = small_options(Activation::kTanh, {8}, 2);
  shape.latent_activation = Activation::kSigmoid;
  const std::vector<float> plain = outcome(shape, {});
  const auto heard = [&](auto change) {
    TrainOptions options;
    change(options);
    return outcome(shape, options) != plain;
  };
  CHECK(heard([](TrainOptions& o) { o.epochs = 3; }));
  CHECK(heard([](TrainOptions& o) { o.batch_size = 7; }));
  CHECK(heard([](TrainOptions& o) { o.optimizer = OptimizerKind::kSgd; }));
  CHECK(heard([](TrainOptions& o) { o.learning_rate = 0.01; }));
  CHECK(heard([](TrainOptions& o) { o.schedule.kind = Schedule::Kind::kCosine; }));
  CHECK(heard([](TrainOptions& o) { o.loss = LossKind::kMae; }));
  CHECK(heard([](TrainOptions& o) { o.weight_decay = 0.1; }));
  CHECK(heard([](TrainOptions& o) { o.l1 = 0.1; }));
  CHECK(heard([](TrainOptions& o) { o.dropout = 0.5; }));
  CHECK(heard([](TrainOptions& o) { o.clip_norm = 0.01; }));
  CHECK(heard([](TrainOptions& o) { o.corruption = {{Corrupt::kMask, 0.5}}; }));
  CHECK(heard([](TrainOptions& o) { o.sparsity = {Sparsity::Kind::kTopK, 0, 0.05, 1}; }));
  CHECK(heard([](TrainOptions& o) { o.clean = false; }));
  CHECK(heard([](TrainOptions& o) { o.trim = 0.5; }));
  CHECK(heard([](TrainOptions& o) { o.validation_split = 0.3; }));
  CHECK(heard([](TrainOptions& o) { o.patience = 1; }));
  CHECK(heard([](TrainOptions& o) { o.threshold = rule(Rule::kFixed, 3); }));
  TrainOptions still;
  still.optimizer = OptimizerKind::kSgd;
  TrainOptions rolling = still;
  rolling.momentum = 0.9;
  CHECK(outcome(shape, rolling) != outcome(shape, still));
  Autoencoder model(shape);
  const std::vector<float> table = small_table();
  TrainOptions resumed;
  resumed.resume = true;
  CHECK_CODE(fit(model, view(table), resumed), ErrorCode::kNotFitted);
}

TEST_CASE("a training that no two gigabytes hold is refused before its rows are taken in") {
  constexpr double kTwoGigabytes = 2147483648.0;
  const auto refusal = [&](const ModelOptions& model, const TrainOptions& options, std::size_t rows,
                           std::size_t columns) {
    const auto error = error_of([&] { options.require_room(model, rows, columns, kTwoGigabytes); });
    if (!error) return false;
    CHECK(static_cast<int>(error->code()) == static_cast<int>(ErrorCode::kOutOfMemory));
    CHECK(error->reason() == Reason::kTooLarge);
    CHECK(error->numbers()[0] == static_cast<double>(rows));
    CHECK(error->numbers()[1] == static_cast<double>(columns));
    CHECK(error->numbers()[2] > 2);
    return true;
  };
  ModelOptions wide;
  wide.hidden = {4096};
  wide.latent = 4096;
  ModelOptions robust;
  robust.hidden = {4};
  robust.scaler = ScalerKind::kRobust;
  CHECK(refusal({}, {}, 20, 1'000'000));
  CHECK(refusal({}, {}, 2, 50'000'000));
  CHECK(refusal(wide, {}, 20, 1'000'000));
  CHECK(refusal(wide, {}, 100, 10'000));
  CHECK(refusal(robust, {}, 10'000'000, 20));
  CHECK_FALSE(refusal({}, {}, 1'000'000, 20));
  CHECK_FALSE(refusal({}, {}, 20'000'000, 20));
  CHECK_FALSE(refusal({}, {}, 200, 2'000));
  CHECK_FALSE(refusal(wide, {}, 1000, 20));
}

TEST_CASE("held-out rows that patience needs cannot be given as none") {
  TrainOptions options = short_training(2);
  options.patience = 3;
  options.validation_split = 0;
  check_option([&] { options.validate({}, 61, 4); }, "validation_split");
  options.patience = 0;
  options.validate({}, 61, 4);
}

TEST_CASE("an error carries its numbers in the order of its reason's documentation") {
  ThresholdRule rule;
  rule.kind = Rule::kTail;
  rule.value = 0.5;
  const auto error = error_of([&] { rule.validate(10); });
  REQUIRE(error);
  CHECK(error->reason() == Reason::kNotAboveTo);
  CHECK(std::vector<double>(error->numbers().begin(), error->numbers().end()) == std::vector<double>{0, 0.02, 0.5});
  CHECK(!error->row());
  CHECK(!error->column());
}

TEST_CASE("a training under way refuses bad values and goes on with the old ones") {
  const std::vector<float> table = small_table();
  Autoencoder model(small_options());
  Trainer trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), short_training());
  check_option([&] { trainer.set_learning_rate(0); }, "learning_rate");
  check_option([&] { trainer.set_learning_rate(kNaN); }, "learning_rate");
  check_option([&] { trainer.set_weight_decay(-1); }, "weight_decay");
  check_option([&] { trainer.set_l1(11); }, "l1");
  check_option([&] { trainer.run(Budget::steps(0)); }, "budget");
  trainer.run(Budget::epochs(100));
  trainer.finish();
  Autoencoder plain(small_options());
  fit(plain, view(table), short_training());
  CHECK(model.fingerprint() == plain.fingerprint());
}

TEST_SUITE_END();

}  // namespace anomalens::testing
