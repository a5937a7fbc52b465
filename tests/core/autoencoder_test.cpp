// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/autoencoder.hpp"

#include <functional>
#include <string>

#include "support.hpp"

namespace anomalens::testing {

namespace {

Autoencoder trained(Activation activation = Activation::kTanh) {
  const std::vector<float> table = small_table(130);
  Autoencoder model(small_options(activation));
  fit(model, view(table), short_training());
  return model;
}

}  // namespace

TEST_SUITE_BEGIN("autoencoder");

TEST_CASE("a row's score is the mean of its feature errors") {
  const Autoencoder model = trained();
  const std::vector<float> table = small_table(77, 8);
  const std::vector<float> scores = scores_of(model, view(table));
  std::vector<float> errors(table.size());
  model.feature_errors(view(table), errors);
  std::vector<double> means(77, 0);
  for (std::size_t i = 0; i < errors.size(); i++) means[i / 4] += static_cast<double>(errors[i]) / 4;
  CHECK(distance(scores, means) < 1e-6);
}

TEST_CASE("feature errors are the squared, scaled distances between a row and its reconstruction") {
  const Autoencoder model = trained();
  const std::vector<float> table = small_table(30, 8);
  std::vector<float> errors(table.size());
  std::vector<float> rebuilt(table.size());
  model.feature_errors(view(table), errors);
  model.reconstruct(view(table), rebuilt);
  for (std::size_t i = 0; i < table.size(); i++) {
    const double distance_in_units = static_cast<double>(rebuilt[i]) - static_cast<double>(table[i]);
    const double residual = distance_in_units / model.scaler().scale()[i % 4];
    CHECK(std::fabs(static_cast<double>(errors[i]) - residual * residual) < 1e-5);
  }
}

TEST_CASE("reconstructions come in the columns' own units") {
  std::vector<double> table;
  for (const float cell : small_table(200)) table.push_back(static_cast<double>(cell));
  for (std::size_t i = 0; i < table.size(); i += 4) {
    table[i] = 1.7e6 + 1000 * table[i];
    table[i + 1] *= 1e-5;
  }
  const TableView rows(table.data(), 200, 4);
  Autoencoder model(small_options(Activation::kTanh, {12}, 4));
  fit(model, rows, short_training(150));
  std::vector<float> rebuilt(table.size());
  model.reconstruct(rows, rebuilt);
  for (std::size_t j = 0; j < 4; j++) {
    double squares = 0;
    for (std::size_t i = j; i < table.size(); i += 4)
      squares += std::pow(static_cast<double>(rebuilt[i]) - table[i], 2);
    CAPTURE(j);
    CHECK(std::sqrt(squares / 200) < 0.3 * model.scaler().scale()[j]);
  }
}

TEST_CASE("encoding and then decoding is reconstructing, bit for bit") {
  const Autoencoder model = trained(Activation::kRelu);
  const std::vector<float> table = small_table(67, 8);
  std::vector<float> codes(67 * 3);
  std::vector<float> decoded(table.size());
  std::vector<float> rebuilt(table.size());
  model.encode(view(table), codes);
  model.decode(view(codes, 3), decoded);
  model.reconstruct(view(table), rebuilt);
  CHECK(same_bits(decoded, rebuilt));
}

TEST_CASE("the activations of a row hold its scaled cells, its code and its reconstruction") {
  const Autoencoder model = trained();
  const std::vector<float> table = small_table(2, 8);
  std::vector<float> all(4 + 9 + 5 + 3 + 5 + 9 + 4);
  std::vector<float> code(3);
  std::vector<float> rebuilt(4);
  const TableView row(table.data() + 4, 1, 4);
  model.activations(row, all);
  model.encode(row, code);
  model.reconstruct(row, rebuilt);
  const std::span<const float> layers(all);
  std::vector<float> scaled(4);
  model.scaler().transform(row, scaled);
  CHECK(same_bits(layers.subspan(0, 4), scaled));
  CHECK(same_bits(layers.subspan(18, 3), code));
  for (std::size_t j = 0; j < 4; j++) {
    CHECK(static_cast<float>(model.scaler().restore(j, static_cast<double>(layers[35 + j]))) == rebuilt[j]);
  }
  for (const float inner : layers.subspan(4, 14)) CHECK(std::fabs(inner) < 1);  // tanh
}

TEST_CASE("a row scores the same alone, among others, and in a table of doubles, with every activation") {
  for (const Activation activation : kActivations) {
    const Autoencoder model = trained(activation);
    const std::vector<float> rows = small_table(9, 8);
    const std::vector<float> among = scores_of(model, view(rows));
    for (std::size_t row = 0; row < 9; row++) CHECK(scores_of(model, view(rows).slice(row, 1))[0] == among[row]);
  }
  const Autoencoder model = trained();
  const std::vector<float> table = small_table(150, 8);
  const std::vector<double> doubles(table.begin(), table.end());
  const std::vector<float> together = scores_of(model, view(table));
  CHECK(same_bits(scores_of(model, TableView(doubles.data(), 150, 4)), together));
  for (const std::size_t row : {0U, 1U, 63U, 64U, 149U}) {
    CHECK(scores_of(model, view(table).slice(row, 1))[0] == together[row]);
  }
  CHECK(scores_of(model, view(table).slice(0, 0)).empty());
}

TEST_CASE("a row alone is scored with the present weights: in a training, after it, and after another one") {
  const std::vector<float> table = small_table(130);
  const std::vector<float> rows = small_table(5, 8);
  Autoencoder model(small_options(Activation::kTanh));
  float before = 0;
  const auto check_now = [&] {
    const float alone = scores_of(model, view(rows).slice(2, 1))[0];
    CHECK(alone == scores_of(model, view(rows))[2]);
    CHECK(alone != before);
    before = alone;
  };
  {
    Trainer trainer(model, TrainingSet(ScalerKind::kStandard, view(table)), short_training());
    for (int epoch = 0; epoch < 2; epoch++) {
      trainer.run(Budget::epochs(1));
      check_now();
    }
    trainer.run(Budget::epochs(1000));
    check_now();
    trainer.finish();
  }
  before = 0;
  check_now();
  TrainOptions more = short_training();
  more.resume = true;
  fit(model, view(table), more);
  check_now();
}

TEST_CASE("tables of float and double with the same numbers train the same model") {
  const std::vector<float> table = small_table();
  const std::vector<double> doubles(table.begin(), table.end());
  Autoencoder from_floats(small_options());
  Autoencoder from_doubles(small_options());
  fit(from_floats, view(table), short_training());
  fit(from_doubles, TableView(doubles.data(), 61, 4), short_training());
  CHECK(from_floats.fingerprint() == from_doubles.fingerprint());
}

TEST_CASE("a large offset costs a table of doubles no accuracy") {
  std::vector<double> plain;
  for (const float cell : small_table()) plain.push_back(std::round(static_cast<double>(cell) * 4096) / 4096);
  std::vector<double> shifted = plain;
  for (double& cell : shifted) cell += 1073741824.0;  // 2^30: no cell is rounded, as a float every one would be
  Autoencoder near(small_options());
  Autoencoder far(small_options());
  fit(near, TableView(plain.data(), 61, 4), short_training());
  fit(far, TableView(shifted.data(), 61, 4), short_training());
  const std::vector<float> near_scores = scores_of(near, TableView(plain.data(), 61, 4));
  CHECK(distance(scores_of(far, TableView(shifted.data(), 61, 4)), near_scores, 0.01) < 1e-4);
}

TEST_CASE("a cell however large never scores as a normal one") {
  for (const Activation activation : kActivations) {
    const Autoencoder model = trained(activation);
    for (const double huge : {1e6, -1e20, 3e38, -3e38, 1e200, -1e300}) {
      CAPTURE(static_cast<int>(activation));
      CAPTURE(huge);
      for (std::size_t j = 0; j < 4; j++) {
        CAPTURE(j);
        std::vector<double> row = {0.1, 0.1, 0.1, 0.1};
        row[j] = huge;
        std::vector<float> score(1);
        const auto error = error_of([&] { model.score(TableView(row.data(), 1, 4), score); });
        CHECK_FALSE((error && error->code() != ErrorCode::kNonFinite));
        if (!error) CHECK(score[0] > model.threshold());
      }
    }
  }
}

TEST_CASE("calibrating moves the threshold and nothing else") {
  Autoencoder model = trained();
  const std::vector<float> table = small_table(90, 12);
  const std::uint64_t fingerprint = model.fingerprint();
  const std::vector<float> scores = scores_of(model, view(table));
  const ThresholdRule high = rule(ThresholdRule::Kind::kQuantile, 0.8);
  CHECK(model.calibrate(view(table), high) == threshold_from(high, scores));
  CHECK(model.threshold() == threshold_from(high, scores));
  model.set_threshold(0.125);
  CHECK(model.threshold() == 0.125);
  CHECK(model.calibrate(view(table), rule(ThresholdRule::Kind::kFixed, 3)) == 3);
  CHECK(model.fingerprint() == fingerprint);
  CHECK(same_bits(scores_of(model, view(table)), scores));
}

TEST_CASE("the threshold after training follows the rule asked for") {
  const std::vector<float> table = small_table();
  Autoencoder model(small_options());
  TrainOptions options = short_training();
  options.threshold = rule(ThresholdRule::Kind::kQuantile, 0.5);
  fit(model, view(table), options);
  CHECK(model.threshold() == threshold_from(*options.threshold, scores_of(model, view(table))));
  options.threshold = rule(ThresholdRule::Kind::kFixed, 0.75);
  CHECK(fit(model, view(table), options).threshold == 0.75);
}

TEST_CASE("a model that is not fitted says so, whatever it is asked") {
  Autoencoder model(small_options());
  const std::vector<float> table = small_table(3);
  std::vector<float> out(12);
  const std::span<float> room(out);
  CHECK_FALSE(model.fitted());
  CHECK(model.layers().empty());
  CHECK(model.parameters().empty());
  CHECK_CODE(model.score(view(table), room.first(3)), ErrorCode::kNotFitted);
  CHECK_CODE(model.feature_errors(view(table), room), ErrorCode::kNotFitted);
  CHECK_CODE(model.reconstruct(view(table), room), ErrorCode::kNotFitted);
  CHECK_CODE(model.encode(view(table), room.first(9)), ErrorCode::kNotFitted);
  CHECK_CODE(model.decode(view(table), room), ErrorCode::kNotFitted);
  CHECK_CODE(model.activations(view(table).slice(0, 1), room), ErrorCode::kNotFitted);
  CHECK_CODE(model.calibrate(view(table), {}), ErrorCode::kNotFitted);
  CHECK_CODE(model.set_threshold(1), ErrorCode::kNotFitted);
  CHECK_CODE(model.fingerprint(), ErrorCode::kNotFitted);
}

TEST_CASE("a call that fails leaves weights, threshold and scores as they were") {
  Autoencoder model = trained();
  const std::vector<float> table = small_table(70, 12);
  const std::uint64_t fingerprint = model.fingerprint();
  const double threshold = *model.threshold();
  const std::vector<float> scores = scores_of(model, view(table));
  std::vector<float> broken = table;
  broken[69 * 4 + 2] = kFloatNaN;
  std::vector<float> out(table.size());
  const std::span<float> room(out);
  const TableView narrow(table.data(), 10, 3);
  const TableView none(table.data(), 0, 4);

  for (const auto& call : std::vector<std::function<void()>>{[&] { model.score(view(broken), room.first(70), 1000); },
                                                             [&] { model.feature_errors(view(broken), room, 1000); },
                                                             [&] { model.reconstruct(view(broken), room, 1000); },
                                                             [&] { model.encode(view(broken), room.first(210), 1000); },
                                                             [&] { model.decode(view(broken).slice(69, 1), room); }}) {
    const auto error = error_of(call);
    REQUIRE(error);
    if (error->code() == ErrorCode::kShape) continue;  // four columns are no codes of width three
    CHECK(error->code() == ErrorCode::kNonFinite);
    CHECK(error->row() == 1069);
    CHECK(error->column() == 2);
  }
  const auto error = error_of([&] { fit(model, view(broken), short_training()); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::kNonFinite);
  CHECK(error->row() == 69);
  CHECK(error->column() == 2);
  const std::vector<float> bad_code = {1, 2, kFloatNaN};
  CHECK_CODE(model.decode(view(bad_code, 3), room.first(4)), ErrorCode::kNonFinite);
  CHECK_CODE(model.reasons(view(table)), ErrorCode::kShape);
  CHECK_CODE(model.repair(view(table)), ErrorCode::kShape);
  CHECK_CODE(model.expected(view(table), {}), ErrorCode::kShape);
  CHECK_CODE(model.score(narrow, room.first(10)), ErrorCode::kShape);
  CHECK_CODE(model.score(view(table), room.first(69)), ErrorCode::kShape);
  CHECK_CODE(model.feature_errors(view(table), room.first(70)), ErrorCode::kShape);
  CHECK_CODE(model.activations(view(table), room.first(39)), ErrorCode::kShape);
  CHECK_CODE(model.activations(narrow.slice(0, 1), room.first(39)), ErrorCode::kShape);
  CHECK_CODE(fit(model, none, short_training()), ErrorCode::kShape);
  CHECK_CODE(fit(model, view(table).slice(0, 1), short_training()), ErrorCode::kShape);
  CHECK_CODE(fit(model, TableView(table.data(), 10, 0), short_training()), ErrorCode::kShape);
  CHECK_CODE(fit(model, view(table), short_training(-1)), ErrorCode::kBadOption);
  CHECK_CODE(model.calibrate(none, {}), ErrorCode::kShape);
  CHECK_CODE(model.calibrate(view(broken), {}), ErrorCode::kNonFinite);
  CHECK_CODE(model.calibrate_scores(std::vector<float>{1, NAN, 2}, rule(ThresholdRule::Kind::kMad, 3)),
             ErrorCode::kNonFinite);
  CHECK_CODE(model.calibrate(view(table), rule(ThresholdRule::Kind::kQuantile, 2)), ErrorCode::kBadOption);
  CHECK_CODE(model.set_threshold(kNaN), ErrorCode::kBadOption);

  CHECK(model.fitted());
  CHECK(model.fingerprint() == fingerprint);
  CHECK(model.threshold() == threshold);
  CHECK(same_bits(scores_of(model, view(table)), scores));
}

TEST_CASE("a moved model keeps all it knows") {
  Autoencoder model = trained();
  const std::uint64_t fingerprint = model.fingerprint();
  Autoencoder moved(std::move(model));
  CHECK(moved.fingerprint() == fingerprint);
  Autoencoder assigned(small_options());
  assigned = std::move(moved);
  CHECK(assigned.fingerprint() == fingerprint);
}

TEST_SUITE_END();

}  // namespace anomalens::testing
