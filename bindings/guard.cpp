// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "guard.hpp"

#include <cxxabi.h>

#include <exception>
#include <new>
#include <stdexcept>
#include <typeinfo>

namespace anomalens::binding {

namespace {

void keep(const Error& error) {
  failure = {error.code(), static_cast<int>(error.reason()), error.row(), error.column(), error.option(), {}};
  for (std::size_t i = 0; i < error.numbers().size(); i++) failure.numbers[i] = error.numbers()[i];
}

}  // namespace

// The type is compared, not caught: a handler for a type makes every exception search tables, whose reader weighs more than
// this whole file. All that is thrown here is of these types themselves.
void keep_exception() noexcept {
  const std::type_info& type = *abi::__cxa_current_exception_type();
  if (type == typeid(Error)) {
    auto* thrown = abi::__cxa_current_primary_exception();
    keep(*static_cast<const Error*>(thrown));
    abi::__cxa_decrement_exception_refcount(thrown);
  } else if (type == typeid(std::bad_alloc) || type == typeid(std::bad_array_new_length) ||
             type == typeid(std::length_error)) {  // a container was asked for more than it could ever hold
    keep({ErrorCode::kOutOfMemory, Reason::kNoMemory});
  } else {
    keep({ErrorCode::kInternal, Reason::kDefect});
  }
}

}  // namespace anomalens::binding
