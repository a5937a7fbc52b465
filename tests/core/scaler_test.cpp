// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/scaler.hpp"

#include <string>

#include "data/sklearn_scaler.hpp"
#include "data/sklearn_scalers.hpp"
#include "support.hpp"

namespace anomalens::testing {

namespace {

constexpr std::size_t kColumns = std::size(fixtures::kScalerCenter);
constexpr std::size_t kRows = std::size(fixtures::kScalerTable) / kColumns;

Scaler fitted(TableView rows, std::size_t chunk, ScalerKind kind = ScalerKind::kStandard, bool missing = false) {
  Scaler scaler(kind, rows.columns(), missing);
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
    CHECK(distance(scaler.scale(), std::span(fixtures::kScalerScale)) < 1e-7);
    const Scaler whole = fitted(table, kRows);
    CHECK(std::equal(scaler.center().begin(), scaler.center().end(), whole.center().begin()));
    CHECK(std::equal(scaler.scale().begin(), scaler.scale().end(), whole.scale().begin()));
  }
}

TEST_CASE("scaled cells are scikit-learn's") {
  const TableView table(fixtures::kScalerTable, kRows, kColumns);
  std::vector<float> scaled(kRows * kColumns);
  fitted(table, kRows).transform(table, scaled);
  CHECK(distance(scaled, std::span(fixtures::kScalerScaled), 1) < 2e-6);  // Welford on 1e6 + thousandths
}

TEST_CASE("a column that does not vary keeps scale 1") {
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
    CHECK(error->reason() == (std::isnan(bad) ? Reason::kCellNotANumber : Reason::kCellInfinite));
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
  const Scaler scaler = Scaler::restored(ScalerKind::kStandard, {1, 2}, {3, 4}, {0, 0});
  CHECK(scaler.columns() == 2);
  CHECK(scaler.restore(1, 2) == 10);
  const auto restore = [](std::vector<double> center, std::vector<double> scale) {
    Scaler::restored(ScalerKind::kStandard, std::move(center), std::move(scale), {0, 0});
  };
  CHECK_CODE(restore({1, 2}, {3}), ErrorCode::kBadFile);
  CHECK_CODE(restore({1, kNaN}, {3, 4}), ErrorCode::kBadFile);
  CHECK_CODE(restore({1, 2}, {3, kInfinity}), ErrorCode::kBadFile);
  CHECK_CODE(restore({1, 2}, {0, 4}), ErrorCode::kBadFile);
  CHECK_CODE(restore({1, 2}, {-1, 4}), ErrorCode::kBadFile);
}

TEST_CASE("robust and minmax scalers are scikit-learn's, whatever the chunks") {
  const std::size_t columns = std::size(fixtures::kRobustCenter);
  const TableView table(fixtures::kScalersTable, std::size(fixtures::kScalersTable) / columns, columns);
  struct Known {
    ScalerKind kind;
    std::span<const double> center;
    std::span<const double> scale;
    std::span<const float> scaled;
  };
  for (const Known& known :
       {Known{ScalerKind::kRobust, fixtures::kRobustCenter, fixtures::kRobustScale, fixtures::kRobustScaled},
        Known{ScalerKind::kMinMax, fixtures::kMinMaxCenter, fixtures::kMinMaxScale, fixtures::kMinMaxScaled}}) {
    CAPTURE(static_cast<int>(known.kind));
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{5}, table.rows()}) {
      const Scaler scaler = fitted(table, chunk, known.kind);
      CHECK(distance(scaler.center(), known.center) < 1e-12);
      CHECK(distance(scaler.scale(), known.scale) < 1e-12);
      std::vector<float> scaled(table.rows() * columns);
      scaler.transform(table, scaled);
      CHECK(distance(scaled, known.scaled, 1) < 1e-6);
    }
  }
}

TEST_CASE("no scaler leaves the cells as they are and calls no column constant") {
  const std::vector<double> table = {1, 5, 2, 5, 3, 5};
  const Scaler scaler = fitted(TableView(table.data(), 3, 2), 3, ScalerKind::kNone);
  std::vector<float> out(6);
  scaler.transform(TableView(table.data(), 3, 2), out);
  CHECK(out == std::vector<float>{1, 5, 2, 5, 3, 5});
  CHECK(scaler.scaled(1, 7) == 7);
  CHECK(scaler.constant()[1] == 0);
}

TEST_CASE("a column that was constant gives 0 for its constant and +-10 for all else") {
  const std::vector<double> table = {3, 0, 1e15, 1, 3, 0, 1e15, 2, 3, 0, 1e15, 4};
  for (const ScalerKind kind : {ScalerKind::kStandard, ScalerKind::kRobust, ScalerKind::kMinMax}) {
    CAPTURE(static_cast<int>(kind));
    const Scaler scaler = fitted(TableView(table.data(), 3, 4), 1, kind);
    CHECK(std::vector<int>(scaler.constant().begin(), scaler.constant().end()) == std::vector<int>{1, 1, 1, 0});
    CHECK(scaler.scaled(0, 3) == 0);
    CHECK(scaler.scaled(0, 3.001) == 10);
    CHECK(scaler.scaled(0, -1e300) == -10);
    CHECK(scaler.scaled(1, 1e-300) == 10);
    CHECK(scaler.scaled(1, 0) == 0);
    CHECK(scaler.scaled(2, 1e15) == 0);
    CHECK(scaler.scaled(2, 1.001e15) == 10);
    CHECK(scaler.restore(0, 0) == 3);
  }
}

TEST_CASE("cells are clamped to a million million scales") {
  const std::vector<double> table = {-1, 1};
  const Scaler scaler = fitted(TableView(table.data(), 2, 1), 2);
  CHECK(scaler.scaled(0, 1e300) == 1e12F);
  CHECK(scaler.scaled(0, -1e300) == -1e12F);
  CHECK(scaler.scaled(0, 1e9) == 1e9F);
}

TEST_CASE("a column whose spread is not finite is named when the rows are learned") {
  for (const ScalerKind kind : {ScalerKind::kStandard, ScalerKind::kRobust, ScalerKind::kMinMax, ScalerKind::kNone}) {
    CAPTURE(static_cast<int>(kind));
    const std::vector<double> table = {1, 2, 3, 4, 1e200, 6};
    Scaler scaler(kind, 2);
    scaler.observe(TableView(table.data(), 3, 2));
    const auto error = error_of([&] { scaler.finish(); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::kNonFinite);
    CHECK(error->column() == 0);
    CHECK(error->reason() == Reason::kSpreadNotFinite);
    CHECK(!error->row());
  }
}

TEST_CASE("spreads as small as doubles have them are scaled as ordinary ones are") {
  const std::vector<double> plain = {1, -2, 3.5, 0.25, -0.75, 6, 2.5, -1.5};
  for (const ScalerKind kind : {ScalerKind::kStandard, ScalerKind::kRobust, ScalerKind::kMinMax}) {
    CAPTURE(static_cast<int>(kind));
    std::vector<float> wanted(8);
    fitted(TableView(plain.data(), 8, 1), 3, kind).transform(TableView(plain.data(), 8, 1), wanted);
    for (const double unit : {0x1p-300, 0x1p-465, 0x1p-540, 0x1p-600, 0x1p-990}) {
      CAPTURE(unit);
      std::vector<double> small = plain;
      for (double& cell : small) cell *= unit;
      const Scaler scaler = fitted(TableView(small.data(), 8, 1), 3, kind);
      std::vector<float> scaled(8);
      scaler.transform(TableView(small.data(), 8, 1), scaled);
      CHECK(same_bits(scaled, wanted));
      CHECK(scaler.constant()[0] == 0);
    }
  }
}

TEST_CASE("large offsets leave what differs to be judged; only equal doubles are constant") {
  const double stamp = 1.7e15;  // microseconds since 1970
  std::vector<double> table;
  for (int row = 0; row < 1000; row++) {
    const int at = row * 7 % 20 - 10;
    table.insert(table.end(), {1e15 + at, stamp + row, stamp + (row == 3 ? 1 : 0), stamp});
  }
  for (const ScalerKind kind : {ScalerKind::kStandard, ScalerKind::kRobust, ScalerKind::kMinMax}) {
    CAPTURE(static_cast<int>(kind));
    const Scaler scaler = fitted(TableView(table.data(), 1000, 4), 100, kind);
    CHECK(std::vector<int>(scaler.constant().begin(), scaler.constant().end()) == std::vector<int>{0, 0, 0, 1});
    CHECK(scaler.scale()[0] > 5);
    CHECK(scaler.scale()[0] < 25);
    CHECK(std::fabs(scaler.center()[0] - 1e15) < 12);
    CHECK(scaler.scaled(0, 1e15 + 100) > 3);
    CHECK(scaler.scaled(1, stamp + 5000) > 3);
    CHECK(scaler.scaled(3, stamp) == 0);
    CHECK(scaler.scaled(3, stamp + 1) == 10);
  }
}

TEST_CASE("tables whose cells no float tells apart need a scaler") {
  const auto finish = [](std::vector<double> table, ScalerKind kind) {
    fitted(TableView(table.data(), table.size() / 2, 2), 1, kind);
  };
  check_option([&] { finish({1e-30, 0, 2e-30, 0, 3e-30, 0}, ScalerKind::kNone); }, "scaler");
  check_option([&] { finish({1e15, 0, 2e15, 0, 3e15, 0}, ScalerKind::kNone); }, "scaler");
  finish({1e-30, 0, 2e-30, 0, 3e-30, 1}, ScalerKind::kNone);
  finish({5, 0, 5, 0, 5, 0}, ScalerKind::kNone);
  finish({1e-30, 0, 2e-30, 0, 3e-30, 0}, ScalerKind::kStandard);
}

TEST_CASE("deviations are told beyond the reach of scaled cells, too") {
  const std::vector<double> table = {-1, 1};
  const Scaler scaler = fitted(TableView(table.data(), 2, 1), 2);
  CHECK(scaler.deviation(0, 3) == 3);
  CHECK(scaler.deviation(0, -1e300) == -1e300);
}

TEST_CASE("quartiles that are taken a column at a time are the same ones") {
  const std::vector<float> table = table_with_holes(500);
  Scaler whole(ScalerKind::kRobust, 4, true);
  Scaler pieces(ScalerKind::kRobust, 4, true);
  whole.observe(view(table));
  pieces.expect(500);
  pieces.observe(view(table));
  whole.finish();
  int count = 1;
  while (!pieces.finish_next()) count++;
  CHECK(count == 4);
  CHECK(std::ranges::equal(whole.center(), pieces.center()));
  CHECK(std::ranges::equal(whole.scale(), pieces.scale()));
}

TEST_CASE("missing cells leave the scaler as if they had never been") {
  const std::vector<double> holes = {1, kNaN, 2, 20, kNaN, 40, 6, 30};
  const std::vector<double> first = {1, 2, 6};
  const std::vector<double> second = {20, 40, 30};
  for (const ScalerKind kind : {ScalerKind::kStandard, ScalerKind::kRobust, ScalerKind::kMinMax}) {
    CAPTURE(static_cast<int>(kind));
    for (const std::size_t chunk : {1U, 4U}) {
      const Scaler scaler = fitted(TableView(holes.data(), 4, 2), chunk, kind, true);
      const Scaler a = fitted(TableView(first.data(), 3, 1), 3, kind);
      const Scaler b = fitted(TableView(second.data(), 3, 1), 3, kind);
      CHECK(distance(scaler.center(), std::vector{a.center()[0], b.center()[0]}) < 1e-15);
      CHECK(distance(scaler.scale(), std::vector{a.scale()[0], b.scale()[0]}) < 1e-15);
      CHECK(std::isnan(scaler.scaled(0, kNaN)));
      std::vector<float> out(8);
      scaler.transform(TableView(holes.data(), 4, 2), out);
      CHECK(std::isnan(out[1]));
      CHECK(std::isnan(out[4]));
    }
  }
}

TEST_CASE("rows and columns without any cell, and infinite cells, are named") {
  std::vector<double> table = {1, 2, kNaN, kNaN, 3, 4};
  Scaler scaler(ScalerKind::kStandard, 2, true);
  auto error = error_of([&] { scaler.observe(TableView(table.data(), 3, 2)); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::kNonFinite);
  CHECK(error->row() == 1);
  CHECK(error->reason() == Reason::kRowMissing);
  CHECK(!error->column());
  table = {1, kNaN, 2, kNaN, 3, kNaN};
  scaler.observe(TableView(table.data(), 3, 2));
  error = error_of([&] { scaler.finish(); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::kNonFinite);
  CHECK(error->column() == 1);
  CHECK(error->reason() == Reason::kColumnMissing);
  CHECK(!error->row());
  table = {1, 2, kInfinity, 1};
  error = error_of([&] { Scaler(ScalerKind::kStandard, 2, true).observe(TableView(table.data(), 2, 2)); });
  REQUIRE(error);
  CHECK(error->row() == 1);
  CHECK(error->column() == 0);
}

TEST_SUITE_END();

}  // namespace anomalens::testing
