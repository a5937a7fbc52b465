// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "random/mt19937.hpp"
#include "support.hpp"

namespace anomalens::testing {

namespace {

const std::vector<std::int32_t> kApart = {0, 1, 2, 3};

/// Five columns that say nearly the same, in different units.
std::vector<double> redundant(std::size_t rows, std::uint32_t seed) {
  Mt19937 random(seed);
  std::vector<double> table;
  for (std::size_t row = 0; row < rows; row++) {
    const double x = random.normal();
    for (const double factor : {1.0, -2.0, 0.5, 100.0, 1e-3}) {
      table.push_back(factor * (x + 0.15 * random.normal()) + 7 * factor);
    }
  }
  return table;
}

}  // namespace

TEST_SUITE_BEGIN("repair");

TEST_CASE("a planted fault is found and undone, by a single net and by a committee") {
  const std::vector<double> train = redundant(300, 1);
  const std::vector<double> test = redundant(60, 2);
  const std::vector<std::int32_t> groups = {0, 1, 2, 3, 4};
  Scaler scaler(ScalerKind::kStandard, 5);
  scaler.observe(TableView(train.data(), 300, 5));
  scaler.finish();
  const std::span<const double> scales = scaler.scale();
  for (const bool committee : {false, true}) {
    CAPTURE(committee);
    Autoencoder model(committee ? ModelOptions{} : small_options(Activation::kTanh, {12}, 1));
    fit(model, TableView(train.data(), 300, 5), short_training(committee ? 100 : 150));
    const Model state = model.model();
    int right = 0;
    int near = 0;
    for (std::size_t row = 0; row < 60; row++) {
      const std::size_t j = row % 5;
      const double unit = scales[j];
      std::vector<double> faulty(test.begin() + static_cast<std::ptrdiff_t>(row * 5),
                                 test.begin() + static_cast<std::ptrdiff_t>(row * 5 + 5));
      const double whole = faulty[j];
      faulty[j] += row % 2 == 0 ? 5 * unit : -5 * unit;
      const TableView one(faulty.data(), 1, 5);
      const std::vector<RepairStep> steps = model.repair(one, groups);
      REQUIRE(steps.size() == 1);
      const RepairStep& repair = steps[0];
      std::vector<double> repaired = faulty;
      repaired[repair.column] = repair.expected.value();
      std::vector<float> scores(2);
      model.score(one, std::span<float>(scores).first(1));
      model.score(TableView(repaired.data(), 1, 5), std::span<float>(scores).last(1));
      CHECK(repair.score < static_cast<double>(scores[0]));
      CHECK(static_cast<double>(scores[1]) == doctest::Approx(repair.score).epsilon(1e-3));
      right += repair.column == j ? 1 : 0;
      if (!committee && row < 10) {  // no value of a fine grid over the column's range is better
        const double step = 6 * scales[repair.column] / 2000;
        double best = kInfinity;
        for (int i = -1000; i <= 1000; i++) {
          repaired[repair.column] = *repair.expected + i * step;
          model.score(TableView(repaired.data(), 1, 5), std::span<float>(scores).last(1));
          const float z = model.scaler().scaled(repair.column, repaired[repair.column]);
          if (z < state.low[repair.column] || z > state.high[repair.column]) continue;
          best = std::min(best, static_cast<double>(scores[1]));
        }
        CHECK(repair.score <= best + 1e-5);
      }
      near += repair.column == j && std::fabs(*repair.expected - whole) < 0.6 * unit ? 1 : 0;
    }
    CHECK(right >= 59);
    CHECK(near >= 54);
  }
}

TEST_CASE("the columns of a category are one feature: the right category is put back") {
  // A number tells the category: below -0.5, between, above 0.5.
  Mt19937 random(4);
  const auto rows = [&](std::size_t count) {
    std::vector<double> table;
    for (std::size_t row = 0; row < count; row++) {
      const double x = static_cast<double>(random.below(3)) - 1 + 0.1 * random.normal();
      table.push_back(x + 0.1 * random.normal());
      table.push_back(2 * x + 0.1 * random.normal());
      for (int category = -1; category <= 1; category++) table.push_back(std::fabs(x - category) < 0.5 ? 1 : 0);
    }
    return table;
  };
  const std::vector<double> train = rows(300);
  const std::vector<double> test = rows(30);
  const std::vector<std::int32_t> groups = {0, 1, 2, 2, 2};
  Autoencoder model(small_options(Activation::kTanh, {12}, 2));
  fit(model, TableView(train.data(), 300, 5), short_training(150));
  int right = 0;
  for (std::size_t row = 0; row < 30; row++) {
    std::vector<double> faulty(test.begin() + static_cast<std::ptrdiff_t>(row * 5),
                               test.begin() + static_cast<std::ptrdiff_t>(row * 5 + 5));
    const auto category = static_cast<std::size_t>(std::find(faulty.begin() + 2, faulty.end(), 1) - faulty.begin());
    faulty[category] = 0;
    faulty[2 + (category - 2 + 1 + row % 2) % 3] = 1;
    const std::vector<RepairStep> steps = model.repair(TableView(faulty.data(), 1, 5), groups);
    REQUIRE(steps.size() == 1);
    right += steps[0].column == 2 && steps[0].expected == static_cast<double>(category - 2) ? 1 : 0;
  }
  CHECK(right >= 28);
}

TEST_CASE("a departure from a constant is repaired by the constant") {
  std::vector<float> table = small_table(100);
  for (std::size_t i = 2; i < table.size(); i += 4) table[i] = 3;
  Autoencoder model(small_options());
  fit(model, view(table), short_training(60));
  const std::vector<float> row = {0.1F, 0.1F, 4, 0.1F};
  const std::vector<RepairStep> steps = model.repair(view(row), kApart);
  REQUIRE(steps.size() == 1);
  CHECK(steps[0].column == 2);
  CHECK(steps[0].expected == 3);
}

TEST_CASE("missing cells are not repaired") {
  ModelOptions options = small_options();
  options.missing = Missing::kMask;
  Autoencoder model(options);
  fit(model, view(table_with_holes()), short_training(40));
  const std::vector<float> row = {kFloatNaN, 5, kFloatNaN, 0.1F};
  for (const RepairStep& step : model.repair(view(row), kApart, 4)) {
    CHECK((step.column == 1 || step.column == 3));
    CHECK(std::isfinite(step.expected.value()));
  }
}

TEST_CASE("groups that are no groups, and more than one row, are refused") {
  Autoencoder model(small_options());
  const std::vector<float> table = small_table();
  CHECK_CODE(model.repair(view(table).slice(0, 1), kApart), ErrorCode::kNotFitted);
  fit(model, view(table), short_training(1));
  CHECK_CODE(model.repair(view(table), kApart), ErrorCode::kShape);
  for (const std::vector<std::int32_t>& groups : std::vector<std::vector<std::int32_t>>{
           {}, {0, 1, 2}, {0, 1, 2, 3, 4}, {0, 2, 3, 4}, {1, 2, 3, 4}, {0, -1, 1, 2}}) {
    CHECK_CODE(model.repair(view(table).slice(0, 1), groups), ErrorCode::kShape);
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
