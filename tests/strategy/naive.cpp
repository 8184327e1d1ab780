#include "naive.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

namespace runledger::test::naive {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// `of` the window that ends on each bar; NaN before the first whole one, and with a NaN in it.
template <class Of>
Column over_windows(const Column& values, std::size_t length, Of&& of) {
  Column result(values.size(), kNaN);
  for (std::size_t end = length; end <= values.size(); ++end) {
    const std::span window = std::span(values).subspan(end - length, length);
    if (std::ranges::none_of(window, [](double x) { return std::isnan(x); }))
      result[end - 1] = of(window);
  }
  return result;
}

Column recursive(const Column& values, std::size_t length, double alpha) {
  Column result(values.size(), kNaN);
  const auto first = static_cast<std::size_t>(
      std::ranges::find_if(values, [](double x) { return !std::isnan(x); }) - values.begin());
  if (first + length > values.size()) return result;
  const std::size_t seed = first + length - 1;
  result[seed] = fsum(std::span(values).subspan(first, length)) / static_cast<double>(length);
  for (std::size_t i = seed + 1; i < values.size(); ++i)
    result[i] = result[i - 1] * (1.0 - alpha) + values[i] * alpha;
  return result;
}

// `of` each bar and the one before; NaN for the first bar.
template <class Of>
Column over_pairs(BarSpan bars, Of&& of) {
  Column result(bars.size(), kNaN);
  for (std::size_t i = 1; i < bars.size(); ++i) result[i] = of(bars[i], bars[i - 1]);
  return result;
}

Column typical(BarSpan bars) {
  Column result;
  for (const Bar& bar : bars) result.push_back((bar.high + bar.low + bar.close) / 3);
  return result;
}

double share(double part, double whole) { return whole == 0 ? 0 : part / whole; }

}  // namespace

bool same(double a, double b) { return (std::isnan(a) && std::isnan(b)) || a == b; }

double fsum(std::span<const double> terms) {
  if (std::ranges::any_of(terms, [](double x) { return std::isnan(x); })) return kNaN;
  std::vector<double> partials;
  for (double x : terms) {
    std::size_t kept = 0;
    for (double y : partials) {
      if (std::abs(x) < std::abs(y)) std::swap(x, y);
      const double high = x + y;
      const double low = y - (high - x);
      if (low != 0) partials[kept++] = low;
      x = high;
    }
    partials.resize(kept);
    partials.push_back(x);
  }
  if (partials.empty()) return 0;
  double high = partials.back();
  partials.pop_back();
  double low = 0;
  while (!partials.empty() && low == 0) {
    const double x = high;
    const double y = partials.back();
    partials.pop_back();
    high = x + y;
    low = y - (high - x);
  }
  // Halfway, and what is left decides.
  if (low != 0 && !partials.empty() && (low < 0) == (partials.back() < 0)) {
    const double doubled = low * 2;
    const double up = high + doubled;
    if (doubled == up - high) high = up;
  }
  return high;
}

Column column(BarSpan bars, double Bar::* member) {
  Column result;
  for (const Bar& bar : bars) result.push_back(bar.*member);
  return result;
}

Column sum(const Column& values, std::size_t length) { return over_windows(values, length, &fsum); }

Column mean(const Column& values, std::size_t length) {
  Column result = sum(values, length);
  for (double& value : result) value /= static_cast<double>(length);
  return result;
}

Column highest(const Column& values, std::size_t length) {
  return over_windows(values, length, [](auto window) { return std::ranges::max(window); });
}

Column lowest(const Column& values, std::size_t length) {
  return over_windows(values, length, [](auto window) { return std::ranges::min(window); });
}

Column ema(const Column& values, std::size_t length) {
  return recursive(values, length, 2 / (1 + static_cast<double>(length)));
}

Column smma(const Column& values, std::size_t length) {
  return recursive(values, length, 1 / static_cast<double>(length));
}

Column tema(const Column& values, std::size_t length) {
  const Column once = ema(values, length);
  const Column twice = ema(once, length);
  const Column thrice = ema(twice, length);
  const auto difference = [](double a, double b) { return 3 * a - 3 * b; };
  return combine(combine(once, twice, difference), thrice, std::plus<>());
}

Column atr(BarSpan bars, std::size_t length) {
  return smma(over_pairs(bars,
                         [](const Bar& bar, const Bar& before) {
                           return std::max(bar.high, before.close) -
                                  std::min(bar.low, before.close);
                         }),
              length);
}

Column rsi(const Column& closes, std::size_t length) {
  Column rises(closes.size(), kNaN);
  Column falls(closes.size(), kNaN);
  for (std::size_t i = 1; i < closes.size(); ++i) {
    rises[i] = std::max(closes[i] - closes[i - 1], 0.0);
    falls[i] = std::max(closes[i - 1] - closes[i], 0.0);
  }
  return combine(smma(rises, length), smma(falls, length), [](double rise, double fall) {
    if (fall == 0) return rise == 0 ? 50.0 : 100.0;
    return 100 - 100 / (1 + rise / fall);
  });
}

Column stochastic_k(BarSpan bars, std::size_t range, std::size_t smoothing) {
  const Column high = highest(column(bars, &Bar::high), range);
  const Column low = lowest(column(bars, &Bar::low), range);
  Column raw;
  for (std::size_t i = 0; i < bars.size(); ++i)
    raw.push_back(100 * ((bars[i].close - low[i]) / (high[i] - low[i])));
  return mean(raw, smoothing);
}

Column williams_r(BarSpan bars, std::size_t length) {
  const Column high = highest(column(bars, &Bar::high), length);
  const Column low = lowest(column(bars, &Bar::low), length);
  Column result;
  for (std::size_t i = 0; i < bars.size(); ++i)
    result.push_back(-100 * (high[i] - bars[i].close) / (high[i] - low[i]));
  return result;
}

Column cci(BarSpan bars, std::size_t length) {
  const Column price = typical(bars);
  const Column distance = combine(price, mean(price, length), std::minus<>());
  Column absolute = distance;
  for (double& value : absolute) value = std::abs(value);
  return combine(distance, mean(absolute, length),
                 [](double d, double deviation) { return d / (0.015 * deviation); });
}

Column roc(const Column& values, std::size_t length) {
  Column result(values.size(), kNaN);
  for (std::size_t i = length; i < values.size(); ++i)
    result[i] = (values[i] - values[i - length]) / values[i - length];
  return result;
}

Column obv(BarSpan bars) {
  Column result;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double volume = bars[i].volume;
    if (i == 0) {
      result.push_back(volume);
    } else if (bars[i].close > bars[i - 1].close) {
      result.push_back(result.back() + volume);
    } else if (bars[i].close < bars[i - 1].close) {
      result.push_back(result.back() - volume);
    } else {
      result.push_back(result.back());
    }
  }
  return result;
}

Column mfi(BarSpan bars, std::size_t length) {
  const Column price = typical(bars);
  Column inflow(bars.size(), kNaN);
  Column outflow(bars.size(), kNaN);
  for (std::size_t i = 1; i < bars.size(); ++i) {
    inflow[i] = price[i] > price[i - 1] ? price[i] * bars[i].volume : 0;
    outflow[i] = price[i] < price[i - 1] ? price[i] * bars[i].volume : 0;
  }
  return combine(sum(inflow, length), sum(outflow, length),
                 [](double in, double out) { return 100 - 100 / (1 + (out == 0 ? 1 : in / out)); });
}

Column cmf(BarSpan bars, std::size_t length) {
  Column flow;
  for (const Bar& bar : bars) {
    const double position = 2 * bar.close - bar.low - bar.high;
    flow.push_back(bar.high == bar.low ? 0 : position / (bar.high - bar.low) * bar.volume);
  }
  return combine(sum(flow, length), sum(column(bars, &Bar::volume), length), &share);
}

Directional adx(BarSpan bars, std::size_t length) {
  const auto rise = [](const Bar& bar, const Bar& before) { return bar.high - before.high; };
  const auto fall = [](const Bar& bar, const Bar& before) { return before.low - bar.low; };
  const auto line = [&](auto&& forwards, auto&& backwards) {
    const Column movement = over_pairs(bars, [&](const Bar& bar, const Bar& before) {
      const double way = forwards(bar, before);
      return way > backwards(bar, before) && way > 0 ? way : 0;
    });
    return combine(smma(movement, length), atr(bars, length),
                   [](double moved, double range) { return share(100 * moved, range); });
  };
  Directional result{{}, line(rise, fall), line(fall, rise)};
  const Column index = combine(result.plus, result.minus, [](double plus, double minus) {
    return share(std::abs(plus - minus), plus + minus);
  });
  for (const double value : smma(index, length)) result.adx.push_back(100 * value);
  return result;
}

}  // namespace runledger::test::naive
