#include <algorithm>
#include <cerrno>
#include <limits>
#include <span>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <runledger/worker/shared_bars.hpp>

#include "bars_layout.hpp"

namespace runledger::worker {
namespace {

// Fills `column` of the file: the values, then padding.
template <class T, class Source>
void fill_column(std::uint8_t* memory, const BarsLayout& layout, BarColumn column, T padding,
                 const Source& source) {
  const std::span<T> cells(reinterpret_cast<T*>(memory + layout.offset(column)), layout.capacity());
  for (std::size_t i = 0; i < layout.count; ++i) cells[i] = source(i);
  std::ranges::fill(cells.subspan(layout.count), padding);
}

// Each column is given back when it has been copied: a large dataset is not there twice.
void fill(std::uint8_t* memory, const BarsLayout& layout, Bars bars, std::size_t first) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const auto label = [&](std::size_t i) { return bars.label[first + i]; };
  const auto closes = [&](std::size_t i) { return close_time(label(i), bars.interval); };
  const TimeNs last_label = layout.count == 0 ? 0 : label(layout.count - 1);
  const TimeNs last_close = layout.count == 0 ? 0 : closes(layout.count - 1);
  fill_column<TimeNs>(memory, layout, BarColumn::label, last_label, label);
  fill_column<TimeNs>(memory, layout, BarColumn::close_time, last_close, closes);
  bars.label = {};
  const auto reals = [&](BarColumn column, std::vector<double>& values) {
    fill_column<double>(memory, layout, column, kNaN,
                        [&](std::size_t i) { return values[first + i]; });
    values = {};
  };
  reals(BarColumn::open, bars.open);
  reals(BarColumn::high, bars.high);
  reals(BarColumn::low, bars.low);
  reals(BarColumn::close, bars.close);
  reals(BarColumn::volume, bars.volume);
}

Error no_memory(std::size_t bytes) {
  return {ErrorCode::io,
          fmt::format("Cannot set {} bytes of memory aside for the bars: error number {}.", bytes,
                      errno)};
}

}  // namespace

Result<SharedBars> SharedBars::make(Bars bars, std::optional<LabelRange> range) {
  std::size_t first = 0;
  std::size_t end = bars.size();
  if (range) {
    const auto index = [&](auto found) {
      return static_cast<std::size_t>(found - bars.label.begin());
    };
    first = index(std::ranges::lower_bound(bars.label, range->first));
    end = std::max(first, index(std::ranges::upper_bound(bars.label, range->last)));
  }
  const BarsLayout layout{end - first};
  if (layout.count > kSharedBarsMax) {
    return fail(ErrorCode::too_large,
                fmt::format("{} bars are more than the {} that one run takes.", layout.count,
                            kSharedBarsMax));
  }
  SharedBars shared;
  shared.size_ = layout.count;
  shared.interval_ = bars.interval;
  shared.fd_ = ::memfd_create("runledger-bars", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (shared.fd_ < 0 || ::ftruncate(shared.fd_, static_cast<off_t>(layout.bytes())) != 0) {
    return std::unexpected(no_memory(layout.bytes()));
  }
  void* writable =
      ::mmap(nullptr, layout.bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, shared.fd_, 0);
  if (writable == MAP_FAILED) return std::unexpected(no_memory(layout.bytes()));
  fill(static_cast<std::uint8_t*>(writable), layout, std::move(bars), first);
  ::munmap(writable, layout.bytes());
  if (::fcntl(shared.fd_, F_ADD_SEALS, kBarsSeals) != 0) {
    return std::unexpected(no_memory(layout.bytes()));
  }
  void* view = ::mmap(nullptr, layout.bytes(), PROT_READ, MAP_SHARED, shared.fd_, 0);
  if (view == MAP_FAILED) return std::unexpected(no_memory(layout.bytes()));
  shared.memory_ = view;
  return shared;
}

SharedBars::~SharedBars() { release(); }

SharedBars::SharedBars(SharedBars&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      memory_(std::exchange(other.memory_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      interval_(other.interval_) {}

SharedBars& SharedBars::operator=(SharedBars&& other) noexcept {
  if (this != &other) {
    release();
    fd_ = std::exchange(other.fd_, -1);
    memory_ = std::exchange(other.memory_, nullptr);
    size_ = std::exchange(other.size_, 0);
    interval_ = other.interval_;
  }
  return *this;
}

void SharedBars::release() {
  if (memory_ != nullptr) ::munmap(memory_, BarsLayout{size_}.bytes());
  if (fd_ >= 0) ::close(fd_);
}

BarColumns SharedBars::columns() const {
  return columns_of(static_cast<const std::uint8_t*>(memory_), BarsLayout{size_});
}

}  // namespace runledger::worker
