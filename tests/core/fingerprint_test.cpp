// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "data/article.hpp"
#include "support.hpp"

/// The same constants in every build: native, scalar, sanitizers, WebAssembly. A change of one bit anywhere in
/// generator, initialisation, kernels, order of summation or optimizer changes them; so does a change of compiler flags
/// that lets it contract or reorder.
namespace anomalens::testing {

namespace {

struct Pinned {
  Activation activation;
  std::uint64_t fingerprint;
};

constexpr Pinned kNative[] = {
    {Activation::kLinear, 0x0bd775e6cc7e60bbULL},    {Activation::kRelu, 0xc43d3d6a893fec9cULL},
    {Activation::kTanh, 0x9619a92a3f01cb1fULL},      {Activation::kSigmoid, 0x802b38694f416d00ULL},
    {Activation::kLeakyRelu, 0x2a99372e8fb76ed4ULL}, {Activation::kElu, 0x84a028510d2a3f31ULL},
    {Activation::kGelu, 0xf925e8f18f95602cULL},      {Activation::kSoftplus, 0x34911d92b8c1391eULL},
};

constexpr std::uint64_t kArticle = 0x51bac7f259ef5fedULL;

constexpr std::uint64_t kCommittee = 0xc11c795686a33286ULL;
constexpr std::uint64_t kCommitteeScores = 0xb3c278a465f78852ULL;
constexpr std::uint64_t kEveryOption = 0xde6c3b3c1c6d0419ULL;
constexpr std::uint64_t kEveryOptionScores = 0x77ee333e14611966ULL;
constexpr std::uint64_t kEveryOptionOfThree = 0x0222a74aedcb7d0eULL;
constexpr std::uint64_t kOtherOptions = 0xcc8f3851a5038282ULL;

/// Scores and shares of a table and the threshold, hashed.
std::uint64_t verdicts(const Autoencoder& model, const std::vector<float>& table) {
  std::vector<float> all = scores_of(model, view(table));
  const std::vector<float> shares = shares_of(model, view(table));
  all.insert(all.end(), shares.begin(), shares.end());
  std::vector<float> rebuilt(table.size());
  model.reconstruct(view(table), rebuilt);
  all.insert(all.end(), rebuilt.begin(), rebuilt.end());
  all.push_back(static_cast<float>(*model.threshold()));
  return fnv1a(all);
}

}  // namespace

TEST_SUITE_BEGIN("fingerprint");

TEST_CASE("a native training ends in the same bits in every build, with each activation") {
  const std::vector<float> table = small_table();
  for (const Pinned& pinned : kNative) {
    CAPTURE(static_cast<int>(pinned.activation));
    Autoencoder model(small_options(pinned.activation));
    fit(model, view(table), short_training(20));
    CHECK(model.fingerprint() == pinned.fingerprint);
  }
}

TEST_CASE("the article's experiment ends in the same bits in every build") {
  Autoencoder model(model_options(fixtures::kArticle));
  fit(model, table_of(fixtures::kArticle), train_options(fixtures::kArticle));
  CHECK(model.fingerprint() == kArticle);
}

TEST_CASE("the committee of the defaults ends in the same bits in every build, and judges in the same bits") {
  const std::vector<float> table = small_table(200);
  Autoencoder model{ModelOptions{}};
  fit(model, view(table));
  CHECK(model.fingerprint() == kCommittee);
  std::vector<float> others = small_table(40, 9);
  for (std::size_t i = 0; i < others.size(); i += 5) others[i] *= 30;
  CHECK(verdicts(model, others) == kCommitteeScores);
}

TEST_CASE("a training with every option switched on ends in the same bits in every build") {
  const std::vector<float> table = table_with_holes();
  Autoencoder model(every_model_option());
  fit(model, view(table), every_train_option());
  CHECK(model.fingerprint() == kEveryOption);
  CHECK(verdicts(model, table) == kEveryOptionScores);
  Autoencoder three(every_model_option(3));
  fit(three, view(table), every_train_option());
  CHECK(three.fingerprint() == kEveryOptionOfThree);
}

TEST_CASE("the options that exclude those end in the same bits in every build") {
  const std::vector<float> table = small_table();
  ModelOptions shape = small_options(Activation::kElu, {9, 5}, 5);
  shape.scaler = ScalerKind::kMinMax;
  std::vector<float> all;
  for (const OptimizerKind optimizer : {OptimizerKind::kAdamW, OptimizerKind::kSgd}) {
    for (const Schedule::Kind schedule : {Schedule::Kind::kStep, Schedule::Kind::kPlateau}) {
      for (const Sparsity::Kind sparsity : {Sparsity::Kind::kL1, Sparsity::Kind::kTopK}) {
        TrainOptions options = short_training(12);
        options.optimizer = optimizer;
        options.schedule = {schedule, 0, 4, 0, 0.5};
        options.sparsity = {sparsity, 0.1, 0.05, 2};
        options.loss = LossKind::kMae;
        Autoencoder model(shape);
        fit(model, view(table), options);
        all.insert(all.end(), model.parameters().begin(), model.parameters().end());
      }
    }
  }
  CHECK(fnv1a(all) == kOtherOptions);
}

TEST_CASE("the fingerprint sees a single bit and the shape") {
  const std::vector<float> table = small_table();
  Autoencoder model(small_options(Activation::kTanh, {4}, 2));
  fit(model, view(table), short_training(1));
  const auto with = [&](std::vector<float> parameters, Activation activation) {
    Model state = model.model();
    state.options = small_options(activation, {4}, 2);
    state.parameters = std::move(parameters);
    return Autoencoder(std::move(state)).fingerprint();
  };
  std::vector<float> parameters(model.parameters().begin(), model.parameters().end());
  CHECK(with(parameters, Activation::kTanh) == model.fingerprint());
  CHECK(with(parameters, Activation::kRelu) != model.fingerprint());
  parameters[7] = std::nextafter(parameters[7], 2.F);
  CHECK(with(parameters, Activation::kTanh) != model.fingerprint());
}

TEST_SUITE_END();

}  // namespace anomalens::testing
