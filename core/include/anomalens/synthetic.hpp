// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

/// Data sets whose strange rows are known. The same options give the same bits on every engine. Every `rows`, `normals`
/// and `anomalies` may be up to 1,000,000, `rows` at least 2; validate() throws kBadOption.
namespace anomalens::synthetic {

/// Row-major tables. Test rows: normals first, then anomalies.
struct Data {
  std::size_t columns = 0;
  std::vector<float> train;
  std::vector<float> test;
  std::vector<std::uint8_t> labels;  ///< 1 = anomaly, one a test row
};

/// What is done to an ordinary row of `article` to make it strange. Bits of a mask.
enum ArticleKind : unsigned {
  kShift = 1,    ///< f1 + 5 strength
  kScale = 2,    ///< f3 * (1 + 3 strength)
  kExtreme = 4,  ///< f2 + 8 strength
};

/// Four columns in two linked pairs: f1, f3 ~ N(0, 1), f2 = 0.7 f1 + N(0, 0.4), f4 = 0.5 f3 + N(0, 0.5).
struct ArticleOptions {
  std::uint32_t seed = 42;
  std::size_t rows = 200;      ///< normal rows to train on
  std::size_t normals = 60;    ///< further normal rows to test on
  std::size_t anomalies = 20;  ///< strange rows to test on
  /// 0: the classic mixture, every anomaly shifted and scaled and the first quarter extreme as well. Otherwise a mask of
  /// ArticleKind; each anomaly gets one of the kinds, in turn.
  unsigned kinds = 0;
  double strength = 1;  ///< 0 (no anomaly at all) to 10

  void validate() const;
};
Data article(const ArticleOptions& options = {});

/// The columns of `article`; an anomaly has the sign of f2 turned (where |f1| > 0.8), so that every value is an ordinary
/// one and only the link between two columns is broken.
struct BrokenRelationOptions {
  std::uint32_t seed = 42;
  std::size_t rows = 200;
  std::size_t normals = 60;
  std::size_t anomalies = 20;

  void validate() const;
};
Data broken_relation(const BrokenRelationOptions& options = {});

/// Two columns, x ~ U(-3, 3) and y = sin(1.5 x) + N(0, noise): a curve in the plane. Anomalies are uniform in the box
/// |x| <= 3, |y| <= 1.5 and at least `distance` above or below the curve.
struct WaveOptions {
  std::uint32_t seed = 42;
  std::size_t rows = 300;
  std::size_t normals = 300;
  std::size_t anomalies = 100;
  double noise = 0.08;     ///< 0 to 1
  double distance = 0.35;  ///< 0 to 1

  void validate() const;
};
Data wave(const WaveOptions& options = {});

/// Sixteen columns, the sum of one or two of six patterns with strengths U(0.5, 1.5) and N(0, noise) in every column.
enum class PatternKind : int {
  kWiring = 0,      ///< half of the columns come from another row
  kEverything = 1,  ///< five patterns at once, at the length of an ordinary row
};
struct PatternsOptions {
  std::uint32_t seed = 42;
  std::size_t rows = 600;
  std::size_t normals = 300;
  std::size_t anomalies = 100;
  PatternKind kind = PatternKind::kWiring;
  double noise = 0.05;  ///< 0 to 1

  void validate() const;
};
struct PatternsData : Data {
  static constexpr std::size_t kPatterns = 6;
  std::vector<float> patterns;  ///< kPatterns x columns, each of length 1
};
PatternsData patterns(const PatternsOptions& options = {});

}  // namespace anomalens::synthetic
