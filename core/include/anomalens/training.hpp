// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "anomalens/architecture.hpp"
#include "anomalens/threshold.hpp"

namespace anomalens {

enum class OptimizerKind : int {
  kAdam = 0,     ///< Kingma & Ba 2015, as PyTorch: beta1 .9, beta2 .999, epsilon 1e-8; decay added to the gradient
  kAdamW = 1,    ///< Loshchilov & Hutter 2019: decay taken from the weights before the step
  kSgd = 2,      ///< with heavy-ball momentum, as PyTorch
  kRmsProp = 3,  ///< Hinton 2012, as PyTorch: smoothing .99, epsilon 1e-8
};

/// Mean over rows and cells of the loss of a residual r.
enum class LossKind : int {
  kMse = 0,    ///< r^2
  kMae = 1,    ///< |r|
  kHuber = 2,  ///< r^2 / 2 up to |r| = 1, |r| - 1/2 beyond
};

/// The learning rate of epoch e (from 0) of E.
struct Schedule {
  enum class Kind : int {
    kConstant = 0,
    kCosine = 1,   ///< rises linearly over `warmup` epochs, then rate (1 + cos(pi (e - warmup) / (E - warmup))) / 2
    kStep = 2,     ///< rate * factor^floor(e / every)
    kPlateau = 3,  ///< times factor whenever the loss did not fall by a ten-thousandth for more than `patience` epochs
  };
  Kind kind = Kind::kConstant;
  int warmup = 0;       ///< 0 to epochs - 1
  int every = 1;        ///< 1 or more
  int patience = 10;    ///< 0 or more
  double factor = 0.1;  ///< above 0, below 1
};

/// Spoils the input of a step; the target stays clean. On scaled values, drawn afresh each step.
struct Corruption {
  enum class Kind : int {
    kGaussian = 0,    ///< x + amount * N(0, 1)
    kMask = 1,        ///< the column's centre with probability `amount`
    kSaltPepper = 2,  ///< the column's least or largest value with probability `amount`
    kSwap = 3,        ///< another random row's cell with probability `amount`: keeps each column, breaks their relation
    kScale = 4,       ///< x * (1 + amount * N(0, 1))
  };
  Kind kind = Kind::kGaussian;
  double amount = 0;  ///< kGaussian, kScale: 0 to 100. Others: 0 to 1.
};

/// Pressure on the latent codes.
struct Sparsity {
  enum class Kind : int {
    kNone = 0,
    kL1 = 1,  ///< loss + weight * mean |code|
    kKl =
        2,  ///< loss + weight * sum_j KL(target || mean code j); codes in (0, 1): latent activation kSigmoid (Ng 2011)
    kTopK = 3,  ///< only the k largest codes of a row stay, in training and in scoring (Makhzani & Frey 2014)
  };
  Kind kind = Kind::kNone;
  double weight = 0;     ///< 0 to 1e6
  double target = 0.05;  ///< above 0, below 1
  int k = 1;             ///< 1 to latent
};

/// How a model learns. What is left empty is chosen from the model and the rows.
struct TrainOptions {
  /// Passes over the rows, 1 to 1,000,000. More fit the training rows more closely, their noise included. Default: single
  /// net, about 4,000 steps, between 30 and 300 passes; committee, 400 steps a member.
  std::optional<int> epochs = std::nullopt;
  /// Rows a step, 1 to 65,536; the last batch of an epoch may be shorter, and more than there are rows means all rows.
  /// Smaller batches make more, noisier steps a pass. Default: 32, in a committee 64.
  std::optional<int> batch_size = std::nullopt;
  OptimizerKind optimizer = OptimizerKind::kAdam;
  /// Length of a step, above 0, at most 10. Too large diverges, too small learns nothing in the epochs given. Default:
  /// .001, in a committee .01.
  std::optional<double> learning_rate = std::nullopt;
  /// kSgd, kRmsProp: 0 to below 1. Larger values carry steps on in the direction of those before.
  double momentum = 0;
  /// How the learning rate changes from epoch to epoch.
  Schedule schedule;
  /// kMae and kHuber let single large residuals pull less than kMse does.
  LossKind loss = LossKind::kMse;
  /// L2 penalty, biases included: g += weight_decay * w, as PyTorch; decoupled in kAdamW. 0 to 10. Larger values keep the
  /// weights smaller and the reconstruction smoother.
  double weight_decay = 0;
  /// L1 penalty on weights and biases: g += l1 * sign(w). 0 to 10. Larger values bring more weights to zero.
  double l1 = 0;
  /// Share of the hidden units left out of a step, the others scaled by 1 / (1 - dropout). 0 to below 1. Larger values make
  /// the net lean on no single unit, and fit less closely.
  double dropout = 0;
  /// Largest Euclidean norm of a step's gradient, 0 to 1e6; 0 does not clip. Smaller values tame single wild batches.
  double clip_norm = 0;
  /// Applied one after another, at most 8. More corruption makes the net rely on the relation between columns instead of
  /// copying each.
  std::vector<Corruption> corruption;
  /// Pressure on the codes; more of it leaves fewer codes at work.
  Sparsity sparsity;
  /// The caller's promise that all rows are normal. It decides the defaults of `trim` and `threshold`.
  bool clean = true;
  /// Share of the worst rows of every mini-batch that is left out of the gradient, 0 to 0.9. Larger values teach less of
  /// anomalies among the training rows, and of rare normal rows. Default: 0 for clean rows, else 0.3.
  std::optional<double> trim = std::nullopt;
  /// Share of the rows held out to watch the loss, 0 to 0.5; the weights of the best epoch are kept. More watch more
  /// reliably and leave fewer to learn from. Default: a tenth with `patience`, else none.
  std::optional<double> validation_split = std::nullopt;
  /// Epochs without a relative improvement of 1e-4 of the held-out loss until training stops, 0 to 1e6; 0 never stops.
  /// Larger values wait longer. Needs rows held out.
  int patience = 0;
  /// Applied when training ends. Default of a single net: kConformal with alpha .05 where at least 150 clean rows allow to hold a tenth out
  /// (at least 50, at most 10,000), else the .95 quantile of the training scores; kMad for rows that are not clean; the .95
  /// quantile with compatibility to PyTorch. The default detector takes all rules from scores of the training rows by members
  /// that did not see them; its own are kOutOfBag for clean rows and kExponential for others.
  std::optional<ThresholdRule> threshold = std::nullopt;
  /// Rows that the default detector keeps, encoded, when the training rows are clean, 0 to 4096: a row's distance to the
  /// nearest of them is part of its score. More find finer departures and make scoring slower and files larger; 0 keeps no
  /// row in the model.
  int neighbours = 512;
  /// Goes on from the model's present weights and scaler instead of starting over.
  bool resume = false;

  /// Throws kBadOption naming the first option out of range or in contradiction to another one or to the model.
  void validate(const ModelOptions& model, std::size_t rows, std::size_t columns) const;
  /// Throws kOutOfMemory naming `rows` and `columns` where a training on them cannot do with so many bytes. Counts only what is
  /// surely there at the same time: the rows, and of every net its weights and what the optimizer keeps beside them. For whoever
  /// has a limit and wants to know before the rows are taken in.
  void require_room(const ModelOptions& model, std::size_t rows, std::size_t columns, double bytes) const;
  /// The same options with everything chosen that is left empty, but `epochs`, which also depends on the rows that are left
  /// to learn from.
  TrainOptions resolved(const ModelOptions& model, std::size_t rows) const;
};

}  // namespace anomalens
