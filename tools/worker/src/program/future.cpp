#include "future.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "chance.hpp"

namespace runledger::worker {
namespace {

using schema::FutureShown;

constexpr std::uint64_t kSeed = 1;  // any would do

ChosenFuture* active = nullptr;

// A random walk about the first price, of about two percent a bar.
std::vector<double> walk(double first, std::size_t count, Chance& chance) {
  std::vector<double> prices(count, first);
  for (std::size_t i = 1; i < count; ++i) {
    prices[i] = prices[i - 1] * (0.98 + 0.04 * chance.real());
    prices[i] += 0.01 * (first - prices[i]);
  }
  return prices;
}

// From `from` to `to`, never back.
std::vector<double> climb(double from, double to, std::size_t count, Chance& chance) {
  std::vector<double> prices(count, from);
  for (std::size_t i = 0; i < count; ++i) {
    const double share = (static_cast<double>(i) + chance.real()) / static_cast<double>(count);
    prices[i] = from + (to - from) * share;
  }
  return prices;
}

std::vector<double> invented_prices(const BarColumns& bars, std::size_t count, FutureShown future,
                                    Chance& chance) {
  if (bars.size() == 0) return std::vector<double>(count, 1);
  if (future == FutureShown::rising) {
    const double highest = *std::ranges::max_element(bars.high);
    return climb(2 * highest, 4 * highest, count, chance);
  }
  if (future == FutureShown::falling) {
    const double lowest = *std::ranges::min_element(bars.low);
    return climb(lowest / 2, lowest / 4, count, chance);
  }
  return walk(bars.close[0], count, chance);
}

}  // namespace

struct ChosenFuture::Columns {
  std::vector<std::int64_t> close_time;
  std::vector<double> open, high, low, close, volume;
};

ChosenFuture::ChosenFuture(const rl_strategy& strategy, const BarColumns& bars, FutureShown future)
    : strategy_(strategy), wrapper_(strategy), bars_(bars), columns_(std::make_unique<Columns>()) {
  const std::size_t size = bars.size() + kColumnPadding;
  const auto copy = [&](auto& column, const auto& source) {
    column.assign(source.data(), source.data() + size);
  };
  copy(columns_->close_time, bars.close_time);
  copy(columns_->open, bars.open);
  copy(columns_->high, bars.high);
  copy(columns_->low, bars.low);
  copy(columns_->close, bars.close);
  copy(columns_->volume, bars.volume);
  if (future != FutureShown::real) {
    Chance chance(kSeed);
    const std::vector<double> prices = invented_prices(bars, size + 1, future, chance);
    for (std::size_t i = 0; i < size; ++i) {
      columns_->open[i] = prices[i];
      columns_->close[i] = prices[i + 1];
      columns_->high[i] = std::max(prices[i], prices[i + 1]) * (1 + 0.01 * chance.real());
      columns_->low[i] = std::min(prices[i], prices[i + 1]) * (1 - 0.01 * chance.real());
      columns_->volume[i] = std::floor(1e6 * chance.real());
    }
  } else {
    revealed_ = size;
  }
  wrapper_.create = &ChosenFuture::create;
  wrapper_.on_bar = &ChosenFuture::on_bar;
  wrapper_.on_end = nullptr;
  active = this;
}

ChosenFuture::~ChosenFuture() { active = nullptr; }

void* ChosenFuture::create(const rl_host* host, const rl_value* values) {
  return active->strategy_.create(host, values);
}

rl_status ChosenFuture::on_bar(void* self, const rl_step* step) {
  return active->show(self, *step);
}

void ChosenFuture::reveal(std::size_t count) {
  for (; revealed_ < count; ++revealed_) {
    const std::size_t i = revealed_;
    columns_->close_time[i] = bars_.close_time[i];
    columns_->open[i] = bars_.open[i];
    columns_->high[i] = bars_.high[i];
    columns_->low[i] = bars_.low[i];
    columns_->close[i] = bars_.close[i];
    columns_->volume[i] = bars_.volume[i];
  }
}

rl_status ChosenFuture::show(void* self, const rl_step& step) {
  rl_series series = step.series[0];
  reveal(series.count);
  series.close_time_ns = columns_->close_time.data();
  series.open = columns_->open.data();
  series.high = columns_->high.data();
  series.low = columns_->low.data();
  series.close = columns_->close.data();
  series.volume = columns_->volume.data();
  rl_step shown = step;
  shown.series = &series;
  return strategy_.on_bar(self, &shown);
}

}  // namespace runledger::worker
