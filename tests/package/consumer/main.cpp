// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <anomalens/autoencoder.hpp>
#include <anomalens/trainer.hpp>

#include <cstdio>
#include <vector>

int main() {
  std::vector<double> rows;  // 200 ordinary ones: the second column is twice the first
  for (int i = 0; i < 200; i++) rows.insert(rows.end(), {i / 20.0, i / 10.0});
  anomalens::Autoencoder model({.seed = 1});
  anomalens::fit(model, {rows.data(), 200, 2});
  const std::vector<double> fresh = {4, 8, 4, 16};
  std::vector<float> scores(2);
  model.score({fresh.data(), 2, 2}, scores);
  for (const float score : scores) std::puts(score > model.threshold() ? "strange" : "ordinary");
}
