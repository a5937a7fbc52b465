// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "anomalens/scaler.hpp"
#include "anomalens/table.hpp"

namespace anomalens {

/// What a layer does with its weighted sums, element by element. Fingerprints contain the numbers: append only.
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

/// Members of the committee that is trained when no architecture is named.
constexpr int kCommitteeMembers = 9;

/// The shape of an autoencoder: columns -> hidden... -> latent -> ...hidden mirrored -> columns. What is left empty is
/// chosen from the table.
struct ModelOptions {
  /// Widths of the encoder's hidden layers, outermost first, 1 to 4096 each, at most 16; the decoder mirrors them. Wider
  /// and more layers follow finer structure, take longer and copy noise sooner. Default: one layer, a power of two from
  /// 16 to 256 above a quarter of the columns; in a committee 16.
  std::optional<std::vector<int>> hidden = std::nullopt;
  /// Widths of the decoder's hidden layers, innermost first, 1 to 4096 each, at most 16. Default: `hidden` reversed.
  std::optional<std::vector<int>> decoder = std::nullopt;
  /// Width of the bottleneck, 1 to 4096. Narrower forces the net to summarise and makes it blunter; as wide as the columns
  /// it can copy anything. Default: max(1, round(sqrt(columns))), in a committee a size for each member.
  std::optional<int> latent = std::nullopt;
  /// Of the hidden layers; the output layer is linear. Smooth ones (kTanh, kGelu) bend gently, kRelu trains fastest.
  /// Default: kRelu, in a committee kTanh.
  std::optional<Activation> activation = std::nullopt;
  /// Of the bottleneck. Anything but kLinear bounds the codes; kSigmoid is what a KL penalty needs.
  Activation latent_activation = Activation::kLinear;
  /// Of a single net; a committee looks at each column's own distribution instead, and not at this. kRobust lets outliers
  /// of the training rows weigh less, kNone trusts the columns' own units.
  ScalerKind scaler = ScalerKind::kStandard;
  /// kMask lets rows with gaps be judged by the cells that are there, kLearn by when they have gaps, too. Default: kError,
  /// in a committee kLearn.
  std::optional<Missing> missing = std::nullopt;
  /// Nets that judge together, 1 to 64. More give steadier scores and take proportionally longer. Default:
  /// kCommitteeMembers when no architecture is named (neither hidden, decoder, latent nor activation, a linear bottleneck,
  /// and no compatibility), else 1.
  std::optional<int> members = std::nullopt;
  /// Seeds weights, row order and everything else random; equal seeds, options and rows give equal bits.
  std::uint32_t seed = 0;
  Compatibility compatibility = Compatibility::kNone;

  /// Throws kBadOption naming the first option out of range or in contradiction to another.
  void validate() const;
  /// `members`, or the default.
  int member_count() const;
  bool committee() const { return member_count() > 1; }
  /// Nets of a detector that learned from `rows` rows: its members, and unless the rows are clean those of the trimmed
  /// committee. Up to 1,000 rows there are as many of these, since few may judge a row that the others learned from;
  /// beyond, two thirds as many judge as well, but there are at least three.
  int net_count(bool clean, std::size_t rows) const;
  /// `missing`, or the default.
  Missing missing_cells() const { return missing.value_or(committee() ? Missing::kLearn : Missing::kError); }
};

/// One dense layer as a reader of the model sees it.
struct LayerShape {
  int inputs = 0;
  int outputs = 0;
  Activation activation = Activation::kLinear;
  bool quick = false;       ///< kTanh to 4e-7, in a third of the time: what committees use that are given no activation
  std::size_t weights = 0;  ///< offset of [outputs][inputs] in the net's parameters
  std::size_t bias = 0;     ///< offset of [outputs] in the net's parameters
};

/// The widths that `options` ask for on a table of `columns` columns, for member number `member`: the columns, the hidden layers
/// of the encoder, the code, those of the decoder, the columns.
std::vector<int> widths_for(const ModelOptions& options, std::size_t columns, int member = 0);

/// The layers that `options` ask for on a table of `columns` columns, for member number `member`.
std::vector<LayerShape> layers_for(const ModelOptions& options, std::size_t columns, int member = 0);

/// Layers of the encoder that `options` ask for: the hidden ones and the bottleneck.
std::size_t encoder_layers_for(const ModelOptions& options);

}  // namespace anomalens
