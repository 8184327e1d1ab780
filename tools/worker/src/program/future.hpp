#pragma once

#include <memory>

#include <runledger/market/bars.hpp>
#include <runledger/schemas/worker_generated.h>
#include <runledger/strategy_abi.h>

namespace runledger::worker {

// A strategy around another one, which shows it copies of the bars whose future is not the real
// one: all that lies beyond the bar that has just closed is replaced, up to the end of the padding,
// and put in place bar by bar. One that looks ahead then decides otherwise. FutureShown::real shows
// it copies of the bars as they are, for comparing. on_end is not called.
//
// Threads: one run at a time in a process.
// Ownership: borrows the strategy and the bars.
class ChosenFuture {
 public:
  ChosenFuture(const rl_strategy& strategy, const BarColumns& bars, schema::FutureShown future);
  ~ChosenFuture();
  ChosenFuture(const ChosenFuture&) = delete;
  ChosenFuture& operator=(const ChosenFuture&) = delete;

  [[nodiscard]] const rl_strategy& strategy() const { return wrapper_; }

 private:
  struct Columns;
  static void* create(const rl_host* host, const rl_value* values);
  static rl_status on_bar(void* self, const rl_step* step);
  rl_status show(void* self, const rl_step& step);
  void reveal(std::size_t count);

  const rl_strategy& strategy_;
  rl_strategy wrapper_;
  BarColumns bars_;
  std::unique_ptr<Columns> columns_;
  std::size_t revealed_ = 0;
};

}  // namespace runledger::worker
