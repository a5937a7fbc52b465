// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/encoding.hpp"

#include <algorithm>
#include <cmath>

#include "data/encoding_fit.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

/// Where one feature of one row goes.
struct Target {
  float* cells;
  std::int32_t* code;
  double* rarity;
};

void leave_out(const Feature& feature, Target to) {
  std::fill_n(to.cells, feature.width, 0.F);
  *to.code = EncodedRows::kLeftOut;
  *to.rarity = 0;
}

void encode_category(const CategoryFeature& feature, double cell, double own, Target to) {
  const int value = feature.find(cell);
  const int level = value < 0 ? CategoryFeature::kUnseen : feature.level_of[static_cast<std::size_t>(value)];
  for (std::size_t k = 0; k < feature.width(); k++) {
    to.cells[k] = static_cast<float>((static_cast<int>(k) == level ? 1 : 0) - feature.shares[k]);
  }
  *to.code = level;
  *to.rarity = feature.rarity(value, own);
}

void encode_number(const NumberFeature& feature, double cell, double own, Target to) {
  const double a = feature.encode(cell);
  *to.cells = static_cast<float>(a);
  *to.code = std::isnan(cell) ? -1 : 0;
  *to.rarity = feature.rarity(a, own > 0);
}

void encode_cell(const Encoding& encoding, const Feature& feature, double cell, double own, Target to) {
  if (encoding.missing == Missing::kMask && std::isnan(cell)) return leave_out(feature, to);
  switch (feature.kind) {
    case FeatureKind::kNumber:
      return encode_number(encoding.numbers[feature.index], cell, own, to);
    case FeatureKind::kCategory:
      return encode_category(encoding.category(feature), cell, own, to);
    case FeatureKind::kMissing:
      return encode_category(encoding.category(feature), std::isnan(cell) ? 1 : 0, own, to);
    case FeatureKind::kCycle: {
      const CycleFeature& cycle = encoding.cycles[feature.index];
      const std::array<double, 2> a = cycle.encode(cell);
      std::ranges::copy(std::array{static_cast<float>(a[0]), static_cast<float>(a[1])}, to.cells);
      *to.code = std::isnan(cell) ? -1 : 0;
      *to.rarity = cycle.rarity(cell, own);
      return;
    }
  }
}

Departure departure_of(double cell, const double* constant) {
  if (constant == nullptr) return std::isnan(cell) ? Departure::kMissing : Departure::kNone;
  if (cell == *constant || (std::isnan(cell) && std::isnan(*constant))) return Departure::kNone;
  return std::isnan(cell) ? Departure::kMissing : Departure::kConstant;
}

void find_departures(const Encoding& encoding, TableView table, EncodedRows& out) {
  const std::size_t columns = encoding.columns.size();
  const auto note = [&](std::size_t row, std::size_t column, Departure departure) {
    if (departure == Departure::kNone) return;
    if (out.departures.empty()) out.departures.assign(table.rows() * columns, Departure::kNone);
    out.departures[row * columns + column] = departure;
  };
  for (std::size_t row = 0; row < table.rows(); row++) {
    for (const ConstantColumn& constant : encoding.constants) {
      const double cell = table(row, constant.column);
      if (encoding.missing == Missing::kMask && std::isnan(cell)) continue;
      note(row, constant.column, departure_of(cell, &constant.value));
    }
    for (const std::size_t column : encoding.gapless) note(row, column, departure_of(table(row, column), nullptr));
  }
}

}  // namespace

void EncodedRows::reserve(std::size_t rows_wanted, const Encoding& encoding) {
  cells.reserve(rows_wanted * encoding.width);
  codes.reserve(rows_wanted * encoding.features.size());
  rarity.reserve(rows_wanted * encoding.features.size());
}

void EncodedRows::append(const EncodedRows& more, std::size_t columns) {
  cells.insert(cells.end(), more.cells.begin(), more.cells.end());
  codes.insert(codes.end(), more.codes.begin(), more.codes.end());
  rarity.insert(rarity.end(), more.rarity.begin(), more.rarity.end());
  if (!departures.empty() || !more.departures.empty()) {
    departures.resize(rows * columns, Departure::kNone);
    departures.insert(departures.end(), more.departures.begin(), more.departures.end());
    departures.resize((rows + more.rows) * columns, Departure::kNone);
  }
  rows += more.rows;
}

std::size_t EncodedRows::counted(std::span<const std::int32_t> codes_of_row) {
  return codes_of_row.size() - static_cast<std::size_t>(std::ranges::count(codes_of_row, kLeftOut));
}

void check_cells(TableView table, Missing missing, std::size_t first_row) {
  for (std::size_t row = 0; row < table.rows(); row++) {
    bool any = missing != Missing::kMask;
    for (std::size_t j = 0; j < table.columns(); j++) {
      const double cell = table(row, j);
      const bool gap = std::isnan(cell);
      any = any || !gap;
      if (std::isinf(cell)) refuse(ErrorCode::kNonFinite, Reason::kCellInfinite, {}, {first_row + row, j});
      if (gap && missing == Missing::kError) {
        refuse(ErrorCode::kNonFinite, Reason::kCellNotANumber, {}, {first_row + row, j});
      }
    }
    if (!any) refuse(ErrorCode::kNonFinite, Reason::kRowMissing, {}, {first_row + row, std::nullopt});
  }
}

EncodedRows Encoding::encode(TableView table, bool training, std::size_t first_row,
                             std::span<const std::uint32_t> own_rows) const {
  if (table.columns() != columns.size()) {
    refuse(ErrorCode::kShape, Reason::kColumns, {columns.size(), table.columns()});
  }
  EncodedRows out;
  out.rows = table.rows();
  out.cells.resize(out.rows * width);
  out.codes.resize(out.rows * features.size());
  out.rarity.resize(out.rows * features.size());
  check_cells(table, missing, first_row);
  // Feature after feature: what one needs to know of its column stays at hand.
  for (std::size_t f = 0; f < features.size(); f++) {
    const Feature& feature = features[f];
    Target to{out.cells.data() + feature.at, out.codes.data() + f, out.rarity.data() + f};
    for (std::size_t row = 0; row < out.rows; row++) {
      encode_cell(*this, feature, table(row, feature.column), training ? 1 : 0, to);
      to = {to.cells + width, to.code + features.size(), to.rarity + features.size()};
    }
  }
  for (std::size_t row = 0; row < out.rows && missing == Missing::kMask && !features.empty(); row++) {
    if (EncodedRows::counted(std::span(out.codes).subspan(row * features.size(), features.size())) > 0) continue;
    refuse(ErrorCode::kNonFinite, Reason::kRowMissing, {},
           {own_rows.empty() ? first_row + row : own_rows[row], std::nullopt});
  }
  find_departures(*this, table, out);
  return out;
}

}  // namespace anomalens
