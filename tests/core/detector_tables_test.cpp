// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "mixed_table.hpp"

/// The default detector on tables that are small, large or odd.
namespace anomalens::testing {

namespace {

/// Trains clean and not clean and calls visit(model, report).
template <class Visit>
void for_both(const MixedTable& table, Visit visit, int epochs = 12, ModelOptions shape = {}) {
  for (const bool clean : {true, false}) {
    CAPTURE(clean);
    Autoencoder model(shape);
    const TrainReport report = train(model, table, few_epochs(clean, epochs));
    visit(model, report);
  }
}

void check_table(const MixedTable& table) {
  for_both(table, [&](Autoencoder& model, const TrainReport& report) { check_numbers(model, report, table.view()); });
}

MixedTable table_of(std::vector<Column> columns, std::vector<double> cells) {
  const std::size_t rows = cells.size() / columns.size();
  return {std::move(columns), std::move(cells), rows};
}

MixedTable numbers(std::size_t rows, std::uint32_t seed = 1) {
  MixedTable table{{number(), number()}, {}, rows};
  Mt19937 random(seed);
  for (std::size_t row = 0; row < rows; row++) {
    const double x = random.normal();
    table.cells.insert(table.cells.end(), {x, x + 0.3 * random.normal()});
  }
  return table;
}

const ColumnReason* reason_for(const std::vector<ColumnReason>& reasons, std::size_t column) {
  const auto found = std::ranges::find(reasons, column, &ColumnReason::column);
  return found == reasons.end() ? nullptr : &*found;
}

}  // namespace

TEST_SUITE_BEGIN("detector tables");

TEST_CASE("a few rows are enough to train on, and one is refused") {
  for (const std::size_t rows : {2U, 3U, 5U, 8U, 9U, 10U, 20U}) {
    CAPTURE(rows);
    check_table(numbers(rows));
    check_table(mixed_table(rows));
  }
  CHECK_CODE(TrainingSet({number()}, 1), ErrorCode::kShape);
  CHECK_CODE(TrainingSet(std::vector<Column>{}, 5), ErrorCode::kShape);
}

TEST_CASE("equal rows are all constants: they score 0, anything else departs") {
  std::vector<double> cells;
  for (int row = 0; row < 30; row++) cells.insert(cells.end(), {7.25, 3, 5});
  const MixedTable table = table_of({number(), category(), cycle()}, cells);
  for_both(table, [&](Autoencoder& model, const TrainReport& report) {
    check_numbers(model, report, table.view());
    CHECK(scores_of(model, table.view())[0] == 0);
    const std::vector<double> other = {7.25, 4, 5};
    const TableView row(other.data(), 1, 3);
    CHECK(static_cast<double>(scores_of(model, row)[0]) > report.threshold);
    const std::vector<ColumnReason> reasons = model.reasons(row);
    REQUIRE(reasons.size() == 1);
    CHECK(reasons[0].column == 1);
    CHECK(reasons[0].kind == ReasonKind::kConstant);
    CHECK(reasons[0].expected == 3);
    CHECK(reasons[0].share == 1);
  });
}

TEST_CASE("a single column and a table of nothing but categories can be learned") {
  MixedTable single{{number()}, {}, 40};
  MixedTable words{{category(), category()}, {}, 60};
  Mt19937 random(2);
  for (int row = 0; row < 40; row++) single.cells.push_back(random.normal());
  for (int row = 0; row < 60; row++) {
    const auto word = static_cast<double>(random.below(4));
    words.cells.insert(words.cells.end(), {word, std::fmod(word + 1, 4)});
  }
  check_table(single);
  check_table(words);
  for_both(words, [&](Autoencoder& model, const TrainReport&) {
    const std::vector<double> unknown = {9, 2};
    const TableView row(unknown.data(), 1, 2);
    const std::vector<ColumnReason> reasons = model.reasons(row);
    CHECK(reasons[0].column == 0);
    CHECK(reasons[0].kind == ReasonKind::kUnseen);
    CHECK(scores_of(model, row)[0] > scores_of(model, words.row(0))[0]);
  });
}

TEST_CASE("after the training any number of a category is a value, in it only numbers of values are") {
  MixedTable table = mixed_table();
  Autoencoder model;
  train(model, table, few_epochs(true));
  for (const double value : {-1.0, 0.5, 1e300, -1e-300}) {
    MixedTable row = mixed_table(2, 8);
    row.cell(0, 2) = value;
    CHECK(std::isfinite(scores_of(model, row.row(0))[0]));
    CHECK(reason_for(model.reasons(row.row(0)), 2)->kind == ReasonKind::kUnseen);
    table.cell(17, 2) = value;
    const auto error = error_of([&] { TrainingSet(table.columns, table.view()); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::kNonFinite);
    CHECK(error->row() == 17);
    CHECK(error->column() == 2);
  }
}

TEST_CASE("a set that is encoded piece by piece trains the same detector, and trains it on") {
  const MixedTable table = mixed_table(3000);
  TrainOptions options = few_epochs(false, 2);
  Autoencoder at_once;
  Autoencoder in_pieces;
  /// Returns in how many pieces.
  const auto train_in_pieces = [&](TrainingSet set) {
    int count = 1;
    while (!set.encode()) count++;
    CHECK(set.encode());
    Trainer trainer(in_pieces, std::move(set), options);
    trainer.run(Budget::epochs(1e6));
    trainer.finish();
    return count;
  };
  const auto check_same = [&] {
    CHECK(in_pieces.fingerprint() == at_once.fingerprint());
    CHECK(in_pieces.threshold() == at_once.threshold());
    CHECK(scores_of(in_pieces, table.view()) == scores_of(at_once, table.view()));
  };
  train(at_once, table, options);
  CHECK(train_in_pieces(TrainingSet(table.columns, table.view())) == 6 + 3);  // columns, then 1,024 rows each
  check_same();
  MixedTable other = mixed_table(3000, 5);
  other.cell(2999, 5) = 1;  // departs, in the last piece alone
  options.resume = true;
  train(at_once, other, options);
  TrainingSet known(*in_pieces.encoding(), other.rows);
  CHECK_CODE(known.encode(), ErrorCode::kShape);  // not all rows are there
  known.observe(other.view());
  CHECK(train_in_pieces(std::move(known)) == 1 + 3);
  check_same();
  CHECK_CODE(train_in_pieces(TrainingSet(other.columns, other.view())), ErrorCode::kShape);  // encoded otherwise
}

TEST_CASE("identifiers are left out and named; a table of nothing else is refused") {
  MixedTable table{{category(), number()}, {}, 50};
  MixedTable only{{category()}, {}, 50};
  for (int row = 0; row < 50; row++) {
    table.cells.insert(table.cells.end(), {static_cast<double>(row), std::sin(row)});
    only.cells.push_back(row);
  }
  for_both(table, [&](Autoencoder& model, const TrainReport& report) {
    check_numbers(model, report, table.view());
    CHECK(model.encoding()->skipped == std::vector<std::size_t>{0});
    std::vector<double> expected(100);
    model.expected(table.view(), expected);
    CHECK(std::isnan(expected[0]));
    CHECK(std::isfinite(expected[1]));
    CHECK(reason_for(model.reasons(table.row(3)), 0) == nullptr);
  });
  Autoencoder model;
  const auto error = error_of([&] { train(model, only, few_epochs(true)); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::kShape);
  CHECK(error->reason() == Reason::kNoFeatures);
  CHECK_FALSE(model.usable());
}

TEST_CASE("a departure lifts any training row above the threshold, whatever else it has, and is what is repaired") {
  for (const std::size_t rows : {10U, 50U, 200U}) {
    const MixedTable table = mixed_table(rows);
    for_both(
        table,
        [&](Autoencoder& model, const TrainReport& report) {
          CAPTURE(rows);
          MixedTable odd = table;
          for (std::size_t row = 0; row < rows; row++) odd.cell(row, 5) = 7.6;
          const std::vector<float> scores = scores_of(model, odd.view());
          CHECK(static_cast<double>(*std::min_element(scores.begin(), scores.end())) > report.threshold);
          CHECK(model.reasons(odd.row(3))[0].kind == ReasonKind::kConstant);
          CHECK(model.reasons(odd.row(3))[0].expected == 7.5);
          const std::vector<RepairStep> steps = model.repair(odd.row(3), {}, 1);
          REQUIRE(steps.size() == 1);
          CHECK(steps[0].column == 5);
          CHECK(steps[0].expected == 7.5);
          odd = table;
          for (std::size_t row = 0; row < rows; row++)
            odd.cell(row, 0) = kNaN;  // no cell of the column was in training
          const std::vector<float> missing = scores_of(model, odd.view());
          CHECK(static_cast<double>(*std::min_element(missing.begin(), missing.end())) > report.threshold);
          CHECK(model.reasons(odd.row(3))[0].kind == ReasonKind::kMissing);
          CHECK(model.reasons(odd.row(3))[0].column == 0);
          check_numbers(model, report, odd.view());
        },
        100);
  }
}

TEST_CASE("a repair of a gap says what to put there, and of a cell that should be missing that it should") {
  // A number is missing exactly where the category is 1.
  MixedTable table{{category(), number(), number()}, {}, 200};
  Mt19937 random(5);
  for (int row = 0; row < 200; row++) {
    const double x = random.normal();
    const bool gap = random.below(2) == 1;
    table.cells.insert(table.cells.end(), {gap ? 1.0 : 0.0, gap ? kNaN : 50 + x, x});
  }
  Autoencoder model;
  const TrainReport report = train(model, table, few_epochs(true, 150));
  const std::vector<double> gap = {0, kNaN, 0.1};
  const std::vector<double> cell = {1, 50.1, 0.1};
  for (const auto& cells : {gap, cell}) {
    const TableView row(cells.data(), 1, 3);
    CHECK(static_cast<double>(scores_of(model, row)[0]) > report.threshold);
    for (const RepairStep& step : model.repair(row, {}, 3)) {
      if (step.column != 1) continue;
      REQUIRE(step.expected.has_value());
      CHECK((std::isnan(*step.expected) || std::fabs(*step.expected - 50) < 5));
    }
  }
}

TEST_CASE("huge offsets and tiny numbers lose nothing") {
  MixedTable table{{number(), number(), number()}, {}, 200};
  Mt19937 random(6);
  for (int row = 0; row < 200; row++) {
    const double x = random.normal();
    table.cells.insert(table.cells.end(), {1e15 + 10 * std::round(8 * x) / 8, 1e-300 * (x + random.normal()), x});
  }
  for_both(
      table,
      [&](Autoencoder& model, const TrainReport& report) {
        check_numbers(model, report, table.view());
        const std::vector<double> whole = {1e15, 0, 0};
        const std::vector<double> far = {1e15 + 300, 0, 0};
        const std::vector<double> huge = {-1e300, 1e300, 1e308};
        CHECK(static_cast<double>(scores_of(model, TableView(whole.data(), 1, 3))[0]) < report.threshold);
        CHECK(static_cast<double>(scores_of(model, TableView(far.data(), 1, 3))[0]) > report.threshold);
        CHECK(model.reasons(TableView(far.data(), 1, 3))[0].column == 0);
        CHECK(std::isfinite(scores_of(model, TableView(huge.data(), 1, 3))[0]));
      },
      60);
}

TEST_CASE("of many rows an even sample is learned from and scored, and the others may be anything") {
  constexpr std::size_t kRows = 25'000;
  MixedTable table{{number(), number(), number(), number(), cycle()}, {}, kRows};
  Mt19937 random(7);
  for (std::size_t row = 0; row < kRows; row++) {
    const double x = random.normal();
    const bool sampled = row % 5 != 4;
    table.cells.insert(table.cells.end(),
                       {x, x + random.normal(), sampled ? 3.0 : 3.0 + x, sampled ? kNaN : x, sampled ? kNaN : 12 + x});
  }
  for_both(
      table,
      [&](Autoencoder& model, const TrainReport& report) {
        REQUIRE(report.scored_rows.size() == 20'000);
        REQUIRE(report.scores.size() == 20'000);
        CHECK(report.calibration_rows == 20'000);
        for (std::size_t i = 0; i < 20'000; i++) REQUIRE(report.scored_rows[i] == i * kRows / 20'000);
        check_numbers(model, report, table.view());
      },
      1);
  std::vector<std::uint8_t> labels(kRows, 0);
  labels[4] = 1;  // a row that is not in the sample
  for (const auto kind : {ThresholdRule::Kind::kBestF1, ThresholdRule::Kind::kFalsePositiveRate}) {
    TrainOptions options = few_epochs(true, 1);
    options.threshold = rule(kind, 0.1);
    options.threshold->labels = labels;
    Autoencoder model;
    check_option([&] { train(model, table, options); }, "threshold.labels");
    CHECK_FALSE(model.usable());  // before the training, not at its end
    options.threshold->labels[5] = 1;
    CHECK(std::isfinite(train(model, table, options).threshold));
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
