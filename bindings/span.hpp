// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "anomalens/table.hpp"

/// Numbers in bulk cross as an address and a count; JavaScript copies them once.
namespace anomalens::binding {

using Address = std::uintptr_t;
using Size = std::size_t;

/// Numbers in the heap. What C++ lends is good until the next call.
struct Span {
  Address address = 0;
  Size count = 0;
};

template <class List>
Span lend(const List& list) {
  return {reinterpret_cast<Address>(list.data()), list.size()};
}

template <class Number>
std::span<Number> cells(Address address, Size count) {
  return {reinterpret_cast<Number*>(address), count};
}

inline TableView table(Address data, bool doubles, Size rows, Size columns) {
  return doubles ? TableView(reinterpret_cast<const double*>(data), rows, columns)
                 : TableView(reinterpret_cast<const float*>(data), rows, columns);
}

}  // namespace anomalens::binding
