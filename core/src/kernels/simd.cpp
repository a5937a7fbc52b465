// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "kernels/dense.hpp"
#include "kernels/elementwise.hpp"

template struct anomalens::kernels::Kernels<anomalens::kernels::Simd4>;
