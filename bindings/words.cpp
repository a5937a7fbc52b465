// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
//
// The words of JavaScript for the enumerations of C++. bindings/ts/words.ts lists those that callers use.

#include <emscripten/bind.h>

#include "anomalens/autoencoder.hpp"
#include "anomalens/error.hpp"
#include "anomalens/synthetic.hpp"
#include "anomalens/trainer.hpp"

using namespace anomalens;
using emscripten::enum_;

EMSCRIPTEN_BINDINGS(anomalens_words) {
  enum_<Activation>("Activation")
      .value("linear", Activation::kLinear)
      .value("relu", Activation::kRelu)
      .value("tanh", Activation::kTanh)
      .value("sigmoid", Activation::kSigmoid)
      .value("leakyRelu", Activation::kLeakyRelu)
      .value("elu", Activation::kElu)
      .value("gelu", Activation::kGelu)
      .value("softplus", Activation::kSoftplus);
  enum_<ScalerKind>("Scaler")
      .value("standard", ScalerKind::kStandard)
      .value("robust", ScalerKind::kRobust)
      .value("minmax", ScalerKind::kMinMax)
      .value("none", ScalerKind::kNone);
  enum_<Missing>("Missing")
      .value("error", Missing::kError)
      .value("mask", Missing::kMask)
      .value("learn", Missing::kLearn);
  enum_<Compatibility>("Compatibility").value("none", Compatibility::kNone).value("pytorch", Compatibility::kPytorch);
  enum_<OptimizerKind>("Optimizer")
      .value("adam", OptimizerKind::kAdam)
      .value("adamw", OptimizerKind::kAdamW)
      .value("sgd", OptimizerKind::kSgd)
      .value("rmsprop", OptimizerKind::kRmsProp);
  enum_<LossKind>("Loss").value("mse", LossKind::kMse).value("mae", LossKind::kMae).value("huber", LossKind::kHuber);
  enum_<Schedule::Kind>("ScheduleKind")
      .value("constant", Schedule::Kind::kConstant)
      .value("cosine", Schedule::Kind::kCosine)
      .value("step", Schedule::Kind::kStep)
      .value("plateau", Schedule::Kind::kPlateau);
  enum_<Corruption::Kind>("CorruptionKind")
      .value("gaussian", Corruption::Kind::kGaussian)
      .value("mask", Corruption::Kind::kMask)
      .value("saltPepper", Corruption::Kind::kSaltPepper)
      .value("swap", Corruption::Kind::kSwap)
      .value("scale", Corruption::Kind::kScale);
  enum_<Sparsity::Kind>("SparsityKind")
      .value("none", Sparsity::Kind::kNone)
      .value("l1", Sparsity::Kind::kL1)
      .value("kl", Sparsity::Kind::kKl)
      .value("topK", Sparsity::Kind::kTopK);
  enum_<ThresholdRule::Kind>("RuleKind")
      .value("quantile", ThresholdRule::Kind::kQuantile)
      .value("fixed", ThresholdRule::Kind::kFixed)
      .value("conformal", ThresholdRule::Kind::kConformal)
      .value("contamination", ThresholdRule::Kind::kContamination)
      .value("mad", ThresholdRule::Kind::kMad)
      .value("tail", ThresholdRule::Kind::kTail)
      .value("falsePositiveRate", ThresholdRule::Kind::kFalsePositiveRate)
      .value("bestF1", ThresholdRule::Kind::kBestF1)
      .value("outOfBag", ThresholdRule::Kind::kOutOfBag)
      .value("exponential", ThresholdRule::Kind::kExponential)
      .value("none", ThresholdRule::Kind::kNone);
  enum_<ReasonKind>("ReasonKind")
      .value("relation", ReasonKind::kRelation)
      .value("rare", ReasonKind::kRare)
      .value("unseen", ReasonKind::kUnseen)
      .value("missing", ReasonKind::kMissing)
      .value("constant", ReasonKind::kConstant);
  enum_<Budget::Kind>("BudgetKind")
      .value("ms", Budget::Kind::kMilliseconds)
      .value("steps", Budget::Kind::kSteps)
      .value("epochs", Budget::Kind::kEpochs);
  enum_<Stopped>("Stopped")
      .value("epochs", Stopped::kEpochs)
      .value("patience", Stopped::kPatience)
      .value("aborted", Stopped::kAborted);
  enum_<synthetic::ArticleKind>("ArticleKind")
      .value("shift", synthetic::kShift)
      .value("scale", synthetic::kScale)
      .value("extreme", synthetic::kExtreme);
  enum_<synthetic::PatternKind>("PatternKind")
      .value("wiring", synthetic::PatternKind::kWiring)
      .value("everything", synthetic::PatternKind::kEverything);
}

EMSCRIPTEN_BINDINGS(anomalens_failures) {
  enum_<ErrorCode>("ErrorCode")
      .value("SHAPE", ErrorCode::kShape)
      .value("NON_FINITE", ErrorCode::kNonFinite)
      .value("BAD_OPTION", ErrorCode::kBadOption)
      .value("NOT_FITTED", ErrorCode::kNotFitted)
      .value("DISPOSED", ErrorCode::kDisposed)
      .value("OUT_OF_MEMORY", ErrorCode::kOutOfMemory)
      .value("BAD_FILE", ErrorCode::kBadFile)
      .value("DIVERGED", ErrorCode::kDiverged)
      .value("INTERNAL", ErrorCode::kInternal);
}
