// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace anomalens::synthetic {

/// What is done to an ordinary row to make it strange. Bits of a mask.
enum ArticleKind : unsigned {
  kShift = 1,    ///< f1 + 5 strength
  kScale = 2,    ///< f3 * (1 + 3 strength)
  kExtreme = 4,  ///< f2 + 8 strength
};

/// Four columns in two linked pairs: f1, f3 ~ N(0, 1), f2 = 0.7 f1 + N(0, 0.4), f4 = 0.5 f3 + N(0, 0.5).
struct ArticleOptions {
  std::uint32_t seed = 42;
  std::size_t rows = 200;      ///< normal rows to train on, 2 to 1,000,000
  std::size_t normals = 60;    ///< further normal rows to test on, up to 1,000,000
  std::size_t anomalies = 20;  ///< strange rows to test on, up to 1,000,000
  /// 0: the classic mixture, every anomaly shifted and scaled and the first quarter extreme as well. Otherwise a mask of
  /// ArticleKind; each anomaly gets one of the kinds, in turn.
  unsigned kinds = 0;
  double strength = 1;  ///< 0 (no anomaly at all) to 10

  void validate() const;
};

/// Tables of `kColumns` columns, row-major. Test rows: normals first, then anomalies.
struct ArticleData {
  static constexpr std::size_t kColumns = 4;
  std::vector<float> train;
  std::vector<float> test;
  std::vector<std::uint8_t> labels;  ///< 1 = anomaly, one a test row
};

/// The same bits for the same options on every engine.
ArticleData article(const ArticleOptions& options = {});

}  // namespace anomalens::synthetic
