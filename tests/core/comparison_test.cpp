// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/comparison.hpp"

#include <array>

#include "data/encoding_fit.hpp"
#include "support.hpp"

namespace anomalens::testing {

TEST_SUITE_BEGIN("comparison");

TEST_CASE("the p-value of two lists of counts is that of Pearson's test: exp(-8/3), and erfc(sqrt(100/11))") {
  const std::array one = {10.0, 20.0, 30.0};
  const std::array other = {20.0, 20.0, 20.0};
  CHECK(homogeneity(one, other) == doctest::Approx(0.06948345122280154).epsilon(1e-12));
  const std::array few = {30.0, 70.0};
  const std::array many = {60.0, 40.0};
  CHECK(homogeneity(few, many) == doctest::Approx(2.007865612426481e-05).epsilon(1e-10));
  CHECK(homogeneity(one, one) == 1);
}

TEST_CASE("kinds that are too rare to tell are taken together, and nothing is left to compare in the end") {
  const std::array one = {500.0, 1.0, 1.0, 0.0};
  const std::array other = {400.0, 0.0, 0.0, 2.0};
  CHECK(homogeneity(one, other) == 1);
  const std::array others = {400.0, 5.0, 5.0, 5.0};
  CHECK(homogeneity(one, others) < 0.01);
  const std::array none = {0.0, 0.0, 0.0, 0.0};
  CHECK(homogeneity(one, none) == 1);
}

TEST_CASE("the training rows, tallied as others are, have the tallies that the encoding knows") {
  std::vector<double> cells;
  for (int i = 0; i < 200; i++) {
    cells.insert(cells.end(), {i * 0.1, i % 7 == 0 ? kNaN : i * i * 1.0, i % 3 * 1.0, i % 24 + 0.5, 4.0});
  }
  const TableView rows(cells.data(), 200, 5);
  EncodingFit fit({{}, {}, {ColumnKind::kCategory}, {ColumnKind::kCycle, 24}, {}}, 200);
  fit.observe(rows);
  const Encoding encoding = fit.finish();
  const Tallies known = tallies_of(encoding);
  CHECK(known.column == std::vector<double>{0, 1, 1, 2, 3, 4, 0, 3});
  std::vector<double> counts(known.counts.size(), 0);
  tally(encoding, rows, counts);
  CHECK(counts == known.counts);
  const std::vector<double> strange = {1e9, kNaN, 7, kNaN, 5};
  tally(encoding, {strange.data(), 1, 5}, counts);
  CHECK(std::accumulate(counts.begin(), counts.end(), 0.0) ==
        std::accumulate(known.counts.begin(), known.counts.end(), 0.0) + 7);
  CHECK(counts[9] == known.counts[9] + 1);
}

TEST_SUITE_END();

}  // namespace anomalens::testing
