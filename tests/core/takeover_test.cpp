// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <memory>

#include "support.hpp"

/// Two trainers of one model.
namespace anomalens::testing {

namespace {

ModelOptions shape_of(bool committee) { return committee ? ModelOptions{} : small_options(); }

}  // namespace

TEST_SUITE_BEGIN("takeover");

TEST_CASE("a second trainer voids the first") {
  const std::vector<float> table = small_table();
  for (const bool committee : {false, true}) {
    CAPTURE(committee);
    Autoencoder model(shape_of(committee));
    const auto set = [&] { return set_for(shape_of(committee), view(table)); };
    auto first = std::make_unique<Trainer>(model, set(), short_training());
    first->run(Budget::epochs(1));
    Trainer second(model, set(), short_training());
    CHECK_CODE(first->run(Budget::epochs(1)), ErrorCode::kDisposed);
    CHECK_CODE(first->train_member(0), ErrorCode::kDisposed);
    CHECK_CODE(first->adopt_member(0, {}), ErrorCode::kDisposed);
    CHECK_CODE(first->finish(), ErrorCode::kDisposed);
    first.reset();
    second.run(Budget::epochs(1000));
    second.finish();
    Autoencoder calm(shape_of(committee));
    fit(calm, view(table), short_training());
    CHECK(model.fingerprint() == calm.fingerprint());
  }
}

TEST_CASE("discarded trainers give the model back as it was, whichever goes first") {
  const std::vector<float> table = small_table();
  for (const bool committee : {false, true}) {
    for (const bool first_goes_first : {false, true}) {
      CAPTURE(committee);
      CAPTURE(first_goes_first);
      Autoencoder model(shape_of(committee));
      fit(model, view(table), short_training());
      const std::uint64_t fingerprint = model.fingerprint();
      const std::vector<float> scores = scores_of(model, view(table));
      auto first = std::make_unique<Trainer>(model, set_for(shape_of(committee), view(table)), short_training());
      first->run(Budget::steps(3));
      auto second = std::make_unique<Trainer>(model, set_for(shape_of(committee), view(table)), short_training());
      second->run(Budget::steps(5));
      if (first_goes_first) {
        first.reset();
        second.reset();
      } else {
        second.reset();
        first.reset();
      }
      CHECK(model.fitted());
      CHECK(model.fingerprint() == fingerprint);
      CHECK(same_bits(scores_of(model, view(table)), scores));
    }
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
