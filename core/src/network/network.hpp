// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "anomalens/architecture.hpp"
#include "anomalens/training.hpp"
#include "math/tensor.hpp"
#include "random/mt19937.hpp"

namespace anomalens {

/// A batch in the layout of the kernels: [blocks][features][4].
using Blocks = xt::xtensor<float, 3>;

/// Activations and deltas of one batch; made once, used every step.
struct Workspace {
  Workspace() = default;
  /// `room`: rows it can hold. Scoring needs no deltas.
  Workspace(std::span<const LayerShape> layers, std::size_t room, bool training);

  std::size_t capacity = 0;
  std::vector<Blocks> values;  ///< values[0]: the input; values[l + 1]: the output of layer l
  std::vector<Blocks> sums;    ///< sums[l + 1]: weighted sums of layer l, where the derivative needs them (kGelu)
  /// deltas[l + 1]: derivative of the loss by the output of layer l. That of the last layer takes the place of the output
  /// itself, values.back(), so that less of the cache is used; the last element here stays empty.
  std::vector<Blocks> deltas;
  std::vector<Blocks> dropped;  ///< dropped[l + 1]: factors of layer l's units; empty until dropout is used
  std::vector<Blocks> whole;    ///< whole[l + 1]: layer l's outputs before dropout
  Blocks kept;                  ///< 1 for the codes that top-k kept; empty until it is used
  Blocks target;                ///< what the output is compared with, where that is not the input
  Blocks mask;                  ///< 1 for cells that are there; empty unless cells are missing
  xt::xtensor<float, 1> row_losses;
  xt::xtensor<float, 1> row_cells;
  xt::xtensor<float, 1> row_factors;
  xt::xtensor<float, 1> scratch;       ///< of the weight gradient
  std::vector<std::uint8_t> shielded;  ///< rows of the batch that trimming never leaves out; empty: none
  std::vector<float> negated;          ///< of top-k
};

/// Random leaving-out of hidden units in a training step.
struct Dropout {
  double rate = 0;
  Mt19937& random;
};

/// A chain of dense layers over one flat array of parameters.
class Network {
 public:
  Network() = default;
  /// The first `encoder_layers` layers make the code, of which only the `top_k` largest stay (0: all).
  Network(std::vector<LayerShape> layers, std::size_t encoder_layers, int top_k = 0);

  /// Fresh parameters. kPytorch: weights and biases U(+-1/sqrt(inputs)), weights first, layer after layer.
  /// Otherwise uniform weights of He 2015 (relu family) or Glorot & Bengio 2010 and zero biases.
  void initialise(Compatibility compatibility, Mt19937& random);
  /// N(0, 1 / inputs) weights, in the first layer N(0, 1 / parts), and zero biases: those of a committee's member, `parts`
  /// its number of features.
  void initialise_normal(Mt19937& random, double parts);

  /// Outputs of the layers from `first` to `last` (exclusive) for the first `rows` rows of the workspace.
  void forward(Workspace& workspace, int rows, std::size_t first, std::size_t last,
               const Dropout* dropout = nullptr) const;
  void forward(Workspace& workspace, int rows) const { forward(workspace, rows, 0, layers_.size()); }

  /// From the derivative of the loss by the output (in values[L]) to that by every parameter, into `gradient`.
  void backward(Workspace& workspace, int rows, const Sparsity& sparsity, xt::xtensor<float, 1>& gradient) const;

  /// Leaves (output - input) * scale in the place of the output.
  void residual(Workspace& workspace, int rows, float scale) const;

  const std::vector<LayerShape>& layers() const { return layers_; }
  std::size_t encoder_layers() const { return encoder_layers_; }
  std::size_t columns() const { return static_cast<std::size_t>(layers_.front().inputs); }
  std::size_t latent() const { return static_cast<std::size_t>(layers_[encoder_layers_ - 1].outputs); }
  int top_k() const { return top_k_; }
  void set_top_k(int k) { top_k_ = k; }
  std::size_t parameter_count() const { return count_; }
  /// Whether both can share a workspace.
  bool same_shape(const Network& other) const {
    return layers_.size() == other.layers_.size() && count_ == other.count_ && latent() == other.latent();
  }
  /// Layer after layer the weights [outputs][inputs] and the biases; padded with zeros to a multiple of four.
  const xt::xtensor<float, 1>& parameters() const { return parameters_; }
  /// Lets `change` work on the parameters.
  template <class Change>
  void update(Change change) {
    change(parameters_);
    arrange();
  }
  /// Takes over the first parameter_count() of `parameters`.
  void set_parameters(const float* parameters);
  /// Exchanges them with the first parameter_count() of `parameters`.
  void swap_parameters(float* parameters);

 private:
  /// Follows a change of the parameters.
  void arrange();
  void layer_backward(Workspace& workspace, int blocks, std::size_t layer, bool gated) const;
  void keep_largest(Workspace& workspace, int rows) const;

  std::vector<LayerShape> layers_;
  std::size_t encoder_layers_ = 0;
  int top_k_ = 0;
  std::size_t count_ = 0;
  xt::xtensor<float, 1> parameters_;
  xt::xtensor<float, 1> arranged_;  ///< the weights once more, each layer's at the same place, as forward() reads them
};

}  // namespace anomalens
