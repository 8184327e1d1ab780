#include "future.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace runledger::worker {
namespace {

ChosenFuture* active = nullptr;

// xorshift64*: any fixed sequence would do.
class Chance {
 public:
  // Between 0 and 1.
  double next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<double>((state_ * 0x2545f4914f6cdd1dULL) >> 11) * 0x1.0p-53;
  }

 private:
  std::uint64_t state_ = 0x9e3779b97f4a7c15ULL;
};

}  // namespace

struct ChosenFuture::Columns {
  std::vector<std::int64_t> close_time;
  std::vector<double> open, high, low, close, volume;
};

ChosenFuture::ChosenFuture(const rl_strategy& strategy, const BarColumns& bars, bool scrambled)
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
  if (scrambled) {
    // A random walk about the first price, of about two percent a bar.
    Chance chance;
    double price = bars.size() > 0 ? bars.close[0] : 1;
    const double middle = price;
    for (std::size_t i = 0; i < size; ++i) {
      columns_->open[i] = price;
      price *= 0.98 + 0.04 * chance.next();
      price += 0.01 * (middle - price);
      columns_->close[i] = price;
      columns_->high[i] = std::max(columns_->open[i], price) * (1 + 0.01 * chance.next());
      columns_->low[i] = std::min(columns_->open[i], price) * (1 - 0.01 * chance.next());
      columns_->volume[i] = std::floor(1e6 * chance.next());
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
