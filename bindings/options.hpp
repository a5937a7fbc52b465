// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <emscripten/bind.h>

#include <optional>
#include <type_traits>
#include <vector>

#include "anomalens/threshold.hpp"
#include "guard.hpp"
#include "span.hpp"

namespace anomalens::binding {

/// How a member of type T crosses: lists of numbers as a Span, everything else as it is.
template <class T>
struct Crossing {
  using Type = T;
  static const T& in(const T& value) { return value; }
};
template <class Number>
  requires std::is_arithmetic_v<Number>
struct Crossing<std::vector<Number>> {
  using Type = Span;
  static std::vector<Number> in(const Span& span) {
    const auto numbers = cells<const Number>(span.address, span.count);
    return {numbers.begin(), numbers.end()};
  }
};
template <class T>
struct Crossing<std::optional<T>> : Crossing<T> {};

/// A rule as JavaScript gives it. Embind copies it outside of every guard, so its labels come as a Span.
struct GivenRule {
  std::optional<ThresholdRule::Kind> kind;
  std::optional<double> value;
  std::optional<bool> held_out;
  std::optional<Span> labels;
};
template <>
struct Crossing<ThresholdRule> {
  using Type = GivenRule;
  static ThresholdRule in(const GivenRule& given) {
    ThresholdRule rule;
    if (given.kind) rule.kind = *given.kind;
    if (given.value) rule.value = *given.value;
    if (given.held_out) rule.held_out = *given.held_out;
    if (given.labels) rule.labels = Crossing<decltype(rule.labels)>::in(*given.labels);
    return rule;
  }
};

/// Options as an object of JavaScript. A field that is undefined there is not given: what C++ has by default stays.
template <class Struct>
class Options {
 public:
  explicit Options(const char* name) : object_(name) {}

  template <auto Member>
  Options& option(const char* name) {
    emscripten::register_optional<Value<Member>>();
    object_.field(name, &get<Value<Member>>, &set<Member>);
    return *this;
  }

 private:
  template <auto Member>
  using Field = std::remove_cvref_t<decltype(std::declval<Struct&>().*Member)>;
  template <auto Member>
  using Value = typename Crossing<Field<Member>>::Type;

  /// Embind wants a getter for every field, but nothing in C++ hands options to JavaScript: one for all fields of a type.
  template <class Any>
  static std::optional<Any> get(const Struct& /*options*/) {
    return {};
  }
  template <auto Member>
  static void set(Struct& options, std::optional<Value<Member>> value) {
    if (!value) return;
    if constexpr (std::is_trivially_copyable_v<Field<Member>>) {
      options.*Member = *value;
    } else {
      take_over([&] { options.*Member = Crossing<Field<Member>>::in(*value); });
    }
  }

  emscripten::value_object<Struct> object_;
};

}  // namespace anomalens::binding
