// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
//
// What the C++ runtime calls before it gives up. Its own version prints, and all of printf would come along with a
// module that is downloaded; a trap says as much to the developer console.

extern "C" {
[[noreturn, gnu::visibility("hidden")]] void abort_message(const char* /*format*/, ...) { __builtin_trap(); }
/// Its name from LLVM 20 on.
[[noreturn, gnu::visibility("hidden")]] void __abort_message(const char* /*format*/, ...) { __builtin_trap(); }
}
