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
  kLinear = 0,     ///< x
  kRelu = 1,       ///< max(x, 0), derivative 0 at 0
  kTanh = 2,       ///< (e^x - e^-x) / (e^x + e^-x)
  kSigmoid = 3,    ///< 1 / (1 + e^-x)
  kLeakyRelu = 4,  ///< x above 0, else 0.01 x (Maas, Hannun & Ng 2013)
  kElu = 5,        ///< x above 0, else e^x - 1 (Clevert, Unterthiner & Hochreiter 2016)
  kGelu = 6,       ///< x Phi(x), Phi the normal distribution function (Hendrycks & Gimpel 2016, the exact form)
  kSoftplus = 7,   ///< ln(1 + e^x)
};

/// Whose random numbers initialise the weights and shuffle the rows.
enum class Compatibility : int {
  kNone = 0,  ///< He (relu family) or Glorot (all others) uniform weights, zero biases
  kPytorch =
      1,  ///< as `torch.manual_seed(seed)`, `nn.Linear` in order of construction and `DataLoader(shuffle=True)` draw them
};

/// What becomes of a cell that is NaN.
enum class Missing : int {
  kError = 0,  ///< kNonFinite, naming row and column
  kMask = 1,  ///< it enters as the column's centre and leaves loss and score out; at least one cell a row must be there
};

/// Members of the committee that is trained when no architecture is named.
constexpr int kCommitteeMembers = 9;

/// The shape of an autoencoder: columns -> hidden... -> latent -> ...hidden mirrored -> columns.
struct ModelOptions {
  /// Widths of the encoder's hidden layers, outermost first; mirrored in the decoder. Each 1 to 4096, at most 16 layers.
  std::vector<int> hidden;
  /// When false, `hidden` is chosen from the number of columns.
  bool hidden_given = false;
  /// Widths of the decoder's hidden layers, innermost first, where they are not the mirror image.
  std::vector<int> decoder;
  bool decoder_given = false;
  /// Width of the bottleneck, 1 to 4096; 0 chooses max(1, round(sqrt(columns))), in a committee a size for each member.
  int latent = 0;
  /// Of the hidden layers; the output layer is linear. A committee that is given no activation takes kTanh.
  Activation activation = Activation::kRelu;
  bool activation_given = false;
  /// Of the bottleneck; kSigmoid is what a KL penalty needs.
  Activation latent_activation = Activation::kLinear;
  ScalerKind scaler = ScalerKind::kStandard;
  Missing missing = Missing::kError;
  /// Nets that judge together, 1 to 64; 0 takes kCommitteeMembers when no architecture is named (neither hidden, decoder,
  /// latent nor activation, and no compatibility), else 1.
  int members = 0;
  /// Seeds weights, row order and everything else random; equal seeds, options and rows give equal bits.
  std::uint32_t seed = 0;
  Compatibility compatibility = Compatibility::kNone;

  /// Throws kBadOption naming the first option out of range or in contradiction to another.
  void validate() const;
  /// `members` with 0 resolved.
  int member_count() const;
  bool committee() const { return member_count() > 1; }
};

/// One dense layer as a reader of the model sees it.
struct LayerShape {
  int inputs = 0;
  int outputs = 0;
  Activation activation = Activation::kLinear;
  std::size_t weights = 0;  ///< offset of [outputs][inputs] in the net's parameters
  std::size_t bias = 0;     ///< offset of [outputs] in the net's parameters
};

/// The layers that `options` ask for on a table of `columns` columns, for member number `member`.
std::vector<LayerShape> layers_for(const ModelOptions& options, std::size_t columns, int member = 0);

/// Layers of the encoder that `options` ask for: the hidden ones and the bottleneck.
std::size_t encoder_layers_for(const ModelOptions& options);

}  // namespace anomalens
