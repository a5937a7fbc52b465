// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <numeric>

#include "anomalens/metrics.hpp"
#include "data/committee.hpp"
#include "support.hpp"

namespace anomalens::testing {

namespace {

ModelOptions nameless(std::uint32_t seed = 3) {
  ModelOptions options;
  options.seed = seed;
  return options;
}

/// A committee with the weights of a fixture.
void adopt(Trainer& trainer, const Autoencoder& model, std::span<const float> weights) {
  for (int member = 0; member < 9; member++) {
    const std::size_t count = model.parameters(member).size();
    REQUIRE(weights.size() >= count);
    CHECK_FALSE(trainer.progress().done);
    trainer.adopt_member(member, weights.first(count));
    weights = weights.subspan(count);
  }
  CHECK(weights.empty());
  CHECK(trainer.progress().done);
}

/// Largest |got - wanted| / max(1, |wanted|).
double gap(std::span<const float> got, std::span<const double> wanted) { return distance(got, wanted, 1); }

}  // namespace

TEST_SUITE_BEGIN("committee");

TEST_CASE("scores and shares for given weights are those of the reference, for clean and for unchecked rows") {
  for (const fixtures::Committee& known : fixtures::kCommittees) {
    for (const bool clean : {true, false}) {
      CAPTURE(known.columns);
      CAPTURE(clean);
      const TableView train(known.train.data(), known.train.size() / known.columns, known.columns);
      const TableView test(known.test.data(), known.test.size() / known.columns, known.columns);
      TrainOptions options;
      options.clean = clean;
      if (clean) {
        options.threshold = rule(ThresholdRule::Kind::kQuantile, 0.95);
      }
      Autoencoder model(nameless());
      Trainer trainer(model, TrainingSet(ScalerKind::kStandard, train), options);
      adopt(trainer, model, known.members);
      const TrainReport report = trainer.finish();
      CHECK(gap(scores_of(model, train), known.own) < 1e-5);
      CHECK(gap(scores_of(model, test), known.scores) < 1e-5);
      std::vector<float> shares(known.test.size());
      model.shares(test, shares);
      CHECK(gap(shares, known.shares) < 1e-5);
      for (std::size_t row = 0; row < test.rows(); row++) {
        const auto first = shares.begin() + static_cast<std::ptrdiff_t>(row * known.columns);
        CHECK(std::accumulate(first, first + static_cast<std::ptrdiff_t>(known.columns), 0.0) == doctest::Approx(1));
      }
      if (!clean) CHECK(report.threshold == doctest::Approx(known.mad).epsilon(1e-5));
    }
  }
}

TEST_CASE("members trained apart, in any order, and brought together are the members trained together") {
  for (const bool plain : {true, false}) {
    CAPTURE(plain);
    const std::vector<float> table = plain ? small_table(70) : table_with_holes();
    const ModelOptions shape = plain ? nameless() : every_model_option(4);
    TrainOptions options = plain ? short_training(8) : every_train_option();
    options.validation_split = 0;
    options.patience = 0;
    const int members = plain ? 9 : 4;
    const auto set = [&] { return TrainingSet(shape.scaler, view(table), !plain); };
    Autoencoder together(shape);
    fit(together, view(table), options);
    Autoencoder first(shape);
    Autoencoder second(shape);
    Autoencoder joined(shape);
    Trainer worker1(first, set(), options);
    Trainer worker2(second, set(), options);
    Trainer head(joined, set(), options);
    for (int member = members - 1; member >= 0; member--) {
      CHECK_FALSE(head.progress().done);
      if (member == 1) {
        head.train_member(member);
      } else {
        head.adopt_member(member, (member % 2 == 0 ? worker1 : worker2).train_member(member));
      }
    }
    CHECK(head.progress().done);
    head.finish();
    CHECK(joined.fingerprint() == together.fingerprint());
    CHECK(joined.threshold() == together.threshold());
    CHECK(same_bits(scores_of(joined, view(table)), scores_of(together, view(table))));
  }
}

TEST_CASE("a member is asked for by its number and takes parameters of its own size only") {
  const std::vector<float> table = small_table();
  Autoencoder model(nameless());
  Trainer trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), short_training(2));
  for (const int member : {-1, 9}) {
    check_option([&] { trainer.train_member(member); }, "member");
    check_option([&] { trainer.adopt_member(member, {}); }, "member");
  }
  CHECK_CODE(trainer.adopt_member(0, std::vector<float>(3)), ErrorCode::kShape);
}

TEST_CASE("members differ, seeds differ, and the same seed gives the same bits") {
  const std::vector<float> table = small_table();
  Autoencoder model(nameless());
  fit(model, view(table), short_training(3));
  CHECK(model.members() == 9);
  CHECK_FALSE(same_bits(model.parameters(0), model.parameters(3)));
  Autoencoder again(nameless());
  fit(again, view(table), short_training(3));
  CHECK(again.fingerprint() == model.fingerprint());
  Autoencoder other(nameless(4));
  fit(other, view(table), short_training(3));
  CHECK(other.fingerprint() != model.fingerprint());
}

TEST_CASE("a committee has no code of its own") {
  const std::vector<float> table = small_table();
  Autoencoder model(nameless());
  fit(model, view(table), short_training(2));
  std::vector<float> room(1000);
  check_option([&] { model.encode(view(table), room); }, "members");
  check_option([&] { model.decode(view(table), room); }, "members");
  check_option([&] { model.activations(view(table).slice(0, 1), room); }, "members");
}

TEST_CASE("default options find the article's anomalies, and a plain shift is explained by its column") {
  const synthetic::Data data = synthetic::article();
  Autoencoder model(nameless());
  fit(model, view(data.train));
  const std::vector<float> scores = scores_of(model, view(data.test));
  CHECK(metrics::auroc(scores, data.labels) > 0.99);
  std::vector<float> shifted(data.test.begin(), data.test.begin() + 60 * 4);
  for (std::size_t row = 0; row < 60; row++) shifted[row * 4 + row % 4] += row % 8 < 4 ? 6.F : -6.F;
  std::vector<float> shares(shifted.size());
  model.shares(view(shifted), shares);
  int right = 0;
  for (std::size_t row = 0; row < 60; row++) {
    const auto first = shares.begin() + static_cast<std::ptrdiff_t>(row * 4);
    right += std::max_element(first, first + 4) - first == static_cast<std::ptrdiff_t>(row % 4) ? 1 : 0;
  }
  CHECK(right >= 55);
}

TEST_CASE("a column that later rows have no cell in leaves scores finite and its range as it was") {
  ModelOptions options;
  options.missing = Missing::kMask;
  options.members = 3;
  Autoencoder model(options);
  std::vector<float> table = small_table(160);
  TrainOptions train;
  train.epochs = 3;
  fit(model, view(table), train);
  const std::vector<float> low = model.model().low;
  const std::vector<float> whole = table;
  for (std::size_t row = 0; row < 160; row++) table[row * 4 + 2] = kFloatNaN;
  train.resume = true;
  TrainingSet later(model.scaler(), 160);
  later.observe(view(table));
  later.append(view(table));
  Trainer trainer(model, std::move(later), train);
  trainer.run(Budget::epochs(3));
  trainer.finish();
  for (const std::vector<float>* rows : {&whole, static_cast<const std::vector<float>*>(&table)}) {
    for (const float score : scores_of(model, view(*rows))) CHECK(std::isfinite(score));
  }
  CHECK(model.model().low[2] == low[2]);
  CHECK(same_bits(scores_of(Autoencoder(model.model()), view(whole)), scores_of(model, view(whole))));
}

TEST_CASE("rows with missing cells are scored by the cells that are there") {
  const std::vector<float> table = small_table(120);
  ModelOptions options = nameless();
  options.missing = Missing::kMask;
  Autoencoder model(options);
  fit(model, view(table), short_training(60));
  std::vector<float> row = {4, -4, 0.1F, kFloatNaN};
  std::vector<float> errors(4);
  std::vector<float> shares(4);
  model.feature_errors(view(row), errors);
  model.shares(view(row), shares);
  CHECK(errors[3] == 0);
  CHECK(shares[3] == 0);
  CHECK(shares[0] + shares[1] + shares[2] == doctest::Approx(1));
  CHECK(scores_of(model, view(row))[0] > model.threshold());
  const std::vector<float> none(4, kFloatNaN);
  CHECK_CODE(scores_of(model, view(none)), ErrorCode::kNonFinite);
}

TEST_SUITE_END();

}  // namespace anomalens::testing
