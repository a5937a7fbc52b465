// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "kernels/kernels.hpp"
#include "random/mt19937.hpp"
#include "support.hpp"

namespace anomalens::testing {

using kernels::Kernels;
using kernels::Scalar4;
using kernels::Simd4;

TEST_SUITE_BEGIN("quick kernels");

TEST_CASE("the quick tanh is within four ten-millionths, odd, and never beyond 1") {
  std::vector<float> x;
  for (int i = 0; i <= 400'000; i++) x.push_back(static_cast<float>(i - 200'000) * 1e-4F);
  x.resize(x.size() / 4 * 4);
  x[0] = -std::numeric_limits<float>::infinity();
  x[1] = std::numeric_limits<float>::infinity();
  std::vector<float> simd(x.size());
  std::vector<float> scalar(x.size());
  Kernels<Simd4>::quick_tanh(x.data(), simd.data(), x.size());
  Kernels<Scalar4>::quick_tanh(x.data(), scalar.data(), x.size());
  CHECK(same_bits(simd, scalar));
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); i++) {
    const double exact = std::tanh(static_cast<double>(x[i]));
    worst = std::max(worst, std::fabs(static_cast<double>(simd[i]) - exact) / std::max(std::fabs(exact), 1e-9));
    CHECK_UNARY(std::fabs(simd[i]) <= 1.F);
  }
  CHECK(worst < 4e-7);
}

TEST_CASE("the largest feature of each row of a block is found, of equal ones the first") {
  Mt19937 random(3);
  for (const int features : {1, 2, 5, 512}) {
    std::vector<float> block(static_cast<std::size_t>(features) * 4);
    for (float& cell : block) cell = static_cast<float>(random.below(20)) - 30;  // with ties, all negative
    std::uint32_t simd[4];
    std::uint32_t scalar[4];
    Kernels<Simd4>::largest(block.data(), features, simd);
    Kernels<Scalar4>::largest(block.data(), features, scalar);
    for (std::size_t lane = 0; lane < 4; lane++) {
      std::size_t best = 0;
      for (std::size_t f = 0; f < static_cast<std::size_t>(features); f++) {
        if (block[f * 4 + lane] > block[best * 4 + lane]) best = f;
      }
      CHECK(simd[lane] == best);
      CHECK(scalar[lane] == best);
    }
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
