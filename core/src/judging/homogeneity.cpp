// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <utility>

#include "anomalens/comparison.hpp"
#include "math/elementary.hpp"

namespace anomalens {

namespace {

constexpr double kLeastExpected = 5;  // from which on the chi-squared distribution is a good approximation
constexpr double kPrecision = 1e-14;
constexpr int kMostTerms = 100'000;

/// ln Gamma(freedom / 2).
double log_gamma_of_half(int freedom) {
  double sum = freedom % 2 == 0 ? 0 : 0.5723649429247001;  // ln sqrt(pi)
  for (int twice = freedom - 2; twice > 0; twice -= 2) sum += elementary::log(twice / 2.0);
  return sum;
}

/// P(X > x) of the chi-squared distribution: the incomplete gamma function Q(a, t) with a = freedom / 2 and t = x / 2, by its
/// series below the mean and by its continued fraction above (Press et al., Numerical Recipes, 6.2).
double chi_squared_tail(double x, int freedom) {
  if (!(x > 0)) return 1;
  const double a = freedom / 2.0;
  const double t = x / 2;
  const double scale = elementary::exp(a * elementary::log(t) - t - log_gamma_of_half(freedom));
  if (t < a + 1) {
    double term = 1 / a;
    double sum = term;
    for (int k = 1; k < kMostTerms && term > sum * kPrecision; k++) sum += term *= t / (a + k);
    return std::clamp(1 - sum * scale, 0.0, 1.0);
  }
  double b = t + 1 - a;
  double c = 1e300;
  double d = 1 / b;
  double fraction = d;
  for (int k = 1; k < kMostTerms; k++) {
    const double numerator = -k * (k - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    fraction *= d * c;
    if (std::fabs(d * c - 1) < kPrecision) break;
  }
  return std::clamp(fraction * scale, 0.0, 1.0);
}

double sum_of(std::span<const double> counts) {
  double sum = 0;
  for (const double count : counts) sum += count;
  return sum;
}

}  // namespace

double homogeneity(std::span<const double> counts, std::span<const double> others) {
  const double n = sum_of(counts);
  const double m = sum_of(others);
  if (!(n > 0 && m > 0)) return 1;
  double statistic = 0;
  int kinds = 0;
  const auto add = [&](double one, double other) {
    const double difference = one * m - other * n;
    statistic += difference * difference / ((one + other) * n * m);
    kinds++;
  };
  const auto expected = [&](double one, double other) { return (one + other) * std::min(n, m) / (n + m); };
  std::pair<double, double> rest{counts.back(), others.back()};
  for (std::size_t i = 0; i + 1 < counts.size(); i++) {
    if (expected(counts[i], others[i]) >= kLeastExpected) {
      add(counts[i], others[i]);
    } else {
      rest = {rest.first + counts[i], rest.second + others[i]};
    }
  }
  // Without the few that are too rare to tell, there are as many degrees of freedom as kinds less one.
  if (expected(rest.first, rest.second) >= kLeastExpected) add(rest.first, rest.second);
  return kinds < 2 ? 1 : chi_squared_tail(statistic, kinds - 1);
}

}  // namespace anomalens
