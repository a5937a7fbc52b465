// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/synthetic.hpp"

#include <array>

#include "anomalens/error.hpp"
#include "random/mt19937.hpp"
#include "range.hpp"

namespace anomalens::synthetic {

namespace {

using Row = std::array<double, ArticleData::kColumns>;

Row ordinary(Mt19937& random) {
  Row row{};
  row[0] = random.normal();
  row[1] = 0.7 * row[0] + 0.4 * random.normal();
  row[2] = random.normal();
  row[3] = 0.5 * row[2] + 0.5 * random.normal();
  return row;
}

/// The classic mixture draws four independent columns first: its anomalies keep neither link.
Row unlinked(Mt19937& random) {
  Row row{};
  for (double& cell : row) cell = random.normal();
  return row;
}

void distort(Row& row, unsigned kinds, double strength) {
  if ((kinds & kShift) != 0) row[0] += 5 * strength;
  if ((kinds & kScale) != 0) row[2] *= 1 + 3 * strength;
  if ((kinds & kExtreme) != 0) row[1] += 8 * strength;
}

/// The kind of anomaly number `i` when single kinds take turns.
unsigned kind_in_turn(unsigned kinds, std::size_t i) {
  std::vector<unsigned> present;
  for (const unsigned kind : {kShift, kScale, kExtreme}) {
    if ((kinds & kind) != 0) present.push_back(kind);
  }
  return present[i % present.size()];
}

void append(std::vector<float>& table, const Row& row) {
  for (const double cell : row) table.push_back(static_cast<float>(cell));
}

}  // namespace

void ArticleOptions::validate() const {
  constexpr double kMost = 1e6;
  check_range("rows", static_cast<double>(rows), 2, kMost);
  check_range("normals", static_cast<double>(normals), 0, kMost);
  check_range("anomalies", static_cast<double>(anomalies), 0, kMost);
  check_range("kinds", kinds, 0, kShift | kScale | kExtreme);
  check_range("strength", strength, 0, 10);
}

ArticleData article(const ArticleOptions& options) {
  options.validate();
  Mt19937 random(options.seed);
  ArticleData data;
  for (std::size_t i = 0; i < options.rows; i++) append(data.train, ordinary(random));
  for (std::size_t i = 0; i < options.normals; i++) append(data.test, ordinary(random));
  for (std::size_t i = 0; i < options.anomalies; i++) {
    const bool classic = options.kinds == 0;
    Row row = classic && options.strength > 0 ? unlinked(random) : ordinary(random);
    const unsigned mixture = kShift | kScale | (4 * i < options.anomalies ? kExtreme : 0U);
    distort(row, classic ? mixture : kind_in_turn(options.kinds, i), options.strength);
    append(data.test, row);
  }
  data.labels.assign(options.normals, 0);
  data.labels.resize(options.normals + options.anomalies, 1);
  return data;
}

}  // namespace anomalens::synthetic
