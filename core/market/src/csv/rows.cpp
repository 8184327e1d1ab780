#include "rows.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>

#include "lines.hpp"
#include "numbers.hpp"
#include "times.hpp"

namespace runledger::csv {
namespace {

constexpr std::size_t kTickerBytesMax = 64;
// An adjustment is more than this share of a price; less is how the two columns were rounded.
constexpr double kAdjustmentMin = 1e-6;
constexpr double kNoVolume = std::numeric_limits<double>::quiet_NaN();

struct Prices {
  double open = 0;
  double high = 0;
  double low = 0;
  double close = 0;
};

// What is to be applied of one row.
struct RowActions {
  double adjusted_close = 0;
  double split = 1;
  double dividend = 0;
};

// Why a field is no good, in words that follow its value.
struct Objection {
  std::size_t column = 0;
  std::string reason;
};

class RowReader {
 public:
  RowReader(const CsvSource& source, const Plan& plan)
      : source_(source),
        plan_(plan),
        date_(plan.columns.at(Role::date)),
        open_(plan.columns.at(Role::open)),
        high_(plan.columns.at(Role::high)),
        low_(plan.columns.at(Role::low)),
        close_(plan.columns.at(Role::close)),
        adjusted_close_(plan.columns.find(Role::adjusted_close)),
        clock_(plan.columns.find(Role::clock)),
        volume_(plan.columns.find(Role::volume)),
        ticker_(plan.columns.find(Role::ticker)),
        period_(plan.columns.find(Role::period)) {
    for (const AppliedColumn& one : plan.apply) {
      applies_adjusted_close_ |= one.kind == AppliedKind::adjusted_close;
      applies_splits_ |= one.kind == AppliedKind::splits;
      applies_dividends_ |= one.kind == AppliedKind::dividends;
    }
  }

  Result<std::vector<SeriesRows>> read() {
    start_series();
    LineReader lines(plan_.body, plan_.header_lines);
    std::string_view line;
    while (lines.next(line)) {
      if (line.size() > kCsvLineBytesMax) return line_too_long(lines.number(), line.size());
      if (line.empty() || trim(line).empty()) continue;
      line_ = lines.number();
      RL_TRY_VOID(read_row(line));
    }
    return std::move(all_);
  }

 private:
  [[nodiscard]] SeriesRows& series() { return all_[current_]; }
  [[nodiscard]] std::string_view field(std::size_t column) const { return fields_[column]; }

  [[nodiscard]] std::unexpected<Error> line_too_long(std::uint64_t number, std::size_t size) const {
    return fail(ErrorCode::too_large,
                fmt::format("{}: line {} has {} bytes, at most {} are read; mend the file",
                            source_.name, number, size, kCsvLineBytesMax));
  }

  void start_series() {
    SeriesRows first;
    first.ticker = plan_.ticker;
    all_.push_back(std::move(first));
    if (ticker_ || period_) return;
    const std::uint64_t rows = count_lines(plan_.body);
    Bars& bars = all_.front().bars;
    bars.label.reserve(rows);
    for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume}) {
      column->reserve(rows);
    }
  }

  void reject(std::size_t column, std::string reason) {
    series().bad.add([&] {
      return BadRow{line_, plan_.names[column], shown(field(column)), std::move(reason)};
    });
  }

  Status read_row(std::string_view line) {
    const std::size_t count = plan_.has_quotes ? split_fields(line, plan_.delimiter, fields_)
                                               : split_plain(line, plan_.delimiter, fields_);
    if (count != plan_.names.size()) {
      series().bad.add([&] {
        return BadRow{line_, "", "",
                      count == kUnclosedQuote
                          ? "has a quote that is not closed"
                          : fmt::format("has {} columns, expected {}", count, plan_.names.size())};
      });
      return {};
    }
    if (ticker_ || period_) RL_TRY_VOID(choose_series());
    RowActions actions;
    const bool good = read_actions(actions) && read_bar(actions);
    if (!good && (actions.split != 1 || actions.dividend != 0)) keep_lost(actions);
    return {};
  }

  bool read_bar(const RowActions& actions) {
    Moment moment;
    if (!read_time(moment)) return false;
    Prices prices;
    if (!read_prices(prices)) return false;
    double volume = kNoVolume;
    if (!read_volume(volume)) return false;
    push(moment, prices, volume);
    if (!plan_.apply.empty()) push(actions);
    if (!applies_adjusted_close_ && adjusted_close_ && !series().adjusted_close_differs) {
      compare_adjusted_close();
    }
    return true;
  }

  // What is to be applied of this row, whatever else is in it.
  bool read_actions(RowActions& actions) {
    if (applies_adjusted_close_ && !read_price(*adjusted_close_, actions.adjusted_close)) {
      return false;
    }
    // Yahoo writes 0 where there is no split, others 1.
    if (applies_splits_ && !read_action(Role::split, "ratio of a split", actions.split)) {
      return false;
    }
    if (actions.split == 0) actions.split = 1;
    if (!applies_dividends_) return true;
    if (!read_action(Role::dividend, "dividend", actions.dividend)) return false;
    if (plan_.scale != 1) actions.dividend /= plan_.scale;
    return true;
  }

  bool read_action(Role role, std::string_view what, double& value) {
    const std::size_t column = plan_.columns.at(role);
    const Number number = read_number(field(column), plan_.decimal);
    if (number.state == NumberState::missing) return true;
    if (number.state == NumberState::good && number.value >= 0) {
      value = number.value;
      return true;
    }
    const std::string reason = number.state == NumberState::good
                                   ? fmt::format("is negative (expected a {})", what)
                                   : fmt::format("is not a {}", what);
    keep_lost(column, reason);
    reject(column, reason);
    return false;
  }

  void keep_lost(const RowActions& actions) {
    const bool split = actions.split != 1;
    keep_lost(plan_.columns.at(split ? Role::split : Role::dividend),
              fmt::format("is the {} of a row that is no bar otherwise, and would be lost with it",
                          split ? "split" : "dividend"));
  }
  void keep_lost(std::size_t column, std::string reason) {
    if (series().lost_action) return;
    series().lost_action =
        BadRow{line_, plan_.names[column], shown(field(column)), std::move(reason)};
  }

  // Makes the series of this row's ticker and period the current one.
  Status choose_series() {
    const std::string_view ticker =
        ticker_ ? trim(field(*ticker_)) : std::string_view(plan_.ticker);
    const std::string_view period = period_ ? trim(field(*period_)) : std::string_view();
    if (started_ && series().ticker == ticker && series().period == period) return {};
    std::pair<std::string, std::string> key(ticker, period);
    const auto found = index_.find(key);
    if (found != index_.end()) {
      current_ = found->second;
      return {};
    }
    if (ticker.size() > kTickerBytesMax || !is_printable_utf8(ticker)) {
      reject(*ticker_,
             fmt::format("is no ticker (expected at most {} printable bytes)", kTickerBytesMax));
      return {};
    }
    if (index_.size() == kCsvSeriesMax) {
      return fail(ErrorCode::too_large,
                  fmt::format("{}: has more than {} tickers and periods; split the file",
                              source_.name, kCsvSeriesMax));
    }
    current_ = index_.size();
    if (started_) all_.emplace_back();
    started_ = true;
    series().ticker = key.first;
    series().period = key.second;
    index_.emplace(std::move(key), current_);
    return {};
  }

  bool read_time(Moment& moment) {
    if (plan_.midnight) return read_milliseconds(moment);
    const TimeError error = read_moment(field(date_), plan_.date_order, moment);
    if (error != TimeError::none) {
      reject(date_, field(date_).empty() ? "is empty (expected a date)" : reason_of(error));
      return false;
    }
    if (!clock_ || moment.has_clock) return true;
    if (read_clock(field(*clock_), moment) == TimeError::none) return true;
    reject(*clock_, "is not a time of day (expected such as 09:30)");
    return false;
  }

  bool read_milliseconds(Moment& moment) {
    const auto count = parse_int(trim(field(date_)));
    if (!count || *count < 0 || *count >= kDayNs / 1'000'000) {
      reject(date_, "is not a count of milliseconds since midnight");
      return false;
    }
    moment.local = *plan_.midnight + *count * 1'000'000;
    moment.has_clock = true;
    return true;
  }

  bool read_price(std::size_t column, double& price) {
    const Number number = read_number(field(column), plan_.decimal);
    switch (number.state) {
      case NumberState::good:
        break;
      case NumberState::missing:
        reject(column, missing_price());
        return false;
      case NumberState::not_finite:
        reject(column, "is not a finite number");
        return false;
      case NumberState::unreadable:
        reject(column, "is not a number");
        return false;
    }
    price = plan_.scale == 1 ? number.value : number.value / plan_.scale;
    if (price > 0 && std::isfinite(price)) return true;
    reject(column, "is not a price above 0");
    return false;
  }

  [[nodiscard]] std::string missing_price() const {
    for (const std::size_t column : {open_, high_, low_, close_}) {
      if (read_number(field(column), plan_.decimal).state != NumberState::missing) {
        return "is missing (expected a price)";
      }
    }
    return "is missing, and the row's other prices too";
  }

  bool read_prices(Prices& prices) {
    if (!read_price(open_, prices.open) || !read_price(high_, prices.high) ||
        !read_price(low_, prices.low) || !read_price(close_, prices.close)) {
      return false;
    }
    if (prices.high < prices.low) return reject_against(high_, "below", low_);
    if (prices.open > prices.high) return reject_against(open_, "above", high_);
    if (prices.open < prices.low) return reject_against(open_, "below", low_);
    if (prices.close > prices.high) return reject_against(close_, "above", high_);
    if (prices.close < prices.low) return reject_against(close_, "below", low_);
    return true;
  }

  bool reject_against(std::size_t column, const char* side, std::size_t limit) {
    reject(column, fmt::format("is {} {} {}", side, plan_.names[limit], shown(field(limit))));
    return false;
  }

  bool read_volume(double& volume) {
    if (!volume_) return true;
    const Number number = read_number(field(*volume_), plan_.decimal);
    switch (number.state) {
      case NumberState::good:
        if (number.value >= 0) {
          volume = number.value;
          return true;
        }
        reject(*volume_, "is negative (expected a volume)");
        return false;
      case NumberState::missing:
        return true;
      case NumberState::not_finite:
        if (std::isnan(number.value)) return true;
        reject(*volume_, "is not a finite number");
        return false;
      case NumberState::unreadable:
        break;
    }
    reject(*volume_, "is not a number");
    return false;
  }

  void compare_adjusted_close() {
    if (field(*adjusted_close_) == field(close_)) return;
    const Number adjusted = read_number(field(*adjusted_close_), plan_.decimal);
    const double close = read_number(field(close_), plan_.decimal).value;
    series().adjusted_close_differs = adjusted.state == NumberState::good &&
                                      std::abs(adjusted.value - close) > close * kAdjustmentMin;
  }

  void push(const RowActions& row) {
    Actions& actions = series().actions;
    actions.line.push_back(line_);
    if (applies_adjusted_close_) actions.adjusted_close.push_back(row.adjusted_close);
    if (applies_splits_) actions.split.push_back(row.split);
    if (applies_dividends_) actions.dividend.push_back(row.dividend);
  }

  void push(const Moment& moment, const Prices& prices, double volume) {
    SeriesRows& rows = series();
    Bars& bars = rows.bars;
    const std::size_t row = bars.size();
    rows.line_minus_row.set_from(row, line_ - row);
    rows.notation.set_from(row, {moment.offset, moment.has_offset, moment.is_epoch});
    rows.has_clock |= moment.has_clock;
    rows.has_local_clock |= moment.has_clock && !moment.has_offset && !moment.is_epoch;
    rows.has_volume |= !std::isnan(volume);
    bars.label.push_back(moment.local);
    bars.open.push_back(prices.open);
    bars.high.push_back(prices.high);
    bars.low.push_back(prices.low);
    bars.close.push_back(prices.close);
    bars.volume.push_back(volume);
  }

  const CsvSource& source_;
  const Plan& plan_;
  std::size_t date_, open_, high_, low_, close_;
  std::optional<std::size_t> adjusted_close_, clock_, volume_, ticker_, period_;
  bool applies_adjusted_close_ = false, applies_splits_ = false, applies_dividends_ = false;
  std::array<std::string_view, kCsvColumnsMax> fields_;
  std::uint64_t line_ = 0;
  std::vector<SeriesRows> all_;
  std::size_t current_ = 0;
  bool started_ = false;
  std::map<std::pair<std::string, std::string>, std::size_t> index_;
};

}  // namespace

Result<std::vector<SeriesRows>> read_rows(const CsvSource& source, const Plan& plan) {
  return RowReader(source, plan).read();
}

}  // namespace runledger::csv

namespace runledger {

std::string BadRow::text() const {
  const std::string where = column.empty() ? fmt::format("line {}:", line)
                                           : fmt::format("line {}, column {}:", line, column);
  return value.empty() ? fmt::format("{} {}", where, reason)
                       : fmt::format("{} {} {}", where, value, reason);
}

}  // namespace runledger
