// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
//
// Parts of the run-time libraries that this module does without: they are a large share of what is downloaded.

#include <emscripten/bind.h>

#include <cxxabi.h>

#include <exception>
#include <new>
#include <typeinfo>

extern "C" {

/// What the C++ library calls before it gives up. Its own version prints, and all of printf would come along; a trap says
/// as much to the developer console.
[[noreturn, gnu::visibility("hidden")]] void abort_message(const char* /*format*/, ...) { __builtin_trap(); }
/// Its name from LLVM 20 on.
[[noreturn, gnu::visibility("hidden")]] void __abort_message(const char* /*format*/, ...) { __builtin_trap(); }

/// Embind's file with these two describes all types of C++ to JavaScript, where only numbers and booleans cross over here.
/// The first remembers what was registered, for threads that start later; the second names types in error messages.
void _embind_register_bindings(emscripten::internal::InitFunc* /*bindings*/) {}
const char* __getTypeName(const std::type_info* /*type*/) { return nullptr; }
}

/// What happens to an exception that nobody catches, or when memory runs out. The library's own handlers find out the
/// exception's name and print it.
namespace __cxxabiv1 {
extern "C" {
[[gnu::visibility("hidden")]] std::terminate_handler __cxa_terminate_handler = [] { __builtin_trap(); };
[[gnu::visibility("hidden")]] std::terminate_handler __cxa_unexpected_handler = [] { __builtin_trap(); };
[[gnu::visibility("hidden")]] std::new_handler __cxa_new_handler = nullptr;
}
}  // namespace __cxxabiv1
