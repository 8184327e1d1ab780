// Strategies that do not declare who sizes their orders.
#include <runledger/strategy.hpp>

namespace {

#ifndef USUAL_LENGTH
#define USUAL_LENGTH 1  // another in another version of the plugin
#endif

// In and out on alternate bars; one unit, or as much as the run says.
struct OwnSize {
  bool by_run = false;
  bool idle = false;
  bool later = false;
  unsigned length = USUAL_LENGTH;

  void on_bar(const runledger::Step& step) const {
    if (idle) return;
    if (later) {
      (void)step.submit(runledger::Order::market({99, 1}));
    } else if (step.position() != 0) {
      step.close("every other bar");
    } else if (by_run) {
      step.enter_long("every other bar");
    } else {
      step.buy(1, "every other bar");
    }
  }
};

}  // namespace

RL_PLUGIN(runledger::Describe<OwnSize>("org.runledger.test.own_size", "1.0.0", "For tests.")
              .param("by_run", &OwnSize::by_run, "Whether the run sizes its orders.")
              .param("idle", &OwnSize::idle, "Whether it orders nothing.")
              .param("later", &OwnSize::later, "Whether it sizes as a later version may.")
              .param("length", &OwnSize::length, 1, 100'000, "How far it looks back.", "bars"))
