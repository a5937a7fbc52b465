// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "anomalens/scaler.hpp"

namespace anomalens {

/// What a layer does with its weighted sums, element by element. The numbers are saved with models: append only.
enum class Activation : int {
  kLinear = 0,   ///< x
  kRelu = 1,     ///< max(x, 0), derivative 0 at 0
  kTanh = 2,     ///< (e^x - e^-x) / (e^x + e^-x)
  kSigmoid = 3,  ///< 1 / (1 + e^-x)
};

/// Whose random numbers initialise the weights and shuffle the rows.
enum class Compatibility : int {
  kNone = 0,     ///< He (relu) or Glorot (all others) weights, zero biases
  kPytorch = 1,  ///< as `torch.manual_seed(seed)`, `nn.Linear` in order of construction and `DataLoader(shuffle=True)` draw them
};

/// The shape of an autoencoder: columns -> hidden... -> latent -> ...hidden mirrored -> columns.
struct ModelOptions {
  /// Widths of the encoder's hidden layers, outermost first; mirrored in the decoder. Each 1 to 4096, at most 16 layers.
  std::vector<int> hidden;
  /// When false, `hidden` is chosen from the number of columns.
  bool hidden_given = false;
  /// Width of the bottleneck, 1 to 4096; 0 chooses max(1, round(sqrt(columns))).
  int latent = 0;
  /// Of the hidden layers. Latent and output layers are linear.
  Activation activation = Activation::kRelu;
  ScalerKind scaler = ScalerKind::kStandard;
  /// Seeds weights and row order; equal seeds, options and rows give equal bits.
  std::uint32_t seed = 0;
  Compatibility compatibility = Compatibility::kNone;

  /// Throws kBadOption naming the first option out of range.
  void validate() const;
};

/// One dense layer as a reader of the model sees it.
struct LayerShape {
  int inputs = 0;
  int outputs = 0;
  Activation activation = Activation::kLinear;
  std::size_t weights = 0;  ///< offset of [outputs][inputs] in the parameters
  std::size_t bias = 0;     ///< offset of [outputs] in the parameters
};

/// The layers that `options` ask for on a table of `columns` columns.
std::vector<LayerShape> layers_for(const ModelOptions& options, std::size_t columns);

}  // namespace anomalens
