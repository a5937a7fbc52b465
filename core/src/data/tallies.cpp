// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <cmath>
#include <optional>

#include "anomalens/comparison.hpp"
#include "data/encoding_fit.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

void add(Tallies& tallies, std::size_t column, std::span<const double> counts, double last) {
  tallies.column.push_back(static_cast<double>(column));
  tallies.width.push_back(static_cast<double>(counts.size() + 1));
  tallies.counts.insert(tallies.counts.end(), counts.begin(), counts.end());
  tallies.counts.push_back(last);
}

/// The place of a cell in the list of its feature; none where it is not counted.
std::optional<std::size_t> place_of(const Encoding& encoding, const Feature& feature, double cell) {
  const bool gap = std::isnan(cell);
  if (gap && encoding.missing == Missing::kMask) return std::nullopt;
  switch (feature.kind) {
    case FeatureKind::kNumber: {
      const NumberFeature& number = encoding.numbers[feature.index];
      return number.place_of(number.encode(cell));
    }
    case FeatureKind::kCycle:
      return gap ? std::nullopt : std::optional(encoding.cycles[feature.index].bin_of(cell));
    case FeatureKind::kCategory:
    case FeatureKind::kMissing: {
      const CategoryFeature& category = encoding.category(feature);
      const int value = category.find(feature.kind == FeatureKind::kMissing ? (gap ? 1 : 0) : cell);
      return value < 0 ? category.values.size() : static_cast<std::size_t>(value);
    }
  }
  return std::nullopt;
}

}  // namespace

Tallies tallies_of(const Encoding& encoding) {
  Tallies tallies;
  for (const Feature& feature : encoding.features) {
    if (encoding.categorical(feature)) {
      add(tallies, feature.column, encoding.category(feature).counts, 0);
    } else if (feature.kind == FeatureKind::kCycle) {
      add(tallies, feature.column, encoding.cycles[feature.index].counts, 0);
    } else {
      const NumberFeature& number = encoding.numbers[feature.index];
      double beyond = number.rows;
      for (const double count : number.counts) beyond -= count;
      add(tallies, feature.column, number.counts, beyond);
    }
  }
  const std::vector<double> all = {static_cast<double>(encoding.rows)};
  for (const ConstantColumn& constant : encoding.constants) add(tallies, constant.column, all, 0);
  for (const std::size_t column : encoding.gapless) add(tallies, column, all, 0);
  return tallies;
}

void tally(const Encoding& encoding, TableView rows, std::span<double> counts) {
  if (rows.columns() != encoding.columns.size()) {
    refuse(ErrorCode::kShape, Reason::kColumns, {encoding.columns.size(), rows.columns()});
  }
  check_cells(rows, encoding.missing, 0);
  const Tallies known = tallies_of(encoding);
  if (counts.size() != known.counts.size()) {
    refuse(ErrorCode::kShape, Reason::kRoom, {known.counts.size(), counts.size()});
  }
  std::size_t list = 0;
  double* to = counts.data();
  const auto next = [&] { to += static_cast<std::size_t>(known.width[list++]); };
  for (const Feature& feature : encoding.features) {
    for (std::size_t row = 0; row < rows.rows(); row++) {
      if (const auto place = place_of(encoding, feature, rows(row, feature.column))) to[*place]++;
    }
    next();
  }
  for (const ConstantColumn& constant : encoding.constants) {
    for (std::size_t row = 0; row < rows.rows(); row++) {
      const double cell = rows(row, constant.column);
      if (std::isnan(cell) && encoding.missing == Missing::kMask) continue;
      to[cell == constant.value || (std::isnan(cell) && std::isnan(constant.value)) ? 0 : 1]++;
    }
    next();
  }
  for (const std::size_t column : encoding.gapless) {
    for (std::size_t row = 0; row < rows.rows(); row++) to[std::isnan(rows(row, column)) ? 1 : 0]++;
    next();
  }
}

}  // namespace anomalens
