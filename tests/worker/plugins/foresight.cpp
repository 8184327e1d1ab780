// Strategies that know what lies ahead, each in another way, and some that seem to and do not.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <stdexcept>

#include <runledger/indicators/cross_over.hpp>
#include <runledger/indicators/ema.hpp>
#include <runledger/indicators/sma.hpp>
#include <runledger/strategy.hpp>

namespace {

using runledger::Fill;
using runledger::Order;
using runledger::Size;
using runledger::Step;

constexpr std::size_t kFirst = 10;

// The closes up to `ahead` beyond those that have closed.
std::span<const double> closes(const Step& step, std::size_t ahead) {
  const auto close = step.bars().close;
  return {close.data(), close.size() + ahead};
}

void hold_if(const Step& step, bool wanted) {
  if (wanted) {
    step.enter_long();
  } else {
    step.close();
  }
}

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// ---- Those that look ahead ------------------------------------------------------------------

struct NextClose {
  static void on_bar(const Step& step) {
    const auto close = closes(step, 1);
    hold_if(step, close[close.size() - 1] > close[close.size() - 2]);
  }
};

// Above the mean of all bars of the run, whose number it was told.
struct WholeSample {
  unsigned length = 400;
  void on_bar(const Step& step) const {
    const double* close = step.bars().close.data();
    hold_if(step, step.bars().close.back() > mean({close, length}));
  }
};

// Of all closes up to the padding.
double mean_to_the_end(const Step& step) {
  const double* close = step.bars().close.data();
  std::size_t end = step.bars().size();
  while (!std::isnan(close[end])) ++end;
  return mean({close, end});
}

struct UntilNan {
  static void on_bar(const Step& step) {
    hold_if(step, step.bars().close.back() > mean_to_the_end(step));
  }
};

struct CentredMean {
  static constexpr std::size_t kHalf = 5;
  static void on_bar(const Step& step) {
    if (step.bars().size() <= kHalf) return;
    hold_if(step, step.bars().close.back() > mean(closes(step, kHalf).last(2 * kHalf + 1)));
  }
};

// Orders by the past, and sizes by the next bar's volume.
struct SizesByTheNextVolume {
  static void on_bar(const Step& step) {
    const auto volume = step.bars().volume;
    if (volume.size() % kFirst == 5) step.buy(std::fmod(volume.data()[volume.size()], 7) + 1);
  }
};

// Looks at the next close once in a hundred bars.
struct LooksRarely {
  static void on_bar(const Step& step) {
    const auto close = closes(step, 1);
    if (step.bars().size() % 100 != 60) return hold_if(step, step.bars().size() % 7 < 3);
    hold_if(step, close[close.size() - 1] > close[close.size() - 2]);
  }
};

// Would trade on every bar, and does not where it sees that it would lose.
struct AvoidsLosses {
  static void on_bar(const Step& step) {
    const auto close = closes(step, 1);
    if (step.bars().size() % kFirst != 5) return;
    if (close[close.size() - 1] >= close[close.size() - 2]) step.buy(1);
  }
};

// Keeps what it was shown and looks at it again when an order is filled.
struct LooksWhenFilled {
  void on_bar(const Step& step) {
    shown_ = step.bars().close;
    if (shown_.size() % kFirst == 0) step.buy(1);
  }
  void on_fill(const Fill& fill, const runledger::Orders& orders) const {
    const double* next = shown_.data() + shown_.size() + 1;
    if (fill.quantity > 0) orders.sell(next[0] > next[-1] ? 2 : 1);
  }
  std::span<const double> shown_;
};

// Knows the mean of all bars from the first run in its process.
struct Remembers {
  static void on_bar(const Step& step) {
    static const double known = mean_to_the_end(step);
    hold_if(step, step.bars().close.back() > known);
  }
};

// Stops when it sees the end come.
struct FailsBeforeTheEnd {
  static void on_bar(const Step& step) {
    if (step.bars().size() % kFirst == 0) step.buy(1);
    if (step.bars().size() < 400 && std::isnan(closes(step, 1).back()))
      throw std::runtime_error("the end is near");
  }
};

// ---- Those that do not ----------------------------------------------------------------------

struct SmaTrend {
  runledger::Sma fast{5}, slow{20};
  runledger::CrossOver cross;
  void on_bar(const Step& step) {
    const double close = step.bars().close.back();
    const int turn = cross.update(fast.update(close), slow.update(close));
    if (turn != 0) hold_if(step, turn > 0);
  }
};

struct EmaTrend {
  runledger::Ema fast{5}, slow{20};
  void on_bar(const Step& step) {
    const double close = step.bars().close.back();
    const double lead = fast.update(close) - slow.update(close);
    if (slow.ready()) hold_if(step, lead > 0);
  }
};

// Every kind of order, with exits of its own.
struct Brackets {
  static void on_bar(const Step& step) {
    const double close = step.bars().close.back();
    Order entry = Order::market(Size::units(1));
    if (step.bars().size() % 9 == 0)
      (void)step.submit(entry.stop_loss(close * 0.97).take_profit(close * 1.02));
    if (step.bars().size() % 9 == 4) (void)step.submit(Order::limit(Size::units(-1), close * 1.01));
    if (step.bars().size() % 9 == 6)
      for (const rl_open_order* order : step.open_orders()) (void)step.cancel(order->order_id);
  }
};

// A rule that its seed invents: it hangs on closes that the seed picks of the last fifty.
struct AnyRule {
  unsigned rule = 1;
  void on_bar(const Step& step) const {
    const auto close = step.bars().close;
    if (close.size() <= 50) return;
    std::uint64_t state = rule * 0x9e3779b97f4a7c15ULL + 1;
    const auto next = [&state](std::uint64_t end) {
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
      return state % end;
    };
    double lead = 0;
    for (int i = 0; i < 4; ++i)
      lead += close[close.size() - 1 - next(50)] - close[close.size() - 1 - next(50)];
    const double units = 1 + static_cast<double>(next(5));
    if (lead > 4) (void)step.buy(units);
    if (lead < -4) (void)step.submit(Order::limit(Size::units(-units), close.back() + lead));
    if (next(3) == 0 && !step.open_orders().empty())
      (void)step.cancel(step.open_orders().front()->order_id);
  }
};

// By the number of bars since the start of the data, so that no two starts agree.
struct CountsItsBars {
  static void on_bar(const Step& step) {
    if (step.bars().size() % 7 == 0) step.buy(1);
  }
};

struct NeverOrders {
  static void on_bar(const Step&) {}
};

template <class Strategy>
auto described(const char* id) {
  return runledger::Describe<Strategy>(id, "1.0.0", "For tests.");
}

}  // namespace

RL_PLUGIN(described<NextClose>("test.next_close"),
          described<WholeSample>("test.whole_sample")
              .param("length", &WholeSample::length, 1, 100'000, "Bars of the run.", "bars"),
          described<UntilNan>("test.until_nan"), described<CentredMean>("test.centred_mean"),
          described<SizesByTheNextVolume>("test.sizes_by_the_next_volume"),
          described<LooksRarely>("test.looks_rarely"),
          described<AvoidsLosses>("test.avoids_losses"),
          described<LooksWhenFilled>("test.looks_when_filled"),
          described<Remembers>("test.remembers"),
          described<FailsBeforeTheEnd>("test.fails_before_the_end"),
          described<SmaTrend>("test.sma_trend"), described<EmaTrend>("test.ema_trend"),
          described<Brackets>("test.brackets"),
          described<AnyRule>("test.any_rule")
              .param("rule", &AnyRule::rule, 0, 1'000'000'000, "Which rule."),
          described<CountsItsBars>("test.counts_its_bars"),
          described<NeverOrders>("test.never_orders"))
