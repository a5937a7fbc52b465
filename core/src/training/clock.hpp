// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

namespace anomalens {

/// Milliseconds from an arbitrary moment on, never going back.
double now_ms() noexcept;

}  // namespace anomalens
