// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <numeric>
#include <random>

#include "data/torch_draws.hpp"
#include "math/elementary.hpp"
#include "random/mt19937.hpp"
#include "support.hpp"

namespace anomalens::testing {

TEST_SUITE_BEGIN("random");

TEST_CASE("the generator is the Mersenne Twister of the standard library") {
  for (const std::uint32_t seed : {0U, 1U, 42U, 5489U, 4294967295U}) {
    CAPTURE(seed);
    Mt19937 ours(seed);
    std::mt19937 theirs(seed);
    int different = 0;
    for (int i = 0; i < 3000; i++) different += ours.next() != theirs() ? 1 : 0;
    CHECK(different == 0);
  }
  Mt19937 known(5489);
  std::uint32_t last = 0;
  for (int i = 0; i < 10000; i++) last = known.next();
  CHECK(last == 4123659995U);  // the value that the C++ standard names
}

TEST_CASE("uniform floats and 64-bit draws are those of torch.manual_seed") {
  for (const fixtures::Draws& draws : fixtures::kDraws) {
    CAPTURE(draws.seed);
    Mt19937 floats(draws.seed);
    std::vector<float> drawn;
    for (std::size_t i = 0; i < draws.uniform.size(); i++) drawn.push_back(floats.uniform(-0.5F, 0.25F));
    CHECK(same_bits(drawn, draws.uniform));
    Mt19937 words(draws.seed);
    for (const std::uint64_t wanted : draws.random) CHECK((words.next64() & 0x7FFFFFFFFFFFFFFFULL) == wanted);
  }
}

TEST_CASE("row orders are those of a shuffling DataLoader, epoch after epoch") {
  for (const fixtures::RowOrders& known : fixtures::kRowOrders) {
    CAPTURE(known.rows);
    Mt19937 random(known.seed);
    std::vector<std::uint32_t> order(known.rows);
    for (std::size_t epoch = 0; epoch < known.epochs; epoch++) {
      CAPTURE(epoch);
      pytorch_epoch_order(order, random);
      const auto wanted = known.orders.subspan(epoch * known.rows, known.rows);
      CHECK(std::equal(order.begin(), order.end(), wanted.begin()));
    }
  }
}

TEST_CASE("shuffling loses no row and repeats none") {
  for (const std::size_t n : {0U, 1U, 2U, 3U, 64U, 1001U}) {
    CAPTURE(n);
    Mt19937 random(8);
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0U);
    shuffle(order, random);
    std::sort(order.begin(), order.end());
    for (std::uint32_t i = 0; i < n; i++) REQUIRE(order[i] == i);
  }
}

TEST_CASE("shuffling puts every row in every place about equally often") {
  Mt19937 random(17);
  constexpr int kRounds = 12000;
  std::array<std::array<int, 6>, 6> seen{};
  std::array<std::uint32_t, 6> order{};
  for (int round = 0; round < kRounds; round++) {
    std::iota(order.begin(), order.end(), 0U);
    shuffle(order, random);
    for (std::size_t place = 0; place < order.size(); place++) seen[place][order[place]]++;
  }
  double chi_squared = 0;
  for (const auto& place : seen) {
    for (const int count : place) chi_squared += (count - kRounds / 6.0) * (count - kRounds / 6.0) / (kRounds / 6.0);
  }
  CHECK(chi_squared < 52.6);  // 99.9 % point for (6-1)^2 = 25 degrees of freedom
}

TEST_CASE("normal draws have the moments of the normal distribution") {
  Mt19937 random(3);
  constexpr int kDraws = 200000;
  std::array<double, 4> power{};
  int beyond_two = 0;
  for (int i = 0; i < kDraws; i++) {
    const double x = random.normal();
    double p = 1;
    for (double& sum : power) sum += p *= x;
    beyond_two += std::fabs(x) > 2 ? 1 : 0;
  }
  const double root = std::sqrt(static_cast<double>(kDraws));
  CHECK(std::fabs(power[0] / kDraws) < 4 / root);
  CHECK(std::fabs(power[1] / kDraws - 1) < 4 * std::sqrt(2.0) / root);
  CHECK(std::fabs(power[2] / kDraws) < 4 * std::sqrt(15.0) / root);
  CHECK(std::fabs(power[3] / kDraws - 3) < 4 * std::sqrt(96.0) / root);
  CHECK(std::fabs(static_cast<double>(beyond_two) / kDraws - 0.0455003) < 4 * std::sqrt(0.0455 * 0.9545) / root);
}

TEST_CASE("bounded draws stay below their bound and reach every value") {
  Mt19937 random(4);
  std::array<int, 7> seen{};
  for (int i = 0; i < 7000; i++) {
    const std::uint32_t x = random.below(7);
    REQUIRE(x < 7);
    seen[x]++;
  }
  for (const int count : seen) CHECK(std::abs(count - 1000) < 120);
  CHECK(random.below(1) == 0);
}

TEST_CASE("derived seeds differ from one another and are always the same") {
  std::vector<std::uint32_t> seeds;
  for (std::uint32_t seed = 0; seed < 20; seed++) {
    for (std::uint32_t stream = 0; stream < 20; stream++) seeds.push_back(derived_seed(seed, stream));
  }
  CHECK(derived_seed(3, 4) == derived_seed(3, 4));
  std::sort(seeds.begin(), seeds.end());
  CHECK(std::adjacent_find(seeds.begin(), seeds.end()) == seeds.end());
}

TEST_CASE("the elementary functions agree with the mathematical library to 1e-15") {
  Mt19937 random(6);
  double log_error = 0;
  double exp_error = 0;
  double cosine_error = 0;
  for (int i = 0; i < 20000; i++) {
    const double x = std::exp(60 * random.uniform() - 30);
    log_error =
        std::max(log_error, std::fabs(elementary::log(x) - std::log(x)) / std::max(1e-300, std::fabs(std::log(x))));
    const double y = 1400 * random.uniform() - 700;
    exp_error = std::max(exp_error, std::fabs(elementary::exp(y) / std::exp(y) - 1));
    const double z = random.uniform();
    cosine_error = std::max(cosine_error, std::fabs(elementary::cos_pi(z) - std::cos(3.14159265358979323846 * z)));
  }
  CHECK(log_error < 1e-15);
  CHECK(exp_error < 1e-15);
  CHECK(cosine_error < 1e-15);
  CHECK(elementary::log(1.0) == 0);
  CHECK(elementary::exp(0.0) == 1);
  CHECK(elementary::cos_pi(0.5) == doctest::Approx(0).epsilon(1e-16));
  CHECK(elementary::exp(-1000) == 0);
}

TEST_SUITE_END();

}  // namespace anomalens::testing
