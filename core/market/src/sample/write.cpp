#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <runledger/base/time.hpp>
#include <runledger/market/sample.hpp>

namespace runledger {
namespace {

constexpr std::array kLayouts{
    SampleLayoutName{"yahoo", SampleLayout::yahoo},
    SampleLayoutName{"generic", SampleLayout::generic},
    SampleLayoutName{"separate", SampleLayout::separate},
    SampleLayoutName{"stooq", SampleLayout::stooq},
    SampleLayoutName{"alpha-vantage", SampleLayout::alpha_vantage},
    SampleLayoutName{"binance", SampleLayout::binance},
    SampleLayoutName{"lean", SampleLayout::lean},
    SampleLayoutName{"semicolon", SampleLayout::semicolon},
};

// One bar, as the layouts need it.
struct Row {
  CivilDate date;
  TimeNs clock = 0;
  TimeNs label = 0;
  TimeNs close_time = 0;
  double open = 0, high = 0, low = 0, close = 0, volume = 0;
  double adjustment = 1;

  [[nodiscard]] std::string iso() const {
    return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
  }
  [[nodiscard]] std::string compact() const {
    return fmt::format("{:04}{:02}{:02}", date.year, date.month, date.day);
  }
  [[nodiscard]] TimeNs hour() const { return clock / kHourNs; }
  [[nodiscard]] TimeNs minute() const { return clock / kMinuteNs % 60; }
  // Volumes are whole numbers.
  [[nodiscard]] std::int64_t shares() const { return static_cast<std::int64_t>(volume); }
};

Row row_of(const Sample& sample, std::size_t i) {
  const Bars& bars = sample.bars;
  const TimeNs clock = (bars.label[i] % kDayNs + kDayNs) % kDayNs;
  Row row;
  row.label = bars.label[i];
  row.clock = clock;
  row.date = civil_from_days((bars.label[i] - clock) / kDayNs);
  row.close_time = close_time(bars.label[i], bars.interval);
  row.open = bars.open[i];
  row.high = bars.high[i];
  row.low = bars.low[i];
  row.close = bars.close[i];
  row.volume = bars.volume[i];
  row.adjustment = sample.adjustment[i];
  return row;
}

std::string stooq_period(Interval interval) {
  switch (interval.unit) {
    case IntervalUnit::day:
      return "D";
    case IntervalUnit::week:
      return "W";
    case IntervalUnit::month:
      return "M";
    case IntervalUnit::minute:
    case IntervalUnit::hour:
      break;
  }
  return fmt::format("{}", *fixed_length(interval) / kMinuteNs);
}

// `101.25` as `101,25`.
std::string with_comma(double price) {
  std::string text = fmt::format("{:.2f}", price);
  std::ranges::replace(text, '.', ',');
  return text;
}

std::int64_t times_10000(double price) { return std::llround(price * 100) * 100; }

class Writer {
 public:
  Writer(const Sample& sample, std::string_view ticker)
      : sample_(sample), ticker_(ticker), intraday_(sample.bars.interval.intraday()) {}

  std::string write(SampleLayout layout) {
    out(header(layout));
    const std::size_t count = sample_.bars.size();
    for (std::size_t i = 0; i < count; ++i) {
      const bool newest_first = layout == SampleLayout::alpha_vantage;
      write_row(layout, row_of(sample_, newest_first ? count - 1 - i : i));
    }
    return std::move(text_);
  }

 private:
  void out(std::string_view text) { text_ += text; }

  [[nodiscard]] std::string_view header(SampleLayout layout) const {
    switch (layout) {
      case SampleLayout::yahoo:
        return "Date,Open,High,Low,Close,Adj Close,Volume\n";
      case SampleLayout::generic:
        return intraday_ ? "Datetime,Open,High,Low,Close,Volume\n"
                         : "Date,Open,High,Low,Close,Volume\n";
      case SampleLayout::separate:
        return "Date,Time,Open,High,Low,Close,Volume\n";
      case SampleLayout::stooq:
        return "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n";
      case SampleLayout::alpha_vantage:
        return "timestamp,open,high,low,close,volume\n";
      case SampleLayout::semicolon:
        return "Symbol;Date;Open;High;Low;Close;Volume\n";
      case SampleLayout::binance:
      case SampleLayout::lean:
        break;
    }
    return "";
  }

  [[nodiscard]] std::string stamp(const Row& row) const {
    if (!intraday_) return row.iso();
    return fmt::format("{} {:02}:{:02}:00", row.iso(), row.hour(), row.minute());
  }

  void write_row(SampleLayout layout, const Row& row) {
    const std::string prices =
        fmt::format("{:.2f},{:.2f},{:.2f},{:.2f}", row.open, row.high, row.low, row.close);
    switch (layout) {
      case SampleLayout::yahoo:
        return out(fmt::format("{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{}\n", stamp(row), row.open,
                               row.high, row.low, row.close, row.close * row.adjustment,
                               row.shares()));
      case SampleLayout::generic:
      case SampleLayout::alpha_vantage:
        return out(fmt::format("{},{},{}\n", stamp(row), prices, row.shares()));
      case SampleLayout::separate:
        return out(fmt::format("{},{:02}:{:02}:00,{},{}\n", row.iso(), row.hour(), row.minute(),
                               prices, row.shares()));
      case SampleLayout::stooq:
        return out(fmt::format("{},{},{},{:02}{:02}00,{},{},0\n", ticker_,
                               stooq_period(sample_.bars.interval), row.compact(), row.hour(),
                               row.minute(), prices, row.shares()));
      case SampleLayout::binance:
        return write_kline(row, prices);
      case SampleLayout::lean:
        return out(fmt::format("{} 00:00,{},{},{},{},{}\n", row.compact(), times_10000(row.open),
                               times_10000(row.high), times_10000(row.low), times_10000(row.close),
                               row.shares()));
      case SampleLayout::semicolon:
        return write_semicolons(row);
    }
  }

  void write_kline(const Row& row, const std::string& prices) {
    const TimeNs millisecond = kSecondNs / 1000;
    out(fmt::format("{},{},{}.00000000,{},{:.2f},{},{}.00000000,{:.2f},0\n",
                    row.label / millisecond, prices, row.shares(), row.close_time / millisecond - 1,
                    row.close * row.volume, row.shares() / 100, row.shares() / 2,
                    row.close * row.volume / 2));
  }

  void write_semicolons(const Row& row) {
    const std::string clock =
        intraday_ ? fmt::format(" {:02}:{:02}", row.hour(), row.minute()) : std::string();
    out(fmt::format("{};{:02}.{:02}.{:04}{};{};{};{};{};{}\n", ticker_, row.date.day,
                    row.date.month, row.date.year, clock, with_comma(row.open),
                    with_comma(row.high), with_comma(row.low), with_comma(row.close),
                    row.shares()));
  }

  const Sample& sample_;
  std::string_view ticker_;
  bool intraday_;
  std::string text_;
};

}  // namespace

std::span<const SampleLayoutName> sample_layouts() { return kLayouts; }

Result<std::string> write_sample(const Sample& sample, std::string_view ticker,
                                 SampleLayout layout) {
  if (layout == SampleLayout::lean && sample.bars.interval.intraday()) {
    return fail(ErrorCode::invalid_input,
                "LEAN keeps bars within the day in one file a day; choose another layout, or days");
  }
  return Writer(sample, ticker).write(layout);
}

}  // namespace runledger
