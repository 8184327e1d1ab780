#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace runledger::csv {

// A value for each row, kept as the rows at which it changes.
template <class T>
class Runs {
 public:
  // Rows come in ascending order.
  void set_from(std::size_t row, const T& value) {
    if (runs_.empty() || !(runs_.back().value == value)) runs_.push_back({row, value});
  }
  // The value of a row at or behind the first that was set.
  [[nodiscard]] const T& at(std::size_t row) const {
    const auto behind = std::ranges::upper_bound(runs_, row, {}, &Run::first);
    return std::prev(behind)->value;
  }
  [[nodiscard]] bool empty() const { return runs_.empty(); }
  [[nodiscard]] bool is_uniform() const { return runs_.size() == 1; }

 private:
  struct Run {
    std::size_t first;
    T value;
  };
  std::vector<Run> runs_;
};

}  // namespace runledger::csv
