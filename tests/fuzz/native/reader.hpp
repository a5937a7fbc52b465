// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "anomalens/error.hpp"
#include "anomalens/trainer.hpp"

/// What the fuzzers share: options and tables out of bytes, and what must hold of all results.
namespace anomalens::fuzzing {

/// Takes values off a list of bytes, from front to back; zeros where it has ended.
class Reader {
 public:
  Reader(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

  template <class Number>
  Number take() {
    Number number{};
    const std::size_t count = std::min(sizeof number, bytes_.size());
    if (count > 0) std::memcpy(&number, bytes_.data(), count);
    bytes_ = bytes_.subspan(count);
    return number;
  }
  unsigned byte() { return take<std::uint8_t>(); }
  /// From `low` to `high`; every byte is good for something.
  int within(int low, int high) { return low + static_cast<int>(byte()) % (high - low + 1); }
  bool coin() { return (byte() & 1U) != 0; }
  template <class Enum>
  Enum word(int last) {
    return static_cast<Enum>(within(0, last));
  }
  /// As many as the bytes before them say, `most` at most.
  template <class Number>
  std::vector<Number> list(std::size_t most) {
    std::vector<Number> numbers(std::min<std::size_t>(take<std::uint16_t>(), most));
    for (Number& number : numbers) number = take<Number>();
    return numbers;
  }
  /// A number in range or at an end of it; any at all where anything goes.
  double amount(double low, double high) {
    switch (within(0, 9)) {
      case 0:
        return low;
      case 1:
        return high;
      case 2:
        return anything ? take<double>() : low;
      default:
        return low + (high - low) * byte() / 255;
    }
  }
  /// Mostly a small number, now and then one at the ends of what there is, or none.
  double cell() {
    const unsigned kind = byte();
    if (kind >= 16) return (static_cast<int>(kind) - 128) / 8.0;
    switch (kind) {
      case 0:
        return gaps || anything ? std::numeric_limits<double>::quiet_NaN() : 0;
      case 1:
        return anything ? std::numeric_limits<double>::infinity() : 1;
      case 2:
        return std::numeric_limits<double>::max();
      case 3:
        return -std::numeric_limits<double>::max();
      case 4:
        return std::numeric_limits<double>::denorm_min();
      case 5:
        return 1e-300;
      case 6:
        return 3.5e38;
      case 7:
        return 1e13;
      case 8:
        return tame(take<double>());
      case 9:
        return tame(take<float>());
      default:
        return kind - 10.0;
    }
  }
  bool empty() const { return bytes_.empty(); }

  /// Whether values that are refused come, too. Most cases go without: what is refused early tries out little.
  bool anything = false;
  /// Whether cells may be missing.
  bool gaps = false;

 private:
  double tame(double number) const { return anything || std::isfinite(number) ? number : 0; }

  std::span<const std::uint8_t> bytes_;
};

/// Ends the program with a sentence that the runner shows.
[[noreturn]] inline void violated(const char* what, double number = 0) {
  std::fprintf(stderr, "VIOLATION: %s (%g)\n", what, number);
  std::abort();
}

template <class Numbers>
void must_be_finite(const Numbers& numbers, const char* what) {
  for (const auto number : numbers)
    if (!(number - number == 0)) violated(what, static_cast<double>(number));
}

/// What the last call was refused with.
inline std::optional<Error> refusal;

/// Ends the program for a call that must not have been refused.
[[noreturn]] inline void refused(const char* what) {
  const char* option = refusal && refusal->option() != nullptr ? refusal->option() : "";
  std::fprintf(stderr, "VIOLATION: %s: %s, reason %d\n", what, option,
               refusal ? static_cast<int>(refusal->reason()) : -1);
  std::abort();
}

/// Runs `work`; whether it came to its end. What it throws must be an error of ours that tells on the caller.
template <class Work>
bool survives(Work work) {
  try {
    work();
    return true;
  } catch (const Error& error) {
    refusal = error;
    if (error.code() == ErrorCode::kInternal) violated("an internal error", static_cast<double>(error.reason()));
    return false;
  } catch (const std::bad_alloc&) {
    return false;
  } catch (const std::exception& error) {
    violated(error.what());
  }
}

inline ModelOptions model_options(Reader& reader) {
  ModelOptions options;
  const unsigned given = reader.byte();
  const auto widths = [&] {
    std::vector<int> list(static_cast<std::size_t>(reader.within(0, 2)));
    for (int& width : list) width = reader.within(1, 6);
    return list;
  };
  if (given & 1U) options.hidden = widths();
  if (given & 2U) options.decoder = widths();
  if (given & 4U) options.latent = reader.within(1, 5);
  if (given & 8U) options.activation = reader.word<Activation>(7);
  if (given & 16U) options.latent_activation = reader.word<Activation>(7);
  if (given & 32U) options.missing = reader.word<Missing>(2);
  options.members = (given & 64U) ? reader.within(1, 3) : 1;
  options.scaler = reader.word<ScalerKind>(3);
  options.seed = reader.byte();
  if ((given & 128U) && (options.members == 1 || reader.anything)) options.compatibility = Compatibility::kPytorch;
  if (options.members == 1 && options.missing == Missing::kLearn && !reader.anything) options.missing.reset();
  reader.gaps = options.missing_cells() != Missing::kError;
  return options;
}

inline ThresholdRule threshold_rule(Reader& reader, std::size_t rows) {
  // The most that each kind takes.
  static constexpr std::array kMost{0.99, 1e300, 0.5, 0.5, 100.0, 0.02, 0.99, 1.0};
  ThresholdRule rule;
  rule.kind = reader.word<ThresholdRule::Kind>(reader.anything ? 10 : 7);
  const auto kind = static_cast<std::size_t>(rule.kind);
  rule.value = reader.amount(reader.anything ? 0 : 1e-3, kind < kMost.size() ? kMost[kind] : 1);
  rule.held_out = reader.coin();
  if (!rule.needs_labels()) return rule;
  rule.labels.resize(reader.anything ? static_cast<std::size_t>(reader.byte()) : rows);
  for (std::uint8_t& label : rule.labels) label = static_cast<std::uint8_t>(reader.within(0, 1));
  return rule;
}

inline Schedule schedule(Reader& reader, int epochs) {
  Schedule schedule;
  schedule.kind = reader.word<Schedule::Kind>(3);
  schedule.warmup = reader.within(0, reader.anything ? 3 : epochs - 1);
  schedule.every = reader.within(reader.anything ? 0 : 1, 2);
  schedule.patience = reader.within(0, 2);
  schedule.factor = reader.amount(1e-9, 0.999);
  return schedule;
}

inline Sparsity sparsity(Reader& reader, const ModelOptions& model) {
  Sparsity sparsity{reader.word<Sparsity::Kind>(3), reader.amount(0, 1), reader.amount(1e-9, 0.999), 1};
  if (reader.anything) sparsity.k = reader.within(0, 6);
  const bool fits = sparsity.kind != Sparsity::Kind::kKl || model.latent_activation == Activation::kSigmoid;
  if (!fits && !reader.anything) sparsity.kind = Sparsity::Kind::kL1;
  return sparsity;
}

inline TrainOptions train_options(Reader& reader, const ModelOptions& model, std::size_t rows) {
  TrainOptions options;
  options.epochs = reader.within(1, 3);
  options.batch_size = reader.within(1, 40);
  options.optimizer = reader.word<OptimizerKind>(3);
  if (reader.coin()) options.learning_rate = reader.amount(1e-6, 10);
  if (options.optimizer >= OptimizerKind::kSgd || reader.anything) options.momentum = reader.amount(0, 0.99);
  options.schedule = schedule(reader, *options.epochs);
  options.loss = reader.word<LossKind>(2);
  if (reader.coin()) options.weight_decay = reader.amount(0, 10);
  if (reader.coin()) options.l1 = reader.amount(0, 10);
  if (reader.coin()) options.dropout = reader.amount(0, 0.9);
  if (reader.coin()) options.clip_norm = reader.amount(0, 10);
  for (int more = reader.within(0, 3); more > 1; more--)
    options.corruption.push_back({reader.word<Corruption::Kind>(4), reader.amount(0, 1)});
  options.sparsity = sparsity(reader, model);
  options.clean = reader.coin();
  if (reader.coin()) options.trim = reader.amount(0, 0.9);
  if (reader.within(0, 3) == 0) options.validation_split = reader.amount(0, 0.5);
  options.patience = reader.within(0, 7) == 0 ? reader.within(1, 2) : 0;
  if (reader.coin()) options.threshold = threshold_rule(reader, rows);
  options.neighbours = reader.within(0, 20);
  return options;
}

/// Everything a model can be asked about a table of its own width, all results finite.
void judge(Autoencoder& model, std::span<const double> cells, std::size_t columns);

}  // namespace anomalens::fuzzing
