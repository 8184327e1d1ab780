// Each indicator, fed bar by bar, against its definition over whole columns: to the last bit.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/indicators.hpp>

#include "naive.hpp"

namespace runledger::test {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Bars on a grid so coarse that ties, bars without range, still prices and bars without volume are
// common.
std::vector<Bar> some_bars() {
  const int cents = *rc::gen::element(1, 10, 100, 1'700);
  const auto step = rc::gen::inRange(100, 108);
  const auto grid = *rc::gen::container<std::vector<std::tuple<int, int, int, int>>>(
      rc::gen::tuple(step, step, step, step));
  const auto still = *rc::gen::inRange(0, 12);
  std::vector<Bar> bars;
  for (const auto& [a, b, close, volume] : grid) {
    const auto price = [&](int steps) { return steps * cents / 100.0; };
    bars.push_back({.open = price(a),
                    .high = price(std::max({a, b, close})),
                    .low = price(std::min({a, b, close})),
                    .close = price(close),
                    .volume = (volume - 100) * 1'013.0});
  }
  if (!bars.empty()) bars.insert(bars.end(), static_cast<std::size_t>(still), bars.back());
  return bars;
}

std::size_t some_length() { return *rc::gen::inRange<std::size_t>(1, 9); }

// `update` takes each bar and returns the value; it is the column's, and the indicator is ready
// exactly from its warm-up on.
template <class Indicator, class Update>
void check(Indicator indicator, const std::vector<Bar>& bars, const naive::Column& expected,
           Update&& update) {
  RC_ASSERT(expected.size() == bars.size());
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double value = update(indicator, bars[i]);
    RC_ASSERT(naive::same(value, expected[i]));
    RC_ASSERT(indicator.ready() == (i + 1 >= indicator.warm_up()));
    RC_ASSERT(indicator.ready() || std::isnan(value));
  }
}

// What most of them take and give.
constexpr auto kOfBar = [](auto& indicator, const Bar& bar) {
  const double value = indicator.update(bar);
  RC_ASSERT(naive::same(indicator.value(), value));
  return value;
};
constexpr auto kOfClose = [](auto& indicator, const Bar& bar) {
  const double value = indicator.update(bar.close);
  RC_ASSERT(naive::same(indicator.value(), value));
  return value;
};

RC_GTEST_PROP(IndicatorProperty, TheAveragesEqualTheirDefinition, ()) {
  const auto bars = some_bars();
  const auto length = some_length();
  const auto closes = naive::column(bars, &Bar::close);
  check(Sma(length), bars, naive::mean(closes, length), kOfClose);
  check(Ema(length), bars, naive::ema(closes, length), kOfClose);
  check(Smma(length), bars, naive::smma(closes, length), kOfClose);
  check(Tema(length), bars, naive::tema(closes, length), kOfClose);
}

RC_GTEST_PROP(IndicatorProperty, TheExtremesEqualTheirDefinition, ()) {
  const auto bars = some_bars();
  const auto length = some_length();
  const auto closes = naive::column(bars, &Bar::close);
  check(SlidingMax(length), bars, naive::highest(closes, length), kOfClose);
  check(SlidingMin(length), bars, naive::lowest(closes, length), kOfClose);
  const auto high = naive::highest(naive::column(bars, &Bar::high), length);
  const auto low = naive::lowest(naive::column(bars, &Bar::low), length);
  check(Donchian(length), bars, high,
        [](auto& channel, const Bar& bar) { return channel.update(bar).upper; });
  check(Donchian(length), bars, low,
        [](auto& channel, const Bar& bar) { return channel.update(bar).lower; });
}

RC_GTEST_PROP(IndicatorProperty, TheMacdEqualsItsDefinition, ()) {
  const auto bars = some_bars();
  const Macd::Lengths lengths{some_length(), some_length(), some_length()};
  const auto closes = naive::column(bars, &Bar::close);
  const auto macd = naive::combine(naive::ema(closes, lengths.fast),
                                   naive::ema(closes, lengths.slow), std::minus<>());
  check(Macd(lengths), bars, naive::ema(macd, lengths.signal),
        [](auto& lines, const Bar& bar) { return lines.update(bar.close).signal; });
  Macd lines(lengths);
  for (std::size_t i = 0; i < bars.size(); ++i)
    RC_ASSERT(naive::same(lines.update(bars[i].close).macd, macd[i]));
}

RC_GTEST_PROP(IndicatorProperty, TheBollingerBandsEqualTheirDefinition, ()) {
  const auto bars = some_bars();
  const auto length = some_length();
  const double factor = *rc::gen::element(0.0, 1.5, 2.0, -1.0);
  const auto closes = naive::column(bars, &Bar::close);
  const auto middle = naive::mean(closes, length);
  const auto squares = naive::combine(closes, closes, std::multiplies<>());
  const auto deviation =
      naive::combine(naive::mean(squares, length), middle,
                     [](double square, double m) { return std::sqrt(std::abs(square - m * m)); });
  const auto at = [&](double side) {
    return naive::combine(middle, deviation,
                          [&](double m, double d) { return m + side * (factor * d); });
  };
  check(Bollinger(length, factor), bars, at(1),
        [](auto& bands, const Bar& bar) { return bands.update(bar.close).top; });
  check(Bollinger(length, factor), bars, at(-1),
        [](auto& bands, const Bar& bar) { return bands.update(bar.close).bottom; });
}

RC_GTEST_PROP(IndicatorProperty, TheKeltnerChannelEqualsItsDefinition, ()) {
  const auto bars = some_bars();
  const Keltner::Lengths lengths{some_length(), some_length()};
  const double factor = *rc::gen::element(0.0, 1.5, 2.0);
  const auto middle = naive::ema(naive::column(bars, &Bar::close), lengths.mean);
  const auto range = naive::atr(bars, lengths.range);
  const auto at = [&](double side) {
    return naive::combine(middle, range,
                          [&](double m, double r) { return m + side * (r * factor); });
  };
  check(Atr(lengths.range), bars, range, kOfBar);
  const auto upper = at(1);
  const auto lower = at(-1);
  Keltner channel(lengths, factor);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const auto bands = channel.update(bars[i]);
    RC_ASSERT(naive::same(bands.middle, middle[i]));
    RC_ASSERT(naive::same(bands.upper, upper[i]));
    RC_ASSERT(naive::same(bands.lower, lower[i]));
    RC_ASSERT(naive::same(channel.range(), range[i]));
    RC_ASSERT(channel.ready() == (i + 1 >= channel.warm_up()));
    RC_ASSERT(channel.ready() != std::isnan(bands.upper));
  }
}

RC_GTEST_PROP(IndicatorProperty, TheOscillatorsEqualTheirDefinition, ()) {
  const auto bars = some_bars();
  const auto length = some_length();
  const auto closes = naive::column(bars, &Bar::close);
  check(Rsi(length), bars, naive::rsi(closes, length), kOfClose);
  check(Roc(length), bars, naive::roc(closes, length), kOfClose);
  check(WilliamsR(length), bars, naive::williams_r(bars, length), kOfBar);
  check(Cci(length), bars, naive::cci(bars, length), kOfBar);
}

RC_GTEST_PROP(IndicatorProperty, TheStochasticEqualsItsDefinition, ()) {
  const auto bars = some_bars();
  const Stochastic::Lengths lengths{some_length(), some_length(), some_length()};
  const auto k = naive::stochastic_k(bars, lengths.range, lengths.smooth_k);
  check(Stochastic(lengths), bars, naive::mean(k, lengths.smooth_d),
        [](auto& lines, const Bar& bar) { return lines.update(bar).d; });
  Stochastic lines(lengths);
  for (std::size_t i = 0; i < bars.size(); ++i)
    RC_ASSERT(naive::same(lines.update(bars[i]).k, k[i]));
}

RC_GTEST_PROP(IndicatorProperty, TheDirectionalIndexEqualsItsDefinition, ()) {
  const auto bars = some_bars();
  const auto length = some_length();
  const auto [adx, plus, minus] = naive::adx(bars, length);
  check(Adx(length), bars, adx, [](auto& lines, const Bar& bar) { return lines.update(bar).adx; });
  Adx lines(length);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const auto now = lines.update(bars[i]);
    RC_ASSERT(naive::same(now.plus, plus[i]));
    RC_ASSERT(naive::same(now.minus, minus[i]));
  }
}

RC_GTEST_PROP(IndicatorProperty, TheFlowsOfMoneyEqualTheirDefinition, ()) {
  const auto bars = some_bars();
  const auto length = some_length();
  check(Obv(), bars, naive::obv(bars), kOfBar);
  check(Mfi(length), bars, naive::mfi(bars, length), kOfBar);
  check(Cmf(length), bars, naive::cmf(bars, length), kOfBar);
}

// Any bit pattern: not a number, infinities, denormals.
Bar wild_bar() {
  const auto any = [] { return std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>()); };
  const auto wild = [&] {
    return *rc::gen::element(kNaN, std::numeric_limits<double>::infinity(), -0.0, 1e308, -3.5,
                             any());
  };
  return {wild(), wild(), wild(), wild(), wild()};
}

// After whatever bars, as many tame ones as its warm-up bring an indicator of windows to the same
// values as if there had been no others.
template <class Indicator, class Update>
void check_forgets(const Indicator& fresh, const std::vector<Bar>& wild,
                   const std::vector<Bar>& tame, Update&& update) {
  Indicator used = fresh;
  Indicator unused = fresh;
  for (const Bar& bar : wild) update(used, bar);
  for (std::size_t i = 0; i < tame.size(); ++i) {
    const double value = update(used, tame[i]);
    const double expected = update(unused, tame[i]);
    RC_ASSERT(i + 1 < fresh.warm_up() || naive::same(value, expected));
  }
}

RC_GTEST_PROP(IndicatorProperty, AWindowForgetsWhateverHasLeftIt, ()) {
  const auto tame = some_bars();
  std::vector<Bar> wild;
  for (int left = *rc::gen::inRange(0, 20); left > 0; --left) wild.push_back(wild_bar());
  const auto length = some_length();
  check_forgets(Sma(length), wild, tame, kOfClose);
  check_forgets(SlidingMax(length), wild, tame, kOfClose);
  check_forgets(SlidingMin(length), wild, tame, kOfClose);
  check_forgets(Roc(length), wild, tame, kOfClose);
  check_forgets(WilliamsR(length), wild, tame, kOfBar);
  check_forgets(Cci(length), wild, tame, kOfBar);
  check_forgets(Mfi(length), wild, tame, kOfBar);
  check_forgets(Cmf(length), wild, tame, kOfBar);
  check_forgets(Bollinger(length, 2), wild, tame,
                [](auto& bands, const Bar& bar) { return bands.update(bar.close).top; });
  check_forgets(Stochastic({length, 3, 3}), wild, tame,
                [](auto& lines, const Bar& bar) { return lines.update(bar).d; });
}

// What weighs all of the past keeps a NaN, and is never ready before it has seen enough.
RC_GTEST_PROP(IndicatorProperty, AnyBarsAreTaken, ()) {
  const auto length = some_length();
  Tema tema(length);
  Rsi rsi(length);
  Adx adx(length);
  Keltner keltner({length, length}, 2);
  Macd macd({length, 2 * length, 3});
  Obv obv;
  std::size_t seen = 0;
  for (int left = *rc::gen::inRange(0, 40); left > 0; --left) {
    const Bar bar = wild_bar();
    tema.update(bar.close);
    rsi.update(bar.close);
    adx.update(bar);
    keltner.update(bar);
    macd.update(bar.close);
    obv.update(bar);
    ++seen;
    RC_ASSERT(!tema.ready() || seen >= tema.warm_up());
    RC_ASSERT(!rsi.ready() || seen >= rsi.warm_up());
    RC_ASSERT(!adx.ready() || seen >= adx.warm_up());
    RC_ASSERT(!keltner.ready() || seen >= keltner.warm_up());
    RC_ASSERT(!macd.ready() || seen >= macd.warm_up());
    RC_ASSERT(obv.ready());
  }
}

}  // namespace
}  // namespace runledger::test
