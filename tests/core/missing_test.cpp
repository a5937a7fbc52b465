// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "mixed_table.hpp"

/// What becomes of missing cells in the default detector.
namespace anomalens::testing {

namespace {

ModelOptions with(Missing missing) {
  ModelOptions options;
  options.missing = missing;
  return options;
}

void check_place(const std::optional<Error>& error, Reason reason, std::size_t row) {
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::kNonFinite);
  CHECK(error->reason() == reason);
  CHECK(error->row() == row);
}

}  // namespace

TEST_SUITE_BEGIN("missing");

TEST_CASE("a detector learns gaps unless it is told otherwise") {
  const MixedTable table = mixed_table();
  Autoencoder model;
  CHECK(model.options().missing_cells() == Missing::kLearn);
  train(model, table, few_epochs(true));
  const std::vector<Feature>& features = model.encoding()->features;
  CHECK(std::ranges::count(features, FeatureKind::kMissing, &Feature::kind) == 1);
  CHECK(model.encoding()->gapless == std::vector<std::size_t>{0, 1, 3});
}

TEST_CASE("where gaps are errors they are named, in training and after it") {
  MixedTable table = mixed_table(60);
  for (std::size_t row = 0; row < 60; row++) table.cell(row, 4) = table.cell(row, 0);
  Autoencoder model(with(Missing::kError));
  train(model, table, few_epochs(true));
  CHECK(model.encoding()->gapless.empty());
  for (const std::size_t column : {0U, 2U, 3U, 5U}) {
    MixedTable odd = table;
    odd.cell(33, column) = kNaN;
    const auto error = error_of([&] {
      std::vector<float> scores(60);
      model.score(odd.view(), scores, 1000);
    });
    check_place(error, Reason::kCellNotANumber, 1033);
    CHECK(error->column() == column);
    Autoencoder other(with(Missing::kError));
    check_place(error_of([&] { train(other, odd, few_epochs(true)); }), Reason::kCellNotANumber, 33);
  }
}

TEST_CASE("a masked gap is no feature, no departure and no reason") {
  const MixedTable table = mixed_table(200);
  for (const bool clean : {true, false}) {
    CAPTURE(clean);
    Autoencoder model(with(Missing::kMask));
    const TrainReport report = train(model, table, few_epochs(clean, 60));
    check_numbers(model, report, table.view());
    CHECK(model.encoding()->gapless.empty());
    for (const Feature& feature : model.encoding()->features) CHECK(feature.kind != FeatureKind::kMissing);
    MixedTable fresh = mixed_table(200, 11);
    int flagged = 0;
    int flagged_with_gap = 0;
    for (std::size_t row = 0; row < 200; row++) {
      flagged += static_cast<double>(scores_of(model, fresh.row(row))[0]) > report.threshold ? 1 : 0;
      for (const std::size_t column : {row % 4, std::size_t{5}}) fresh.cell(row, column) = kNaN;
      flagged_with_gap += static_cast<double>(scores_of(model, fresh.row(row))[0]) > report.threshold ? 1 : 0;
      std::vector<float> errors(6);
      model.feature_errors(fresh.row(row), errors);
      CHECK(errors[row % 4] == 0);
      for (const ColumnReason& reason : model.reasons(fresh.row(row))) {
        CHECK_FALSE(std::isnan(fresh.cell(row, reason.column)));
      }
      for (const RepairStep& step : model.repair(fresh.row(row), {}, 9)) {
        CHECK_FALSE(std::isnan(fresh.cell(row, step.column)));
      }
      for (const Anatomy::ColumnPart& part : model.anatomy(fresh.row(row)).columns) CHECK(part.column != row % 4);
    }
    CHECK(flagged < 40);
    CHECK(flagged_with_gap < 40);
  }
}

TEST_CASE("a row with gaps is judged by the cells that are there") {
  const MixedTable table = mixed_table(200);
  Autoencoder model(with(Missing::kMask));
  const TrainReport report = train(model, table, few_epochs(false, 60));
  MixedTable odd = mixed_table(1, 4);
  for (std::size_t column = 1; column < 6; column++) odd.cell(0, column) = kNaN;
  odd.cell(0, 0) = 0;
  const double ordinary = static_cast<double>(scores_of(model, odd.view())[0]);
  odd.cell(0, 0) = 40;
  CHECK(static_cast<double>(scores_of(model, odd.view())[0]) > std::max(ordinary, report.threshold));
  REQUIRE(model.reasons(odd.view()).size() == 1);
  CHECK(model.reasons(odd.view())[0].column == 0);
}

TEST_CASE("a row without a cell that tells anything is refused, in training and after it") {
  MixedTable table = mixed_table(60);
  Autoencoder model(with(Missing::kMask));
  train(model, table, few_epochs(true));
  MixedTable odd = table;
  for (std::size_t column = 0; column < 5; column++) odd.cell(41, column) = kNaN;
  for (int turn = 0; turn < 2; turn++) {  // first with nothing but the constant's cell, then without any
    const auto error = error_of([&] {
      std::vector<float> scores(60);
      model.score(odd.view(), scores, 500);
    });
    check_place(error, Reason::kRowMissing, 541);
    Autoencoder other(with(Missing::kMask));
    check_place(error_of([&] { train(other, odd, few_epochs(true)); }), Reason::kRowMissing, 41);
    odd.cell(41, 5) = kNaN;
  }
}

TEST_CASE("a masked detector can be cut in slices, held out, saved and trained on") {
  const MixedTable table = mixed_table(150);
  TrainOptions options = few_epochs(false);
  options.validation_split = 0.2;
  Autoencoder whole(with(Missing::kMask));
  const TrainReport report = train(whole, table, options);
  CHECK(all_finite(report.validation_loss));
  Autoencoder model(with(Missing::kMask));
  Trainer trainer(model, TrainingSet(table.columns, table.view(), Missing::kMask), options);
  while (!trainer.progress().done) trainer.run(Budget::steps(3));
  CHECK(trainer.finish().scores == report.scores);
  CHECK(model.fingerprint() == whole.fingerprint());
  Autoencoder copy(model.model());
  CHECK(same_bits(scores_of(copy, table.view()), scores_of(model, table.view())));
  TrainOptions more = options;
  more.resume = true;
  CHECK(all_finite(train(copy, table, more).scores));
}

TEST_SUITE_END();

}  // namespace anomalens::testing
