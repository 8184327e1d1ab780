#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/market/dataset.hpp>
#include <runledger/market/sample.hpp>

namespace runledger {
namespace {

constexpr TimeNs kSessionStart = 13 * kHourNs + 30 * kMinuteNs;
constexpr TimeNs kSessionLength = 390 * kMinuteNs;
constexpr double kSplitAbove = 140;       // then two new shares for one
constexpr double kReverseSplitBelow = 4;  // then one new share for five
constexpr double kTradedValue = 250e6;    // a day, in money
constexpr std::uint64_t kHolidayOneIn = 40;
constexpr std::uint64_t kMissingOneIn = 250;
constexpr std::uint64_t kRegimeOneIn = 60;  // days

struct Regime {
  double drift;       // of a day
  double volatility;  // of a day
  double volume;
};
constexpr std::array kRegimes{
    Regime{0.0009, 0.008, 1.0},   // a calm rise
    Regime{0.0001, 0.013, 1.2},   // sideways
    Regime{-0.0018, 0.024, 2.0},  // a fall
    Regime{0.0022, 0.019, 1.6},   // a recovery
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : bits_(seed) {}
  // In [0, 1).
  double uniform() { return static_cast<double>(bits_() >> 11) * 0x1p-53; }
  bool one_in(std::uint64_t n) { return bits_() % n == 0; }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(bits_() % n); }
  // Nearly normal, mean 0, variance 1, within 6: the sum of twelve uniforms.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  std::mt19937_64 bits_;
};

std::int64_t weekday_of(std::int64_t day) { return ((day + 3) % 7 + 7) % 7; }  // 0 is Monday

std::int64_t month_end(std::int64_t day) {
  const CivilDate date = civil_from_days(day);
  const bool december = date.month == 12;
  return *days_from_civil({date.year + (december ? 1 : 0), december ? 1 : date.month + 1, 1}) - 1;
}

// Walks through the labels of a market's bars.
class Calendar {
 public:
  Calendar(Interval interval, TimeNs start) : interval_(interval) {
    day_ = start / kDayNs + (start % kDayNs > 0 ? 1 : 0);
    if (interval.unit == IntervalUnit::month) {
      day_ = month_end(day_);
    } else {
      while (interval.unit == IntervalUnit::week ? weekday_of(day_) != 0 : weekday_of(day_) > 4) {
        ++day_;
      }
    }
  }

  [[nodiscard]] TimeNs label() const {
    return day_ * kDayNs + (interval_.intraday() ? kSessionStart + clock_ : 0);
  }

  // Steps to the next bar; true when that opens a new session.
  bool step(Random& random) {
    if (interval_.intraday()) {
      do {
        clock_ += *fixed_length(interval_);
      } while (clock_ < kSessionLength && random.one_in(kMissingOneIn));
      if (clock_ < kSessionLength) return false;
      clock_ = 0;
    }
    next_day(random);
    return true;
  }

 private:
  void next_day(Random& random) {
    if (interval_.unit == IntervalUnit::month) {
      day_ = month_end(day_ + 1);
    } else if (interval_.unit >= IntervalUnit::day && interval_ != Interval{1, IntervalUnit::day}) {
      day_ += *fixed_length(interval_) / kDayNs;
    } else {
      do {
        ++day_;
      } while (weekday_of(day_) > 4 || random.one_in(kHolidayOneIn));
    }
  }

  Interval interval_;
  std::int64_t day_ = 0;
  TimeNs clock_ = 0;
};

double to_cents(double price) { return std::max(1.0, std::floor(price * 100 + 0.5)) / 100; }

// How much of a day's trading falls into one bar.
double days_in(Interval interval) {
  if (interval.unit == IntervalUnit::month) return 21;
  const auto length = static_cast<double>(*fixed_length(interval));
  if (interval.intraday()) return length / static_cast<double>(kSessionLength);
  return std::max(1.0, length / static_cast<double>(kDayNs) * 5 / 7);
}

class Market {
 public:
  Market(const SampleOptions& options, Sample& sample)
      : random_(options.seed),
        calendar_(options.interval, options.start),
        days_(days_in(options.interval)),
        spread_(std::sqrt(days_)),
        close_(options.first_price),
        sample_(sample) {}

  // False when the calendar has come to its end.
  bool add_bar() {
    if (calendar_.label() >= kLabelMax - 40 * kDayNs) return false;
    const Regime& regime = kRegimes[regime_];
    const double volatility = regime.volatility * spread_;
    const double jump = opens_session_ ? regime.volatility * 0.4 * random_.normal() : 0;
    double factor = 1;
    if (opens_session_) factor = split();
    const double open = to_cents(close_ * factor * (1 + jump));
    const double close =
        to_cents(open * (1 + regime.drift * days_ + volatility * random_.normal()));
    const double high = std::max(open, close) * (1 + volatility * 0.4 * std::abs(random_.normal()));
    const double low = std::min(open, close) * (1 - volatility * 0.4 * std::abs(random_.normal()));
    const double shares = kTradedValue * days_ * regime.volume * (0.4 + 1.2 * random_.uniform());
    push(open, to_cents(high), to_cents(low), close, std::floor(shares / open));
    close_ = close;
    opens_session_ = calendar_.step(random_);
    if (random_.uniform() * static_cast<double>(kRegimeOneIn) < days_) {
      regime_ = random_.below(kRegimes.size());
    }
    return true;
  }

  // Sets the adjustment of every bar, once all are there.
  void adjust() {
    sample_.adjustment.assign(sample_.bars.size(), 1);
    for (const Split& one : splits_) {
      for (std::size_t i = 0; i < one.bar; ++i) sample_.adjustment[i] *= one.factor;
    }
  }

 private:
  // What a split at this open multiplies prices by; earlier bars get the same adjustment.
  double split() {
    const double factor = close_ > kSplitAbove ? 0.5 : close_ < kReverseSplitBelow ? 5 : 1;
    if (factor != 1) splits_.push_back({sample_.bars.size(), factor});
    return factor;
  }

  void push(double open, double high, double low, double close, double volume) {
    Bars& bars = sample_.bars;
    bars.label.push_back(calendar_.label());
    bars.open.push_back(open);
    bars.high.push_back(std::max({high, open, close}));
    bars.low.push_back(std::min({low, open, close}));
    bars.close.push_back(close);
    bars.volume.push_back(volume);
  }

  struct Split {
    std::size_t bar;
    double factor;
  };
  Random random_;
  Calendar calendar_;
  double days_;
  double spread_;
  double close_;
  Sample& sample_;
  std::vector<Split> splits_;
  std::size_t regime_ = 0;
  bool opens_session_ = true;
};

Status check(const SampleOptions& options) {
  if (options.bars == 0) {
    return fail(ErrorCode::invalid_input, "a sample of 0 bars was asked for; expected 1 or more");
  }
  if (std::isnan(options.first_price) || options.first_price < 1 || options.first_price > 10'000) {
    return fail(ErrorCode::invalid_input, fmt::format("the first price is {}; expected 1 to 10000",
                                                      format_double(options.first_price)));
  }
  if (options.start < kLabelMin || options.start >= kLabelMax) {
    return fail(ErrorCode::invalid_input, "the start lies outside the years 1678 to 2261");
  }
  if (options.interval.intraday() && kSessionLength % *fixed_length(options.interval) != 0) {
    return fail(ErrorCode::invalid_input,
                fmt::format("bars of {} do not divide a session of 390 minutes; expected 1m, 5m, "
                            "15m, 30m or whole days",
                            options.interval.text()));
  }
  return {};
}

}  // namespace

Result<Sample> make_sample(const SampleOptions& options) {
  RL_TRY_VOID(check(options));
  Sample sample;
  sample.bars.interval = canonical(options.interval);
  Market market(options, sample);
  while (sample.bars.size() < options.bars) {
    if (!market.add_bar()) {
      return fail(
          ErrorCode::invalid_input,
          fmt::format("{} bars of {} from {} would end behind the year 2261; {} fit", options.bars,
                      options.interval.text(), format_date(options.start), sample.bars.size()));
    }
  }
  market.adjust();
  return sample;
}

}  // namespace runledger
