// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Our engine without WebAssembly. Speaks the lines of commands.mjs; binaries.mjs builds it with the flags of CMake's
// preset `native`.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "anomalens/trainer.hpp"

namespace {

using namespace anomalens;

/// As in ours.mjs, so that both train the same bits.
constexpr int kManyEpochs = 1'000'000;
constexpr int kFewestEpochs = 3;
constexpr std::size_t kRowsInTurn = 50;
constexpr std::size_t kShown = 16;

struct Job {
  std::size_t rows = 0;
  std::size_t columns = 0;
  int hidden = 0;
  int latent = 0;
  int batch = 0;
  int epochs = 0;
  std::vector<float> cells;
  std::unique_ptr<Autoencoder> learner;
  std::unique_ptr<Trainer> trainer;
  std::unique_ptr<Autoencoder> judge;
  std::vector<float> scores;

  TableView table() const { return {cells.data(), rows, columns}; }

  std::unique_ptr<Autoencoder> model() const {
    ModelOptions options;
    options.hidden = {hidden};
    options.latent = latent;
    options.seed = 1;
    return std::make_unique<Autoencoder>(options);
  }

  TrainOptions training(int passes) const {
    TrainOptions options;
    options.epochs = passes;
    options.batch_size = batch;
    options.threshold = ThresholdRule{};
    return options;
  }

  Trainer& open_trainer() {
    if (!trainer) {
      learner = model();
      trainer = std::make_unique<Trainer>(*learner, TrainingSet(ScalerKind::kStandard, table()), training(kManyEpochs));
    }
    return *trainer;
  }

  Autoencoder& open_judge() {
    if (!judge) {
      judge = model();
      fit(*judge, table(), training(std::max(kFewestEpochs, epochs)));
      scores.resize(rows);
    }
    return *judge;
  }
};

std::map<std::string, Job> jobs;

struct Time {
  double ms = 0;
  long runs = 0;
};

/// Runs `work` at least once and for `least` milliseconds.
template <class Work>
Time repeated(double least, Work work) {
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  long runs = 0;
  double spent = 0;
  do {
    work();
    runs++;
    spent = std::chrono::duration<double, std::milli>(Clock::now() - began).count();
  } while (spent < least);
  return {spent / static_cast<double>(runs), runs};
}

void prepare(const std::string& name, std::istream& words) {
  Job job;
  std::string file;
  words >> job.rows >> job.columns >> job.hidden >> job.latent >> job.batch >> job.epochs;
  std::getline(words >> std::ws, file);
  job.cells.resize(job.rows * job.columns);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(job.cells.data()), static_cast<std::streamsize>(job.cells.size() * sizeof(float)));
  if (!in) throw std::runtime_error("the table cannot be read");
  jobs[name] = std::move(job);
  std::printf("{\"prepared\":\"%s\"}\n", name.c_str());
}

void train(Job& job, double least) {
  Trainer& trainer = job.open_trainer();
  double loss = 0;
  const Time time = repeated(least, [&] { loss = trainer.run(Budget::epochs(job.epochs)).loss; });
  std::printf("{\"ms\":%.9g,\"runs\":%ld,\"loss\":%.9g}\n", time.ms, time.runs, loss);
}

void score(Job& job, double least) {
  const Autoencoder& judge = job.open_judge();
  const Time time = repeated(least, [&] { judge.score(job.table(), job.scores); });
  double sum = 0;
  for (const float value : job.scores) sum += value;
  std::printf("{\"ms\":%.9g,\"runs\":%ld,\"mean\":%.9g,\"head\":[", time.ms, time.runs,
              sum / static_cast<double>(job.rows));
  for (std::size_t i = 0; i < kShown; i++) std::printf("%s%.9g", i > 0 ? "," : "", static_cast<double>(job.scores[i]));
  std::printf("]}\n");
}

void row(Job& job, double least) {
  const Autoencoder& judge = job.open_judge();
  float found = 0;
  std::size_t at = 0;
  const Time time = repeated(least, [&] {
    for (std::size_t call = 0; call < kRowsInTurn; call++) {
      judge.score(job.table().slice(at, 1), {&found, 1});
      at = (at + 1) % kRowsInTurn;
    }
  });
  const auto calls = static_cast<long>(kRowsInTurn);
  std::printf("{\"ms\":%.9g,\"runs\":%ld}\n", time.ms / static_cast<double>(calls), time.runs * calls);
}

void answer(const std::string& line) {
  std::istringstream words(line);
  std::string command;
  std::string name;
  double least = 0;
  words >> command >> name;
  if (command == "prepare") return prepare(name, words);
  words >> least;
  if (command == "train") return train(jobs.at(name), least);
  if (command == "score") return score(jobs.at(name), least);
  if (command == "row") return row(jobs.at(name), least);
  if (command == "fingerprint") {
    const auto bits = static_cast<unsigned long long>(jobs.at(name).open_judge().fingerprint());
    std::printf("{\"fingerprint\":\"%016llx\"}\n", bits);
    return;
  }
  throw std::runtime_error("does not " + command);
}

}  // namespace

int main() {
  std::printf("{\"ready\":\"native\",\"version\":\"\"}\n");
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line); std::fflush(stdout)) {
    try {
      answer(line);
    } catch (const std::exception& error) {
      std::printf("{\"error\":\"%s\"}\n", error.what());
    }
  }
}
