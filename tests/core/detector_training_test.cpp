// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "data/detector_training.hpp"
#include "random/mt19937.hpp"
#include "support.hpp"
#include "training/net_trainer.hpp"
#include "training/protection.hpp"

/// How the default detector learns, and when.
namespace anomalens::testing {

namespace {

constexpr double kOnePiece = 1e-9;

/// What two trainings must have in common: weights, threshold, scores and reasons to the bit.
void check_same(const Autoencoder& a, const Autoencoder& b, const std::vector<float>& table) {
  CHECK(a.fingerprint() == b.fingerprint());
  CHECK(a.threshold() == b.threshold());
  CHECK(same_bits(a.calibration(), b.calibration()));
  CHECK(same_bits(scores_of(a, view(table)), scores_of(b, view(table))));
  CHECK(same_bits(shares_of(a, view(table).slice(0, 5)), shares_of(b, view(table).slice(0, 5))));
}

TrainOptions brief(bool clean, int epochs = 6) {
  TrainOptions options;
  options.clean = clean;
  options.epochs = epochs;
  return options;
}

TrainingSet known_set(const Autoencoder& model, TableView rows) {
  TrainingSet set(*model.encoding(), rows.rows());
  set.observe(rows);
  return set;
}

/// Trains on with the encoding that the model has.
TrainReport trained_on(Autoencoder& model, TableView rows, TrainOptions options) {
  options.resume = true;
  Trainer trainer(model, known_set(model, rows), options);
  trainer.run(Budget::epochs(1e6));
  return trainer.finish();
}

}  // namespace

TEST_SUITE_BEGIN("detector training");

TEST_CASE("protected rows are those of the reference") {
  const fixtures::DetectorTraining& known = fixtures::kTrainingSteps;
  const std::size_t each = known.samples.size() / known.members;
  for (std::size_t member = 0; member < known.members; member++) {
    std::vector<float> cells;
    for (const std::int32_t row : known.samples.subspan(member * each, each)) {
      const auto own = known.cells.subspan(static_cast<std::size_t>(row) * known.width, known.width);
      cells.insert(cells.end(), own.begin(), own.end());
    }
    const std::vector<std::uint8_t> found = protected_rows(cells, known.width);
    const auto expected = known.is_protected.subspan(member * each, each);
    CHECK(std::equal(found.begin(), found.end(), expected.begin(), expected.end()));
  }
}

TEST_CASE("steps from given weights on given batches end in the weights of the reference, free and trimmed") {
  const fixtures::DetectorTraining& known = fixtures::kTrainingSteps;
  const std::size_t each = known.samples.size() / known.members;
  ModelOptions shape;
  shape.members = static_cast<int>(known.members);
  for (const bool trims : {false, true}) {
    TrainOptions options;
    options.clean = !trims;
    options = options.resolved(shape, known.rows);
    std::size_t at = 0;
    for (std::size_t member = 0; member < known.members; member++) {
      CAPTURE(trims);
      CAPTURE(member);
      Network net(layers_for(shape, known.width, static_cast<int>(member)), encoder_layers_for(shape));
      net.set_parameters(known.first.data() + at);
      std::vector<float> cells;
      for (const std::int32_t row : known.samples.subspan(member * each, each)) {
        const auto own = known.cells.subspan(static_cast<std::size_t>(row) * known.width, known.width);
        cells.insert(cells.end(), own.begin(), own.end());
      }
      SelectedRows rows;
      rows.table = cells.data();
      rows.columns = known.width;
      rows.parts = static_cast<double>(known.features);
      rows.rows.resize(each);
      std::iota(rows.rows.begin(), rows.rows.end(), 0U);
      if (trims) rows.shielded = protected_rows(cells, known.width);
      NetTrainer trainer(net, std::move(rows), {known.batch, true, Compatibility::kNone}, options, Mt19937(1), 2);
      Workspace workspace(net.layers(), known.batch, true);
      for (std::size_t step = 0; step < known.steps; step++) {
        const auto places = known.places.subspan((step * known.members + member) * known.batch, known.batch);
        const std::vector<std::uint32_t> batch(places.begin(), places.end());
        REQUIRE(trainer.step_on(batch, *options.learning_rate, options, workspace));
      }
      const auto expected = (trims ? known.trim : known.free).subspan(at, net.parameter_count());
      double worst = 0;
      for (std::size_t i = 0; i < expected.size(); i++) {
        worst = std::max(worst, std::fabs(static_cast<double>(net.parameters()[i]) - static_cast<double>(expected[i])));
      }
      CHECK(worst < 1e-5);
      at += net.parameter_count();
    }
    CHECK(at == known.first.size());
  }
}

TEST_CASE("a detector that is trained in slices and settled in pieces is the one trained at once") {
  const std::vector<float> table = small_table(130);
  for (const bool clean : {true, false}) {
    CAPTURE(clean);
    Autoencoder whole;
    const TrainReport report = fit(whole, view(table), brief(clean));
    CHECK(whole.nets() == (clean ? 9 : 18));
    for (const Budget budget : {Budget::steps(1), Budget::steps(7), Budget::epochs(2), Budget::milliseconds(0.05)}) {
      CAPTURE(static_cast<int>(budget.kind));
      Autoencoder model;
      Trainer trainer(model, set_for({}, view(table)), brief(clean));
      while (!trainer.progress().done) {
        trainer.run(budget);
        if (budget.kind == Budget::Kind::kEpochs) scores_of(model, view(table));
      }
      int pieces = 1;
      while (!trainer.settle(kOnePiece)) {
        if (pieces++ == 2) scores_of(model, view(table));
      }
      CHECK(pieces > 2);
      const TrainReport sliced = trainer.finish();
      CHECK(sliced.loss == report.loss);
      CHECK(sliced.scores == report.scores);
      check_same(whole, model, table);
    }
  }
}

TEST_CASE("members that are trained apart, in any order, make the detector that is trained together") {
  const std::vector<float> table = small_table(130);
  for (const bool clean : {true, false}) {
    CAPTURE(clean);
    Autoencoder whole;
    fit(whole, view(table), brief(clean));
    Autoencoder worker;
    Trainer apart(worker, set_for({}, view(table)), brief(clean));
    Autoencoder model;
    Trainer trainer(model, set_for({}, view(table)), brief(clean));
    for (int net = whole.nets() - 1; net >= 0; net--) {
      CHECK_FALSE(trainer.progress().done);
      if (net % 2 == 0) {
        trainer.train_member(net);
      } else {
        trainer.adopt_member(net, apart.train_member(net));
      }
    }
    CHECK(trainer.progress().done);
    trainer.finish();
    check_same(whole, model, table);
  }
}

TEST_CASE("without a rule the detector reports its own; below nine rows it promises nothing") {
  using Kind = ThresholdRule::Kind;
  const std::vector<float> table = small_table(120);
  for (const bool clean : {true, false}) {
    const Kind own = clean ? Kind::kOutOfBag : Kind::kExponential;
    Autoencoder model;
    const TrainReport report = fit(model, view(table), brief(clean));
    CHECK(report.rule.kind == own);
    CHECK(report.calibration_rows == 120);
    CHECK(report.scores.size() == 120);
    CHECK(model.calibration_held_out());
    CHECK(model.calibration().size() == 120);
    Autoencoder few;
    const TrainReport little = fit(few, view(table).slice(0, 8), brief(clean));
    CHECK(little.rule.kind == Kind::kNone);
    CHECK(little.threshold == kInfinity);
    CHECK_FALSE(few.calibration_held_out());
    CHECK(fit_new({}, view(table).slice(0, 9), brief(clean)).rule.kind == own);
  }
}

TEST_CASE("every rule takes its threshold from the scores of members that did not see the row") {
  using Kind = ThresholdRule::Kind;
  const std::vector<float> table = small_table(600);
  std::vector<std::uint8_t> labels(600, 0);
  for (std::size_t row = 0; row < 600; row += 20) labels[row] = 1;
  const ThresholdRule rules[] = {
      rule(Kind::kQuantile, 0.9),          rule(Kind::kFixed, 2.5), rule(Kind::kConformal, 0.05),
      rule(Kind::kContamination, 0.1),     rule(Kind::kMad, 3.5),   rule(Kind::kTail, 0.01),
      rule(Kind::kFalsePositiveRate, 0.1), rule(Kind::kBestF1)};
  for (ThresholdRule wanted : rules) {
    CAPTURE(static_cast<int>(wanted.kind));
    if (wanted.needs_labels()) wanted.labels = labels;
    for (const bool clean : {true, false}) {
      TrainOptions options = brief(clean, 2);
      options.threshold = wanted;
      const TrainReport report = fit_new({}, view(table), options);
      CHECK(report.rule.kind == wanted.kind);
      CHECK(std::isfinite(report.threshold));
      CHECK(report.threshold == threshold_from(wanted, report.scores));
    }
  }
  for (const Kind kind : {Kind::kOutOfBag, Kind::kExponential, Kind::kNone}) {
    TrainOptions options = brief(true, 1);
    options.threshold = rule(kind, 0.5);
    check_option([&] { fit_new({}, view(table), options); }, "threshold");
  }
}

TEST_CASE("without neighbours no row is kept in the model; with some, so many") {
  const std::vector<float> table = small_table(60);
  for (const int neighbours : {0, 7, 4096}) {
    CAPTURE(neighbours);
    TrainOptions options = brief(true);
    options.neighbours = neighbours;
    Autoencoder model;
    CHECK(std::isfinite(fit(model, view(table), options).threshold));
    const std::size_t kept = std::min(neighbours, 60) * model.encoding()->width;
    CHECK(model.model().detector->pool.size() == kept);
    CHECK(model.anatomy(view(table).slice(0, 1)).distance.has_value() == (neighbours > 0));
  }
  Autoencoder dirty;
  fit(dirty, view(table), brief(false));
  CHECK(dirty.model().detector->pool.empty());
}

TEST_CASE("training a detector on goes on from its weights, its encoding and its committees") {
  const std::vector<float> table = small_table(130);
  std::vector<float> more = small_table(90, 9);
  for (float& cell : more) cell *= 1.2F;
  for (const bool clean : {true, false}) {
    CAPTURE(clean);
    Autoencoder model;
    const TrainReport before = fit(model, view(table), brief(clean, 20));
    Autoencoder copy(model.model());
    const std::vector<double> percentiles = model.encoding()->numbers[0].percentiles;
    const TrainReport after = trained_on(model, view(more), brief(true, 3));
    CHECK(after.loss.front() < before.loss.front());
    CHECK(after.rule.kind == before.rule.kind);
    CHECK(after.scores.size() == 90);
    CHECK(model.nets() == (clean ? 9 : 18));
    CHECK(model.model().detector->clean == clean);
    CHECK(model.encoding()->numbers[0].percentiles == percentiles);
    CHECK(model.fingerprint() != copy.fingerprint());
    trained_on(copy, view(more), brief(true, 3));
    check_same(model, copy, table);
    const std::uint64_t first = model.fingerprint();
    TrainOptions same = brief(clean, 3);
    same.resume = true;
    fit(model, view(more), same);  // a set that knows no encoding is encoded with the model's
    CHECK(model.encoding()->numbers[0].percentiles == percentiles);
    CHECK(model.fingerprint() != first);
  }
}

TEST_CASE("training a detector on is refused for other columns") {
  const std::vector<float> table = small_table(60);
  Autoencoder model;
  TrainOptions options = brief(true);
  options.resume = true;
  CHECK_CODE(fit(model, view(table), options), ErrorCode::kNotFitted);
  fit(model, view(table), brief(true));
  CHECK_CODE(fit(model, view(table, 3), options), ErrorCode::kShape);
  std::vector<Column> kinds(4);
  kinds[1] = {ColumnKind::kCycle, 7};
  CHECK_CODE(Trainer(model, TrainingSet(kinds, view(table)), options), ErrorCode::kShape);
  CHECK_CODE(Trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), options), ErrorCode::kShape);
  check_option([&] { Trainer(model, TrainingSet(std::vector<Column>(4), view(table), Missing::kMask), {}); },
               "missing");
  CHECK(model.fitted());
}

TEST_SUITE_END();

}  // namespace anomalens::testing
