// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "anomalens/reasons.hpp"
#include "anomalens/table.hpp"
#include "detection/detector.hpp"

/// Verdicts of the default detector in terms of the caller's columns. See reasons.py and anatomy.py of the reference.
namespace anomalens {

/// Every column that takes part, by falling share; of equal ones in their order.
std::vector<ColumnReason> reasons_of(Detector& detector, TableView row);

/// Repairs one column after another until the score is at most `threshold`, at most `most`.
std::vector<RepairStep> repair_of(Detector& detector, TableView row, double threshold, std::size_t most);

Anatomy anatomy_of(Detector& detector, TableView row);

}  // namespace anomalens
