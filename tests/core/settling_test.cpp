// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "support.hpp"

/// The end of a training, at once and in pieces.
namespace anomalens::testing {

namespace {

constexpr double kOnePiece = 1e-9;

TrainingSet set_of(const std::vector<float>& table) { return set_for({}, view(table)); }

std::vector<double> p_values_of(const Autoencoder& model, const std::vector<float>& table) {
  const std::vector<float> scores = scores_of(model, view(table));
  std::vector<double> found(scores.size());
  model.p_values(scores, found);
  return found;
}

/// Ends the training piece by piece and looks at the model in between; returns the number of pieces.
int settle_slowly(Trainer& trainer, const Autoencoder& model, const std::vector<float>& table) {
  int pieces = 1;
  while (!trainer.settle(kOnePiece)) {
    if (pieces++ % 5 == 0) CHECK(scores_of(model, view(table)).size() == table.size() / 4);
  }
  return pieces;
}

}  // namespace

TEST_SUITE_BEGIN("settling");

TEST_CASE("a training that is ended in pieces ends in the same bits") {
  const std::vector<float> table = small_table(900);
  std::vector<std::uint8_t> labels(900, 0);
  for (std::size_t row = 0; row < 900; row += 7) labels[row] = 1;
  ThresholdRule labelled = rule(ThresholdRule::Kind::kBestF1);
  labelled.labels = labels;
  const ThresholdRule rules[] = {rule(ThresholdRule::Kind::kConformal, 0.05), rule(ThresholdRule::Kind::kQuantile, 0.9),
                                 labelled};
  for (const int members : {0, 1, 3}) {
    for (const ThresholdRule& wanted : rules) {
      CAPTURE(members);
      CAPTURE(static_cast<int>(wanted.kind));
      const ModelOptions how = members == 0 ? ModelOptions{} : every_model_option(members);
      TrainOptions options = short_training();
      options.threshold = wanted;
      options.validation_split = 0.1;  // keeps the best weights apart until the end
      Autoencoder whole(how);
      fit(whole, view(table), options);
      Autoencoder model(how);
      Trainer trainer(model, set_for(how, view(table)), options);
      trainer.run(Budget::epochs(1000));
      CHECK(settle_slowly(trainer, model, table) > 1);
      CHECK(trainer.settle(kOnePiece));
      CHECK_FALSE(model.fitted());
      const TrainReport report = trainer.finish();
      CHECK(trainer.settle(kOnePiece));
      CHECK(report.threshold == whole.threshold());
      CHECK(model.fingerprint() == whole.fingerprint());
      CHECK(same_bits(scores_of(model, view(table)), scores_of(whole, view(table))));
      CHECK(p_values_of(model, table) == p_values_of(whole, table));
    }
  }
}

TEST_CASE("many held-out rows are looked at in pieces, and the pieces change no bit") {
  const std::vector<float> table = small_table(40'000);
  TrainOptions options = short_training(2, 1000);
  options.validation_split = 0.5;
  const ModelOptions how = small_options(Activation::kTanh, {64}, 3);
  Autoencoder whole(how);
  const TrainReport report = fit(whole, view(table), options);
  Autoencoder model(how);
  Trainer trainer(model, set_for(how, view(table)), options);
  std::uint64_t runs = 0;
  for (; !trainer.progress().done; runs++) trainer.run(Budget::milliseconds(kOnePiece));
  CHECK(runs > trainer.progress().steps + 2);
  CHECK(trainer.finish().validation_loss == report.validation_loss);
  CHECK(model.fingerprint() == whole.fingerprint());
}

TEST_CASE("finish() goes on where settle() stopped, and nothing else may follow") {
  const std::vector<float> table = small_table(900);
  Autoencoder whole;
  fit(whole, view(table), short_training());
  Autoencoder model;
  Trainer trainer(model, set_of(table), short_training());
  trainer.run(Budget::epochs(1000));
  for (int piece = 0; piece < 7; piece++) CHECK_FALSE(trainer.settle(kOnePiece));
  CHECK_CODE(trainer.run(Budget::steps(1)), ErrorCode::kDisposed);
  CHECK_CODE(trainer.train_member(0), ErrorCode::kDisposed);
  CHECK_CODE(trainer.adopt_member(0, {}), ErrorCode::kDisposed);
  CHECK(trainer.finish().threshold == whole.threshold());
  CHECK(model.fingerprint() == whole.fingerprint());
}

TEST_CASE("a training that is given up while it settles leaves the model as it was; a voided one says so") {
  const std::vector<float> table = small_table(900);
  Autoencoder model;
  fit(model, view(table), short_training());
  const std::uint64_t fingerprint = model.fingerprint();
  const double threshold = *model.threshold();
  const std::vector<float> scores = scores_of(model, view(table));
  {
    Trainer trainer(model, set_of(table), short_training(2));
    trainer.run(Budget::steps(3));
    trainer.settle(kOnePiece);
    const Trainer second(model, set_of(table), short_training());
    CHECK_CODE(trainer.settle(kOnePiece), ErrorCode::kDisposed);
  }
  CHECK(model.fingerprint() == fingerprint);
  CHECK(model.threshold() == threshold);
  CHECK(same_bits(scores_of(model, view(table)), scores));
}

TEST_SUITE_END();

}  // namespace anomalens::testing
