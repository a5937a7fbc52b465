// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
//
// Counts what is allocated. The counters stand in for the C++ operators and, with the GNU C library, for the function that
// tensors take their memory from; the sanitizers have stand-ins of their own, so there the counts stay 0. Not inlined:
// GCC would see free() given what new has returned.
#include <cstdlib>
#include <limits>
#include <new>

#include "support.hpp"

namespace {

std::size_t allocations = 0;
#if !defined(__SANITIZE_ADDRESS__)
std::size_t left = std::numeric_limits<std::size_t>::max();  // before memory is said to be full
#endif

}  // namespace

#if !defined(__SANITIZE_ADDRESS__)
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations++;
  if (left == 0) throw std::bad_alloc();
  left--;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

#if defined(__GLIBC__)
extern "C" int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  allocations++;
  *memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  return *memory == nullptr ? 12 : 0;  // ENOMEM
}
#endif
#endif

namespace anomalens::testing {

TEST_SUITE_BEGIN("allocation");

TEST_CASE("a step of training allocates nothing once every member has made one") {
  const std::vector<float> table = table_with_holes(200);
  TrainOptions top_k = every_train_option();
  top_k.sparsity.kind = Sparsity::Kind::kTopK;
  top_k.sparsity.k = 2;
  for (const TrainOptions& options : {every_train_option(), top_k}) {
    for (const int members : {1, 3}) {
      Autoencoder model(every_model_option(members));
      Trainer trainer(model, set_for(model.options(), view(table)), options);
      trainer.run(Budget::epochs(1));
      trainer.run(Budget::steps(1));  // the first of an epoch deals the rows
      const std::size_t before = allocations;
      trainer.run(Budget::steps(2));
      CHECK(allocations == before);
    }
  }
}

TEST_CASE("a single net's scoring allocates nothing once a row and a group have been scored") {
  const std::vector<float> table = small_table(130);
  Autoencoder model(small_options());
  fit(model, view(table), short_training());
  std::vector<float> scores(130);
  const auto score = [&](std::size_t rows) {
    model.score(view(table).slice(0, rows), std::span<float>(scores).first(rows));
  };
  score(1);
  score(130);
  const std::size_t before = allocations;
  score(1);
  score(130);
  CHECK(allocations == before);
}

#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("where memory runs out in an epoch, the training can still be finished") {
  const std::vector<float> table = small_table();
  TrainOptions options = short_training();
  options.validation_split = 0.2;
  ModelOptions of_five;
  of_five.members = 5;
  const auto weights_after = [&](std::size_t enough) {
    Autoencoder model(of_five);
    Trainer trainer(model, set_for(of_five, view(table)), options);
    left = enough;
    try {
      trainer.run(Budget::epochs(1));
    } catch (const std::bad_alloc&) {
    }
    left = std::numeric_limits<std::size_t>::max();
    trainer.finish();
    std::vector<float> weights;
    for (int member = 0; member < model.members(); member++) {
      const std::span<const float> part = model.parameters(member);
      weights.insert(weights.end(), part.begin(), part.end());
    }
    return weights;
  };
  const std::vector<float> wanted = weights_after(1000);
  for (std::size_t enough = 0; enough < 12; enough++) CHECK(same_bits(weights_after(enough), wanted));
}

TEST_CASE("where memory runs out at the end of a training, it stays open and ends in the same bits") {
  const std::vector<float> table = small_table(150);
  for (const int members : {1, 3}) {
    for (const double held : {0.0, 0.2}) {
      CAPTURE(members);
      CAPTURE(held);
      TrainOptions options = short_training(3);
      options.validation_split = held;
      options.learning_rate = 0.3;  // the best weights are seldom the last ones
      const ModelOptions how = every_model_option(members);
      const auto trained = [&](std::size_t enough, bool& whole) {
        Autoencoder model(how);
        Trainer trainer(model, set_for(how, view(table)), options);
        trainer.run(Budget::epochs(2));
        left = enough;
        try {
          trainer.finish();
          whole = true;
        } catch (const std::bad_alloc&) {
          whole = false;
        }
        left = std::numeric_limits<std::size_t>::max();
        CHECK(model.fitted() == whole);
        if (!whole) {
          CHECK(!model.threshold());
          CHECK(trainer.run(Budget::epochs(1)).epoch == 3);
          CHECK(trainer.finish().epochs == 3);
        }
        return std::pair(model.fingerprint(), *model.threshold());
      };
      Autoencoder undisturbed(how);
      fit(undisturbed, view(table), options);
      const std::pair wanted(undisturbed.fingerprint(), *undisturbed.threshold());
      bool whole = false;
      std::size_t enough = 0;
      for (; !whole; enough += enough < 40 ? 1 : 37) {
        const auto found = trained(enough, whole);
        if (!whole) CHECK(found == wanted);
      }
      CHECK(enough > 5);
    }
  }
}

TEST_CASE("a row alone whose scoring found no memory is scored when there is some") {
  const std::vector<float> table = small_table();
  Autoencoder model(small_options());
  fit(model, view(table), short_training());
  const float wanted = scores_of(model, view(table))[0];
  const Autoencoder again(model.model());
  float score = 0;
  left = 0;
  CHECK_THROWS_AS(again.score(view(table).slice(0, 1), {&score, 1}), std::bad_alloc);
  left = std::numeric_limits<std::size_t>::max();
  again.score(view(table).slice(0, 1), {&score, 1});
  CHECK(score == wanted);
}

TEST_CASE("the counter counts") {
  const std::size_t before = allocations;
  void* const memory = ::operator new(40);  // a vector that nobody looks at may be optimised away
  CHECK(allocations == before + 1);
  ::operator delete(memory);
}
#endif

TEST_SUITE_END();

}  // namespace anomalens::testing
