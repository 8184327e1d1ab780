#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <fcntl.h>

#include <runledger/market/bars.hpp>

namespace runledger::worker {

// Where each column of the bars' memory file is: tools/worker/PROTOCOL.md, "The bars".
enum class BarColumn : std::uint8_t {
  label = 0,
  close_time = 1,
  open = 2,
  high = 3,
  low = 4,
  close = 5,
  volume = 6,
};
inline constexpr std::size_t kBarColumns = 7;
inline constexpr std::size_t kBarCellBytes = 8;

struct BarsLayout {
  std::size_t count = 0;
  [[nodiscard]] std::size_t capacity() const { return count + kColumnPadding; }
  [[nodiscard]] std::size_t offset(BarColumn column) const {
    return static_cast<std::size_t>(column) * capacity() * kBarCellBytes;
  }
  [[nodiscard]] std::size_t bytes() const { return kBarColumns * capacity() * kBarCellBytes; }
};

// What nobody may do to the file any more: resize it, write to it, lift this.
inline constexpr int kBarsSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

// The columns of such a file that is mapped at `memory`.
inline BarColumns columns_of(const std::uint8_t* memory, const BarsLayout& layout) {
  const auto times = [&](BarColumn column) {
    return std::span(reinterpret_cast<const TimeNs*>(memory + layout.offset(column)), layout.count);
  };
  const auto reals = [&](BarColumn column) {
    return std::span(reinterpret_cast<const double*>(memory + layout.offset(column)), layout.count);
  };
  return {.label = times(BarColumn::label),
          .close_time = times(BarColumn::close_time),
          .open = reals(BarColumn::open),
          .high = reals(BarColumn::high),
          .low = reals(BarColumn::low),
          .close = reals(BarColumn::close),
          .volume = reals(BarColumn::volume)};
}

}  // namespace runledger::worker
