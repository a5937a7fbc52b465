// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/architecture.hpp"

#include <algorithm>
#include <cmath>

#include "range.hpp"

namespace anomalens {

namespace {

constexpr int kMostWidth = 4096;
constexpr std::size_t kMostHidden = 16;

/// A power of two near a third of the columns: narrow tables still get room to bend, wide ones stay affordable.
int default_hidden(std::size_t columns) {
  int width = 16;
  while (width < 256 && static_cast<std::size_t>(width) * 4 < columns) width *= 2;
  return width;
}

int default_latent(std::size_t columns) {
  return std::max(1, static_cast<int>(std::lround(std::sqrt(static_cast<double>(columns)))));
}

}  // namespace

void ModelOptions::validate() const {
  if (hidden.size() > kMostHidden) {
    throw Error(ErrorCode::kBadOption, "hidden must name at most 16 layers, but it names " +
                                           std::to_string(hidden.size()) + ".")
        .named("hidden");
  }
  for (const int width : hidden) check_range("hidden", width, 1, kMostWidth);
  if (latent != 0) check_range("latent", latent, 1, kMostWidth);
}

std::vector<LayerShape> layers_for(const ModelOptions& options, std::size_t columns) {
  std::vector<int> widths{static_cast<int>(columns)};
  if (options.hidden_given) {
    widths.insert(widths.end(), options.hidden.begin(), options.hidden.end());
  } else {
    widths.push_back(default_hidden(columns));
  }
  const std::size_t hidden = widths.size() - 1;
  widths.push_back(options.latent != 0 ? options.latent : default_latent(columns));
  for (std::size_t i = hidden + 1; i-- > 0;) widths.push_back(widths[i]);

  std::vector<LayerShape> layers;
  std::size_t offset = 0;
  for (std::size_t l = 0; l + 1 < widths.size(); l++) {
    const bool plain = l == hidden || l + 2 == widths.size();
    LayerShape layer{widths[l], widths[l + 1], plain ? Activation::kLinear : options.activation, offset, 0};
    layer.bias = offset + static_cast<std::size_t>(layer.inputs) * static_cast<std::size_t>(layer.outputs);
    offset = layer.bias + static_cast<std::size_t>(layer.outputs);
    layers.push_back(layer);
  }
  return layers;
}

}  // namespace anomalens
