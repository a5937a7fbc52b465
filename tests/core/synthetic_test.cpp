// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/synthetic.hpp"

#include <string>

#include "support.hpp"

namespace anomalens::testing {

namespace {

using synthetic::ArticleData;
using synthetic::ArticleOptions;

constexpr std::size_t kMany = 100000;
constexpr std::size_t kColumns = ArticleData::kColumns;

struct Moments {
  double mean[kColumns] = {};
  double covariance[kColumns][kColumns] = {};
};

Moments moments(std::span<const float> table) {
  const auto n = static_cast<double>(table.size() / kColumns);
  Moments m;
  for (std::size_t i = 0; i < table.size(); i++) m.mean[i % kColumns] += static_cast<double>(table[i]) / n;
  for (std::size_t row = 0; row < table.size(); row += kColumns) {
    for (std::size_t a = 0; a < kColumns; a++) {
      for (std::size_t b = 0; b < kColumns; b++) {
        m.covariance[a][b] +=
            (static_cast<double>(table[row + a]) - m.mean[a]) * (static_cast<double>(table[row + b]) - m.mean[b]) / n;
      }
    }
  }
  return m;
}

ArticleOptions anomalies_only(unsigned kinds, double strength = 1) {
  ArticleOptions options;
  options.rows = 2;
  options.normals = 0;
  options.anomalies = kMany;
  options.kinds = kinds;
  options.strength = strength;
  return options;
}

}  // namespace

TEST_SUITE_BEGIN("synthetic");

TEST_CASE("ordinary rows have the moments of two linked pairs") {
  ArticleOptions options;
  options.rows = kMany;
  const Moments m = moments(synthetic::article(options).train);
  const double wanted[4][4] = {{1, 0.7, 0, 0}, {0.7, 0.65, 0, 0}, {0, 0, 1, 0.5}, {0, 0, 0.5, 0.5}};
  for (std::size_t a = 0; a < kColumns; a++) {
    CHECK(std::fabs(m.mean[a]) < 4 * std::sqrt(wanted[a][a] / kMany));
    for (std::size_t b = 0; b < kColumns; b++) {
      CAPTURE(a);
      CAPTURE(b);
      const double spread = std::sqrt((wanted[a][a] * wanted[b][b] + wanted[a][b] * wanted[a][b]) / kMany);
      CHECK(std::fabs(m.covariance[a][b] - wanted[a][b]) < 4 * spread);
    }
  }
}

TEST_CASE("each kind of anomaly does what its name says, as strongly as asked") {
  for (const double strength : {0.5, 1.0, 2.0}) {
    CAPTURE(strength);
    const Moments shift = moments(synthetic::article(anomalies_only(synthetic::kShift, strength)).test);
    CHECK(shift.mean[0] == doctest::Approx(5 * strength).epsilon(0.01));
    CHECK(std::fabs(shift.mean[1]) < 0.02);
    const Moments scale = moments(synthetic::article(anomalies_only(synthetic::kScale, strength)).test);
    CHECK(std::sqrt(scale.covariance[2][2]) == doctest::Approx(1 + 3 * strength).epsilon(0.02));
    CHECK(scale.covariance[3][3] == doctest::Approx(0.5).epsilon(0.05));
    const Moments extreme = moments(synthetic::article(anomalies_only(synthetic::kExtreme, strength)).test);
    CHECK(extreme.mean[1] == doctest::Approx(8 * strength).epsilon(0.01));
    CHECK(std::fabs(extreme.mean[0]) < 0.02);
  }
}

TEST_CASE("kinds take turns") {
  const std::vector<float> rows = synthetic::article(anomalies_only(synthetic::kShift | synthetic::kExtreme, 10)).test;
  for (std::size_t i = 0; i < 1000; i++) {
    CHECK((rows[i * kColumns] > 25) == (i % 2 == 0));
    CHECK((rows[i * kColumns + 1] > 40) == (i % 2 == 1));
  }
}

TEST_CASE("the classic mixture shifts and scales every anomaly and makes the first quarter extreme") {
  ArticleOptions options;
  options.anomalies = 20;
  options.strength = 10;
  const ArticleData data = synthetic::article(options);
  for (std::size_t i = 0; i < 20; i++) {
    const float* row = data.test.data() + (60 + i) * kColumns;
    CHECK(row[0] > 40);
    CHECK((row[1] > 60) == (i < 5));
  }
  const Moments m = moments(synthetic::article(anomalies_only(0)).test);
  CHECK(m.mean[0] == doctest::Approx(5).epsilon(0.01));
  CHECK(m.mean[1] == doctest::Approx(2).epsilon(0.02));
  CHECK(std::sqrt(m.covariance[2][2]) == doctest::Approx(4).epsilon(0.02));
}

TEST_CASE("at strength 0 anomalies are ordinary rows") {
  for (const unsigned kinds : {0U, 7U}) {
    const Moments m = moments(synthetic::article(anomalies_only(kinds, 0)).test);
    CAPTURE(kinds);
    CHECK(std::fabs(m.mean[0]) < 0.02);
    CHECK(std::fabs(m.mean[1]) < 0.02);
    CHECK(m.covariance[0][1] == doctest::Approx(0.7).epsilon(0.03));
    CHECK(m.covariance[2][3] == doctest::Approx(0.5).epsilon(0.03));
  }
}

TEST_CASE("test rows are normals first, then anomalies, and the labels say so") {
  ArticleOptions options;
  options.rows = 5;
  options.normals = 3;
  options.anomalies = 2;
  const ArticleData data = synthetic::article(options);
  CHECK(data.train.size() == 20);
  CHECK(data.test.size() == 20);
  CHECK(data.labels == std::vector<std::uint8_t>{0, 0, 0, 1, 1});
}

TEST_CASE("the same seed gives the same bits on every engine") {
  const ArticleData data = synthetic::article();
  CHECK(fnv1a(data.train) == 0xf770cd03035a7a7cULL);
  CHECK(fnv1a(data.test) == 0x50234d1e32b05a24ULL);
  ArticleOptions other;
  other.seed = 43;
  CHECK(fnv1a(synthetic::article(other).train) != fnv1a(data.train));
}

TEST_CASE("anomalies do not change the rows before them") {
  ArticleOptions options;
  const ArticleData classic = synthetic::article(options);
  options.kinds = synthetic::kScale;
  options.strength = 3;
  options.anomalies = 7;
  const ArticleData other = synthetic::article(options);
  CHECK(classic.train == other.train);
  CHECK(std::equal(classic.test.begin(), classic.test.begin() + 60 * kColumns, other.test.begin()));
}

TEST_CASE("options out of range are refused by name") {
  const auto check = [](auto change, const std::string& name) {
    ArticleOptions options;
    change(options);
    const auto error = error_of([&] { synthetic::article(options); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::kBadOption);
    CHECK(error->option() == name);
  };
  check([](ArticleOptions& o) { o.rows = 1; }, "rows");
  check([](ArticleOptions& o) { o.rows = 1000001; }, "rows");
  check([](ArticleOptions& o) { o.normals = 1000001; }, "normals");
  check([](ArticleOptions& o) { o.anomalies = 1000001; }, "anomalies");
  check([](ArticleOptions& o) { o.kinds = 8; }, "kinds");
  check([](ArticleOptions& o) { o.strength = -0.1; }, "strength");
  check([](ArticleOptions& o) { o.strength = 10.5; }, "strength");
  check([](ArticleOptions& o) { o.strength = std::numeric_limits<double>::quiet_NaN(); }, "strength");
}

TEST_SUITE_END();

}  // namespace anomalens::testing
