// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "anomalens/detector_model.hpp"
#include "detection/committee_nets.hpp"
#include "detection/pool.hpp"
#include "detection/terms.hpp"

namespace anomalens {

/// Judges rows as the default detector does: by what two committees make of them, by the rarity of their values and, where
/// the training rows were clean, by the distance to known rows.
class Detector {
 public:
  /// `nets` are those of the free committee, followed by those of the trimmed one unless the model is clean. They must
  /// outlive this. The units and terms of the model may still be missing (see DetectorFit).
  Detector(DetectorModel known, std::span<const Network> nets, std::size_t members);
  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;

  DetectorModel model;

  const Encoding& encoding() const { return model.encoding; }
  std::size_t features() const { return model.encoding.features.size(); }
  /// Follows a change of model.pool.
  void take_pool() { pool_ = Pool(model.pool, model.encoding.width); }
  Pool& pool() { return pool_; }
  CommitteeNets& free() { return free_; }
  CommitteeNets& trimmed() { return trimmed_; }

  /// Squared parts and terms of a group, from residuals.
  struct Judgement {
    terms::Matrix free;   ///< squared parts of the free committee, rows x features
    terms::Matrix other;  ///< of the trimmed committee; of the free one when clean
    terms::Terms terms;
  };
  Judgement judge(const EncodedGroup& group);
  /// The same from residuals that are known; `own` is each row's own place in the pool, or empty.
  Judgement judge(const EncodedGroup& group, const terms::Matrix& free, const terms::Matrix& trimmed,
                  std::span<const std::int32_t> own);

  /// Scores of any number of rows; `whole` as in terms::score.
  std::vector<double> scores(const EncodedRows& rows, bool whole = false);
  /// Whether a row at every centre, and rows five deviations off in all cells, get finite scores.
  bool sound();
  /// What departures add to the score of a row.
  double departures(const EncodedRows& rows, std::size_t row) const;

 private:
  std::vector<std::uint8_t> cells_there(const EncodedGroup& group, std::size_t row) const;

  CommitteeNets free_;
  CommitteeNets trimmed_;
  Pool pool_;
};

}  // namespace anomalens
