// From rows as the file writes them to series of bars.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/market/csv.hpp>
#include <runledger/market/dataset.hpp>

#include "lines.hpp"
#include "plan.hpp"
#include "rows.hpp"
#include "spacing.hpp"
#include "times.hpp"
#include "zones.hpp"

namespace runledger {
namespace csv {
namespace {

constexpr std::size_t kTickersShown = 8;

TimeNs midnight_before(TimeNs time) {
  const TimeNs clock = time % kDayNs;
  return time - clock - (clock < 0 ? kDayNs : 0);
}

bool is_newest_first(std::span<const TimeNs> labels) {
  std::size_t up = 0;
  std::size_t down = 0;
  for (std::size_t i = 1; i < labels.size(); ++i) {
    if (labels[i] > labels[i - 1]) ++up;
    if (labels[i] < labels[i - 1]) ++down;
  }
  return down > up;
}

void reverse(Bars& bars) {
  std::ranges::reverse(bars.label);
  for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume}) {
    std::ranges::reverse(*column);
  }
}

void move_row(Bars& bars, std::size_t from, std::size_t to) {
  if (from == to) return;
  bars.label[to] = bars.label[from];
  for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume}) {
    (*column)[to] = (*column)[from];
  }
}

// Stooq's periods: D, W, M, or a number of minutes.
std::optional<Interval> interval_of_period(std::string_view period) {
  if (const auto minutes = parse_uint(period)) {
    return parse_interval(fmt::format("{}m", *minutes));
  }
  return parse_interval(period);
}

// Turns the rows of one ticker and period into a series.
class Finisher {
 public:
  Finisher(const CsvSource& source, const CsvOptions& options, const Plan& plan,
           std::optional<Zone> zone, SeriesRows rows)
      : options_(options), plan_(plan), zone_(zone), rows_(std::move(rows)) {
    what_ = rows_.ticker.empty() ? source.name : fmt::format("{} ({})", source.name, rows_.ticker);
  }

  Result<SeriesRows> finish(CsvSeries& series) {
    if (rows_.lost_action && options_.on_bad == OnBad::drop) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("{} {}; mend the file", what_, rows_.lost_action->text()));
    }
    Bars& bars = rows_.bars;
    series.newest_first = is_newest_first(bars.label);
    std::optional<Interval> stated = plan_.interval;
    if (!rows_.period.empty()) {
      stated = interval_of_period(rows_.period);
      if (!stated) {
        return fail(ErrorCode::invalid_input,
                    fmt::format("{}: has the period {}; bars of 1m to 1mo are imported", what_,
                                shown(rows_.period)));
      }
    }
    RL_TRY(bars.interval, settle_interval(what_, bars.label, options_.interval, stated));
    if (series.newest_first) {
      reverse(bars);
      rows_.actions.reverse();
    }
    newest_first_ = series.newest_first;
    series.timezone = timezone();
    series.timezone_assumed = bars.interval.intraday() && rows_.has_local_clock && !plan_.timezone;
    settle_labels();
    RL_TRY_VOID(apply(series));
    return std::move(rows_);
  }

 private:
  [[nodiscard]] std::size_t file_row(std::size_t row) const {
    return newest_first_ ? row_count_ - 1 - row : row;
  }

  [[nodiscard]] std::string timezone() const {
    if (!rows_.bars.interval.intraday()) return "none";
    if (rows_.notation.is_uniform() && rows_.notation.at(0).is_epoch) return "UTC";
    if (!rows_.notation.is_uniform() || rows_.notation.at(0).has_offset) return "offsets";
    return plan_.timezone.value_or("UTC");
  }

  void reject(std::size_t row, TimeNs time, std::string reason) {
    rows_.bad.add([&] {
      return BadRow{rows_.line_of(file_row(row)), plan_.names[plan_.columns.at(Role::date)],
                    format_time(time), std::move(reason)};
    });
  }

  // Changes prices and volumes by the columns that are to be applied.
  Status apply(CsvSeries& series) {
    series.applied = plan_.apply;
    if (series.applied.empty()) return {};
    const auto objection = apply_actions(rows_.actions, rows_.bars, series.applied);
    if (!objection) return {};
    return fail(ErrorCode::invalid_input,
                fmt::format("{} line {}, column {}: {}", what_, objection->line,
                            plan_.names[plan_.columns.at(objection->role)], objection->reason));
  }

  // Gives each row its final label and keeps those that ascend.
  void settle_labels() {
    Bars& bars = rows_.bars;
    row_count_ = bars.size();
    std::size_t kept = 0;
    for (std::size_t row = 0; row < row_count_; ++row) {
      const TimeNs last = kept == 0 ? kLabelMin - 1 : bars.label[kept - 1];
      const TimeNs written = bars.label[row];
      const auto label = label_of(row, written, last);
      if (!label) {
        reject(row, written, fmt::format("is a time that clocks in {} skip", *plan_.timezone));
      } else if (*label < kLabelMin || *label >= kLabelMax) {
        reject(row, written, reason_of(TimeError::out_of_range));
      } else if (*label <= last) {
        reject(row, *label,
               *label == last ? std::string("occurs twice")
                              : fmt::format("goes back, behind {}", format_time(last)));
      } else {
        move_row(bars, row, kept);
        rows_.actions.move_row(row, kept);
        bars.label[kept++] = *label;
      }
    }
    bars.truncate(kept);
    rows_.actions.truncate(kept);
  }

  // Nothing for a local time that does not exist.
  [[nodiscard]] std::optional<TimeNs> label_of(std::size_t row, TimeNs written, TimeNs last) const {
    const bool dated = !rows_.bars.interval.intraday();
    if (plain_) return dated ? midnight_before(written) : written;
    const TimeNotation& notation = rows_.notation.at(file_row(row));
    if (dated) {
      return midnight_before(notation.is_epoch && zone_ ? zone_->local_of(written) : written);
    }
    if (notation.has_offset) return written - notation.offset;
    if (!zone_) return written;
    const Zone::Instants instants = zone_->instants_of(written);
    if (instants.count == 0) return std::nullopt;
    return instants.count == 2 && instants.first <= last ? instants.second : instants.first;
  }

  const CsvOptions& options_;
  const Plan& plan_;
  std::optional<Zone> zone_;
  SeriesRows rows_;
  std::string what_;
  bool newest_first_ = false;
  std::size_t row_count_ = 0;
  // Every label is the time as written.
  bool plain_ = !zone_ && (rows_.notation.empty() ||
                           (rows_.notation.is_uniform() && rows_.notation.at(0).offset == 0));
};

Result<std::optional<Zone>> load_zone(const Plan& plan) {
  if (!plan.timezone) return std::nullopt;
  auto zone = Zone::load(*plan.timezone);
  if (!zone) {
    return fail(ErrorCode::invalid_input,
                fmt::format("--timezone {} is no time zone of this system's IANA database; "
                            "expected such as UTC or America/New_York",
                            *plan.timezone));
  }
  if (*plan.timezone == "UTC") return std::nullopt;
  return zone;
}

// All rows that are bad, of all series.
struct BadTotal {
  std::uint64_t count = 0;
  std::optional<BadRow> first;

  void add(std::uint64_t more, const std::vector<BadRow>& kept) {
    count += more;
    for (const BadRow& row : kept) {
      if (!first || row.line < first->line) first = row;
    }
  }
};

std::unexpected<Error> refuse_rows(const CsvSource& source, std::uint64_t rows,
                                   const BadTotal& bad) {
  if (bad.count == rows) {
    return fail(ErrorCode::invalid_input,
                fmt::format("{}: none of its {} rows is a bar, the first for this: {}; mend the "
                            "file",
                            source.name, rows, bad.first->text()));
  }
  return fail(
      ErrorCode::invalid_input,
      fmt::format("{} {} ({} of {} rows {} bad); mend the file, or leave such rows out "
                  "with --on-bad drop",
                  source.name, bad.first->text(), bad.count, rows, bad.count == 1 ? "is" : "are"));
}

// Keeps the series of the ticker that was asked for, when the file has several tickers.
Status choose_ticker(const CsvSource& source, const CsvOptions& options,
                     std::vector<SeriesRows>& all) {
  std::vector<std::string> tickers;
  for (const SeriesRows& rows : all) {
    if (std::ranges::find(tickers, rows.ticker) == tickers.end()) tickers.push_back(rows.ticker);
  }
  if (!options.ticker || tickers.size() < 2) return {};
  const auto found = std::ranges::find(tickers, to_lower(*options.ticker), to_lower);
  if (found == tickers.end()) {
    const std::size_t more = tickers.size() - std::min(tickers.size(), kTickersShown);
    tickers.resize(std::min(tickers.size(), kTickersShown));
    return fail(
        ErrorCode::invalid_input,
        fmt::format("{}: has no rows of the ticker {}; it has {}{}", source.name, *options.ticker,
                    join(tickers, ", "), more > 0 ? fmt::format(" and {} more", more) : ""));
  }
  std::erase_if(all, [&](const SeriesRows& rows) { return rows.ticker != *found; });
  return {};
}

Result<CsvSeries> make_series(const CsvSource& source, const CsvOptions& options, const Plan& plan,
                              const std::optional<Zone>& zone, SeriesRows rows) {
  CsvSeries series;
  series.layout = plan.layout;
  series.scale = plan.scale;
  series.ticker = rows.ticker;
  series.has_volume = rows.has_volume;
  series.adjusted_close_differs = rows.adjusted_close_differs;
  if (rows.bars.size() > 0) {
    RL_TRY(rows, Finisher(source, options, plan, zone, std::move(rows)).finish(series));
  }
  series.dropped = rows.bad.count();
  series.bad_rows = rows.bad.kept();
  std::ranges::stable_sort(series.bad_rows, {}, &BadRow::line);
  series.bars = std::move(rows.bars);
  return series;
}

}  // namespace
}  // namespace csv

Result<std::vector<CsvSeries>> parse_csv(const CsvSource& source, const CsvOptions& options) {
  RL_TRY(const csv::Plan plan, csv::make_plan(source, options));
  RL_TRY(const std::optional<csv::Zone> zone, csv::load_zone(plan));
  RL_TRY(std::vector<csv::SeriesRows> file, csv::read_rows(source, plan));
  RL_TRY_VOID(csv::choose_ticker(source, options, file));
  std::uint64_t rows = 0;
  csv::BadTotal unreadable;
  for (const csv::SeriesRows& one : file) {
    rows += one.bars.size() + one.bad.count();
    unreadable.add(one.bad.count(), one.bad.kept());
  }
  if (rows == 0) {
    return fail(
        ErrorCode::invalid_input,
        fmt::format("{}: has a header but no rows; expected at least one bar", source.name));
  }
  std::vector<CsvSeries> all;
  csv::BadTotal bad;
  const bool refuses = options.on_bad == OnBad::refuse;
  for (csv::SeriesRows& one : file) {
    auto series = csv::make_series(source, options, plan, zone, std::move(one));
    // What is missing may be why the rest makes no series.
    if (!series && refuses && unreadable.count > 0) {
      return csv::refuse_rows(source, rows, unreadable);
    }
    if (!series) return std::unexpected(std::move(series).error());
    bad.add(series->dropped, series->bad_rows);
    // With OnBad::drop nothing may be left of one of several series.
    if (series->bars.size() > 0) all.push_back(std::move(*series));
  }
  if (bad.count > 0 && (refuses || bad.count == rows)) return csv::refuse_rows(source, rows, bad);
  return all;
}

}  // namespace runledger
