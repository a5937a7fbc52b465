// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "network/corruption.hpp"

#include <numeric>
#include <set>

#include "network_support.hpp"

namespace anomalens::testing {

namespace {

using Kind = Corruption::Kind;

constexpr std::size_t kColumns = 3;
constexpr std::size_t kRows = 202;  // a last block of two rows

/// Three columns on one line, apart from each other: x, x + 100, x + 200.
struct Table {
  std::vector<float> cells;
  SelectedRows learning;

  Table() {
    const std::vector<float> x = normal_table(kRows, 6);
    for (const float value : x) cells.insert(cells.end(), {value, value + 100, value + 200});
    learning.table = cells.data();
    learning.columns = kColumns;
    learning.rows.resize(kRows);
    std::iota(learning.rows.begin(), learning.rows.end(), 0U);
  }
};

struct Changed {
  std::vector<double> before;
  std::vector<double> after;  ///< row-major, several rounds after one another
};

Changed corrupted(const Table& table, const std::vector<Corruption>& kinds, int rounds = 40) {
  const Corruptor corruptor(kinds, table.learning);
  CHECK(corruptor.active() == !kinds.empty());
  Mt19937 random(9);
  Changed changed;
  for (int round = 0; round < rounds; round++) {
    Blocks x({51, kColumns, 4}, 0.F);
    kernels::Active::gather(table.cells.data(), nullptr, kRows, kColumns, x.data());
    corruptor.apply(x, kRows, {table.cells.data(), kColumns, table.learning.rows}, random);
    for (std::size_t row = 0; row < kRows; row++) {
      for (std::size_t j = 0; j < kColumns; j++) {
        changed.before.push_back(static_cast<double>(table.cells[row * kColumns + j]));
        changed.after.push_back(cell_of(x, row, j));
      }
    }
    for (std::size_t j = 0; j < kColumns; j++) {
      CHECK(cell_of(x, 202, j) == 0);
      CHECK(cell_of(x, 203, j) == 0);
    }
  }
  return changed;
}

struct Moments {
  double mean = 0;
  double deviation = 0;
  double kurtosis = 0;
};

Moments moments_of(const std::vector<double>& x) {
  Moments m;
  const auto n = static_cast<double>(x.size());
  for (const double v : x) m.mean += v / n;
  for (const double v : x) m.deviation += (v - m.mean) * (v - m.mean) / n;
  for (const double v : x) m.kurtosis += std::pow(v - m.mean, 4) / n / (m.deviation * m.deviation);
  m.deviation = std::sqrt(m.deviation);
  return m;
}

double share_changed(const Changed& c) {
  double count = 0;
  for (std::size_t i = 0; i < c.after.size(); i++) count += c.after[i] != c.before[i] ? 1 : 0;
  return count / static_cast<double>(c.after.size());
}

}  // namespace

TEST_SUITE_BEGIN("corruption");

TEST_CASE("gaussian corruption adds normal noise of the given deviation") {
  const Table table;
  for (const double sigma : {0.1, 2.0}) {
    const Changed c = corrupted(table, {{Kind::kGaussian, sigma}});
    std::vector<double> noise;
    for (std::size_t i = 0; i < c.after.size(); i++) noise.push_back(c.after[i] - c.before[i]);
    const Moments m = moments_of(noise);
    CHECK(std::fabs(m.mean) < 0.03 * sigma);
    CHECK(m.deviation == doctest::Approx(sigma).epsilon(0.02));
    CHECK(m.kurtosis == doctest::Approx(3).epsilon(0.06));
  }
}

TEST_CASE("scale corruption multiplies by a normal factor around 1") {
  const Table table;
  const Changed c = corrupted(table, {{Kind::kScale, 0.25}});
  std::vector<double> factors;
  for (std::size_t i = 0; i < c.after.size(); i++) factors.push_back(c.after[i] / c.before[i]);
  const Moments m = moments_of(factors);
  CHECK(m.mean == doctest::Approx(1).epsilon(0.01));
  CHECK(m.deviation == doctest::Approx(0.25).epsilon(0.02));
  CHECK(m.kurtosis == doctest::Approx(3).epsilon(0.06));
}

TEST_CASE("mask corruption puts its share of the cells to the column's centre") {
  const Table table;
  double mean[kColumns] = {};
  for (std::size_t i = 0; i < table.cells.size(); i++)
    mean[i % kColumns] += static_cast<double>(table.cells[i]) / kRows;
  for (const double rate : {0.1, 0.7, 1.0}) {
    const Changed c = corrupted(table, {{Kind::kMask, rate}});
    CHECK(share_changed(c) == doctest::Approx(rate).epsilon(0.05));
    int strange = 0;
    for (std::size_t i = 0; i < c.after.size(); i++) {
      strange += c.after[i] != c.before[i] && std::fabs(c.after[i] - mean[i % kColumns]) > 1e-4 ? 1 : 0;
    }
    CHECK(strange == 0);
  }
}

TEST_CASE("salt and pepper are the column's least and largest value, about equally often") {
  const Table table;
  double least[kColumns] = {kInfinity, kInfinity, kInfinity};
  double most[kColumns] = {-kInfinity, -kInfinity, -kInfinity};
  for (std::size_t i = 0; i < table.cells.size(); i++) {
    least[i % kColumns] = std::min(least[i % kColumns], static_cast<double>(table.cells[i]));
    most[i % kColumns] = std::max(most[i % kColumns], static_cast<double>(table.cells[i]));
  }
  const Changed c = corrupted(table, {{Kind::kSaltPepper, 0.3}});
  CHECK(share_changed(c) == doctest::Approx(0.3).epsilon(0.05));
  int low = 0;
  int high = 0;
  int strange = 0;
  for (std::size_t i = 0; i < c.after.size(); i++) {
    if (c.after[i] == c.before[i]) continue;
    low += c.after[i] == least[i % kColumns] ? 1 : 0;
    high += c.after[i] == most[i % kColumns] ? 1 : 0;
    strange += c.after[i] != least[i % kColumns] && c.after[i] != most[i % kColumns] ? 1 : 0;
  }
  CHECK(strange == 0);
  CHECK(static_cast<double>(low) / (low + high) == doctest::Approx(0.5).epsilon(0.08));
}

TEST_CASE("swap keeps every column's set of values and breaks the relation between columns") {
  const Table table;
  std::set<double> values[kColumns];
  for (std::size_t i = 0; i < table.cells.size(); i++) values[i % kColumns].insert(static_cast<double>(table.cells[i]));
  const Changed c = corrupted(table, {{Kind::kSwap, 0.5}});
  CHECK(share_changed(c) == doctest::Approx(0.5).epsilon(0.05));
  int strange = 0;
  int kept = 0;
  for (std::size_t i = 0; i < c.after.size(); i++) strange += values[i % kColumns].count(c.after[i]) == 0 ? 1 : 0;
  for (std::size_t i = 0; i < c.after.size(); i += kColumns) {
    kept += std::fabs(c.after[i] + 100 - c.after[i + 1]) < 1e-3 ? 1 : 0;
  }
  CHECK(strange == 0);
  // A row keeps its relation where neither cell was swapped.
  CHECK(kept / (static_cast<double>(c.after.size()) / kColumns) == doctest::Approx(0.25).epsilon(0.1));
  std::vector<double> whole;
  for (std::size_t i = 0; i < c.after.size(); i += kColumns) whole.push_back(c.after[i]);
  const Moments m = moments_of(whole);
  std::vector<double> own;
  for (std::size_t i = 0; i < table.cells.size(); i += kColumns) own.push_back(static_cast<double>(table.cells[i]));
  CHECK(std::fabs(m.mean - moments_of(own).mean) < 0.06);
  CHECK(m.deviation == doctest::Approx(moments_of(own).deviation).epsilon(0.05));
}

TEST_CASE("swap takes cells of the learning rows only") {
  Table table;
  table.learning.rows = {3, 5, 8};
  const Changed c = corrupted(table, {{Kind::kSwap, 1.0}}, 3);
  std::set<double> seen;
  for (std::size_t i = 0; i < c.after.size(); i += kColumns) seen.insert(c.after[i]);
  CHECK(seen == std::set<double>{static_cast<double>(table.cells[9]), static_cast<double>(table.cells[15]),
                                 static_cast<double>(table.cells[24])});
}

TEST_CASE("an amount of 0 changes nothing, and no kind at all is not active") {
  const Table table;
  for (const Kind kind : {Kind::kGaussian, Kind::kMask, Kind::kSaltPepper, Kind::kSwap, Kind::kScale}) {
    CHECK(share_changed(corrupted(table, {{kind, 0}}, 1)) == 0);
  }
  CHECK(share_changed(corrupted(table, {}, 1)) == 0);
}

TEST_CASE("several kinds are applied one after another") {
  const Table table;
  const auto distinct = [&](std::vector<Corruption> kinds) {
    const Changed c = corrupted(table, kinds, 1);
    std::set<double> first;
    for (std::size_t i = 0; i < c.after.size(); i += kColumns) first.insert(c.after[i]);
    return first.size();
  };
  CHECK(distinct({{Kind::kGaussian, 1}, {Kind::kMask, 1}}) == 1);
  CHECK(distinct({{Kind::kMask, 1}, {Kind::kGaussian, 1}}) == kRows);
  CHECK(distinct({{Kind::kScale, 1}, {Kind::kSaltPepper, 1}}) == 2);
  const Changed all = corrupted(
      table,
      {{Kind::kSwap, 0.2}, {Kind::kMask, 0.1}, {Kind::kSaltPepper, 0.1}, {Kind::kScale, 0.01}, {Kind::kGaussian, 0.1}},
      4);
  CHECK(share_changed(all) > 0.99);
}

TEST_CASE("missing cells count neither as centre nor as extreme, and a swapped-in one is the centre") {
  Table table;
  for (std::size_t row = 0; row < kRows; row += 2) table.cells[row * kColumns] = kFloatNaN;
  table.learning.masked = true;
  const Corruptor corruptor({{Kind::kSaltPepper, 0.5}, {Kind::kMask, 0.5}, {Kind::kSwap, 0.5}}, table.learning);
  Blocks x({51, kColumns, 4}, 0.F);
  Mt19937 random(1);
  corruptor.apply(x, kRows, {table.cells.data(), kColumns, table.learning.rows}, random);
  CHECK(std::all_of(x.begin(), x.end(), [](float cell) { return std::isfinite(cell); }));
}

TEST_SUITE_END();

}  // namespace anomalens::testing
