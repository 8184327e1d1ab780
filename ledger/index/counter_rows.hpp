#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <runledger/base/result.hpp>
#include <runledger/ledger/view.hpp>

#include "counters.hpp"

namespace runledger::ledger {

// Rows of Family::counters in memory while runs are counted: a run adds to eight of them, and the
// runs of a commit group mostly to the same ones, which are written once for the group.
//
// Threads:   one at a time.
// Ownership: borrows what is below: the rows that are stored, or rows that are not written yet.
class CounterRows {
 public:
  // Pointers, because rows over rows would otherwise read as a copy of them.
  explicit CounterRows(const View* stored) : stored_(stored) {}
  explicit CounterRows(const CounterRows* below) : below_(below) {}
  CounterRows(const CounterRows&) = delete;
  CounterRows& operator=(const CounterRows&) = delete;

  // The row to count in: at first as it is below, zeros when it is not there. Valid until absorb()
  // or clear(). Errors: damaged, io.
  Result<RunCounts*> row(std::string_view key);

  // Lays the rows of another over these; leaves the other empty.
  void absorb(CounterRows& newer);
  void clear();
  // What is to be written of these.
  [[nodiscard]] Changes changes() const;
  // Of keys and values.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>()(key);
    }
  };
  [[nodiscard]] Result<RunCounts> read(std::string_view key) const;
  [[nodiscard]] Result<RunCounts> read_below(std::string_view key) const;

  const View* stored_ = nullptr;
  const CounterRows* below_ = nullptr;
  std::unordered_map<std::string, RunCounts, Hash, std::equal_to<>> rows_;
  std::size_t bytes_ = 0;
};

}  // namespace runledger::ledger
