// Compiled once as it is, which must work, and once for each BAD, which must not.
#include <runledger/strategy.hpp>

#ifndef BAD
#define BAD 0
#endif

namespace {

struct Strategy {
  unsigned length = 10;
  bool strict = false;

#if BAD == 1
  void on_bars(const runledger::Step& step) { (void)step; }
#else
  void on_bar(const runledger::Step& step) {
#if BAD == 2
    step.submit(runledger::Order::limit(runledger::Size::units(1), 10));
#else
    if (!step.submit(runledger::Order::limit(runledger::Size::units(1), 10))) step.buy(1);
#endif
  }
#endif

#if BAD == 3
  void on_fill(runledger::Fill& fill) { fill.price = 0; }
#else
  void on_fill(const runledger::Fill& fill) { length = fill.quantity > 0 ? 1 : 2; }
#endif
};

}  // namespace

#if BAD == 4
RL_PLUGIN(runledger::Describe<Strategy>("com.example.s", "1.0.0", "A test.")
              .param("strict", &Strategy::strict, 0, 1, "Whether."))
#else
RL_PLUGIN(runledger::Describe<Strategy>("com.example.s", "1.0.0", "A test.")
              .param("length", &Strategy::length, 1, 9, "A length.")
              .param("strict", &Strategy::strict, "Whether."))
#endif
