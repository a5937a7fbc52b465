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
    {Activation::kLinear, 0x0bd775e6cc7e60bbULL},
    {Activation::kRelu, 0xc43d3d6a893fec9cULL},
    {Activation::kTanh, 0x9619a92a3f01cb1fULL},
    {Activation::kSigmoid, 0x802b38694f416d00ULL},
};

constexpr std::uint64_t kArticle = 0x51bac7f259ef5fedULL;

}  // namespace

TEST_SUITE_BEGIN("fingerprint");

TEST_CASE("a native training ends in the same bits in every build, with each activation") {
  const std::vector<float> table = small_table();
  for (const Pinned& pinned : kNative) {
    CAPTURE(static_cast<int>(pinned.activation));
    Autoencoder model(small_options(pinned.activation));
    model.fit(view(table), short_training(20));
    CHECK(model.fingerprint() == pinned.fingerprint);
  }
}

TEST_CASE("the article's experiment ends in the same bits in every build") {
  Autoencoder model(model_options(fixtures::kArticle));
  model.fit(table_of(fixtures::kArticle), train_options(fixtures::kArticle));
  CHECK(model.fingerprint() == kArticle);
}

TEST_CASE("the fingerprint sees a single bit and the shape") {
  const std::vector<float> table = small_table();
  Autoencoder model(small_options(Activation::kTanh, {4}, 2));
  model.fit(view(table), short_training(1));
  const auto with = [&](std::vector<float> parameters, Activation activation) {
    return Autoencoder::restored(small_options(activation, {4}, 2), model.scaler(), parameters, 1).fingerprint();
  };
  std::vector<float> parameters(model.parameters().begin(), model.parameters().end());
  CHECK(with(parameters, Activation::kTanh) == model.fingerprint());
  CHECK(with(parameters, Activation::kRelu) != model.fingerprint());
  parameters[7] = std::nextafter(parameters[7], 2.F);
  CHECK(with(parameters, Activation::kTanh) != model.fingerprint());
}

TEST_SUITE_END();

}  // namespace anomalens::testing
