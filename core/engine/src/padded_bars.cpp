#include <algorithm>
#include <limits>
#include <span>

#include <runledger/engine/padded_bars.hpp>

namespace runledger {
namespace {

template <class T, class Range>
std::vector<T> padded(const std::vector<T>& source, const Range& range, T padding) {
  std::vector<T> column;
  column.reserve(range.end - range.begin + kColumnPadding);
  column.assign(source.begin() + static_cast<std::ptrdiff_t>(range.begin),
                source.begin() + static_cast<std::ptrdiff_t>(range.end));
  column.resize(range.end - range.begin + kColumnPadding, padding);
  return column;
}

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

PaddedBars::Range PaddedBars::range_of(const std::vector<TimeNs>& label, TimeNs first,
                                       TimeNs last) {
  const auto index = [&](auto found) { return static_cast<std::size_t>(found - label.begin()); };
  const std::size_t begin = index(std::ranges::lower_bound(label, first));
  return {begin, std::max(begin, index(std::ranges::upper_bound(label, last)))};
}

PaddedBars::PaddedBars(const Bars& bars) : PaddedBars(bars, Range{0, bars.size()}) {}

PaddedBars::PaddedBars(const Bars& bars, TimeNs first, TimeNs last)
    : PaddedBars(bars, range_of(bars.label, first, last)) {}

PaddedBars::PaddedBars(const Bars& bars, Range range)
    : interval_(bars.interval),
      size_(range.end - range.begin),
      label_(padded(bars.label, range, size_ > 0 ? bars.label[range.end - 1] : TimeNs{0})),
      close_time_(label_.size()),
      open_(padded(bars.open, range, kNaN)),
      high_(padded(bars.high, range, kNaN)),
      low_(padded(bars.low, range, kNaN)),
      close_(padded(bars.close, range, kNaN)),
      volume_(padded(bars.volume, range, kNaN)) {
  for (std::size_t i = 0; i < size_; ++i) close_time_[i] = close_time(label_[i], interval_);
  const TimeNs padding = size_ > 0 ? close_time_[size_ - 1] : TimeNs{0};
  std::fill(close_time_.begin() + static_cast<std::ptrdiff_t>(size_), close_time_.end(), padding);
}

BarColumns PaddedBars::columns() const {
  const auto reals = [this](const std::vector<double>& column) {
    return std::span<const double>(column).first(size_);
  };
  return {.label = std::span(label_).first(size_),
          .close_time = std::span(close_time_).first(size_),
          .open = reals(open_),
          .high = reals(high_),
          .low = reals(low_),
          .close = reals(close_),
          .volume = reals(volume_)};
}

}  // namespace runledger
