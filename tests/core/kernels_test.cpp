// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "kernels/elementary.hpp"
#include "kernels_support.hpp"

namespace anomalens::testing {

namespace {

/// Distance in units of the last place of the exact result.
double ulps(float got, double exact) {
  const double magnitude = std::max(std::fabs(exact), static_cast<double>(std::numeric_limits<float>::min()));
  return std::fabs(static_cast<double>(got) - exact) / std::ldexp(1.0, std::ilogb(magnitude) - 23);
}

template <class F>
Floats simd_map(const Floats& x, F f) {
  Floats y(x.size());
  for (std::size_t i = 0; i < x.size(); i += kLanes) f(kernels::Simd4::load(x.data() + i)).store(y.data() + i);
  return y;
}

Floats grid(double low, double high, std::size_t count) {
  Floats x(count);
  for (std::size_t i = 0; i < count; i++) {
    x[i] = static_cast<float>(low + (high - low) * static_cast<double>(i) / static_cast<double>(count - 1));
  }
  return x;
}

}  // namespace

TEST_SUITE_BEGIN("kernels");

TEST_CASE("forward, input gradient and weight gradient have the same bits in SIMD and scalar, for every odd shape") {
  Mt19937 random(1);
  for (int blocks = 1; blocks <= 5; blocks++) {
    for (const int inputs : kWidths) {
      for (const int outputs : kWidths) {
        const Dense size{blocks, inputs, outputs};
        const auto count = static_cast<std::size_t>(inputs) * static_cast<std::size_t>(outputs);
        const Floats w = noise(count, random);
        const Floats b = noise(static_cast<std::size_t>(outputs), random);
        const Floats x = noise(cells(blocks, inputs), random);
        const Floats dy = noise(cells(blocks, outputs), random);
        CAPTURE(blocks);
        CAPTURE(inputs);
        CAPTURE(outputs);
        REQUIRE(twins_agree(count, [&](auto k, float* out) { k.arrange(inputs, outputs, w.data(), out); }));
        const Floats v = arranged(inputs, outputs, w);
        for (const bool relu : {false, true}) {
          REQUIRE(twins_agree(dy.size(),
                              [&](auto k, float* y) { k.forward(size, v.data(), b.data(), x.data(), y, relu); }));
        }
        for (const float* gate : {static_cast<const float*>(nullptr), x.data()}) {
          REQUIRE(
              twins_agree(x.size(), [&](auto k, float* dx) { k.input_gradient(size, w.data(), dy.data(), gate, dx); }));
        }
        Floats scratch(kernels::packed_floats(size) + 1, 12345.F);
        REQUIRE(twins_agree(count + b.size(), [&](auto k, float* d) {
          k.weight_gradient(size, dy.data(), x.data(), d, d + count, scratch.data());
        }));
        REQUIRE(scratch.back() == 12345.F);
      }
    }
  }
}

TEST_CASE("activations and their slopes have the same bits in SIMD and scalar, special values included") {
  Mt19937 random(2);
  Floats x = noise(4000, random);
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float special :
       {0.F, -0.F, infinity, -infinity, 1e-40F, -1e-40F, 3e38F, -3e38F, 88.F, -87.F, 0.55F, -0.55F}) {
    x.push_back(special);
  }
  for (const Activation activation : kActivations) {
    CAPTURE(static_cast<int>(activation));
    CHECK(twins_agree(x.size(), [&](auto k, float* y) { k.activate(activation, x.data(), y, x.size()); }));
    Floats y(x.size());
    Simd::activate(activation, x.data(), y.data(), x.size());
    CHECK(twins_agree(x.size(), [&](auto k, float* dy) {
      std::copy(x.rbegin(), x.rend(), dy);
      k.activation_gradient(activation, x.data(), y.data(), dy, x.size());
    }));
    CHECK(twins_agree(x.size(), [&](auto k, float* inside) {
      std::copy(x.begin(), x.end(), inside);
      k.activate(activation, inside, inside, x.size());
    }));
  }
}

TEST_CASE("residuals, sums, gathering and scattering have the same bits in SIMD and scalar, for every number of rows") {
  Mt19937 random(3);
  const Floats table = noise(40 * 50, random);
  for (int rows = 1; rows <= 21; rows++) {
    for (const int features : kWidths) {
      CAPTURE(rows);
      CAPTURE(features);
      const std::size_t count = cells(blocks_for(static_cast<std::size_t>(rows)), features);
      const auto plain = static_cast<std::size_t>(rows) * static_cast<std::size_t>(features);
      const Floats x = noise(count, random);
      const Floats y = noise(count, random);
      std::vector<std::uint32_t> order(static_cast<std::size_t>(rows));
      for (std::uint32_t& row : order) row = random.below(40);
      double sums[2] = {};
      double* sum = sums;
      REQUIRE(twins_agree(
          count, [&](auto k, float* d) { *sum++ = k.residual(y.data(), x.data(), d, rows, features, 0.37F); }));
      REQUIRE(sums[0] == sums[1]);
      REQUIRE(twins_agree(static_cast<std::size_t>(rows),
                          [&](auto k, float* out) { k.row_errors(x.data(), y.data(), rows, features, out); }));
      REQUIRE(
          twins_agree(count, [&](auto k, float* out) { k.gather(table.data(), order.data(), rows, features, out); }));
      REQUIRE(twins_agree(count, [&](auto k, float* out) { k.gather(table.data(), nullptr, rows, features, out); }));
      REQUIRE(twins_agree(plain, [&](auto k, float* out) { k.scatter(x.data(), rows, features, out); }));
      REQUIRE(Simd::sum_of_squares(x.data(), count) == Scalar::sum_of_squares(x.data(), count));
    }
  }
}

TEST_CASE("a step of Adam has the same bits in SIMD and scalar") {
  Mt19937 random(4);
  for (const std::size_t count : {4U, 8U, 12U, 16U, 20U, 400U}) {
    const Floats g = noise(count, random);
    CHECK(twins_agree(3 * count, [&](auto k, float* all) {
      std::fill(all, all + 3 * count, 0.125F);
      for (int t = 1; t <= 5; t++) {
        k.adam(all, g.data(), all + count, all + 2 * count, count,
               {1e-3F / static_cast<float>(t), 1.5F, 1e-4F, 0.999F});
      }
    }));
  }
}

TEST_CASE("losses have the same bits in SIMD and scalar, with and without a mask") {
  Mt19937 random(14);
  for (int rows = 1; rows <= 9; rows++) {
    for (const int features : {1, 3, 4, 7}) {
      const int blocks = blocks_for(static_cast<std::size_t>(rows));
      const std::size_t count = cells(blocks, features);
      const Floats x = noise(count, random);
      const Floats y = noise(count, random);
      const Floats factors = noise(static_cast<std::size_t>(blocks) * kLanes, random);
      Floats mask(count);
      for (float& cell : mask) cell = random.below(3) == 0 ? 0.F : 1.F;
      CAPTURE(rows);
      for (const auto kind : {kernels::Residual::kSquare, kernels::Residual::kAbsolute, kernels::Residual::kHuber}) {
        for (const float* m : {static_cast<const float*>(nullptr), static_cast<const float*>(mask.data())}) {
          REQUIRE(twins_agree(count + factors.size(), [&](auto k, float* out) {
            k.loss(kind, y.data(), x.data(), m, out, rows, features, out + count);
          }));
        }
      }
      REQUIRE(twins_agree(count, [&](auto k, float* out) {
        std::copy(x.begin(), x.end(), out);
        k.scale_rows(out, factors.data(), blocks, features);
      }));
      REQUIRE(twins_agree(factors.size(), [&](auto k, float* out) { k.row_sums(x.data(), blocks, features, out); }));
      REQUIRE(twins_agree(factors.size(),
                          [&](auto k, float* out) { k.squared_distances(x.data(), y.data(), blocks, features, out); }));
    }
  }
}

TEST_CASE("steps of descent, signs, products and missing cells have the same bits in SIMD and scalar") {
  Mt19937 random(15);
  for (const std::size_t count : {4U, 8U, 20U, 400U}) {
    const Floats g = noise(count, random);
    const Floats h = noise(count, random);
    const kernels::DescentFactors factors{1e-2F, 1e-3F, 0.9F, 0.99F, 0.01F};
    CHECK(twins_agree(3 * count, [&](auto k, float* all) {
      std::fill(all, all + 3 * count, 0.125F);
      for (int t = 0; t < 4; t++) k.sgd(all, g.data(), all + count, count, factors);
      for (int t = 0; t < 4; t++) k.rmsprop(all, g.data(), all + count, all + 2 * count, count, factors);
    }));
    CHECK(twins_agree(3 * count, [&](auto k, float* all) {
      for (std::size_t part = 0; part < 3; part++) std::copy(g.begin(), g.end(), all + part * count);
      k.add_sign(all, h.data(), 0.3F, count);
      k.multiply(all + count, h.data(), count);
      k.multiply(all + count, 0.7F, count);
      const int features = static_cast<int>(count) / kLanes;
      k.add_squares(h.data(), g.data(), nullptr, all + 2 * count, 1, features);
      k.add_squares(g.data(), h.data(), h.data(), all + 2 * count, 1, features);
    }));
    Floats holes = g;
    for (std::size_t i = 0; i < count; i += 3) holes[i] = kFloatNaN;
    CHECK(twins_agree(2 * count, [&](auto k, float* all) {
      std::copy(holes.begin(), holes.end(), all);
      k.split_missing(all, all + count, count);
      for (std::size_t i = 0; i < count; i++) CHECK(all[i] == (i % 3 == 0 ? 0.F : g[i]));
      for (std::size_t i = 0; i < count; i++) CHECK(all[count + i] == (i % 3 == 0 ? 0.F : 1.F));
    }));
  }
}

TEST_CASE("losses and their derivatives are what their definitions say") {
  const Floats y = {0.5F, -0.5F, 3, -3};
  const Floats target(4, 0.F);
  Floats delta(4);
  Floats sums(4);
  Simd::loss(kernels::Residual::kSquare, y.data(), target.data(), nullptr, delta.data(), 4, 1, sums.data());
  CHECK(delta == Floats{1, -1, 6, -6});
  CHECK(sums == Floats{0.25F, 0.25F, 9, 9});
  Simd::loss(kernels::Residual::kAbsolute, y.data(), target.data(), nullptr, delta.data(), 4, 1, sums.data());
  CHECK(delta == Floats{1, -1, 1, -1});
  CHECK(sums == Floats{0.5F, 0.5F, 3, 3});
  Simd::loss(kernels::Residual::kHuber, y.data(), target.data(), nullptr, delta.data(), 4, 1, sums.data());
  CHECK(delta == Floats{0.5F, -0.5F, 1, -1});
  CHECK(sums == Floats{0.125F, 0.125F, 2.5F, 2.5F});
}

TEST_CASE("the products are what their definitions say") {
  Mt19937 random(5);
  const Dense size{3, 7, 5};
  const Floats w = noise(35, random);
  const Floats b = noise(5, random);
  const Floats x = noise(cells(3, 7), random);
  const Floats dy = noise(cells(3, 5), random);
  Floats y(cells(3, 5));
  Floats dx(cells(3, 7));
  Floats dw(35);
  Floats db(5);
  Floats scratch(kernels::packed_floats(size));
  Simd::forward(size, arranged(7, 5, w).data(), b.data(), x.data(), y.data(), false);
  Simd::input_gradient(size, w.data(), dy.data(), nullptr, dx.data());
  Simd::weight_gradient(size, dy.data(), x.data(), dw.data(), db.data(), scratch.data());
  const auto at = [](const Floats& block, std::size_t features, std::size_t row, std::size_t f) {
    return static_cast<double>(block[(row / 4 * features + f) * 4 + row % 4]);
  };
  for (std::size_t o = 0; o < 5; o++) {
    double bias = 0;
    for (std::size_t row = 0; row < 12; row++) {
      bias += at(dy, 5, row, o);
      double sum = b[o];
      for (std::size_t i = 0; i < 7; i++) sum += static_cast<double>(w[o * 7 + i]) * at(x, 7, row, i);
      CHECK(std::fabs(at(y, 5, row, o) - sum) < 1e-4);
    }
    CHECK(std::fabs(db[o] - bias) < 1e-4);
    for (std::size_t i = 0; i < 7; i++) {
      double sum = 0;
      for (std::size_t row = 0; row < 12; row++) sum += at(dy, 5, row, o) * at(x, 7, row, i);
      CHECK(std::fabs(dw[o * 7 + i] - sum) < 5e-4);
    }
  }
  for (std::size_t row = 0; row < 12; row++) {
    for (std::size_t i = 0; i < 7; i++) {
      double sum = 0;
      for (std::size_t o = 0; o < 5; o++) sum += static_cast<double>(w[o * 7 + i]) * at(dy, 5, row, o);
      CHECK(std::fabs(at(dx, 7, row, i) - sum) < 1e-4);
    }
  }
}

TEST_CASE("missing rows of the last block are zero lanes after gathering and in the residual") {
  const Floats table = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};  // two rows of five
  Floats x(cells(1, 5), 9.F);
  Simd::gather(table.data(), nullptr, 2, 5, x.data());
  Floats delta(x.size(), 9.F);
  const double squares = Simd::residual(x.data(), Floats(x.size(), 1.F).data(), delta.data(), 2, 5, 1);
  CHECK(squares == 285);  // 0 to 9
  for (std::size_t f = 0; f < 5; f++) {
    CHECK(x[f * 4] == static_cast<float>(f + 1));
    CHECK(x[f * 4 + 1] == static_cast<float>(f + 6));
    CHECK(delta[f * 4] == static_cast<float>(f));
    for (const std::size_t lane : {2U, 3U}) {
      CHECK(x[f * 4 + lane] == 0);
      CHECK(delta[f * 4 + lane] == 0);
    }
  }
}

TEST_CASE("exp, tanh and sigmoid are within a few units of the last place") {
  const auto worst = [](const Floats& x, const Floats& y, auto exact) {
    double most = 0;
    for (std::size_t i = 0; i < x.size(); i++) most = std::max(most, ulps(y[i], exact(static_cast<double>(x[i]))));
    return most;
  };
  const auto exp4 = [](kernels::Simd4 v) { return kernels::exp(v); };
  const auto tanh4 = [](kernels::Simd4 v) { return kernels::tanh(v); };
  const auto sigmoid4 = [](kernels::Simd4 v) { return kernels::sigmoid(v); };
  const auto tanh = [](double x) { return std::tanh(x); };
  const Floats wide = grid(-87, 88, 400000);
  const Floats middle = grid(-10, 10, 400000);
  const Floats close = grid(-0.6, 0.6, 400000);
  CHECK(worst(wide, simd_map(wide, exp4), [](double x) { return std::exp(x); }) < 2);
  CHECK(worst(middle, simd_map(middle, tanh4), tanh) < 3);
  CHECK(worst(close, simd_map(close, tanh4), tanh) < 3);
  CHECK(worst(middle, simd_map(middle, sigmoid4), [](double x) { return 1 / (1 + std::exp(-x)); }) < 3);
}

TEST_CASE("elu, gelu and softplus are their definitions to a few units of the last place") {
  const Floats x = grid(-12, 12, 200000);
  Floats y(x.size());
  const auto check = [&](Activation activation, auto exact, double tolerance, double floor = 1e-3) {
    Simd::activate(activation, x.data(), y.data(), x.size());
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); i++) {
      const double wanted = exact(static_cast<double>(x[i]));
      worst = std::max(worst, std::fabs(static_cast<double>(y[i]) - wanted) / std::max(std::fabs(wanted), floor));
    }
    CAPTURE(static_cast<int>(activation));
    CHECK(worst < tolerance);
  };
  check(Activation::kElu, [](double v) { return v > 0 ? v : std::expm1(v); }, 6e-7);
  check(Activation::kLeakyRelu, [](double v) { return v > 0 ? v : 0.01 * v; }, 2e-7);
  check(Activation::kGelu, [](double v) { return v * std::erfc(-v / std::sqrt(2.0)) / 2; }, 4e-7, 1);
  check(
      Activation::kSoftplus, [](double v) { return v > 0 ? v + std::log1p(std::exp(-v)) : std::log1p(std::exp(v)); },
      4e-7);
}

TEST_CASE("activations saturate cleanly and let nothing pass for a number that is none") {
  const float infinity = std::numeric_limits<float>::infinity();
  const Floats x = {100, -100, infinity, -infinity};
  Floats y(4);
  Simd::activate(Activation::kTanh, x.data(), y.data(), 4);
  CHECK(y == Floats{1, -1, 1, -1});
  Simd::activate(Activation::kSigmoid, x.data(), y.data(), 4);
  CHECK(y[0] == 1);
  CHECK(y[2] == 1);
  CHECK(std::fabs(y[1]) < 1e-37F);
  CHECK(std::fabs(y[3]) < 1e-37F);
  const Floats nan(4, std::numeric_limits<float>::quiet_NaN());
  for (const Activation activation : {Activation::kLinear, Activation::kTanh, Activation::kSigmoid}) {
    CAPTURE(static_cast<int>(activation));
    Simd::activate(activation, nan.data(), y.data(), 4);
    CHECK(std::isnan(y[0]));
  }
}

TEST_CASE("ranges widen to the cells of chosen rows, past the missing ones") {
  for (const std::size_t columns : {std::size_t{1}, std::size_t{4}, std::size_t{7}}) {
    CAPTURE(columns);
    Mt19937 random(5);
    Floats table = noise(30 * columns, random);
    table[3 * columns] = kFloatNaN;
    table[9 * columns] = -90;
    table[12 * columns + columns - 1] = 90;
    table[13 * columns] = 999;  // of a row that is not chosen
    const std::vector<std::uint32_t> order = {9, 3, 12, 25, 0, 7};
    Floats low(columns, 1);
    Floats high(columns, -1);
    Floats low_of_twin = low;
    Floats high_of_twin = high;
    Simd::widen(table.data(), order.data(), order.size(), columns, low.data(), high.data());
    Scalar::widen(table.data(), order.data(), order.size(), columns, low_of_twin.data(), high_of_twin.data());
    CHECK(same_bits(low, low_of_twin));
    CHECK(same_bits(high, high_of_twin));
    CHECK(low[0] == -90);
    CHECK(high[columns - 1] == 90);
    for (std::size_t j = 0; j < columns; j++) {
      for (const std::uint32_t row : order) {
        CHECK_FALSE(table[row * columns + j] < low[j]);
        CHECK_FALSE(table[row * columns + j] > high[j]);
      }
    }
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
