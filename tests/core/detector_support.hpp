// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "data/detector.hpp"
#include "data/encoding_fit.hpp"
#include "detection/detector_fit.hpp"
#include "support.hpp"

/// A detector of the fixtures rebuilt: the engine's own encoding, with weights, samples and pool that are given.
namespace anomalens::testing {

inline std::vector<Column> columns_of(const fixtures::Detector& fixture) {
  std::vector<Column> columns;
  for (const fixtures::DetectorColumn& column : fixture.columns) {
    Column made;
    if (column.kind == fixtures::ColumnKind::kCycle) made = {ColumnKind::kCycle, static_cast<double>(column.bins)};
    if (column.kind == fixtures::ColumnKind::kText || column.kind == fixtures::ColumnKind::kBoolean) {
      made.kind = ColumnKind::kCategory;
    }
    columns.push_back(made);
  }
  return columns;
}

inline TableView rows_of(const fixtures::Detector& fixture, std::span<const double> cells) {
  return {cells.data(), cells.size() / fixture.columns.size(), fixture.columns.size()};
}

struct RebuiltDetector {
  Encoding encoding;
  EncodedRows train;
  std::vector<Network> nets;
  Samples samples;
  std::vector<std::uint32_t> pool;
  std::unique_ptr<Detector> detector;
  std::vector<double> train_scores;
  double threshold = 0;

  explicit RebuiltDetector(const fixtures::Detector& fixture) {
    EncodingFit fit(columns_of(fixture), fixture.rows);
    fit.observe(rows_of(fixture, fixture.table));
    encoding = fit.finish();
    train = encoding.encode(fit.sample(), true);
    ModelOptions options;
    options.members = static_cast<int>(fixture.members);
    options.activation = Activation::kTanh;  // the exact one, as in the reference
    if (encoding.width > 0) {
      take_nets(options, fixture.free);
      take_nets(options, fixture.trim);
    }
    const std::size_t each = fixture.members == 0 ? 0 : fixture.samples.size() / fixture.members;
    for (std::size_t member = 0; member < fixture.members; member++) {
      const auto own = fixture.samples.subspan(member * each, each);
      samples.emplace_back(own.begin(), own.end());
    }
    pool.assign(fixture.pool.begin(), fixture.pool.end());
    DetectorModel model;
    model.encoding = encoding;
    model.clean = fixture.clean;
    detector = std::make_unique<Detector>(std::move(model), nets, fixture.members);
    DetectorFit learned(*detector, train, samples, pool);
    while (!learned.complete()) learned.advance();
    train_scores = learned.scores();
    threshold = learned.threshold();
  }

 private:
  void take_nets(const ModelOptions& options, std::span<const float> parameters) {
    for (int member = 0; !parameters.empty() && member < *options.members; member++) {
      Network& net = nets.emplace_back(layers_for(options, encoding.width, member), encoder_layers_for(options));
      net.set_parameters(parameters.data());
      parameters = parameters.subspan(net.parameter_count());
    }
  }
};

}  // namespace anomalens::testing
