// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "kernels_support.hpp"

namespace anomalens::testing {

TEST_SUITE_BEGIN("row kernels");

TEST_CASE("a row alone goes through a layer with the bits it has in a block") {
  Mt19937 random(6);
  for (const int inputs : kWidths) {
    for (const int outputs : kWidths) {
      const auto padded = static_cast<std::size_t>(blocks_for(static_cast<std::size_t>(outputs))) * kLanes;
      const Floats w = noise(static_cast<std::size_t>(inputs) * static_cast<std::size_t>(outputs), random);
      Floats b = noise(static_cast<std::size_t>(outputs), random);
      const Floats row = noise(static_cast<std::size_t>(inputs), random);
      Floats x(cells(1, inputs));
      Simd::gather(row.data(), nullptr, 1, inputs, x.data());
      Floats y(cells(1, outputs));
      Simd::forward({1, inputs, outputs}, arranged(inputs, outputs, w).data(), b.data(), x.data(), y.data(), false);
      Floats wanted(static_cast<std::size_t>(outputs));
      Simd::scatter(y.data(), 1, outputs, wanted.data());
      Floats turned;
      for (int first = 0; first < static_cast<int>(padded);) {
        const int tile = kernels::row_tile(static_cast<int>(padded) - first);
        for (int i = 0; i < inputs; i++) {
          for (int o = first; o < first + tile; o++) {
            turned.push_back(o < outputs ? w[static_cast<std::size_t>(o * inputs + i)] : 0.F);
          }
        }
        first += tile;
      }
      b.resize(padded, 0.F);
      Floats got(padded);
      Simd::forward_row(inputs, static_cast<int>(padded), turned.data(), b.data(), row.data(), got.data());
      CAPTURE(inputs);
      CAPTURE(outputs);
      REQUIRE(twins_agree(padded, [&](auto k, float* out) {
        k.forward_row(inputs, static_cast<int>(padded), turned.data(), b.data(), row.data(), out);
      }));
      got.resize(wanted.size());
      REQUIRE(same_bits(got, wanted));
    }
  }
}

TEST_CASE("standardising rounds once and tells of what is too large or not finite") {
  Mt19937 random(7);
  const float infinity = std::numeric_limits<float>::infinity();
  constexpr std::size_t kRows = 131;  // more than are worked on together, twice
  for (std::size_t columns = 1; columns <= 21; columns++) {
    const std::size_t count = kRows * columns;
    std::vector<double> cells(count);
    std::vector<double> center(columns);
    std::vector<double> rate(columns);
    for (std::size_t j = 0; j < columns; j++) {
      center[j] = 1.6e9 + random.normal();
      rate[j] = 1 / (0.1 + random.uniform());
    }
    Floats wanted(count);
    for (std::size_t i = 0; i < count; i++) {
      cells[i] = 1.6e9 + random.normal();
      wanted[i] = static_cast<float>((cells[i] - center[i % columns]) * rate[i % columns]);
    }
    const auto fine = [&](auto k, const auto& from, float* out) {
      return k.standardise(from.data(), center.data(), rate.data(), kRows, columns, 1e12F, out);
    };
    Floats got(count);
    CHECK(fine(Simd{}, cells, got.data()));
    CHECK(same_bits(got, wanted));
    const Floats narrow(cells.begin(), cells.end());
    REQUIRE(twins_agree(count, [&](auto k, float* out) { fine(k, narrow, out); }));
    const auto with = [&](std::size_t at, double cell) {
      std::vector<double> changed = cells;
      changed[at] = cell;
      return fine(Simd{}, changed, got.data());
    };
    for (std::size_t i = columns - 1; i < count; i += 17) {
      const std::size_t j = i % columns;
      for (const double flaw : {kNaN, kInfinity, -kInfinity, 1e300}) CHECK_FALSE(with(i, flaw));
      CHECK_FALSE(with(i, center[j] + 1.2e12 / rate[j]));
      CHECK(with(i, center[j] - 1e9 / rate[j]));  // far out, but nothing that has to be looked at cell by cell
    }
    Floats wide(count, infinity);
    CHECK_FALSE(fine(Scalar{}, wide, got.data()));
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
