// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/synthetic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "anomalens/error.hpp"
#include "math/elementary.hpp"
#include "math/ordered.hpp"
#include "math/tensor.hpp"
#include "random/mt19937.hpp"
#include "refusal.hpp"

namespace anomalens::synthetic {

namespace {

// Numbers are drawn one after another, row by row: what a row is drawn from stands in the order of the stream.

using Row = std::array<double, 4>;

template <std::size_t Columns>
std::array<double, Columns> normals(Mt19937& random) {
  std::array<double, Columns> drawn{};
  std::ranges::generate(drawn, [&] { return random.normal(); });
  return drawn;
}

Row ordinary(Mt19937& random) {
  Row row{};
  row[0] = random.normal();
  row[1] = 0.7 * row[0] + 0.4 * random.normal();
  row[2] = random.normal();
  row[3] = 0.5 * row[2] + 0.5 * random.normal();
  return row;
}

/// The classic mixture draws four independent columns first: its anomalies keep neither link.
Row unlinked(Mt19937& random) { return normals<4>(random); }

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

template <std::size_t Columns>
void append(std::vector<float>& table, const std::array<double, Columns>& row) {
  for (const double cell : row) table.push_back(static_cast<float>(cell));
}

template <class Options>
void check_sizes(const Options& options) {
  constexpr double kMost = 1e6;
  check_range("rows", static_cast<double>(options.rows), 2, kMost);
  check_range("normals", static_cast<double>(options.normals), 0, kMost);
  check_range("anomalies", static_cast<double>(options.anomalies), 0, kMost);
}

/// Fills `data` with ordinary rows from `normal()` and strange ones from `strange(number)`.
template <class Options, class Normal, class Strange>
void fill(Data& data, std::size_t columns, const Options& options, Normal normal, Strange strange) {
  data.columns = columns;
  for (std::size_t i = 0; i < options.rows; i++) append(data.train, normal());
  for (std::size_t i = 0; i < options.normals; i++) append(data.test, normal());
  for (std::size_t i = 0; i < options.anomalies; i++) append(data.test, strange(i));
  data.labels.assign(options.normals, 0);
  data.labels.resize(options.normals + options.anomalies, 1);
}

}  // namespace

void ArticleOptions::validate() const {
  check_sizes(*this);
  check_range("kinds", kinds, 0, kShift | kScale | kExtreme);
  check_range("strength", strength, 0, 10);
}

Data article(const ArticleOptions& options) {
  options.validate();
  Mt19937 random(options.seed);
  const bool classic = options.kinds == 0;
  Data data;
  fill(
      data, 4, options, [&] { return ordinary(random); },
      [&](std::size_t i) {
        Row row = classic && options.strength > 0 ? unlinked(random) : ordinary(random);
        const unsigned mixture = kShift | kScale | (4 * i < options.anomalies ? kExtreme : 0U);
        distort(row, classic ? mixture : kind_in_turn(options.kinds, i), options.strength);
        return row;
      });
  return data;
}

void BrokenRelationOptions::validate() const { check_sizes(*this); }

Data broken_relation(const BrokenRelationOptions& options) {
  options.validate();
  Mt19937 random(options.seed);
  Data data;
  fill(
      data, 4, options, [&] { return ordinary(random); },
      [&](std::size_t) {
        Row row = ordinary(random);
        while (std::fabs(row[0]) <= 0.8) row = ordinary(random);
        row[1] = -row[1];
        return row;
      });
  return data;
}

namespace {

/// sin(1.5 x) for |x| <= 3, from the cosine that the library brings along: sin(a) = cos(a - pi / 2).
double curve_at(double x) {
  constexpr double kPi = 3.141592653589793;
  double turns = std::fabs(1.5 * x / kPi - 0.5);  // |a - pi/2| / pi, below 2
  if (turns > 1) turns = 2 - turns;
  return elementary::cos_pi(turns);
}

}  // namespace

void WaveOptions::validate() const {
  check_sizes(*this);
  check_range("noise", noise, 0, 1);
  check_range("distance", distance, 0, 1);
}

Data wave(const WaveOptions& options) {
  options.validate();
  Mt19937 random(options.seed);
  Data data;
  fill(
      data, 2, options,
      [&] {
        const double x = 6 * random.uniform() - 3;
        return std::array<double, 2>{x, curve_at(x) + options.noise * random.normal()};
      },
      [&](std::size_t) {
        std::array<double, 2> row{};
        do {
          row = {6 * random.uniform() - 3, 3 * random.uniform() - 1.5};
        } while (std::fabs(row[1] - curve_at(row[0])) < options.distance);
        return row;
      });
  return data;
}

namespace {

constexpr std::size_t kWide = 16;
using WideRow = std::array<double, kWide>;

double length(const WideRow& row) { return std::sqrt(ordered::sum(xt::square(tensor(row)))); }

/// Six directions with about half of their columns at 0.
std::array<WideRow, PatternsData::kPatterns> draw_patterns(Mt19937& random) {
  std::array<WideRow, PatternsData::kPatterns> patterns{};
  for (WideRow& pattern : patterns) {
    std::ranges::generate(pattern, [&] { return random.uniform() < 0.5 ? 0 : random.normal(); });
    pattern[random.below(kWide)] += 1;  // never the zero vector
    ordered::assign(pattern, tensor(pattern) / length(pattern));
  }
  return patterns;
}

WideRow mixture(const std::array<WideRow, PatternsData::kPatterns>& patterns, std::size_t active, double noise,
                Mt19937& random) {
  std::array<std::uint32_t, PatternsData::kPatterns> order{0, 1, 2, 3, 4, 5};
  shuffle(order, random);
  WideRow row{};
  for (std::size_t i = 0; i < active; i++) {
    const double strength = 0.5 + random.uniform();
    ordered::assign(row, tensor(row) + strength * tensor(patterns[order[i]]));
  }
  const WideRow drawn = normals<kWide>(random);
  ordered::assign(row, tensor(row) + noise * tensor(drawn));
  return row;
}

}  // namespace

void PatternsOptions::validate() const {
  check_sizes(*this);
  check_range("noise", noise, 0, 1);
}

PatternsData patterns(const PatternsOptions& options) {
  options.validate();
  Mt19937 random(options.seed);
  const auto shapes = draw_patterns(random);
  PatternsData data;
  for (const WideRow& pattern : shapes) append(data.patterns, pattern);
  const auto normal = [&] { return mixture(shapes, 1 + random.below(2), options.noise, random); };
  fill(data, kWide, options, normal, [&](std::size_t) {
    WideRow row = normal();
    if (options.kind == PatternKind::kEverything) {
      const double size = length(row);
      row = mixture(shapes, 5, options.noise, random);
      ordered::assign(row, tensor(row) * (size / length(row)));
      return row;
    }
    const WideRow other = normal();
    std::array<std::uint32_t, kWide> order{};
    std::iota(order.begin(), order.end(), 0U);
    shuffle(order, random);
    for (std::size_t i = 0; i < kWide / 2; i++) row[order[i]] = other[order[i]];
    return row;
  });
  return data;
}

}  // namespace anomalens::synthetic
