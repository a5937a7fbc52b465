// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Made by tests/reference/make_fixtures.py with torch 2.13.0, numpy 2.4.6, scikit-learn 1.9.1. Do not edit.
// clang-format off
#pragma once

#include "quantiles.hpp"

namespace anomalens::fixtures {

inline constexpr double kQuantileLevels[] = {
  0.001, 0.05, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999,
};
inline constexpr float kOneValues[] = {
  3.5F,
};
inline constexpr double kOneQuantiles[] = {
  3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5,
};
inline constexpr float kTwoValues[] = {
  1.0F, 2.0F,
};
inline constexpr double kTwoQuantiles[] = {
  1.001, 1.05, 1.25, 1.5, 1.9, 1.95, 1.99, 1.999,
};
inline constexpr float kTiesValues[] = {
  0.1F, 0.1F, 0.1F, 0.7F, 0.7F, 0.9F,
};
inline constexpr double kTiesQuantiles[] = {
  0.10000000149011612, 0.10000000149011612, 0.10000000149011612, 0.3999999947845936, 0.7999999821186066,
  0.8499999791383743, 0.8899999767541886, 0.8989999762177467,
};
inline constexpr float kEqualValues[] = {
  0.3F, 0.3F, 0.3F, 0.3F, 0.3F, 0.3F, 0.3F,
};
inline constexpr double kEqualQuantiles[] = {
  0.30000001192092896, 0.30000001192092896, 0.30000001192092896, 0.30000001192092896, 0.30000001192092896,
  0.30000001192092896, 0.30000001192092896, 0.30000001192092896,
};
inline constexpr float kUniformValues[] = {
  0.8050029F, 0.8079408F, 0.51532555F, 0.28580138F, 0.053930704F, 0.38336888F, 0.4084732F, 0.045275193F, 0.04875771F,
  0.99917614F, 0.6523691F, 0.2345102F, 0.43494755F, 0.9741862F, 0.8976776F, 0.844231F, 0.39240468F, 0.493023F,
  0.6766893F, 0.060802713F, 0.5555961F, 0.2714516F, 0.8796512F, 0.06421444F, 0.6791815F, 0.8700885F, 0.22731853F,
  0.89544827F, 0.8721955F, 0.018517219F, 0.70749557F, 0.0011996836F, 0.50336397F, 0.43666705F, 0.20325284F, 0.32494265F,
  0.80621535F,
};
inline constexpr double kUniformQuantiles[] = {
  0.0018231148961931468, 0.03992359787225724, 0.23451019823551178, 0.49302300810813904, 0.8859700202941895,
  0.9129793167114254, 0.9901797580718994, 0.998276505947113,
};
inline constexpr float kWideValues[] = {
  0.0011567337F, 2.424473e-06F, 1500.3474F, 0.15021235F, 60678.082F, 5.8649366e-05F, 0.0013078395F, 62816.31F,
  1.2974488F, 1.2652024F, 6.0132057e-05F, 1.7083643e-08F, 8.542449e+06F, 2.3616343e-07F, 330239.34F, 0.0076929308F,
  1.6457645e+07F, 0.024592586F, 9.617739e+06F, 7.9169226F, 6.952888e-05F, 7290.3223F, 616.9294F, 885.69336F,
  0.26374835F, 3.5499066e-05F, 179.9046F, 5.1693024e-07F, 1190.0259F, 146.61852F, 0.010573053F, 59754.902F,
  1.2717672e-05F, 0.017674316F, 58471.223F, 0.012235055F, 2583.0085F, 63.137135F, 1.1376682e+07F, 7.359147e+07F,
  3791.5786F, 87397.89F, 2.7915175e-06F, 2548.2627F, 364745.62F, 0.026279189F, 7.1121454F, 0.46968213F, 2.1695416e+07F,
  0.0011924645F,
};
inline constexpr double kWideQuantiles[] = {
  2.7818552517544505e-08, 1.375324481500684e-06, 0.0029041123343631625, 7.514533996582031, 8649978.000000002,
  14171211.649999985, 48162404.5599999, 71048565.25600003,
};
inline constexpr Quantiles kQuantiles[] = {{kOneValues, kOneQuantiles}, {kTwoValues, kTwoQuantiles}, {kTiesValues, kTiesQuantiles}, {kEqualValues, kEqualQuantiles}, {kUniformValues, kUniformQuantiles}, {kWideValues, kWideQuantiles}};

}  // namespace anomalens::fixtures
