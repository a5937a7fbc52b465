// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "anomalens/encoding.hpp"
#include "anomalens/table.hpp"

/// Whether rows are still like those that a model has learned from.
namespace anomalens {

/// How often each kind of cell occurred. There is a list for every feature: a number has the bins of its histogram, then
/// what lies beyond them; a category its values, then "never seen"; a cycle its bins. Then follow a list for every constant
/// column, [equal, different], and one for every column without gaps, [there, missing].
struct Tallies {
  std::vector<double> column;  ///< that each list belongs to
  std::vector<double> width;   ///< counts in each list
  std::vector<double> counts;  ///< all lists, one after another
};

/// Of the training rows; numbers and cycles of the sample that their features were learned from.
Tallies tallies_of(const Encoding& encoding);

/// Adds the cells of `rows` to `counts`, which are as long as Tallies::counts. Throws kShape for another width, kNonFinite
/// for a cell that the encoding refuses.
void tally(const Encoding& encoding, TableView rows, std::span<double> counts);

/// How often two samples of one distribution would differ by as much (Pearson's chi-squared test of homogeneity): a p-value
/// from two lists of counts of the same kinds, at least one. Kinds that are expected less than five times in either sample
/// are taken together with the last one: of values never seen, only one of the samples knows which they are. 1 where nothing
/// is left to compare.
double homogeneity(std::span<const double> counts, std::span<const double> others);

}  // namespace anomalens
