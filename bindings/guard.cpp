// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "guard.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <typeinfo>
#include <utility>

namespace anomalens::binding {

namespace {

void keep(const Error& error) {
  failure = {error.code(), static_cast<int>(error.reason()), error.row(), error.column(), error.option(), {}};
  for (std::size_t i = 0; i < error.numbers().size(); i++) failure.numbers[i] = error.numbers()[i];
}

/// What Embind makes of one call, with all its arguments, is far smaller.
constexpr std::size_t kSpareBytes = 16384;
char* spare = nullptr;

/// Called where there is no room.
void give_spare_up() {
  if (spare == nullptr) throw std::bad_alloc();
  std::free(std::exchange(spare, nullptr));
}

}  // namespace

void keep_spare() noexcept {
  if (spare != nullptr) return;
  spare = static_cast<char*>(std::malloc(kSpareBytes));
  std::set_new_handler(give_spare_up);
}

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
