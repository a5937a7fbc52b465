// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/detector_scorer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "detection/explanation.hpp"
#include "math/finite.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

/// Rows that are encoded at once.
constexpr std::size_t kEncoded = 1024;

std::vector<Network> untrained(const ModelOptions& options, const Encoding& encoding, bool clean) {
  std::vector<Network> nets;
  if (encoding.width == 0) return nets;  // all columns are constant
  for (int net = 0; net < options.net_count(clean, encoding.rows); net++) {
    nets.emplace_back(layers_for(options, encoding.width, net % options.member_count()), encoder_layers_for(options));
  }
  return nets;
}

/// Calls visit(encoded rows, first) for pieces of a table.
template <class Visit>
void for_encoded(const Encoding& encoding, TableView rows, std::size_t first_row, Visit visit) {
  for (std::size_t first = 0; first < rows.rows(); first += kEncoded) {
    const TableView piece = rows.slice(first, std::min(kEncoded, rows.rows() - first));
    visit(encoding.encode(piece, false, first_row + first), first);
  }
}

/// What the nets would have in a feature, in the column's own units.
double rebuilt(const Encoding& encoding, const Feature& feature, const float* outputs) {
  if (feature.kind == FeatureKind::kNumber) {
    return encoding.numbers[feature.index].decode(static_cast<double>(outputs[0]));
  }
  if (feature.kind == FeatureKind::kCycle) {
    return encoding.cycles[feature.index].decode({static_cast<double>(outputs[0]), static_cast<double>(outputs[1])});
  }
  const CategoryFeature& category = encoding.category(feature);
  std::vector<double> probabilities(outputs, outputs + feature.width);
  category.probabilities(probabilities);
  // Of the two values of a number, each has a name of its own: one that is not frequent is the only "other".
  const bool number = encoding.columns[feature.column].kind == ColumnKind::kNumber;
  if (number && category.values.size() > category.levels.size() + 1) probabilities.pop_back();
  if (number && category.values.size() == category.levels.size()) probabilities.pop_back();
  const auto level = static_cast<std::size_t>(std::ranges::max_element(probabilities) - probabilities.begin());
  if (level < category.levels.size()) return category.values[static_cast<std::size_t>(category.levels[level])];
  if (!number) return CategoryFeature::kUnseen;
  const auto other = std::ranges::find_if(
      category.level_of, [&](std::int32_t at) { return static_cast<std::size_t>(at) == category.levels.size(); });
  return category
      .values[other == category.level_of.end() ? 0 : static_cast<std::size_t>(other - category.level_of.begin())];
}

}  // namespace

DetectorScorer::DetectorScorer(const ModelOptions& wanted, Encoding encoding, bool clean) : Scorer(wanted) {
  nets = untrained(options, encoding, clean);
  DetectorModel known;
  known.encoding = std::move(encoding);
  known.clean = clean;
  detector_ = std::make_unique<Detector>(std::move(known), nets, members());
}

DetectorScorer::DetectorScorer(const Model& model) : Scorer(model.options) {
  const DetectorModel& known = chosen(model.detector);
  nets = untrained(options, known.encoding, known.clean);
  for (Network& net : nets) net.set_top_k(model.top_k);
  set_parameters(model.parameters.data());
  detector_ = std::make_unique<Detector>(known, nets, members());
  for (NumberFeature& number : detector_->model.encoding.numbers) number.weigh();
  threshold = model.threshold;
  calibration = model.calibration;
  held_out = model.held_out;
  fitted = true;
}

Model DetectorScorer::model() const {
  Model model;
  model.options = options;
  model.top_k = nets.empty() ? 0 : nets[0].top_k();
  copy_parameters(model.parameters);
  model.threshold = chosen(threshold);
  model.calibration = calibration;
  model.held_out = held_out;
  model.detector.emplace(detector_->model);
  return model;
}

void DetectorScorer::score(TableView rows, std::span<float> out, std::size_t first_row) {
  catch_up();
  for_encoded(detector_->encoding(), rows, first_row, [&](const EncodedRows& encoded, std::size_t first) {
    const std::vector<double> scores = detector_->scores(encoded);
    std::ranges::transform(scores, out.begin() + static_cast<std::ptrdiff_t>(first),
                           [](double score) { return finite::narrowed(score); });
  });
}

void DetectorScorer::feature_errors(TableView rows, std::span<float> out, std::size_t first_row) {
  catch_up();
  const Encoding& encoding = detector_->encoding();
  std::ranges::fill(out, 0.F);
  if (encoding.features.empty()) return;
  for_encoded(encoding, rows, first_row, [&](const EncodedRows& encoded, std::size_t first) {
    for (std::size_t at = 0; at < encoded.rows; at += kJudged) {
      const std::size_t count = std::min(kJudged, encoded.rows - at);
      const terms::Matrix squares = detector_->judge(group_of(encoding, encoded, at, count)).other;
      for (std::size_t row = 0; row < count; row++) {
        for (std::size_t f = 0; f < encoding.features.size(); f++) {
          if (encoded.codes[(at + row) * encoding.features.size() + f] == EncodedRows::kLeftOut) continue;
          float& cell = out[(first + at + row) * columns() + encoding.features[f].column];
          cell = std::max(cell, finite::narrowed(squares(row, f)));
        }
      }
    }
  });
}

void DetectorScorer::reconstruct(TableView rows, std::span<double> out, std::size_t first_row) {
  const Encoding& encoding = detector_->encoding();
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  std::vector<float> outputs(kJudged * encoding.width);
  for_encoded(encoding, rows, first_row, [&](const EncodedRows& encoded, std::size_t first) {
    for (std::size_t row = 0; row < encoded.rows; row++) {
      double* to = out.data() + (first + row) * columns();
      for (const ConstantColumn& constant : encoding.constants) to[constant.column] = constant.value;
    }
    for (std::size_t at = 0; encoding.width > 0 && at < encoded.rows; at += kJudged) {
      const std::size_t count = std::min(kJudged, encoded.rows - at);
      detector_->free().mean_outputs(encoded.cells.data() + at * encoding.width, count, outputs);
      for (std::size_t row = 0; row < count; row++) {
        for (const Feature& feature : encoding.features) {
          if (feature.kind == FeatureKind::kMissing) continue;
          out[(first + at + row) * columns() + feature.column] =
              rebuilt(encoding, feature, outputs.data() + row * encoding.width + feature.at);
        }
      }
    }
  });
}

std::vector<ColumnReason> DetectorScorer::reasons(TableView row, std::span<const std::int32_t>) {
  catch_up();
  return reasons_of(*detector_, row);
}

std::vector<RepairStep> DetectorScorer::repair(TableView row, std::span<const std::int32_t>, std::size_t most) {
  catch_up();
  return repair_of(*detector_, row, threshold.value_or(0), most);
}

Anatomy DetectorScorer::anatomy(TableView row) {
  catch_up();
  return anatomy_of(*detector_, row);
}

void DetectorScorer::follow(Learning rows) {
  learning_ = rows;
  moved_ = true;
}

void DetectorScorer::catch_up() {
  if (!learning_ || !moved_) return;
  DetectorFit fit(*detector_, *learning_->rows, *learning_->samples, learning_->pool);
  while (!fit.complete()) fit.advance();
  moved_ = false;
}

}  // namespace anomalens
