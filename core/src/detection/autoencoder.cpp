// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/autoencoder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "detection/detector_scorer.hpp"
#include "detection/net_scorer.hpp"
#include "detection/seat.hpp"
#include "math/finite.hpp"
#include "math/sorting.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

void check_room(std::size_t room, std::size_t needed) {
  if (room == needed) return;
  refuse(ErrorCode::kShape, Reason::kRoom, {needed, room});
}

NetScorer& single(Scorer& scorer) {
  if (scorer.as_net() != nullptr) return *scorer.as_net();
  refuse_option("members", Reason::kNeedsSingleNet, {scorer.options.member_count()});
}

void require_one_row(TableView row) {
  if (row.rows() != 1) refuse(ErrorCode::kShape, Reason::kNotOneRow, {row.rows()});
}

std::unique_ptr<Scorer> scorer_of(const Model& model) {
  model.validate();
  std::unique_ptr<Scorer> scorer;
  if (model.detector) {
    scorer = std::make_unique<DetectorScorer>(model);
  } else {
    scorer = std::make_unique<NetScorer>(model);
  }
  if (!scorer->sound()) refuse_saved("parameters", Reason::kSavedOverflow);
  return scorer;
}

}  // namespace

Autoencoder::Autoencoder(ModelOptions options) {
  options.validate();
  seat_ = std::make_unique<Seat>(std::move(options));
}

Autoencoder::Autoencoder(const Model& model) : seat_(std::make_unique<Seat>(model.options)) {
  seat_->install(scorer_of(model));
}

Autoencoder::~Autoencoder() = default;
Autoencoder::Autoencoder(Autoencoder&&) noexcept = default;
Autoencoder& Autoencoder::operator=(Autoencoder&&) noexcept = default;

Scorer& Autoencoder::scorer() const {
  if (seat_->scorer() == nullptr) refuse_untrained();
  return *seat_->scorer();
}

void Autoencoder::score(TableView rows, std::span<float> out, std::size_t first_row) const {
  Scorer& s = scorer();
  check_room(out.size(), rows.rows());
  s.score(rows, out, first_row);
}

void Autoencoder::feature_errors(TableView rows, std::span<float> out, std::size_t first_row) const {
  Scorer& s = scorer();
  check_room(out.size(), rows.rows() * columns());
  s.feature_errors(rows, out, first_row);
}

void Autoencoder::reconstruct(TableView rows, std::span<float> out, std::size_t first_row) const {
  Scorer& s = scorer();
  check_room(out.size(), rows.rows() * columns());
  std::vector<double> group(kGroup * columns());
  for_groups(rows.rows(), [&](std::size_t first, std::size_t count) {
    const std::span<double> cells(group.data(), count * columns());
    s.reconstruct(rows.slice(first, count), cells, first_row + first);
    std::ranges::transform(cells, out.begin() + static_cast<std::ptrdiff_t>(first * columns()),
                           [](double cell) { return finite::narrowed(cell); });
  });
}

void Autoencoder::expected(TableView rows, std::span<double> out, std::size_t first_row) const {
  Scorer& s = scorer();
  check_room(out.size(), rows.rows() * columns());
  s.reconstruct(rows, out, first_row);
}

std::vector<ColumnReason> Autoencoder::reasons(TableView row, std::span<const std::int32_t> features) const {
  Scorer& s = scorer();
  require_one_row(row);
  return s.reasons(row, features);
}

std::vector<RepairStep> Autoencoder::repair(TableView row, std::span<const std::int32_t> features,
                                            std::size_t most) const {
  Scorer& s = scorer();
  require_one_row(row);
  return s.repair(row, features, most);
}

Anatomy Autoencoder::anatomy(TableView row) const {
  DetectorScorer* detector = scorer().as_detector();
  if (detector == nullptr) refuse_option("members", Reason::kNeedsDetector);
  require_one_row(row);
  return detector->anatomy(row);
}

void Autoencoder::encode(TableView rows, std::span<float> out, std::size_t first_row) const {
  NetScorer& s = single(scorer());
  check_room(out.size(), rows.rows() * latent());
  s.encode(rows, out, first_row);
}

void Autoencoder::decode(TableView codes, std::span<float> out, std::size_t first_row) const {
  NetScorer& s = single(scorer());
  if (codes.columns() != latent()) refuse(ErrorCode::kShape, Reason::kColumns, {latent(), codes.columns()});
  check_room(out.size(), codes.rows() * columns());
  s.decode(codes, out, first_row);
}

void Autoencoder::activations(TableView row, std::span<float> out) const {
  NetScorer& s = single(scorer());
  std::size_t needed = columns();
  for (const LayerShape& layer : layers()) needed += static_cast<std::size_t>(layer.outputs);
  check_room(out.size(), needed);
  require_one_row(row);
  s.activations(row, out);
}

void Autoencoder::p_values(std::span<const float> scores, std::span<double> out) const {
  const Scorer& s = scorer();
  check_room(out.size(), scores.size());
  if (s.calibration.empty()) refuse(ErrorCode::kNotFitted, Reason::kNoCalibration);
  std::ranges::transform(scores, out.begin(), [&](float score) { return conformal_p_value(s.calibration, score); });
}

double Autoencoder::calibrate(TableView rows, const ThresholdRule& rule) {
  scorer();
  rule.validate(rows.rows());
  std::vector<float> scores(rows.rows());
  score(rows, scores);
  return calibrate_scores(scores, rule);
}

double Autoencoder::calibrate_scores(std::span<const float> scores, const ThresholdRule& rule) {
  Scorer& s = scorer();
  if (scores.empty()) refuse(ErrorCode::kShape, Reason::kTooFewRows, {1, 0});
  const auto wrong = std::ranges::find_if(scores, [](float score) { return std::isnan(score); });
  if (wrong != scores.end()) {
    refuse(ErrorCode::kNonFinite, Reason::kScoreNotANumber, {}, {static_cast<std::size_t>(wrong - scores.begin()), {}});
  }
  const double threshold = threshold_from(rule, scores);
  std::vector<float> calibration;
  for (std::size_t i = 0; i < scores.size(); i++) {
    if (!rule.needs_labels() || rule.labels[i] == 0) calibration.push_back(scores[i]);
  }
  sort_ascending(calibration);
  s.threshold = threshold;
  if (rule.kind != ThresholdRule::Kind::kFixed) {
    s.calibration = std::move(calibration);
    s.held_out = true;
  }
  return threshold;
}

std::optional<double> Autoencoder::threshold() const { return usable() ? scorer().threshold : std::nullopt; }
void Autoencoder::set_threshold(double threshold) {
  Scorer& s = scorer();
  ThresholdRule rule;
  rule.kind = ThresholdRule::Kind::kFixed;
  rule.value = threshold;
  rule.validate(0);
  s.threshold = threshold;
}

bool Autoencoder::fitted() const { return usable() && scorer().fitted; }
bool Autoencoder::usable() const { return seat_->scorer() != nullptr; }
const ModelOptions& Autoencoder::options() const { return seat_->options(); }
int Autoencoder::members() const { return options().member_count(); }
int Autoencoder::nets() const { return usable() ? static_cast<int>(scorer().nets.size()) : 0; }

std::span<const LayerShape> Autoencoder::layers(int net) const {
  if (!usable()) return {};
  return scorer().nets.at(static_cast<std::size_t>(net)).layers();
}

std::span<const float> Autoencoder::parameters(int net) const {
  if (!usable()) return {};
  const Network& network = scorer().nets.at(static_cast<std::size_t>(net));
  return {network.parameters().data(), network.parameter_count()};
}

std::size_t Autoencoder::parameter_count() const { return usable() ? scorer().parameter_count() : 0; }
const Scaler& Autoencoder::scaler() const { return single(scorer()).scaler; }
const Encoding* Autoencoder::encoding() const {
  return usable() && scorer().as_detector() != nullptr ? &scorer().as_detector()->detector().encoding() : nullptr;
}
const Scaler& Autoencoder::trained_scaler() const {
  if (seat_->trained() == nullptr) refuse_untrained();
  return single(*seat_->trained()).scaler;
}
const Encoding& Autoencoder::trained_encoding() const {
  if (seat_->trained() == nullptr) refuse_untrained();
  DetectorScorer* detector = seat_->trained()->as_detector();
  if (detector == nullptr) refuse_option("members", Reason::kNeedsDetector);
  return detector->detector().encoding();
}
std::size_t Autoencoder::rows_inside() const {
  const Encoding* own = encoding();
  return own == nullptr || own->width == 0 ? 0 : scorer().as_detector()->detector().model.pool.size() / own->width;
}
std::size_t Autoencoder::columns() const { return usable() ? scorer().columns() : 0; }
std::size_t Autoencoder::latent() const { return usable() && !scorer().nets.empty() ? scorer().nets[0].latent() : 0; }
std::span<const float> Autoencoder::calibration() const { return scorer().calibration; }
bool Autoencoder::calibration_held_out() const { return scorer().held_out; }

Model Autoencoder::model() const {
  if (!fitted() || !threshold()) refuse_untrained();
  return scorer().model();
}

std::uint64_t Autoencoder::fingerprint() const {
  scorer();
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  const auto mix = [&](std::uint32_t word) {
    for (unsigned shift = 0; shift < 32; shift += 8) hash = (hash ^ ((word >> shift) & 0xFFU)) * 0x100000001B3ULL;
  };
  for (int m = 0; m < nets(); m++) {
    for (const LayerShape& layer : layers(m)) {
      mix(static_cast<std::uint32_t>(layer.inputs));
      mix(static_cast<std::uint32_t>(layer.outputs));
      mix(static_cast<std::uint32_t>(layer.activation));
    }
    for (const float parameter : parameters(m)) mix(std::bit_cast<std::uint32_t>(parameter));
  }
  return hash;
}

}  // namespace anomalens
