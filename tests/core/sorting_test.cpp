// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "math/sorting.hpp"

#include <numeric>

#include "random/mt19937.hpp"
#include "support.hpp"

namespace anomalens::testing {

namespace {

/// Numbers of all sizes and both signs, some of them twice, zeros of both signs and infinities among them.
template <class Number>
std::vector<Number> numbers(std::size_t count, std::uint32_t seed) {
  Mt19937 random(seed);
  std::vector<Number> list(count);
  for (Number& number : list) {
    const double size = std::ldexp(random.normal(), static_cast<int>(random.below(60)) - 30);
    number = static_cast<Number>(random.below(3) == 0 ? std::nearbyint(size) : size);
    if (random.below(50) == 0) number = std::numeric_limits<Number>::infinity() * (size < 0 ? -1 : 1);
  }
  return list;
}

}  // namespace

TEST_SUITE_BEGIN("sorting");

TEST_CASE_TEMPLATE("numbers ascend as the standard library orders them", Number, float, double) {
  for (const std::size_t count : {0U, 1U, 2U, 3U, 17U, 256U, 1000U, 70000U}) {
    std::vector<Number> got = numbers<Number>(count, static_cast<std::uint32_t>(count));
    std::vector<Number> wanted = got;
    std::sort(wanted.begin(), wanted.end());
    sort_ascending(got);
    CAPTURE(count);
    CHECK(got == wanted);
  }
}

TEST_CASE("a descending order is stable and takes both zeros for one") {
  std::vector<float> list = numbers<float>(5000, 3);
  list.insert(list.end(), {0.F, -0.F, 0.F, -0.F});
  std::vector<std::uint32_t> wanted(list.size());
  std::iota(wanted.begin(), wanted.end(), 0U);
  std::stable_sort(wanted.begin(), wanted.end(), [&](auto a, auto b) { return list[a] > list[b]; });
  CHECK(descending_order(list) == wanted);
}

TEST_CASE("the n-th smallest number is the one that sorting puts there") {
  for (const std::size_t count : {1U, 2U, 5U, 64U, 333U}) {
    const std::vector<float> list = numbers<float>(count, 9 + static_cast<std::uint32_t>(count));
    std::vector<float> sorted = list;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t n = 0; n < count; n++) CHECK(nth_smallest(list, n) == sorted[n]);
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
