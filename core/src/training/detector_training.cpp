// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "training/detector_training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "math/sorting.hpp"
#include "refusal.hpp"
#include "training/protection.hpp"

namespace anomalens {

namespace {

constexpr std::size_t kMemberRows = 256;
constexpr std::size_t kMemberSteps = 400;
constexpr std::size_t kFolds = 3;    // every row is left out by a third of the members
constexpr std::size_t kFewRows = 9;  // below, every member sees every row
constexpr std::size_t kMostCalibration = 2'000;

std::vector<std::uint32_t> shuffled(std::vector<std::uint32_t> order, std::uint32_t seed) {
  Mt19937 random(seed);
  shuffle(order, random);
  return order;
}

}  // namespace

std::uint32_t DetectorTraining::seed_of(std::uint32_t stream) const {
  const std::uint32_t seed = derived_seed(seat.options().seed, stream);
  return options.resume ? derived_seed(seed, kResumeStream + seat.trained()->trainings + 1) : seed;
}

std::unique_ptr<Scorer> DetectorTraining::new_learner() {
  set_ = &rows.encoded();
  std::unique_ptr<DetectorScorer> next;
  if (options.resume) {
    next = std::make_unique<DetectorScorer>(seat.trained()->model());
    next->fitted = false;
    next->trainings = seat.trained()->trainings + 1;
  } else {
    next = std::make_unique<DetectorScorer>(seat.options(), set_->encoding, options.clean);
  }
  if (!options.resume || options.sparsity.kind != Sparsity::Kind::kNone) {
    const int top_k = options.sparsity.kind == Sparsity::Kind::kTopK ? options.sparsity.k : 0;
    for (Network& net : next->nets) net.set_top_k(top_k);
  }
  if (options.threshold && options.threshold->needs_labels()) sampled_rule().validate(set_->rows.size());
  HeldOut held;
  held.validation = static_cast<std::size_t>(
      std::ceil(options.validation_split.value_or(0) * static_cast<double>(set_->rows.size())));
  roles = deal_rows(set_->rows.size(), held, derived_seed(seat.options().seed, kHoldOutStream));
  draw_samples(next->members());
  if (next->detector().model.clean) draw_pool();
  return next;
}

ThresholdRule DetectorTraining::sampled_rule() const {
  ThresholdRule rule = options.threshold.value_or(ThresholdRule{});
  if (!rule.needs_labels()) return rule;
  std::vector<std::uint8_t> labels;
  labels.reserve(set_->rows.size());
  for (const std::uint32_t row : set_->rows) labels.push_back(rule.labels[row]);
  rule.labels = std::move(labels);
  return rule;
}

void DetectorTraining::draw_samples(std::size_t members) {
  const std::vector<std::uint32_t>& all = roles.learning;
  std::size_t fewest = kMemberRows;
  for (std::size_t member = 0; member < members; member++) {
    const auto stream = static_cast<std::uint32_t>(member);
    std::vector<std::uint32_t> sample = all;
    if (all.size() >= kFewRows) {
      // Three members share an order of the rows; each leaves out every third of it.
      const std::vector<std::uint32_t> order =
          shuffled(all, seed_of(kFoldStream + static_cast<std::uint32_t>(member / kFolds)));
      sample.clear();
      for (std::size_t i = 0; i < order.size(); i++) {
        if (i % kFolds != member % kFolds) sample.push_back(order[i]);
      }
    }
    samples_.push_back(shuffled(std::move(sample), derived_seed(seed_of(stream), kHoldOutStream)));
    fewest = std::min(fewest, samples_.back().size());
  }
  for (std::vector<std::uint32_t>& sample : samples_) sample.resize(fewest);
  tables_.reserve(3 * members);  // its elements must stay where they are
}

void DetectorTraining::draw_pool() {
  std::vector<std::uint8_t> known(set_->rows.size(), 0);
  for (const std::vector<std::uint32_t>& sample : samples_) {
    for (const std::uint32_t row : sample) known[row] = 1;
  }
  std::vector<std::uint32_t> rows_known;
  for (std::uint32_t row = 0; row < known.size(); row++) {
    if (known[row] != 0) rows_known.push_back(row);
  }
  pool_ = shuffled(std::move(rows_known), seed_of(kPoolStream));
  pool_.resize(std::min<std::size_t>(pool_.size(), static_cast<std::size_t>(options.neighbours)));
}

std::unique_ptr<NetTrainer> DetectorTraining::new_net(Scorer& next, std::size_t net) {
  DetectorScorer& scorer = *next.as_detector();
  const std::size_t members = scorer.members();
  const std::size_t member = net % members;  // both committees draw the same numbers
  const std::size_t width = set_->encoding.width;
  const auto features = static_cast<double>(set_->encoding.features.size());
  const std::uint32_t seed = seed_of(static_cast<std::uint32_t>(member));
  Mt19937 random(seed);
  if (!options.resume) next.nets[net].initialise_normal(random, features);
  const std::vector<std::uint32_t>& sample = samples_[member];
  std::vector<float>& table = tables_.emplace_back(sample.size() * width);
  for (std::size_t i = 0; i < sample.size(); i++) {
    std::copy_n(set_->sample.cells.data() + sample[i] * width, width, table.data() + i * width);
  }
  TrainOptions own = options;
  const bool trims = net >= members || (scorer.detector().model.clean && chosen(options.trim) > 0);
  if (!trims) own.trim = 0;
  SelectedRows learning;
  learning.table = table.data();
  learning.columns = width;
  learning.parts = features;
  learning.rows.resize(sample.size());
  std::iota(learning.rows.begin(), learning.rows.end(), 0U);
  if (trims) learning.shielded = protected_rows(table, width);
  if (set_->encoding.missing == Missing::kMask) {
    learning.masked = true;
    for (std::size_t i = 0; i < sample.size(); i++) blank_gaps(sample[i], {table.data() + i * width, width});
  }
  const BatchPlan plan{static_cast<std::size_t>(chosen(options.batch_size)), true, Compatibility::kNone};
  return std::make_unique<NetTrainer>(next.nets[net], std::move(learning), plan, own, random,
                                      derived_seed(seed, kNoiseStream));
}

void DetectorTraining::blank_gaps(std::size_t row, std::span<float> cells) const {
  const std::vector<Feature>& features = set_->encoding.features;
  for (std::size_t f = 0; f < features.size(); f++) {
    if (set_->sample.codes[row * features.size() + f] != EncodedRows::kLeftOut) continue;
    std::fill_n(cells.begin() + static_cast<std::ptrdiff_t>(features[f].at), features[f].width,
                std::numeric_limits<float>::quiet_NaN());
  }
}

SelectedRows DetectorTraining::validation_rows() {
  SelectedRows held;
  held.table = set_->sample.cells.data();
  if (set_->encoding.missing == Missing::kMask && !roles.validation.empty()) {
    const std::size_t width = set_->encoding.width;
    held.masked = true;
    std::vector<float>& table = tables_.emplace_back(set_->sample.cells);
    for (std::size_t row = 0; row < set_->rows.size(); row++) blank_gaps(row, {table.data() + row * width, width});
    held.table = table.data();
  }
  held.columns = set_->encoding.width;
  held.rows = roles.validation;
  held.parts = static_cast<double>(set_->encoding.features.size());
  return held;
}

int DetectorTraining::default_epochs(std::size_t batches) const {
  return static_cast<int>((kMemberSteps + batches - 1) / batches);
}

void DetectorTraining::follow(Scorer& next) {
  scorer_ = next.as_detector();
  scorer_->follow({&set_->sample, &samples_, pool_});
}

void DetectorTraining::begin_settling() {
  fit_ = std::make_unique<DetectorFit>(scorer_->detector(), set_->sample, samples_, pool_);
}

bool DetectorTraining::settle_piece() {
  if (!fit_->complete()) fit_->advance();
  if (!fit_->sound()) refuse_weights();
  return fit_->complete();
}

void DetectorTraining::drop_settling() noexcept {
  fit_.reset();
  scores_ = {};
}

Trainer::State::Outcome DetectorTraining::conclude() {
  const std::vector<double>& known = fit_->scores();
  std::vector<float> scores(known.size());
  std::ranges::transform(known, scores.begin(), [](double score) { return static_cast<float>(score); });
  const ThresholdRule rule = sampled_rule();
  Outcome outcome;
  outcome.threshold = options.threshold ? threshold_from(rule, scores) : fit_->threshold();
  // Only the detector's own rule promises nothing, from few rows.
  if (!std::isfinite(outcome.threshold) && (options.threshold || scores.size() >= kFewRows)) refuse_weights();
  std::vector<float> ordinary;
  for (std::size_t i = 0; i < scores.size(); i++) {
    if (!rule.needs_labels() || rule.labels[i] == 0) ordinary.push_back(scores[i]);
  }
  sort_ascending(ordinary);
  outcome.calibration = thinned(std::move(ordinary), kMostCalibration);
  outcome.held_out = scores.size() >= kFewRows;
  scores_ = std::move(scores);
  return outcome;
}

void DetectorTraining::close() noexcept {
  fit_.reset();
  scorer_->stop_following();
}

void DetectorTraining::describe(TrainReport& report) const {
  report.calibration_rows = scores_.size();
  report.scores = scores_;
  report.scored_rows = set_->rows;
  if (options.threshold) {
    report.rule = chosen(options.threshold);
    return;
  }
  report.rule.kind = scores_.size() < kFewRows ? ThresholdRule::Kind::kNone
                     : options.clean           ? ThresholdRule::Kind::kOutOfBag
                                               : ThresholdRule::Kind::kExponential;
}

}  // namespace anomalens
