// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "support.hpp"

namespace anomalens::testing {

namespace {

Autoencoder fitted(ModelOptions shape, const TrainOptions& options, const std::vector<float>& table) {
  Autoencoder model(std::move(shape));
  fit(model, view(table), options);
  return model;
}

void check_same(const Autoencoder& a, const Autoencoder& b, const std::vector<float>& table) {
  const TableView rows = view(table);
  CHECK(b.fitted());
  CHECK(a.fingerprint() == b.fingerprint());
  CHECK(a.threshold() == b.threshold());
  CHECK(same_bits(a.calibration(), b.calibration()));
  CHECK(a.calibration_held_out() == b.calibration_held_out());
  CHECK(a.members() == b.members());
  CHECK(a.latent() == b.latent());
  if (a.encoding() == nullptr) CHECK(a.scaler().kind() == b.scaler().kind());
  CHECK(same_bits(scores_of(a, rows), scores_of(b, rows)));
  std::vector<float> of_a(table.size());
  std::vector<float> of_b(table.size());
  a.feature_errors(rows, of_a);
  b.feature_errors(rows, of_b);
  CHECK(same_bits(of_a, of_b));
  CHECK(same_bits(shares_of(a, rows), shares_of(b, rows)));
  a.reconstruct(rows, of_a);
  b.reconstruct(rows, of_b);
  CHECK(same_bits(of_a, of_b));
  const std::vector<std::int32_t> groups = {0, 1, 2, 3};
  for (std::size_t row = 0; row < 5; row++) {
    const std::vector<RepairStep> steps = a.repair(rows.slice(row, 1), groups, 4);
    const std::vector<RepairStep> again = b.repair(rows.slice(row, 1), groups, 4);
    REQUIRE(steps.size() == again.size());
    for (std::size_t i = 0; i < steps.size(); i++) {
      CHECK(steps[i].column == again[i].column);
      CHECK(steps[i].score == again[i].score);
    }
  }
}

/// Damages what was saved; it must not be restored.
template <class Damage>
void refuse(const Autoencoder& model, Damage damage) {
  Model state = model.model();
  damage(state);
  CHECK_CODE(Autoencoder(std::move(state)), ErrorCode::kBadFile);
}

}  // namespace

TEST_SUITE_BEGIN("saved");

TEST_CASE("a restored model is the model that was saved") {
  const std::vector<float> table = table_with_holes(70);
  const std::vector<float> whole = small_table(160);
  for (const int members : {1, 3}) {
    const Autoencoder model = fitted(every_model_option(members), every_train_option(), table_with_holes());
    check_same(model, Autoencoder(model.model()), table);
  }
  TrainOptions options;
  options.epochs = 3;
  const Autoencoder committee = fitted({}, options, whole);
  check_same(committee, Autoencoder(committee.model()), whole);
  options.sparsity.kind = Sparsity::Kind::kTopK;
  options.sparsity.k = 2;
  const Autoencoder sparse = fitted(small_options(), options, whole);
  CHECK(sparse.model().top_k == 2);
  check_same(sparse, Autoencoder(sparse.model()), whole);
}

TEST_CASE("a restored model can be trained on as the saved one can") {
  const std::vector<float> table = small_table(70);
  Autoencoder model = fitted(small_options(), short_training(), table);
  Autoencoder copy = Autoencoder(model.model());
  TrainOptions more = short_training();
  more.resume = true;
  fit(model, view(table), more);
  fit(copy, view(table), more);
  CHECK(model.fingerprint() == copy.fingerprint());
}

TEST_CASE("what has not been trained cannot be saved") {
  CHECK_CODE(Autoencoder(small_options()).model(), ErrorCode::kNotFitted);
  const std::vector<float> table = small_table();
  Autoencoder model(small_options());
  const Trainer open(model, TrainingSet(ScalerKind::kStandard, view(table)), short_training());
  CHECK_CODE(model.model(), ErrorCode::kNotFitted);
}

TEST_CASE("a damaged model is not restored") {
  const Autoencoder model = fitted(small_options(), short_training(), small_table());
  refuse(model, [](Model& s) { s.scaler = Scaler(); });
  refuse(model, [](Model& s) { s.scaler = Scaler::restored(ScalerKind::kStandard, {0, 0}, {1, 1}, {0, 0}); });
  refuse(model, [](Model& s) { s.parameters.pop_back(); });
  refuse(model, [](Model& s) { s.parameters.push_back(1); });
  refuse(model, [](Model& s) { s.parameters[5] = kFloatNaN; });
  refuse(model, [](Model& s) { s.parameters.clear(); });
  refuse(model, [](Model& s) { s.options.hidden = {9, 6}; });
  refuse(model, [](Model& s) { s.low.pop_back(); });
  refuse(model, [](Model& s) { s.low[1] = kFloatNaN; });
  refuse(model, [](Model& s) { s.high.push_back(1); });
  refuse(model, [](Model& s) { s.high[3] = std::numeric_limits<float>::infinity(); });
  refuse(model, [](Model& s) { s.threshold = kNaN; });
  refuse(model, [](Model& s) { s.calibration[7] = kFloatNaN; });
  refuse(model, [](Model& s) { std::swap(s.calibration.front(), s.calibration.back()); });
  refuse(model, [](Model& s) { s.top_k = -1; });
  refuse(model, [](Model& s) { s.top_k = 4; });
  refuse(model, [](Model& s) { s.options.members = 2; });
}

TEST_SUITE_END();

}  // namespace anomalens::testing
