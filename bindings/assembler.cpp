// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
//
// A WebAssembly module of its own, a few hundred bytes long: puts core.wasm together from the parts into which
// bindings/tools/parts.mjs takes it, since those pack a sixth smaller. JavaScript would do the
// same in an interpreter, since no engine has compiled it by then.

#include <cstddef>
#include <cstdint>

namespace {

using Byte = std::uint8_t;

constexpr std::size_t kPage = 65536;
/// parts.mjs checks these two.
constexpr std::size_t kMostKinds = 1024;
constexpr std::size_t kMostStreams = 32;

/// Operands of one sort, one after another in the order of the instructions they belong to.
struct Stream {
  std::size_t width;  ///< bytes of an operand; 0: it is a number in LEB128
  std::size_t length;
  const Byte* next;
};

/// For each kind of instruction: by how much it opens blocks, plus one; how many bytes of it are fixed, and these; how many
/// operands it has, and the stream of each.
const Byte* kinds[kMostKinds];
Stream streams[kMostStreams];
const Byte* from;
Byte* to;

/// An unsigned number in LEB128.
std::size_t number() {
  std::size_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const Byte next = *from++;
    value |= static_cast<std::size_t>(next & 127U) << shift;
    if (next < 128) return value;
  }
}

/// The streams 0 and 1 are the module before and after the bodies of its functions.
void append(const Stream& stream) {
  __builtin_memcpy(to, stream.next, stream.length);
  to += stream.length;
}

void append_number(std::size_t number) {
  for (; number > 127; number >>= 7) *to++ = static_cast<Byte>(number | 128U);
  *to++ = static_cast<Byte>(number);
}

void append_operand(Stream& stream) {
  Byte byte = 0;
  std::size_t left = stream.width;
  do {
    byte = *stream.next++;
    *to++ = byte;
  } while (stream.width == 0 ? byte > 127 : --left > 0);
}

/// One function: its length, its declarations, which count as an instruction, and its instructions.
void append_body() {
  constexpr std::size_t kRoom = 5;  // for the length, which is known in the end
  Byte* const start = to;
  to += kRoom;
  for (int depth = 1; depth > 0;) {
    const Byte* kind = kinds[number()];
    depth += *kind++ - 1;
    for (int left = *kind++; left > 0; left--) *to++ = *kind++;
    for (int left = *kind++; left > 0; left--) append_operand(streams[*kind++]);
  }
  const auto size = static_cast<std::size_t>(to - start) - kRoom;
  to = start;
  append_number(size);
  __builtin_memmove(to, start + kRoom, size);
  to += size;
}

}  // namespace

/// Writes the module to `out`, where the memory ends so far, and returns where it ends. The parts begin with the length of the
/// module, the kinds, and the width and length of each stream; then come the number of functions, and the number of bytes by
/// which the instructions' kinds are told, these bytes, and the streams.
extern "C" Byte* assemble(const Byte* parts, Byte* out) {
  from = parts;
  to = out;
  __builtin_wasm_memory_grow(0, number() / kPage + 1);
  const std::size_t kind_count = number();
  for (std::size_t i = 0; i < kind_count; i++) {
    kinds[i] = from++;
    from += *from + 1;
    from += *from + 1;
  }
  const std::size_t stream_count = number();
  for (std::size_t i = 0; i < stream_count; i++) {
    streams[i].width = number();
    streams[i].length = number();
  }
  std::size_t functions = number();
  const std::size_t order = number();
  const Byte* next = from + order;
  for (std::size_t i = 0; i < stream_count; i++) {
    streams[i].next = next;
    next += streams[i].length;
  }
  append(streams[0]);
  for (; functions > 0; functions--) append_body();
  append(streams[1]);
  return to;
}
