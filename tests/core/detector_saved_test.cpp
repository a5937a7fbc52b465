// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <functional>

#include "mixed_table.hpp"

/// Saving the default detector, and refusing what was damaged since.
namespace anomalens::testing {

namespace {

Model saved(bool clean, ModelOptions shape = {}, const Sparsity& sparsity = {}) {
  Autoencoder model(std::move(shape));
  TrainOptions options = few_epochs(clean);
  options.sparsity = sparsity;
  train(model, mixed_table(), options);
  return model.model();
}

constexpr double kHuge = 1e300;

/// Sets one number to what it cannot be.
using Damage = std::function<void(Model&, double)>;

/// Every damage with every nonsense is refused as a bad file.
void refuse(const Model& model, std::initializer_list<double> nonsense, const std::vector<Damage>& damages) {
  for (std::size_t i = 0; i < damages.size(); i++) {
    for (const double number : nonsense) {
      CAPTURE(i);
      CAPTURE(number);
      Model state = model;
      damages[i](state, number);
      CHECK_CODE(Autoencoder(std::move(state)), ErrorCode::kBadFile);
    }
  }
}

Encoding& encoding(Model& model) { return model.detector->encoding; }

}  // namespace

TEST_SUITE_BEGIN("detector saved");

TEST_CASE("a restored detector is the one that was saved") {
  const MixedTable table = mixed_table(100, 9);
  Sparsity sparse;
  sparse.kind = Sparsity::Kind::kTopK;
  sparse.k = 2;
  ModelOptions shape;
  shape.members = 3;
  shape.hidden = {7};
  for (const bool clean : {true, false}) {
    for (const Missing missing : {Missing::kLearn, Missing::kMask}) {
      for (const Sparsity& sparsity : {Sparsity{}, sparse}) {
        for (ModelOptions how : {ModelOptions{}, shape}) {
          CAPTURE(clean);
          how.missing = missing;
          Autoencoder model(how);
          TrainOptions options = few_epochs(clean, 3);
          options.sparsity = sparsity;
          train(model, table, options);
          const Autoencoder copy(model.model());
          CHECK(copy.fingerprint() == model.fingerprint());
          CHECK(copy.threshold() == model.threshold());
          CHECK(copy.calibration_held_out() == model.calibration_held_out());
          CHECK(same_bits(copy.calibration(), model.calibration()));
          CHECK(same_bits(scores_of(copy, table.view()), scores_of(model, table.view())));
          std::vector<float> a(600);
          std::vector<float> b(600);
          model.feature_errors(table.view(), a);
          copy.feature_errors(table.view(), b);
          CHECK(same_bits(a, b));
          model.reconstruct(table.view(), a);
          copy.reconstruct(table.view(), b);
          CHECK(same_bits(a, b));
          CHECK(same_bits(shares_of(model, table.view()), shares_of(copy, table.view())));
        }
      }
    }
  }
}

TEST_CASE("an encoding that does not fit together is a bad file") {
  const Model model = saved(true);
  refuse(model, {0},
         {[](Model& m, double) { encoding(m) = {}; },
          [](Model& m, double) { encoding(m).columns.pop_back(); },
          [](Model& m, double) { encoding(m).columns.push_back(number()); },
          [](Model& m, double) { encoding(m).features.clear(); },
          [](Model& m, double) { encoding(m).features.pop_back(); },
          [](Model& m, double) { std::swap(encoding(m).features[0], encoding(m).features[1]); },
          [](Model& m, double) { encoding(m).features.push_back(encoding(m).features.back()); },
          [](Model& m, double) { encoding(m).numbers.pop_back(); },
          [](Model& m, double) { encoding(m).numbers.push_back(encoding(m).numbers[0]); },
          [](Model& m, double) { encoding(m).categories.pop_back(); },
          [](Model& m, double) { encoding(m).cycles.clear(); },
          [](Model& m, double) { encoding(m).constants.clear(); },
          [](Model& m, double) { encoding(m).constants.push_back({0, 1}); },
          [](Model& m, double) { encoding(m).constants.push_back({77, 1}); },
          [](Model& m, double) { encoding(m).skipped.push_back(2); },
          [](Model& m, double) { encoding(m).skipped.push_back(6); },
          [](Model& m, double) { encoding(m).gapless.push_back(5); },
          [](Model& m, double) { encoding(m).gapless.pop_back(); },
          [](Model& m, double) { encoding(m).missing = Missing::kMask; },
          [](Model& m, double) { encoding(m).rows = 0; },
          [](Model& m, double) { encoding(m).columns[0].kind = ColumnKind::kCycle; },
          [](Model& m, double) { encoding(m).categories.back().values = {0, 2}; }});
  refuse(model, {-1, 17, 1e6},
         {[](Model& m, double n) { encoding(m).columns[1].kind = static_cast<ColumnKind>(n); },
          [](Model& m, double n) { encoding(m).missing = static_cast<Missing>(n); },
          [](Model& m, double n) { encoding(m).features[0].kind = static_cast<FeatureKind>(n); },
          [](Model& m, double n) { encoding(m).features[1].column = static_cast<std::size_t>(n + 1e7); },
          [](Model& m, double n) { encoding(m).features[2].at += static_cast<std::size_t>(n + 2); },
          [](Model& m, double n) { encoding(m).features[2].width += static_cast<std::size_t>(n + 2); },
          [](Model& m, double n) { encoding(m).features[2].index += static_cast<std::size_t>(n + 2); },
          [](Model& m, double n) { encoding(m).width += static_cast<std::size_t>(n + 2); },
          [](Model& m, double n) { encoding(m).gapless[0] += static_cast<std::size_t>(n + 2); },
          [](Model& m, double n) { encoding(m).constants[0].column += static_cast<std::size_t>(n + 2); }});
  for (const FeatureKind kind : {FeatureKind::kCategory, FeatureKind::kCycle, FeatureKind::kMissing}) {
    refuse(model, {0}, {[&](Model& m, double) { encoding(m).features[0].kind = kind; }});
  }
}

TEST_CASE("a feature with numbers that cannot be is a bad file") {
  const Model model = saved(true);
  refuse(model, {kNaN, kInfinity, -kInfinity},
         {[](Model& m, double n) { encoding(m).numbers[0].center = n; },
          [](Model& m, double n) { encoding(m).numbers[0].spread = n; },
          [](Model& m, double n) { encoding(m).numbers[0].percentiles[50] = n; },
          [](Model& m, double n) { encoding(m).numbers[0].low = n; },
          [](Model& m, double n) { encoding(m).numbers[0].high = n; },
          [](Model& m, double n) { encoding(m).numbers[0].counts[4] = n; },
          [](Model& m, double n) { encoding(m).numbers[0].rows = n; },
          [](Model& m, double n) { encoding(m).numbers[0].logarithmic = true, encoding(m).numbers[0].least = n; },
          [](Model& m, double n) { encoding(m).categories[0].counts[0] = n; },
          [](Model& m, double n) { encoding(m).categories[0].shares[0] = n; },
          [](Model& m, double n) { encoding(m).categories[0].entropy = n; },
          [](Model& m, double n) { encoding(m).categories[0].rows = n; },
          [](Model& m, double n) { encoding(m).categories[0].values[0] = n; },
          [](Model& m, double n) { encoding(m).cycles[0].period = n; },
          [](Model& m, double n) { encoding(m).cycles[0].center[1] = n; },
          [](Model& m, double n) { encoding(m).cycles[0].spread = n; },
          [](Model& m, double n) { encoding(m).cycles[0].counts[3] = n; },
          [](Model& m, double n) { encoding(m).cycles[0].commonest = n; },
          [](Model& m, double n) { encoding(m).cycles[0].rows = n; },
          [](Model& m, double n) { encoding(m).columns[3].period = n; }});
  refuse(model, {-1, -kHuge},
         {[](Model& m, double n) { encoding(m).numbers[0].spread = n; },
          [](Model& m, double n) { encoding(m).numbers[0].counts[4] = n; },
          [](Model& m, double n) { encoding(m).numbers[0].rows = n; },
          [](Model& m, double n) { encoding(m).numbers[0].logarithmic = true, encoding(m).numbers[0].least = n; },
          [](Model& m, double n) { encoding(m).numbers[0].high = encoding(m).numbers[0].low + n; },
          [](Model& m, double n) { encoding(m).categories[0].counts[0] = n; },
          [](Model& m, double n) { encoding(m).categories[0].shares[0] = n; },
          [](Model& m, double n) { encoding(m).categories[0].entropy = n; },
          [](Model& m, double n) { encoding(m).categories[0].rows = n; },
          [](Model& m, double n) { encoding(m).cycles[0].period = n; },
          [](Model& m, double n) { encoding(m).cycles[0].spread = n; },
          [](Model& m, double n) { encoding(m).cycles[0].counts[3] = n; },
          [](Model& m, double n) { encoding(m).cycles[0].commonest = n; },
          [](Model& m, double n) { encoding(m).cycles[0].rows = n; },
          [](Model& m, double n) { encoding(m).columns[3].period = n; }});
  refuse(model, {0.25, kHuge},
         {[](Model& m, double n) { encoding(m).categories[0].rows = n; },
          [](Model& m, double n) { encoding(m).cycles[0].rows = n; },
          [](Model& m, double n) { encoding(m).cycles[0].period = n; }});
  refuse(model, {kHuge},
         {[](Model& m, double n) { encoding(m).numbers[0].low = -n; },
          [](Model& m, double n) { encoding(m).numbers[0].high = n; },
          [](Model& m, double n) { encoding(m).numbers[0].percentiles[3] = n; },
          [](Model& m, double n) { encoding(m).categories[0].shares[0] = n; },
          [](Model& m, double n) { encoding(m).categories[0].values[0] = n; },
          [](Model& m, double n) { encoding(m).cycles[0].center[0] = n; }});
  refuse(model, {-2, 33, 1e9},
         {[](Model& m, double n) { encoding(m).categories[0].level_of[1] = static_cast<std::int32_t>(n); },
          [](Model& m, double n) { encoding(m).categories[0].levels[1] = static_cast<std::int32_t>(n); }});
  refuse(model, {0},
         {[](Model& m, double) { encoding(m).numbers[0].percentiles.pop_back(); },
          [](Model& m, double) { encoding(m).categories[0].values.clear(); },
          [](Model& m, double) { encoding(m).categories[0].values.pop_back(); },
          [](Model& m, double) { encoding(m).categories[0].counts.push_back(1); },
          [](Model& m, double) { encoding(m).categories[0].shares.pop_back(); },
          [](Model& m, double) { encoding(m).categories[0].levels.pop_back(); },
          [](Model& m, double) { encoding(m).categories[0].levels[0] = encoding(m).categories[0].levels[1]; },
          [](Model& m, double) { encoding(m).categories[0].level_of.push_back(0); },
          [](Model& m, double) { encoding(m).cycles[0].counts.pop_back(); },
          [](Model& m, double) { encoding(m).constants[0].value = kInfinity; }});
}

TEST_CASE("units, terms and committees that cannot be are a bad file") {
  for (const bool clean : {true, false}) {
    CAPTURE(clean);
    const Model model = saved(clean);
    refuse(model, {kNaN, kInfinity, -kInfinity},
           {[](Model& m, double n) { m.detector->free.ordinary[0] = n; },
            [](Model& m, double n) { m.detector->free.surprise[2] = n; },
            [](Model& m, double n) { m.detector->residual.middle = n; },
            [](Model& m, double n) { m.detector->residual.spread = n; },
            [](Model& m, double n) { m.detector->rarity.middle = n; },
            [](Model& m, double n) { m.detector->rarity.spread = n; },
            [](Model& m, double n) { m.detector->excess.middle = n; },
            [](Model& m, double n) { m.detector->excess.spread = n; },
            [](Model& m, double n) { m.detector->distance.middle = n; },
            [](Model& m, double n) { m.detector->distance.spread = n; },
            [](Model& m, double n) { m.detector->departure = n; },
            [](Model& m, double n) { m.parameters[9] = static_cast<float>(n); }});
    refuse(model, {0, -1},
           {[](Model& m, double n) { m.detector->free.ordinary[0] = n; },
            [](Model& m, double n) { m.detector->residual.spread = n; },
            [](Model& m, double n) { m.detector->rarity.spread = n; },
            [](Model& m, double n) { m.detector->excess.spread = n; },
            [](Model& m, double n) { m.detector->distance.spread = n; },
            [](Model& m, double n) { m.detector->departure = n; },
            [](Model& m, double) { m.detector->free.ordinary.pop_back(); },
            [](Model& m, double) { m.detector->free.surprise.push_back(1); },
            [](Model& m, double) { m.detector->trimmed.ordinary.push_back(1); },
            [](Model& m, double) { m.detector->clean = !m.detector->clean; },
            [](Model& m, double) { m.detector->pool.push_back(1); },
            [](Model& m, double) { m.detector.reset(); },
            [](Model& m, double) { m.parameters.pop_back(); },
            [](Model& m, double) { m.parameters.push_back(1); },
            [](Model& m, double) { m.parameters.clear(); },
            [](Model& m, double) { m.options.members = 8; },
            [](Model& m, double) { m.options.members = 1; },
            [](Model& m, double) { m.options.hidden = {5}, m.options.members = 9; },
            [](Model& m, double) { m.options.missing = Missing::kError; },
            [](Model& m, double) { m.top_k = -1; },
            [](Model& m, double) { m.top_k = 999; },
            [](Model& m, double) { m.threshold = kNaN; },
            [](Model& m, double) { m.calibration[0] = kFloatNaN; }});
    if (!clean) refuse(model, {kNaN}, {[](Model& m, double n) { m.detector->trimmed.ordinary[0] = n; }});
    if (clean) refuse(model, {kNaN}, {[](Model& m, double n) { m.detector->pool[0] = static_cast<float>(n); }});
  }
}

TEST_CASE("a detector of nothing but constants is restored, and refused with anything that features have") {
  MixedTable table{{number(), category()}, {}, 20};
  for (int row = 0; row < 20; row++) table.cells.insert(table.cells.end(), {1.5, 2});
  Autoencoder model;
  train(model, table, few_epochs(true));
  const Model state = model.model();
  CHECK(scores_of(Autoencoder(state), table.view())[0] == 0);
  refuse(
      state, {0},
      {[](Model& m, double) { m.parameters.push_back(1); }, [](Model& m, double) { m.detector->pool.push_back(1); },
       [](Model& m, double) { m.detector->free.ordinary.push_back(1); },
       [](Model& m, double) { encoding(m).width = 3; }, [](Model& m, double) { encoding(m).constants[1].column = 0; },
       [](Model& m, double) { encoding(m).constants.clear(); }});
}

TEST_SUITE_END();

}  // namespace anomalens::testing
