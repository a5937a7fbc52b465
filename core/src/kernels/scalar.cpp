// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "kernels/activation.hpp"
#include "kernels/dense.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/optimizer.hpp"
#include "kernels/weight_gradient.hpp"

template struct anomalens::kernels::Kernels<anomalens::kernels::Scalar4>;
