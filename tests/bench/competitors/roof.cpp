// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A WebAssembly module of one function, for roof.mjs.
#include "roof.hpp"

extern "C" __attribute__((visibility("default"))) float roof(float x, int turns) { return roof_turns(x, turns); }
