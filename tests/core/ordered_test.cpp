// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "math/ordered.hpp"

#include <numeric>

#include "math/functions.hpp"
#include "network_support.hpp"

/// The same constants in every build: with and without XTENSOR_USE_XSIMD, native and WebAssembly.
namespace anomalens::testing {

namespace {

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

/// 1003 numbers of very different sizes: another order of summation is another sum.
std::vector<float> uneven() {
  std::vector<float> numbers = normal_table(1003, 17);
  for (std::size_t i = 0; i < numbers.size(); i += 3) numbers[i] *= 1000;
  return numbers;
}

}  // namespace

TEST_SUITE_BEGIN("ordered");

TEST_CASE("sums go from the first element to the last one, in double precision, in every build") {
  const std::vector<float> numbers = uneven();
  const auto x = tensor(numbers) / 3.0;
  const auto add = [](double total, float number) { return total + static_cast<double>(number) / 3.0; };
  CHECK(bits(ordered::sum(x)) == bits(std::accumulate(numbers.begin(), numbers.end(), 0.0, add)));
  CHECK(bits(ordered::sum(x)) != bits(std::accumulate(numbers.rbegin(), numbers.rend(), 0.0, add)));
  CHECK(bits(ordered::sum(x)) == 0x40a716a7d2dea6cdULL);
  CHECK(bits(ordered::sum(xt::square(x))) == 0x418063020a7df663ULL);
  CHECK(ordered::count(x > 0.0) ==
        static_cast<std::size_t>(std::ranges::count_if(numbers, [](float number) { return number > 0; })));
}

TEST_CASE("xtensor's own reducers keep one order in every build, over all elements and over an axis") {
  const std::vector<float> numbers = uneven();
  const std::array<std::size_t, 2> shape{59, 17};
  const xt::xtensor<double, 2> x = xt::adapt(numbers, shape) / 3.0;
  const std::array<std::size_t, 1> length{numbers.size()};
  const auto list = xt::adapt(numbers, length);
  CHECK(bits(xt::sum(list)()) == 0x40c150fcc0000000ULL);  // in the type of the elements
  CHECK(bits(xt::sum(list / 3.0)()) == bits(ordered::sum(tensor(numbers) / 3.0)));
  const xt::xtensor<double, 1> rows = xt::mean(xt::sqrt(xt::abs(x) / 7.0), {1});
  const xt::xtensor<double, 1> columns = xt::sum(x, {0}, xt::evaluation_strategy::immediate);
  CHECK(bits(ordered::sum(rows)) == 0x405c30d08ca03f15ULL);
  CHECK(bits(ordered::sum(columns)) == 0x40a716a7d2dea6d8ULL);
}

TEST_CASE("what is assigned is what one element after another gives, in the type of the operands") {
  const std::vector<float> numbers = uneven();
  const double third = 1.0 / 3;
  std::vector<float> got(numbers.size());
  std::vector<float> wanted;
  for (const float number : numbers) wanted.push_back(static_cast<float>(third / static_cast<double>(number)));
  ordered::assign(got, third / tensor(numbers));
  CHECK(same_bits(got, wanted));
}

TEST_CASE("functions of expressions have the bits of the engine's own") {
  const std::vector<float> numbers = uneven();
  std::vector<double> got(numbers.size());
  const auto size = xt::abs(tensor(numbers));
  ordered::assign(got, elementary::log(size));
  for (std::size_t i = 0; i < got.size(); i++) {
    CHECK(bits(got[i]) == bits(elementary::log(static_cast<double>(std::fabs(numbers[i])))));
  }
  ordered::assign(got, elementary::exp(-size / 100.F));
  for (std::size_t i = 0; i < got.size(); i++) {
    CHECK(bits(got[i]) == bits(elementary::exp(static_cast<double>(-std::fabs(numbers[i]) / 100.F))));
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
