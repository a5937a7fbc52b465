// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cxxabi.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <new>
#include <stdexcept>
#include <string_view>
#include <typeinfo>

#include "anomalens/error.hpp"
#include "wire.hpp"

namespace anomalens::wire {

/// Where guard() tells what went wrong.
inline Failure failure{};

/// Copies as much of `text` as fits into `room` and returns how much that was.
template <std::size_t N>
double keep(std::string_view text, char (&room)[N]) {
  const std::size_t length = std::min(text.size(), N);
  std::copy_n(text.data(), length, room);
  return static_cast<double>(length);
}

inline int fail(ErrorCode code, std::string_view message, std::string_view option = {}, double row = -1,
                double column = -1) {
  failure.row = row;
  failure.column = column;
  failure.option_bytes = keep(option, failure.option);
  failure.message_bytes = keep(message, failure.message);
  return static_cast<int>(code);
}

/// Tells the exception that is being handled. Its type is compared, not caught: `catch (const Error&)` would bring the
/// run-time library's whole search through base classes into the module. All that is thrown here is of these types themselves.
inline int explain() noexcept {
  const std::type_info& type = *abi::__cxa_current_exception_type();
  if (type == typeid(std::bad_alloc) || type == typeid(std::bad_array_new_length) ||
      type == typeid(std::length_error)) {
    return fail(ErrorCode::kOutOfMemory, "");  // a length_error: a container was asked for more than it could ever hold
  }
  if (type != typeid(Error)) return fail(ErrorCode::kInternal, type.name());
  void* thrown = abi::__cxa_current_primary_exception();
  const Error& error = *static_cast<const Error*>(thrown);
  const auto place = [](std::optional<std::size_t> at) { return at ? static_cast<double>(*at) : -1.0; };
  const int code = fail(error.code(), error.what(), error.option() != nullptr ? error.option() : "", place(error.row()),
                        place(error.column()));
  abi::__cxa_decrement_exception_refcount(thrown);
  return code;
}

/// guard() for all closures: one handler in the module instead of one in each function of the table.
inline int run(void (*work)(void*), void* closure) {
  try {
    work(closure);
    return 0;
  } catch (...) {
    return explain();
  }
}

/// Runs `work` and returns 0, or the code of what it threw. Nothing thrown may pass: an exception that leaves
/// WebAssembly never gives its part of the C++ stack back, and after a few thousand the module is dead.
template <class Work>
int guard(Work work) {
  return run([](void* closure) { (*static_cast<Work*>(closure))(); }, &work);
}

}  // namespace anomalens::wire
