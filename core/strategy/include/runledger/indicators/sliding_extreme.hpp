// The largest and the smallest of the last n values.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>
#include <vector>

namespace runledger {

// The first of the last `length` values by the order `Before`.
//
// Values that a later one has outdone can never be the answer again and are dropped, so that those
// kept are in order and the oldest is the answer (a monotonic queue). Each value enters and leaves
// once: constant time on average, `length` steps at worst.
//
// Warm-up: `length` values; NaN before. A NaN makes the values NaN until it has left the window.
template <class Before>
class SlidingExtreme {
 public:
  explicit SlidingExtreme(std::size_t length = 1) : queue_(length), missing_(length) {
    if (length == 0) throw std::invalid_argument("a window needs at least one value");
  }

  // Takes the next value and returns value().
  double update(double value) {
    const std::uint64_t now = seen_++;
    if (missing_ > 0) --missing_;
    if (size_ > 0 && queue_[oldest_].when + queue_.size() == now) drop_oldest();
    if (std::isnan(value)) {
      nan_bars_ = queue_.size();
    } else {
      if (nan_bars_ > 0) --nan_bars_;
      while (size_ > 0 && !Before{}(queue_[place(size_ - 1)].value, value)) --size_;
      queue_[place(size_++)] = {value, now};
    }
    return this->value();
  }
  [[nodiscard]] double value() const {
    return missing_ == 0 && nan_bars_ == 0 ? queue_[oldest_].value
                                           : std::numeric_limits<double>::quiet_NaN();
  }
  [[nodiscard]] bool ready() const { return missing_ == 0; }
  [[nodiscard]] std::size_t warm_up() const { return queue_.size(); }

 private:
  struct Entry {
    double value;
    std::uint64_t when;
  };

  [[nodiscard]] std::size_t place(std::size_t index) const {
    const std::size_t sum = oldest_ + index;
    return sum < queue_.size() ? sum : sum - queue_.size();
  }
  void drop_oldest() {
    oldest_ = place(1);
    --size_;
  }

  std::vector<Entry> queue_;  // a ring: `size_` entries from `oldest_` on
  std::size_t oldest_ = 0;
  std::size_t size_ = 0;
  std::size_t missing_;       // values until the window is full
  std::size_t nan_bars_ = 0;  // values until the last NaN has left it
  std::uint64_t seen_ = 0;
};

using SlidingMax = SlidingExtreme<std::greater<>>;
using SlidingMin = SlidingExtreme<std::less<>>;

}  // namespace runledger
