// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/architecture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <new>

#include "refusal.hpp"

namespace anomalens {

namespace {

constexpr int kMostWidth = 4096;
constexpr std::size_t kMostHidden = 16;
constexpr int kCommitteeWidth = 16;
constexpr std::size_t kManyRows = 1'000;
/// 2 GB of floats: more than any heap of 32-bit addresses holds, so sums of sizes never wrap around.
constexpr std::uint64_t kMostParameters = std::uint64_t{1} << 29;

/// Between 16 and 256, a power of two above a quarter of the columns: narrow tables still get room to bend, wide ones
/// stay affordable.
int default_hidden(std::size_t columns) {
  int width = 16;
  while (width < 256 && static_cast<std::size_t>(width) * 4 < columns) width *= 2;
  return width;
}

int rounded_root(std::size_t columns) { return static_cast<int>(std::lround(std::sqrt(static_cast<double>(columns)))); }

/// Committee members take three code sizes in turn, from the root of the columns to half of them.
int committee_latent(std::size_t columns, int member) {
  const int small = std::max(2, rounded_root(columns));
  const int large = std::max(2, static_cast<int>(columns / 2));
  const int sizes[] = {small, (small + large) / 2, large};
  return sizes[member % 3];
}

void check_widths(const char* option, const std::optional<std::vector<int>>& given) {
  if (!given) return;
  const std::vector<int>& widths = *given;
  if (widths.size() > kMostHidden) {
    refuse_option(option, Reason::kTooManyLayers, {kMostHidden, widths.size()});
  }
  for (const int width : widths) check_range(option, width, 1, kMostWidth);
}

}  // namespace

void ModelOptions::validate() const {
  check_widths("hidden", hidden);
  check_widths("decoder", decoder);
  check_range("latent", latent, 1, kMostWidth);
  check_range("members", members, 1, 64);
  if (committee() && compatibility == Compatibility::kPytorch) {
    refuse_option("members", Reason::kCommitteeOfPytorch, {member_count()});
  }
  if (!committee() && missing == Missing::kLearn) refuse_option("missing", Reason::kNeedsDetector);
}

int ModelOptions::member_count() const {
  const bool named = hidden || decoder || latent || activation || latent_activation != Activation::kLinear ||
                     compatibility != Compatibility::kNone;
  return members.value_or(named ? 1 : kCommitteeMembers);
}

int ModelOptions::net_count(bool clean, std::size_t rows) const {
  const int all = member_count();
  const int trimmed = rows > kManyRows ? std::min(all, std::max(3, all - all / 3)) : all;
  return clean ? all : all + trimmed;
}

std::size_t encoder_layers_for(const ModelOptions& options) {
  return (options.hidden ? options.hidden->size() : 1) + 1;
}

std::vector<int> widths_for(const ModelOptions& options, std::size_t columns, int member) {
  const bool committee = options.committee();
  const std::vector<int> encoder =
      options.hidden.value_or(std::vector{committee ? kCommitteeWidth : default_hidden(columns)});
  const std::vector<int> decoder = options.decoder.value_or(std::vector<int>(encoder.rbegin(), encoder.rend()));
  const int latent =
      options.latent.value_or(committee ? committee_latent(columns, member) : std::max(1, rounded_root(columns)));
  std::vector<int> widths{static_cast<int>(columns)};
  for (const int width : encoder) widths.push_back(width);
  widths.push_back(latent);
  for (const int width : decoder) widths.push_back(width);
  widths.push_back(static_cast<int>(columns));
  return widths;
}

std::vector<LayerShape> layers_for(const ModelOptions& options, std::size_t columns, int member) {
  const bool committee = options.committee();
  const Activation hidden = options.activation.value_or(committee ? Activation::kTanh : Activation::kRelu);
  const std::vector<int> widths = widths_for(options, columns, member);
  const std::size_t code = encoder_layers_for(options) - 1;  // the layer whose output is the code
  std::vector<LayerShape> layers(widths.size() - 1);
  std::size_t offset = 0;
  for (std::size_t l = 0; l < layers.size(); l++) {
    LayerShape& layer = layers[l];
    layer = {widths[l], widths[l + 1], hidden, committee && !options.activation, offset, 0};
    if (l == code) layer.activation = options.latent_activation;
    if (l + 1 == layers.size()) layer.activation = Activation::kLinear;
    const std::uint64_t weights =
        static_cast<std::uint64_t>(layer.inputs + 1) * static_cast<std::uint64_t>(layer.outputs);
    if (weights > kMostParameters - offset) throw std::bad_alloc();
    layer.bias = offset + static_cast<std::size_t>(layer.inputs) * static_cast<std::size_t>(layer.outputs);
    offset = layer.bias + static_cast<std::size_t>(layer.outputs);
  }
  return layers;
}

}  // namespace anomalens
