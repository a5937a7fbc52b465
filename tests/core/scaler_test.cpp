// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/scaler.hpp"

#include <string>

#include "data/sklearn_scaler.hpp"
#include "support.hpp"

namespace anomalens::testing {

namespace {

constexpr std::size_t kColumns = std::size(fixtures::kScalerCenter);
constexpr std::size_t kRows = std::size(fixtures::kScalerTable) / kColumns;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Scaler fitted(TableView rows, std::size_t chunk) {
  Scaler scaler(ScalerKind::kStandard, rows.columns());
  for (std::size_t first = 0; first < rows.rows(); first += chunk) {
    scaler.observe(rows.slice(first, std::min(chunk, rows.rows() - first)));
  }
  scaler.finish();
  return scaler;
}

}  // namespace

TEST_SUITE_BEGIN("scaler");

TEST_CASE("centres and scales are scikit-learn's, whatever the chunks") {
  const TableView table(fixtures::kScalerTable, kRows, kColumns);
  for (const std::size_t chunk : {kRows, std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    CAPTURE(chunk);
    const Scaler scaler = fitted(table, chunk);
    CHECK(distance(scaler.center(), std::span(fixtures::kScalerCenter)) < 1e-12);
    // A column 1e9 times as far from 0 as it is wide: merging chunks rounds its mean to 1e-7 of its width.
    CHECK(distance(scaler.scale(), std::span(fixtures::kScalerScale)) < (chunk == kRows ? 1e-12 : 1e-6));
  }
}

TEST_CASE("scaled cells are scikit-learn's") {
  const TableView table(fixtures::kScalerTable, kRows, kColumns);
  std::vector<float> scaled(kRows * kColumns);
  fitted(table, kRows).transform(table, scaled);
  CHECK(distance(scaled, std::span(fixtures::kScalerScaled), 1) < 1e-6);
}

TEST_CASE("a column that does not vary, or only by rounding, keeps scale 1") {
  const std::vector<double> table = {3, 0, 0.1, 1e15, 3, 0, 0.1, 1e15, 3, 0, 0.1, 1e15};
  const Scaler scaler = fitted(TableView(table.data(), 3, 4), 1);
  for (const double scale : scaler.scale()) CHECK(scale == 1);
  std::vector<float> scaled(12);
  scaler.transform(TableView(table.data(), 3, 4), scaled);
  for (const float cell : scaled) CHECK(std::fabs(cell) <= 0.25F);
}

TEST_CASE("restore undoes the scaling") {
  const TableView table(fixtures::kScalerTable, kRows, kColumns);
  const Scaler scaler = fitted(table, kRows);
  for (std::size_t j = 0; j < kColumns; j++) {
    CAPTURE(j);
    const double z = (table(3, j) - scaler.center()[j]) / scaler.scale()[j];
    CHECK(scaler.restore(j, z) == doctest::Approx(table(3, j)).epsilon(1e-12));
  }
}

TEST_CASE("a cell that is not finite is named by row and column, counted over all chunks") {
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    std::vector<double> table(12, 1.5);
    table[2 * 3 + 1] = bad;
    Scaler scaler(ScalerKind::kStandard, 3);
    scaler.observe(TableView(table.data(), 2, 3));
    const auto error = error_of([&] { scaler.observe(TableView(table.data() + 6, 2, 3)); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::kNonFinite);
    CHECK(error->row() == 2);
    CHECK(error->column() == 1);
    CHECK(std::string(error->what()).find("row 2, column 1") != std::string::npos);
  }
}

TEST_CASE("a cell that cannot be scaled is named where the caller's table has it") {
  const std::vector<double> good = {1, 2, 3, 4, 5, 6.5};
  const Scaler scaler = fitted(TableView(good.data(), 3, 2), 3);
  std::vector<double> bad = good;
  bad[5] = kNaN;
  std::vector<float> out(6);
  const auto error = error_of([&] { scaler.transform(TableView(bad.data(), 3, 2), out, 100); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::kNonFinite);
  CHECK(error->row() == 102);
  CHECK(error->column() == 1);
}

TEST_CASE("tables of another width and scalers without rows are refused") {
  const std::vector<double> table(12, 1.0);
  Scaler scaler(ScalerKind::kStandard, 3);
  CHECK_CODE(scaler.finish(), ErrorCode::kShape);
  CHECK_CODE(scaler.observe(TableView(table.data(), 3, 4)), ErrorCode::kShape);
  scaler.observe(TableView(table.data(), 4, 3));
  scaler.finish();
  std::vector<float> out(12);
  CHECK_CODE(scaler.transform(TableView(table.data(), 6, 2), out), ErrorCode::kShape);
}

TEST_CASE("a saved scaler is taken only whole") {
  const Scaler scaler = Scaler::restored(ScalerKind::kStandard, {1, 2}, {3, 4});
  CHECK(scaler.columns() == 2);
  CHECK(scaler.restore(1, 2) == 10);
  const auto restore = [](std::vector<double> center, std::vector<double> scale) {
    Scaler::restored(ScalerKind::kStandard, std::move(center), std::move(scale));
  };
  CHECK_CODE(restore({1, 2}, {3}), ErrorCode::kBadFile);
  CHECK_CODE(restore({1, kNaN}, {3, 4}), ErrorCode::kBadFile);
  CHECK_CODE(restore({1, 2}, {3, kInfinity}), ErrorCode::kBadFile);
  CHECK_CODE(restore({1, 2}, {0, 4}), ErrorCode::kBadFile);
  CHECK_CODE(restore({1, 2}, {-1, 4}), ErrorCode::kBadFile);
}

TEST_SUITE_END();

}  // namespace anomalens::testing
