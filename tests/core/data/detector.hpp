// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

/// What the default detector must compute for given weights: written by tests/reference/make_detector_fixtures.py, whose
/// modules are the specification. Numbers have nine digits; tables, parameters of features and weights are exact.
namespace anomalens::fixtures {

/// A missing cell, in tables, levels and expected values.
inline constexpr double kGap = std::numeric_limits<double>::quiet_NaN();
/// In `expected`: some value of the category that is no level. As a threshold: nothing is flagged.
inline constexpr double kOther = std::numeric_limits<double>::infinity();
inline constexpr double kNever = kOther;

enum class ColumnKind : std::uint8_t { kNumber, kText, kBoolean, kCycle };
enum class FeatureKind : std::uint8_t { kNumber, kCategory, kCycle };
enum class ReasonKind : std::uint8_t { kRare, kRelation, kUnseen, kMissing, kConstant };

struct DetectorColumn {
  std::string_view name = {};
  ColumnKind kind = {};
  std::int32_t bins = 0;  ///< of a cycle
  std::span<const std::string_view>
      words;  ///< texts, ascending by UTF-8 bytes; booleans: false, true. A cell is an index
};

struct DetectorFeature {
  FeatureKind kind = {};
  std::int32_t column = 0;
  bool gap = false;        ///< says whether the cell is missing: values 0 and 1
  std::int32_t first = 0;  ///< its first encoded cell
  std::int32_t size = 0;
  std::span<const double> levels = {};  ///< of a category, as table cells
  std::span<const double> shares = {};  ///< levels, then "other"
  double entropy = 0;
  bool log = false;  ///< of a number
  double lo = 0;
  double c = 0;   ///< of a cycle: centre of the sine
  double c2 = 0;  ///< of a cycle: centre of the cosine
  double s = 0;
  double low = 0;  ///< histogram of a number
  double high = 0;
  std::span<const std::int32_t> counts = {};  ///< bins of a number or cycle; levels of a category
  double commonest = 0;                       ///< position in the commonest bin of a cycle
  std::span<const double> quantiles = {};     ///< of a number: percentiles 0, 10, ..., 100 of the 101 it keeps
};

/// Encoded rows and what a judgement makes of them, row after row.
struct DetectorRows {
  std::span<const std::int32_t> rows = {};   ///< which rows of the table these are
  std::span<const double> cells = {};        ///< rows x width
  std::span<const std::int32_t> codes = {};  ///< rows x features; -1 never seen, or a number or cycle that is missing
  std::span<const double> rarity = {};       ///< rows x features
  std::span<const double> free_q = {};       ///< rows x features; training rows: out of bag
  std::span<const double> trim_q = {};       ///< empty if clean
  std::span<const double> free_parts = {};
  std::span<const double> trim_parts = {};
  std::span<const double> terms = {};  ///< rows x (P, H, E, and N if clean), before centring
  std::span<const double> scores = {};
};

/// Why the test rows are strange, in falling order within a row.
struct DetectorReason {
  std::int32_t row = 0;
  std::int32_t column = 0;
  double share = 0;
  double drop = 0;
  ReasonKind kind = {};
  double expected = 0;    ///< as a table cell, or kOther
  double percentile = 0;  ///< kGap for a missing cell
};

struct DetectorStep {
  std::int32_t row = 0;
  std::int32_t column = 0;
  std::int32_t feature = 0;  ///< -1: a departure
  double to = 0;             ///< decoded, as a table cell
  double score = 0;          ///< after this step
};

struct Detector {
  std::string_view name = {};
  bool clean = false;
  std::size_t rows = 0;
  std::size_t width = 0;    ///< encoded cells of a row
  std::size_t members = 0;  ///< fewer than nine to keep the file small
  std::span<const DetectorColumn> columns = {};
  std::span<const double> table = {};  ///< training rows, row-major
  std::span<const double> test = {};
  std::span<const DetectorFeature> features = {};
  std::span<const std::int32_t> constants = {};  ///< columns
  std::span<const std::int32_t> skipped = {};    ///< columns
  std::span<const std::int32_t> gapless = {};    ///< columns of which a missing cell is a departure
  std::span<const std::int32_t> samples = {};    ///< members x (rows per member)
  std::span<const float> free = {};              ///< parameters of all members: per layer W [out][in], then b
  std::span<const float> trim = {};
  std::span<const std::int32_t> pool = {};     ///< training rows
  std::span<const double> free_ordinary = {};  ///< per feature (of numbers and cycles)
  std::span<const double> trim_ordinary = {};
  std::span<const double> free_nats = {};  ///< per feature (of categories)
  std::span<const double> trim_nats = {};
  std::span<const double> middle = {};  ///< of the terms
  std::span<const double> spread = {};
  double threshold = 0;
  double departure = 0;                       ///< what each departure adds to the score
  std::span<const double> train_scores = {};  ///< of all training rows, or empty when there are too many
  DetectorRows train = {};                    ///< some training rows
  DetectorRows judged = {};                   ///< all test rows
  std::span<const DetectorReason> reasons = {};
  std::span<const DetectorStep> repairs = {};
};

/// A few steps of training, from first weights and batches that are given.
struct DetectorTraining {
  std::size_t rows = 0;
  std::size_t width = 0;
  std::size_t features = 0;
  std::size_t members = 0;
  std::size_t steps = 0;
  std::size_t batch = 0;
  std::span<const float> cells = {};                ///< rows x width, encoded
  std::span<const std::int32_t> samples = {};       ///< members x (rows per member)
  std::span<const std::int32_t> places = {};        ///< steps x members x batch: places of the sample
  std::span<const std::int32_t> is_protected = {};  ///< members x (rows per member)
  std::span<const float> first = {};                ///< parameters of all members before
  std::span<const float> free = {};                 ///< after, nothing left out
  std::span<const float> trim = {};                 ///< after, trimmed
};

}  // namespace anomalens::fixtures
