// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Made by tests/reference/make_fixtures.py with torch 2.13.0, numpy 2.4.6, scikit-learn 1.9.1. Do not edit.
// clang-format off
#pragma once

#include "draws.hpp"

namespace anomalens::fixtures {

inline constexpr float kUniform0[] = {
  -0.12780756F, 0.07616635F, -0.4336419F, -0.40097713F, -0.2694329F, -0.024440989F, -0.13242994F, 0.17233355F,
  -0.15827902F, -0.025770292F, -0.2383299F, -0.19871202F,
};
inline constexpr std::uint64_t kRandom0[] = {
  900450186894289455ULL, 3969543146641149120ULL, 1895649597198586619ULL, 827948490035658087ULL, 7815051614634499795ULL,
  2691271404617651954ULL,
};
inline constexpr float kUniform1[] = {
  0.0682237F, -0.29051685F, -0.19769806F, 0.05101335F, -0.47803885F, 0.09989397F, -0.20214699F, 0.065778956F,
  -0.07286863F, -0.17091656F, -0.020989656F, -0.10650058F,
};
inline constexpr std::uint64_t kRandom1[] = {
  7692698082559361259ULL, 4064269471072392264ULL, 2109959069025161ULL, 5577051506714156677ULL, 2707168392203228096ULL,
  1703346441743126657ULL,
};
inline constexpr float kUniform42[] = {
  0.16170195F, 0.18625297F, -0.21285218F, 0.21947923F, -0.20716384F, -0.04932849F, -0.30757064F, 0.095231F, 0.2055786F,
  -0.40011054F, 0.20094857F, -0.054815263F,
};
inline constexpr std::uint64_t kRandom42[] = {
  6909045637428952499ULL, 8314211556539077902ULL, 4279532810384561223ULL, 1819927849474927636ULL,
  2878035897379592313ULL, 2877591057541362902ULL,
};
inline constexpr float kUniform4294967295[] = {
  0.24534954F, -0.07152024F, -0.07249397F, -0.4628722F, 0.2447781F, 0.05369091F, 0.010690719F, -0.29196957F,
  -0.055581883F, -0.056162357F, -0.35486037F, -0.40786958F,
};
inline constexpr std::uint64_t kRandom4294967295[] = {
  1800993050274709794ULL, 7607120784305990727ULL, 5331760257347419712ULL, 5165154706003526138ULL, 330928644418928416ULL,
  8660855838641975931ULL,
};
inline constexpr Draws kDraws[] = {{0U, kUniform0, kRandom0}, {1U, kUniform1, kRandom1}, {42U, kUniform42, kRandom42}, {4294967295U, kUniform4294967295, kRandom4294967295}};

inline constexpr std::uint32_t kOrders1[] = {
  0U, 0U, 0U,
};
inline constexpr std::uint32_t kOrders2[] = {
  0U, 1U, 1U, 0U, 1U, 0U,
};
inline constexpr std::uint32_t kOrders13[] = {
  1U, 2U, 10U, 6U, 0U, 9U, 11U, 8U, 7U, 12U, 5U, 4U, 3U, 5U, 12U, 0U, 4U, 3U, 8U, 7U, 10U, 9U, 11U, 1U, 2U, 6U, 9U, 8U,
  12U, 11U, 2U, 4U, 5U, 6U, 1U, 10U, 3U, 0U, 7U,
};
inline constexpr std::uint32_t kOrders24[] = {
  21U, 17U, 5U, 13U, 7U, 4U, 20U, 22U, 12U, 1U, 23U, 9U, 2U, 18U, 3U, 14U, 15U, 11U, 6U, 8U, 0U, 19U, 10U, 16U, 19U,
  20U, 17U, 11U, 8U, 10U, 6U, 0U, 9U, 15U, 12U, 7U, 14U, 22U, 1U, 2U, 4U, 21U, 3U, 13U, 23U, 16U, 5U, 18U, 22U, 23U, 9U,
  2U, 4U, 21U, 12U, 0U, 5U, 10U, 13U, 18U, 1U, 3U, 8U, 15U, 16U, 17U, 7U, 19U, 14U, 20U, 6U, 11U,
};
inline constexpr RowOrders kRowOrders[] = {{0U, 1, 3, kOrders1}, {3U, 2, 3, kOrders2}, {42U, 13, 3, kOrders13}, {123456789U, 24, 3, kOrders24}};

}  // namespace anomalens::fixtures
