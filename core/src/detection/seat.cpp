// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/seat.hpp"

#include <utility>

namespace anomalens {

Scorer* Autoencoder::Seat::trained() const {
  Scorer* last = open_ ? before_.get() : scorer_.get();
  return last != nullptr && last->fitted ? last : nullptr;
}

std::uint64_t Autoencoder::Seat::begin(std::unique_ptr<Scorer> learner) {
  // Of a training that is open until now, nothing is of use any more.
  if (!std::exchange(open_, true)) before_ = std::move(scorer_);
  scorer_ = std::move(learner);
  return ++last_;
}

void Autoencoder::Seat::finish() {
  open_ = false;
  before_.reset();
  scorer_->fitted = true;
}

void Autoencoder::Seat::abandon() {
  open_ = false;
  scorer_ = std::move(before_);
}

}  // namespace anomalens
