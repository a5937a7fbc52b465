// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "training/clock.hpp"

#include <ctime>

namespace anomalens {

// Not std::chrono, whose steady clock brings the texts of all system errors into a module that is downloaded.
double now_ms() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

}  // namespace anomalens
