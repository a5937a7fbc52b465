// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/autoencoder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "detection/seat.hpp"
#include "math/sorting.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

void check_room(std::size_t room, std::size_t needed) {
  if (room == needed) return;
  refuse(ErrorCode::kShape, Reason::kRoom, {needed, room});
}

/// Scales group after group and calls visit(scaled group, first row of the group, its rows).
template <class Visit>
void for_scaled_groups(Scorer& scorer, TableView rows, std::size_t first_row, Visit visit) {
  for_groups(rows.rows(), [&](std::size_t first, std::size_t count) {
    const std::span<float> scaled = scorer.scaled_room(count);
    scorer.scaler.transform(rows.slice(first, count), scaled, first_row + first);
    visit(std::span<const float>(scaled), first, count);
  });
}

/// The same with results of `wide` numbers a row, each group's in its place in `out`.
template <class Work>
void read_groups(Scorer& scorer, TableView rows, std::span<float> out, std::size_t wide, std::size_t first_row,
                 Work work) {
  check_room(out.size(), rows.rows() * wide);
  for_scaled_groups(scorer, rows, first_row, [&](std::span<const float> z, std::size_t first, std::size_t count) {
    work(z, out.subspan(first * wide, count * wide));
  });
}

Scorer& single(Scorer& scorer) {
  if (!scorer.committee()) return scorer;
  refuse_option("members", Reason::kNeedsSingleNet, {scorer.members.size()});
}

std::unique_ptr<Scorer> scorer_of(const Model& model) {
  model.validate();
  return std::make_unique<Scorer>(model);
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
  s.update_statistics();
  read_groups(s, rows, out, 1, first_row, [&](auto z, auto group) { s.score_group(z, group); });
}

void Autoencoder::feature_errors(TableView rows, std::span<float> out, std::size_t first_row) const {
  Scorer& s = scorer();
  read_groups(s, rows, out, columns(), first_row, [&](auto z, auto group) { s.errors_group(z, group); });
}

void Autoencoder::shares(TableView rows, std::span<float> out, std::size_t first_row) const {
  Scorer& s = scorer();
  s.update_statistics();
  read_groups(s, rows, out, columns(), first_row, [&](auto z, auto group) { s.shares_group(z, group); });
}

namespace {

/// Scaled cells, from column 0 on, in the columns' own units.
template <class Own>
void restore(const Scaler& scaler, std::span<const float> scaled, std::span<Own> own) {
  for (std::size_t i = 0; i < scaled.size(); i++) {
    own[i] = static_cast<Own>(scaler.restore(i % scaler.columns(), static_cast<double>(scaled[i])));
  }
}

/// Reconstructions in the columns' own units, as floats or doubles.
template <class Own>
void reconstruct_rows(Scorer& scorer, TableView rows, std::span<Own> out, std::size_t first_row) {
  const std::size_t columns = scorer.scaler.columns();
  check_room(out.size(), rows.rows() * columns);
  for_scaled_groups(scorer, rows, first_row, [&](std::span<const float> z, std::size_t first, std::size_t count) {
    const std::span<float> expected = scorer.result_room(count);
    scorer.reconstruct_group(z, expected);
    restore<Own>(scorer.scaler, expected, out.subspan(first * columns, count * columns));
  });
}

}  // namespace

void Autoencoder::reconstruct(TableView rows, std::span<float> out, std::size_t first_row) const {
  reconstruct_rows(scorer(), rows, out, first_row);
}

void Autoencoder::expected(TableView rows, std::span<double> out, std::size_t first_row) const {
  reconstruct_rows(scorer(), rows, out, first_row);
}

void Autoencoder::encode(TableView rows, std::span<float> out, std::size_t first_row) const {
  Scorer& s = single(scorer());
  read_groups(s, rows, out, latent(), first_row, [&](auto z, auto group) { s.encode_group(z, group); });
}

void Autoencoder::decode(TableView codes, std::span<float> out, std::size_t first_row) const {
  Scorer& s = single(scorer());
  const std::size_t wide = latent();
  if (codes.columns() != wide) refuse(ErrorCode::kShape, Reason::kColumns, {wide, codes.columns()});
  check_room(out.size(), codes.rows() * columns());
  std::vector<float> group(kGroup * wide);
  for_groups(codes.rows(), [&](std::size_t first, std::size_t count) {
    for (std::size_t i = 0; i < count * wide; i++) {
      const Place place{first + i / wide, i % wide};
      const double code = codes(*place.row, *place.column);
      if (!std::isfinite(code)) {
        refuse(ErrorCode::kNonFinite, Reason::kCodeNotFinite, {}, {first_row + *place.row, place.column});
      }
      group[i] = static_cast<float>(code);
    }
    const std::span<float> rows = s.result_room(count);
    s.decode_group({group.data(), count * wide}, rows);
    restore<float>(s.scaler, rows, out.subspan(first * columns(), rows.size()));
  });
}

void Autoencoder::activations(TableView row, std::span<float> out) const {
  Scorer& s = single(scorer());
  std::size_t needed = columns();
  for (const LayerShape& layer : layers()) needed += static_cast<std::size_t>(layer.outputs);
  check_room(out.size(), needed);
  if (row.rows() != 1) refuse(ErrorCode::kShape, Reason::kNotOneRow, {row.rows()});
  for_scaled_groups(s, row, 0, [&](auto z, std::size_t, std::size_t) { s.activations_of(z, out); });
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

std::span<const LayerShape> Autoencoder::layers(int member) const {
  if (!usable()) return {};
  return scorer().members.at(static_cast<std::size_t>(member)).layers();
}

std::span<const float> Autoencoder::parameters(int member) const {
  if (!usable()) return {};
  const Network& network = scorer().members.at(static_cast<std::size_t>(member));
  return {network.parameters().data(), network.parameter_count()};
}

std::size_t Autoencoder::parameter_count() const { return usable() ? scorer().parameter_count() : 0; }
const Scaler& Autoencoder::scaler() const { return scorer().scaler; }
const Scaler& Autoencoder::trained_scaler() const {
  const Scorer* trained = seat_->trained();
  if (trained == nullptr) refuse_untrained();
  return trained->scaler;
}
std::size_t Autoencoder::columns() const { return usable() ? scorer().scaler.columns() : 0; }
std::size_t Autoencoder::latent() const { return usable() ? scorer().members[0].latent() : 0; }
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
  for (int m = 0; m < members(); m++) {
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
