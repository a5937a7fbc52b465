// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "anomalens/error.hpp"

/// Between C++, which throws, and JavaScript, which asks what went wrong. Nothing thrown may pass: an exception that leaves
/// WebAssembly never gives its part of the C++ stack back, and after a few thousand the module is dead.
namespace anomalens::binding {

/// An Error as JavaScript reads it. The reason is a number: that of its sentence in bindings/ts/sentences.ts.
struct Failure {
  ErrorCode code = ErrorCode::kInternal;
  int reason = static_cast<int>(Reason::kDefect);
  std::optional<std::size_t> row;
  std::optional<std::size_t> column;
  const char* option = nullptr;
  std::array<double, Error::kMostNumbers> numbers{};  ///< as many as the reason has, then zeros
};

/// Why the last guarded call failed. Outside the heap, so that it can be told when the heap is full.
inline Failure failure{};

/// Whether an argument of the call to come could not be taken over.
inline bool argument_failed = false;

/// Sees to it that Embind, which makes small objects outside of every guard, finds room for them when the heap is full.
void keep_spare() noexcept;

/// Puts the exception that is being handled into `failure`.
void keep_exception() noexcept;

/// Runs `work` and tells whether it got to its end. One handler in the module instead of one in each function.
[[gnu::noinline]] inline bool attempt(void (*work)(void*), void* closure) {
  keep_spare();
  try {
    work(closure);
    return true;
  } catch (...) {
    keep_exception();
    return false;
  }
}

template <class Work>
bool attempt(Work& work) {
  return attempt([](void* closure) { (*static_cast<Work*>(closure))(); }, &work);
}

/// Takes an argument over. Embind does so before the call, so the guarded call that follows tells what went wrong here.
template <class Work>
void take_over(Work work) {
  if (!attempt(work)) argument_failed = true;
}

template <class>
inline constexpr bool kOwner = false;
template <class Object>
inline constexpr bool kOwner<std::unique_ptr<Object>> = true;

/// Runs `work`. What it returns tells JavaScript whether it failed: false for work without a result, null for a new
/// object, else undefined.
template <class Work>
auto guard(Work work) {
  using Result = std::invoke_result_t<Work>;
  const bool ready = !std::exchange(argument_failed, false);
  if constexpr (std::is_void_v<Result>) {
    return ready && attempt(work);
  } else if constexpr (kOwner<Result>) {
    Result made;
    auto keeping = [&] { made = work(); };
    if (ready) attempt(keeping);
    return made.release();
  } else {
    std::optional<Result> found;
    auto keeping = [&] { found.emplace(work()); };
    if (ready) attempt(keeping);
    return found;
  }
}

/// A method, guarded.
template <auto Method>
struct Guarded;
template <class Object, class Result, class... Arguments, Result (Object::*Method)(Arguments...)>
struct Guarded<Method> {
  static auto call(Object& object, Arguments... arguments) {
    return guard([&] { return (object.*Method)(arguments...); });
  }
};
template <class Object, class Result, class... Arguments, Result (Object::*Method)(Arguments...) const>
struct Guarded<Method> {
  static auto call(const Object& object, Arguments... arguments) {
    return guard([&] { return (object.*Method)(arguments...); });
  }
};
template <auto Method>
inline constexpr auto guarded = &Guarded<Method>::call;

}  // namespace anomalens::binding
