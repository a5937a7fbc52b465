// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/synthetic.hpp"

#include <string>

#include "support.hpp"

namespace anomalens::testing {

namespace {

using synthetic::ArticleOptions;
using synthetic::Data;

constexpr std::size_t kMany = 100000;
constexpr std::size_t kColumns = 4;

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
  const Data data = synthetic::article(options);
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
  const Data data = synthetic::article(options);
  CHECK(data.train.size() == 20);
  CHECK(data.test.size() == 20);
  CHECK(data.labels == std::vector<std::uint8_t>{0, 0, 0, 1, 1});
}

TEST_CASE("the same seed gives the same bits on every engine") {
  const Data data = synthetic::article();
  CHECK(fnv1a(data.train) == 0xf770cd03035a7a7cULL);
  CHECK(fnv1a(data.test) == 0x50234d1e32b05a24ULL);
  ArticleOptions other;
  other.seed = 43;
  CHECK(fnv1a(synthetic::article(other).train) != fnv1a(data.train));
}

TEST_CASE("anomalies do not change the rows before them") {
  ArticleOptions options;
  const Data classic = synthetic::article(options);
  options.kinds = synthetic::kScale;
  options.strength = 3;
  options.anomalies = 7;
  const Data other = synthetic::article(options);
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

TEST_CASE("a broken relation keeps every column's range and turns one link round") {
  synthetic::BrokenRelationOptions options;
  options.rows = kMany;
  options.normals = 50;
  options.anomalies = kMany;
  const Data data = synthetic::broken_relation(options);
  CHECK(data.columns == 4);
  CHECK(data.test.size() == (50 + kMany) * 4);
  CHECK(std::count(data.labels.begin(), data.labels.end(), 1) == static_cast<std::ptrdiff_t>(kMany));
  CHECK(data.labels[49] == 0);
  CHECK(data.labels[50] == 1);
  const Moments normal = moments(data.train);
  CHECK(normal.covariance[0][1] == doctest::Approx(0.7).epsilon(0.02));
  const std::span<const float> strange = std::span(data.test).subspan(50 * 4);
  const Moments broken = moments(strange);
  // E f1^2 given |f1| > 0.8: 1 + 0.8 phi(0.8) / (1 - Phi(0.8)).
  const double squares = 1 + 0.8 * 0.28969155 / 0.21185540;
  CHECK(broken.covariance[0][0] == doctest::Approx(squares).epsilon(0.02));
  CHECK(broken.covariance[0][1] == doctest::Approx(-0.7 * squares).epsilon(0.02));
  CHECK(broken.covariance[2][3] == doctest::Approx(0.5).epsilon(0.03));
  int inside = 0;
  for (std::size_t i = 0; i < strange.size(); i += 4) inside += std::fabs(strange[i]) <= 0.8F ? 1 : 0;
  CHECK(inside == 0);
}

TEST_CASE("the wave is a sine with noise; its anomalies keep their distance and stay in the box") {
  synthetic::WaveOptions options;
  options.rows = kMany;
  options.normals = 10;
  options.anomalies = 20000;
  const Data data = synthetic::wave(options);
  CHECK(data.columns == 2);
  double mean = 0;
  double squares = 0;
  double across = 0;
  for (std::size_t i = 0; i < data.train.size(); i += 2) {
    const auto x = static_cast<double>(data.train[i]);
    const double off = static_cast<double>(data.train[i + 1]) - std::sin(1.5 * x);
    CHECK_FALSE(std::fabs(x) > 3);
    mean += off / kMany;
    squares += off * off / kMany;
    across += x * x / kMany;
  }
  CHECK(std::fabs(mean) < 0.002);
  CHECK(std::sqrt(squares) == doctest::Approx(0.08).epsilon(0.02));
  CHECK(across == doctest::Approx(3).epsilon(0.02));
  int wrong = 0;
  for (std::size_t i = 20; i < data.test.size(); i += 2) {
    const auto x = static_cast<double>(data.test[i]);
    const auto y = static_cast<double>(data.test[i + 1]);
    wrong += std::fabs(x) > 3 || std::fabs(y) > 1.5 || std::fabs(y - std::sin(1.5 * x)) < 0.35 - 1e-6 ? 1 : 0;
  }
  CHECK(wrong == 0);
  options.noise = 0;
  const Data smooth = synthetic::wave(options);
  double worst = 0;
  for (std::size_t i = 0; i < 2000; i += 2) {
    const double wanted = std::sin(1.5 * static_cast<double>(smooth.train[i]));
    worst = std::max(worst, std::fabs(static_cast<double>(smooth.train[i + 1]) - wanted));
  }
  CHECK(worst < 1e-6);
}

TEST_CASE("rows of the patterns lie near one or two of six patterns; anomalies do not") {
  synthetic::PatternsOptions options;
  options.rows = 3000;
  options.normals = 200;
  options.anomalies = 3000;
  options.noise = 0;
  for (const auto kind : {synthetic::PatternKind::kWiring, synthetic::PatternKind::kEverything}) {
    CAPTURE(static_cast<int>(kind));
    options.kind = kind;
    const synthetic::PatternsData data = synthetic::patterns(options);
    REQUIRE(data.columns == 16);
    REQUIRE(data.patterns.size() == 96);
    for (std::size_t p = 0; p < 6; p++) {
      double length = 0;
      for (std::size_t j = 0; j < 16; j++) length += std::pow(static_cast<double>(data.patterns[p * 16 + j]), 2);
      CHECK(length == doctest::Approx(1).epsilon(1e-6));
    }
    // The least squares distance of a row to the best pair of patterns.
    const auto off = [&](const float* row) {
      double best = kInfinity;
      for (std::size_t a = 0; a < 6; a++) {
        for (std::size_t b = a + 1; b < 6; b++) {
          double ab = 0;
          double ar = 0;
          double br = 0;
          double rr = 0;
          for (std::size_t j = 0; j < 16; j++) {
            const auto x = static_cast<double>(data.patterns[a * 16 + j]);
            const auto y = static_cast<double>(data.patterns[b * 16 + j]);
            const auto r = static_cast<double>(row[j]);
            ab += x * y, ar += x * r, br += y * r, rr += r * r;
          }
          best = std::min(best, rr - (ar * ar - 2 * ab * ar * br + br * br) / (1 - ab * ab));
        }
      }
      return best;
    };
    double worst = 0;
    double normal_length = 0;
    double strange_length = 0;
    int far = 0;
    for (std::size_t i = 0; i < 3000; i++) {
      const float* row = data.train.data() + i * 16;
      const float* strange = data.test.data() + (200 + i) * 16;
      worst = std::max(worst, off(row));
      far += off(strange) > 0.02 ? 1 : 0;
      for (std::size_t j = 0; j < 16; j++) {
        normal_length += static_cast<double>(row[j]) * static_cast<double>(row[j]) / 3000;
        strange_length += static_cast<double>(strange[j]) * static_cast<double>(strange[j]) / 3000;
      }
    }
    CHECK(worst < 1e-6);
    CHECK(far > 2400);
    CHECK(strange_length == doctest::Approx(normal_length).epsilon(0.1));
  }
}

TEST_CASE("noise of the patterns has the deviation asked for") {
  synthetic::PatternsOptions options;
  const synthetic::PatternsData noisy = synthetic::patterns(options);
  options.noise = 1;
  const synthetic::PatternsData louder = synthetic::patterns(options);
  CHECK(noisy.patterns == louder.patterns);
  CHECK(noisy.labels.size() == 400);
  double squares = 0;
  for (std::size_t i = 0; i < 16; i++) squares += std::pow(static_cast<double>(louder.train[i] - noisy.train[i]), 2);
  CHECK(squares > 16 * 0.2);  // the same draws, larger
}

TEST_CASE("the other data sets: the same seed gives the same bits on every engine") {
  CHECK(fnv1a(synthetic::broken_relation().train) == 0xf770cd03035a7a7cULL);
  CHECK(fnv1a(synthetic::broken_relation().test) == 0x4fc7562117b24664ULL);
  CHECK(fnv1a(synthetic::wave().train) == 0x96683d4775cf2c81ULL);
  CHECK(fnv1a(synthetic::wave().test) == 0xce59818c2b459b44ULL);
  synthetic::PatternsOptions options;
  CHECK(fnv1a(synthetic::patterns(options).train) == 0xbfbba1766859563dULL);
  CHECK(fnv1a(synthetic::patterns(options).test) == 0x4fe59a3d2f132c77ULL);
  options.kind = synthetic::PatternKind::kEverything;
  CHECK(fnv1a(synthetic::patterns(options).test) == 0x61d47f02522078a8ULL);
  options.seed = 43;
  CHECK(fnv1a(synthetic::patterns(options).train) != fnv1a(synthetic::patterns().train));
}

TEST_CASE("options of the other data sets out of range are refused by name") {
  const auto broken = [](auto change) {
    synthetic::BrokenRelationOptions o;
    change(o);
    synthetic::broken_relation(o);
  };
  const auto wave = [](auto change) {
    synthetic::WaveOptions o;
    change(o);
    synthetic::wave(o);
  };
  const auto patterns = [](auto change) {
    synthetic::PatternsOptions o;
    change(o);
    synthetic::patterns(o);
  };
  const auto sizes = [](auto make) {
    check_option([&] { make([](auto& o) { o.rows = 1; }); }, "rows");
    check_option([&] { make([](auto& o) { o.rows = 1000001; }); }, "rows");
    check_option([&] { make([](auto& o) { o.normals = 1000001; }); }, "normals");
    check_option([&] { make([](auto& o) { o.anomalies = 1000001; }); }, "anomalies");
  };
  sizes(broken);
  sizes(wave);
  sizes(patterns);
  for (const double noise : {-0.1, 1.1, kNaN}) {
    check_option([&] { wave([&](auto& o) { o.noise = noise; }); }, "noise");
    check_option([&] { wave([&](auto& o) { o.distance = noise; }); }, "distance");
    check_option([&] { patterns([&](auto& o) { o.noise = noise; }); }, "noise");
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
