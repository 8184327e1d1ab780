#include "bollinger_rules.hpp"

#include <cmath>
#include <memory>
#include <span>

namespace runledger::test {
namespace {

// Wide enough that the sum of one window is exact until it is rounded once, at the end.
__extension__ using Wide = __float128;

template <class Value>
double mean(std::span<const double> values, Value&& value) {
  Wide sum = 0;
  for (const double x : values) sum += static_cast<Wide>(value(x));
  return static_cast<double>(sum) / static_cast<double>(values.size());
}

struct Bands {
  double middle, top, bottom;
};

Bands bands(std::span<const double> window, double devfactor) {
  const double middle = mean(window, [](double x) { return x; });
  const double mean_square = mean(window, [](double x) { return x * x; });
  const double deviation = std::sqrt(std::abs(mean_square - middle * middle));
  const double width = devfactor * deviation;
  return {middle, middle + width, middle - width};
}

// +1 or -1 on the bar where the close crosses a line; touching is remembered through.
class Cross {
 public:
  int next(double difference) {
    const int crossed = !seen_                        ? 0
                        : last_ < 0 && difference > 0 ? 1
                        : last_ > 0 && difference < 0 ? -1
                                                      : 0;
    if (difference != 0 || !seen_) last_ = difference;
    seen_ = true;
    return crossed;
  }

 private:
  bool seen_ = false;
  double last_ = 0;
};

struct State {
  Cross bottom, top, middle;
  int side = 0;
};

}  // namespace

Script bollinger_rules(std::size_t period, double devfactor) {
  Script script;
  script.on_bar = [period, devfactor, state = std::make_shared<State>()](Script& self,
                                                                         const rl_step& step) {
    const rl_series& series = step.series[0];
    if (series.count < period) return RL_OK;
    const std::span window(series.close + series.count - period, period);
    const double close = window.back();
    const Bands now = bands(window, devfactor);
    const int bottom = state->bottom.next(close - now.bottom);
    const int top = state->top.next(close - now.top);
    const int middle = state->middle.next(close - now.middle);
    if (series.count <= period) return RL_OK;
    if (series.position == 0) {
      if (bottom == -1) {
        state->side = 1;
        self.submit(Script::order_of(1, RL_SIZE_RUN));
      } else if (top == 1) {
        state->side = -1;
        self.submit(Script::order_of(-1, RL_SIZE_RUN));
      }
    } else if ((state->side == 1 && middle == 1) || (state->side == -1 && middle == -1)) {
      state->side = 0;
      self.close();
    }
    return RL_OK;
  };
  return script;
}

}  // namespace runledger::test
