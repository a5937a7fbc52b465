// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "clock.hpp"

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#else
#include <chrono>
#endif

namespace anomalens {

#ifdef __EMSCRIPTEN__
// The standard clock brings the texts of all system errors with it.
double now_ms() { return emscripten_get_now(); }
#else
double now_ms() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double, std::milli>(Clock::now().time_since_epoch()).count();
}
#endif

}  // namespace anomalens
