// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The parts of a saved model, whatever they hold: refused, or a model that judges as any other and is saved as it was.
// tests/fuzz/native/seeds.mjs writes files in this form.

#include <cmath>

#include "flattened.hpp"
#include "reader.hpp"

namespace {

using namespace anomalens;
using namespace anomalens::fuzzing;

constexpr std::size_t kMost = 4096;  // numbers of a list

Model parts(Reader& reader) {
  Model model;
  model.options = model_options(reader);
  model.top_k = reader.take<std::int16_t>();
  model.threshold = reader.take<double>();
  model.held_out = reader.coin();
  auto center = reader.list<double>(kMost);
  auto scale = reader.list<double>(kMost);
  auto constant = reader.list<std::uint8_t>(kMost);
  for (std::uint8_t& mark : constant) mark &= 1U;  // JavaScript has looked at these
  model.low = reader.list<float>(kMost);
  model.high = reader.list<float>(kMost);
  model.calibration = reader.list<float>(kMost);
  model.parameters = reader.list<float>(kMost);
  const auto detector = reader.list<double>(kMost);
  auto pool = reader.list<float>(kMost);
  if (model.options.committee()) {
    model.detector = binding::unflattened(detector);
    model.detector->pool = std::move(pool);
  } else {
    model.scaler = Scaler::restored(model.options.scaler, std::move(center), std::move(scale), std::move(constant),
                                    model.options.missing_cells() == Missing::kMask);
  }
  return model;
}

void must_be_saved_alike(const Autoencoder& model) {
  const Model saved = model.model();
  const Autoencoder again(saved);
  if (again.fingerprint() != model.fingerprint()) violated("another fingerprint after saving");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  reader.anything = true;
  std::optional<Autoencoder> model;
  if (!survives([&] { model.emplace(parts(reader)); })) return 0;
  if (!survives([&] { must_be_saved_alike(*model); })) refused("a loaded model cannot be saved");
  std::vector<double> cells(model->columns() * 3);
  for (double& cell : cells) cell = reader.cell();
  judge(*model, cells, model->columns());
  return 0;
}
