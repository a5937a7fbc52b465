// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "kernels/elementary.hpp"
#include "kernels/kernels.hpp"
#include "kernels/vector.hpp"

/// Residuals, sums, and the way in and out of the blocks of four rows.
namespace anomalens::kernels {

template <class V>
ANOMALENS_INLINE V lane_mask(int rows) {
  float valid[kLanes];
  for (int lane = 0; lane < kLanes; lane++) valid[lane] = lane < rows ? 1.F : 0.F;
  return V::load(valid);
}

/// The sum of the squares of `count` floats: value(i) gives those from the i-th on, move(n) goes n on. In four chains, so that
/// the additions do not wait for one another.
template <class V, class Value, class Move>
ANOMALENS_INLINE double squares_of(std::size_t count, Value value, Move move) {
  constexpr std::size_t kChains = 4;
  V sum[kChains] = {V(0.F), V(0.F), V(0.F), V(0.F)};
  for (; count >= kChains * kLanes; count -= kChains * kLanes, move(kChains * kLanes)) {
    ANOMALENS_UNROLL for (std::size_t j = 0; j < kChains; j++) {
      const V v = value(j * kLanes);
      sum[j] = sum[j] + v * v;
    }
  }
  for (; count > 0; count -= kLanes, move(kLanes)) {
    const V v = value(0);
    sum[0] = sum[0] + v * v;
  }
  float lanes[4];
  lane_sums(sum[0], sum[1], sum[2], sum[3]).store(lanes);
  return (static_cast<double>(lanes[0]) + static_cast<double>(lanes[1])) +
         (static_cast<double>(lanes[2]) + static_cast<double>(lanes[3]));
}

template <class V>
double Kernels<V>::residual(const float* y, const float* target, float* delta, int rows, int features,
                            float scale) noexcept {
  const auto wide = static_cast<std::size_t>(features) * kLanes;
  std::size_t count = wide * static_cast<std::size_t>(rows / kLanes);
  V factor(scale);
  double sum = 0;
  // First the whole blocks, then the one in which rows are missing.
  for (int left = rows; left > 0; left = left < kLanes ? 0 : left % kLanes) {
    if (left < kLanes) {
      count = wide;
      factor = factor * lane_mask<V>(left);
    }
    sum += squares_of<V>(
        count,
        [&](std::size_t i) {
          const V v = (V::load(y + i) - V::load(target + i)) * factor;
          v.store(delta + i);
          return v;
        },
        [&](std::size_t n) {
          y += n;
          target += n;
          delta += n;
        });
  }
  return sum;
}

template <class V>
double Kernels<V>::sum_of_squares(const float* x, std::size_t count) noexcept {
  return squares_of<V>(count, [&](std::size_t i) { return V::load(x + i); }, [&](std::size_t n) { x += n; });
}

/// F gives derivative and loss of one residual.
template <class V, class F>
ANOMALENS_INLINE void loss_pass(const float* y, const float* target, const float* mask, float* delta, int rows,
                                int features, float* sums, F derivative_and_loss) {
  std::size_t at = 0;
  for (int first = 0; first < rows; first += kLanes) {
    const V valid = lane_mask<V>(rows - first);
    V sum(0.F);
    for (int f = 0; f < features; f++, at += kLanes) {
      V r = (V::load(y + at) - V::load(target + at)) * valid;
      if (mask != nullptr) r = r * V::load(mask + at);
      V derivative;
      V loss;
      derivative_and_loss(r, derivative, loss);
      derivative.store(delta + at);
      sum = sum + loss;
    }
    sum.store(sums + first);
  }
}

template <class V>
void Kernels<V>::loss(Residual kind, const float* y, const float* target, const float* mask, float* delta, int rows,
                      int features, float* sums) noexcept {
  switch (kind) {
    case Residual::kSquare:
      return loss_pass<V>(y, target, mask, delta, rows, features, sums, [](V r, V& derivative, V& loss) {
        derivative = r + r;
        loss = r * r;
      });
    case Residual::kAbsolute:
      return loss_pass<V>(y, target, mask, delta, rows, features, sums, [](V r, V& derivative, V& loss) {
        derivative = where_less(V(0.F), r, V(1.F), where_less(r, V(0.F), V(-1.F), V(0.F)));
        loss = abs(r);
      });
    case Residual::kHuber:
      return loss_pass<V>(y, target, mask, delta, rows, features, sums, [](V r, V& derivative, V& loss) {
        const V size = abs(r);
        const V side = where_less(r, V(0.F), V(-1.F), V(1.F));
        derivative = where_less(size, V(1.F), r, side);
        loss = where_less(size, V(1.F), V(0.5F) * r * r, size - V(0.5F));
      });
  }
}

template <class V>
void Kernels<V>::scale_rows(float* delta, const float* factors, int blocks, int features) noexcept {
  for (int p = 0; p < blocks; p++, factors += kLanes) {
    const V factor = V::load(factors);
    for (int f = 0; f < features; f++, delta += kLanes) (V::load(delta) * factor).store(delta);
  }
}

template <class V>
void Kernels<V>::row_sums(const float* x, int blocks, int features, float* sums) noexcept {
  for (int p = 0; p < blocks; p++, sums += kLanes) {
    V sum(0.F);
    for (int f = 0; f < features; f++, x += kLanes) sum = sum + V::load(x);
    sum.store(sums);
  }
}

template <class V>
void Kernels<V>::split_missing(float* x, float* mask, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const V v = V::load(x + i);
    const V present = where_number(v, V(1.F));
    present.store(mask + i);
    where_number(v, v).store(x + i);
  }
}

template <class V>
void Kernels<V>::largest(const float* x, int features, std::uint32_t* at) noexcept {
  V most = V::load(x);
  V place(0.F);
  V feature(0.F);
  for (int f = 1; f < features; f++) {
    x += kLanes;
    feature = feature + V(1.F);
    const V v = V::load(x);
    place = where_less(most, v, feature, place);
    most = where_less(most, v, v, most);
  }
  float places[kLanes];
  place.store(places);
  for (int lane = 0; lane < kLanes; lane++) at[lane] = static_cast<std::uint32_t>(places[lane]);
}

template <class V>
void Kernels<V>::squared_distances(const float* x, const float* y, int blocks, int features, float* out) noexcept {
  for (int p = 0; p < blocks; p++, out += kLanes) {
    V sum(0.F);
    for (int f = 0; f < features; f++, x += kLanes) {
      const V difference = V::load(x) - V(y[f]);
      sum = sum + difference * difference;
    }
    sum.store(out);
  }
}

template <class V>
void Kernels<V>::add_squares(const float* y, const float* target, const float* factors, float* sums, int blocks,
                             int features) noexcept {
  std::size_t at = 0;
  for (int first = 0; first < blocks * kLanes; first += kLanes) {
    const V factor = factors != nullptr ? V::load(factors + first) : V(1.F);
    for (int f = 0; f < features; f++, at += kLanes) {
      const V r = (V::load(y + at) - V::load(target + at)) * factor;
      (V::load(sums + at) + r * r).store(sums + at);
    }
  }
}

template <class V>
void Kernels<V>::row_errors(const float* y, const float* x, int rows, int features, float* out) noexcept {
  // Several blocks at a time: their additions do not wait for one another. Where blocks are missing, the first one is taken again.
  constexpr int kBlocks = 4;
  const std::ptrdiff_t wide = static_cast<std::ptrdiff_t>(features) * kLanes;
  for (int first = 0; first < rows; first += kBlocks * kLanes, x += kBlocks * wide, y += kBlocks * wide) {
    V sum[kBlocks];
    std::ptrdiff_t block[kBlocks];
    ANOMALENS_UNROLL for (int q = 0; q < kBlocks; q++) {
      sum[q] = V(0.F);
      block[q] = bytes_of(first + q * kLanes < rows ? q * wide : 0);
    }
    const float* truth = x;
    for (const float* at = y; at != y + wide; at += kLanes, truth += kLanes) {
      ANOMALENS_UNROLL for (int q = 0; q < kBlocks; q++) {
        const V r = V::load(bytes_on(at, block[q])) - V::load(bytes_on(truth, block[q]));
        sum[q] = sum[q] + r * r;
      }
    }
    float means[kBlocks * kLanes];
    ANOMALENS_UNROLL for (int q = 0; q < kBlocks; q++) {
      (sum[q] / V(static_cast<float>(features))).store(means + static_cast<std::ptrdiff_t>(q) * kLanes);
    }
    std::copy_n(means, std::min(rows - first, kBlocks * kLanes), out + first);
  }
}

/// Fewer than four cells, with zeros behind them.
template <class Cell>
struct Few {
  Cell cells[kLanes] = {};
  Few(const Cell* from, std::size_t count) { std::copy_n(from, count, cells); }
};

/// Rows that are standardised together, four columns after another: their centres and rates then stay in registers, and the
/// lines of the cache that the rows have in common with the next four columns are still there.
constexpr std::size_t kTogether = 64;

template <class V, class Cell>
ANOMALENS_INLINE bool standardise_rows(const Cell* cells, const double* center, const double* rate, std::size_t rows,
                                       std::size_t columns, float most, float* out) {
  V squares(0.F);
  const auto scaled = [&](const Cell* x, const double* c, const double* r) {
    const V z = V::scaled(x, c, r);
    squares = squares + z * z;
    return z;
  };
  for (std::size_t left = rows; left > 0;) {
    const std::size_t count = std::min(left, kTogether);
    for (std::size_t j = 0; j < columns; j += kLanes) {
      if (columns < kLanes) {
        const Few c(center, columns);
        const Few r(rate, columns);
        for (std::size_t row = 0; row < count; row++) {
          float lanes[kLanes];
          scaled(Few(cells + row * columns, columns).cells, c.cells, r.cells).store(lanes);
          std::copy_n(lanes, columns, out + row * columns);
        }
        break;
      }
      const std::size_t at = std::min(j, columns - kLanes);  // the last four once more, as far as they are done already
      const Cell* from = cells + at;
      float* to = out + at;
      for (const float* end = to + count * columns; to != end; from += columns, to += columns) {
        scaled(from, center + at, rate + at).store(to);
      }
    }
    left -= count;
    cells += count * columns;
    out += count * columns;
  }
  // Where the squares' sum is below that of the limit, so is each of them. Where it is not, which NaN never is, cells are looked
  // at one by one, which changes none that is within the limit.
  float lanes[kLanes];
  squares.store(lanes);
  return lanes[0] + lanes[1] + lanes[2] + lanes[3] < most * most;
}

template <class V>
bool Kernels<V>::standardise(const float* cells, const double* center, const double* rate, std::size_t rows,
                             std::size_t columns, float most, float* out) noexcept {
  return standardise_rows<V>(cells, center, rate, rows, columns, most, out);
}

template <class V>
bool Kernels<V>::standardise(const double* cells, const double* center, const double* rate, std::size_t rows,
                             std::size_t columns, float most, float* out) noexcept {
  return standardise_rows<V>(cells, center, rate, rows, columns, most, out);
}

template <class V>
void Kernels<V>::widen(const float* table, const std::uint32_t* order, std::size_t rows, std::size_t columns,
                       float* low, float* high) noexcept {
  for (std::size_t i = 0; i < rows; i++) {
    const float* row = table + std::size_t{order[i]} * columns;
    std::size_t j = 0;
    for (; j + kLanes <= columns; j += kLanes) {
      const V cell = V::load(row + j);
      const V least = V::load(low + j);
      const V most = V::load(high + j);
      where_less(cell, least, cell, least).store(low + j);
      where_less(most, cell, cell, most).store(high + j);
    }
    for (; j < columns; j++) {
      if (row[j] < low[j]) low[j] = row[j];
      if (row[j] > high[j]) high[j] = row[j];
    }
  }
}

template <class V>
void Kernels<V>::gather(const float* table, const std::uint32_t* order, int rows, int features, float* x) noexcept {
  for (int first = 0; first < rows; first += kLanes, x += static_cast<std::ptrdiff_t>(features) * kLanes) {
    const int present = rows - first < kLanes ? rows - first : kLanes;
    const float* row[kLanes];
    for (int lane = 0; lane < kLanes; lane++) {
      const int at = lane < present ? first + lane : first;
      const std::uint32_t chosen = order != nullptr ? order[at] : static_cast<std::uint32_t>(at);
      row[lane] = table + std::size_t{chosen} * static_cast<std::size_t>(features);
    }
    int f = 0;
    const auto four = [&] {
      V a = V::load(row[0] + f);
      V b = V::load(row[1] + f);
      V c = V::load(row[2] + f);
      V d = V::load(row[3] + f);
      V::transpose(a, b, c, d);
      float* out = x + static_cast<std::ptrdiff_t>(f) * kLanes;
      a.store(out);
      b.store(out + kLanes);
      c.store(out + 2 * kLanes);
      d.store(out + 3 * kLanes);
    };
    for (; f + kLanes <= features; f += kLanes) four();
    if (f < features && features >= kLanes) {  // the last four once more, as far as they are done already
      f = features - kLanes;
      four();
      f = features;
    }
    for (; f < features; f++) {
      for (int lane = 0; lane < kLanes; lane++) x[static_cast<std::ptrdiff_t>(f) * kLanes + lane] = row[lane][f];
    }
    for (int lane = present; lane < kLanes; lane++) {
      for (f = 0; f < features; f++) x[static_cast<std::ptrdiff_t>(f) * kLanes + lane] = 0;
    }
  }
}

template <class V>
void Kernels<V>::scatter(const float* x, int rows, int features, float* table) noexcept {
  for (int row = 0; row < rows; row++) {
    const float* block = x + static_cast<std::ptrdiff_t>(row / kLanes) * features * kLanes + row % kLanes;
    for (int f = 0; f < features; f++) *table++ = block[static_cast<std::ptrdiff_t>(f) * kLanes];
  }
}

}  // namespace anomalens::kernels
