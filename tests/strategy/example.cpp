#include <numeric>

#include <runledger/strategy.hpp>

namespace {

double mean(std::span<const double> xs) {
  return std::accumulate(xs.begin(), xs.end(), 0.0) / static_cast<double>(xs.size());
}

struct SmaCross {
  unsigned fast = 10;
  unsigned slow = 30;

  void check() const {
    if (fast >= slow) throw std::invalid_argument("fast must be smaller than slow");
  }

  void on_bar(const runledger::Step& step) {
    const auto close = step.bars().close;
    if (close.size() < slow) return;
    const bool up = mean(close.last(fast)) > mean(close.last(slow));
    up ? step.enter_long("fast above slow") : step.close("fast below slow");  // sized by the run
  }
};

}  // namespace

RL_PLUGIN(runledger::Describe<SmaCross>("com.example.sma_cross", "1.0.0",
                                        "Long while the fast mean leads.")
              .param("fast", &SmaCross::fast, 2, 200, "Length of the fast mean.", "bars")
              .param("slow", &SmaCross::slow, 3, 500, "Length of the slow mean.", "bars"))
