// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "data/article.hpp"
#include "random/mt19937.hpp"
#include "support.hpp"

/// Why a single net finds a row strange.
namespace anomalens::testing {

namespace {

const std::vector<std::int32_t> kApart = {0, 1, 2, 3};

Autoencoder article_model() {
  Autoencoder model(model_options(fixtures::kArticle));
  fit(model, table_of(fixtures::kArticle), train_options(fixtures::kArticle));
  return model;
}

/// A row of the article's table as doubles.
std::vector<double> article_row(std::size_t row) {
  const TableView table = table_of(fixtures::kArticle);
  std::vector<double> cells;
  for (std::size_t j = 0; j < 4; j++) cells.push_back(table(row, j));
  return cells;
}

}  // namespace

TEST_SUITE_BEGIN("net reasons");

TEST_CASE("five deviations more in one column make it the first reason of a row") {
  const Autoencoder model = article_model();
  int first = 0;
  for (std::size_t row = 0; row < 200; row++) {
    for (std::size_t j = 0; j < 4; j++) {
      std::vector<double> cells = article_row(row);
      cells[j] += 5 * model.scaler().scale()[j];
      first += model.reasons(TableView(cells.data(), 1, 4), kApart)[0].column == j ? 1 : 0;
    }
  }
  CHECK(first >= 792);
}

TEST_CASE("shares fall and add up to 1, or are all 0") {
  const Autoencoder model = article_model();
  for (std::size_t row = 0; row < 200; row++) {
    const std::vector<double> cells = article_row(row);
    double sum = 0;
    double last = 1;
    for (const ColumnReason& reason : model.reasons(TableView(cells.data(), 1, 4), kApart)) {
      CHECK(reason.drop >= 0);
      CHECK(reason.share <= last);
      last = reason.share;
      sum += reason.share;
    }
    CHECK((sum == 0 || sum == doctest::Approx(1)));
  }
}

TEST_CASE("a constant at its constant is no reason; away from it, it is one of its own kind") {
  std::vector<float> table = small_table(100);
  for (std::size_t i = 2; i < table.size(); i += 4) table[i] = 3;
  Autoencoder model(small_options());
  fit(model, view(table), short_training(60));
  std::vector<float> row = {0.1F, 0.1F, 3, 0.1F};
  for (const ColumnReason& reason : model.reasons(view(row), kApart)) CHECK(reason.column != 2);
  row[2] = 3.5F;
  const ColumnReason reason = model.reasons(view(row), kApart)[0];
  CHECK(reason.column == 2);
  CHECK(reason.kind == ReasonKind::kConstant);
  CHECK(reason.expected == 3);
}

TEST_CASE("a missing cell is named as missing and has no share") {
  ModelOptions options = small_options();
  options.missing = Missing::kMask;
  Autoencoder model(options);
  fit(model, view(table_with_holes()), short_training(40));
  const std::vector<float> row = {0.1F, kFloatNaN, 4, 0.1F};
  for (const ColumnReason& reason : model.reasons(view(row), kApart)) {
    CHECK((reason.kind == ReasonKind::kMissing) == (reason.column == 1));
    if (reason.column == 1) CHECK(reason.share == 0);
  }
}

TEST_CASE("of a row with two wrong cells they are the ones that two steps of repair change") {
  Mt19937 random(3);
  std::vector<double> table;
  for (int row = 0; row < 300; row++) {
    const double x = random.normal();
    for (const double factor : {1.0, -2.0, 0.5, 10.0, 3.0, -1.0}) table.push_back(factor * (x + 0.1 * random.normal()));
  }
  Autoencoder model(small_options(Activation::kTanh, {12}, 1));
  TrainOptions options = short_training(150);
  options.threshold = rule(ThresholdRule::Kind::kQuantile, 0.99);
  fit(model, TableView(table.data(), 300, 6), options);
  const std::vector<std::int32_t> apart = {0, 1, 2, 3, 4, 5};
  int right = 0;
  for (std::size_t row = 0; row < 40; row++) {
    std::vector<double> cells(table.begin() + static_cast<std::ptrdiff_t>(row * 6),
                              table.begin() + static_cast<std::ptrdiff_t>(row * 6 + 6));
    cells[1] += 6 * model.scaler().scale()[1];
    cells[4] += 6 * model.scaler().scale()[4];
    const TableView one(cells.data(), 1, 6);
    const std::vector<RepairStep> steps = model.repair(one, apart, 2);
    CHECK(model.repair(one, apart, 1).size() == 1);
    CHECK(model.repair(one, apart, 0).empty());
    REQUIRE(steps.size() == 2);
    CHECK(steps[1].score < steps[0].score);
    const std::vector<std::size_t> columns = {steps[0].column, steps[1].column};
    right += columns == std::vector<std::size_t>{1, 4} || columns == std::vector<std::size_t>{4, 1} ? 1 : 0;
    for (const RepairStep& step : steps) cells[step.column] = step.expected.value();
    CHECK(static_cast<double>(scores_of(model, one)[0]) == doctest::Approx(steps[1].score).epsilon(1e-3));
  }
  CHECK(right >= 36);
}

TEST_SUITE_END();

}  // namespace anomalens::testing
