#include "plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <runledger/base/text.hpp>

#include "lines.hpp"
#include "numbers.hpp"

namespace runledger::csv {
namespace {

constexpr std::size_t kLinesBeforeMax = 20;  // the header
constexpr std::size_t kNamesShown = 12;

constexpr std::array kLayouts{
    CsvLayout{kYahoo,
              "Yahoo Finance: Date,Open,High,Low,Close,Adj Close,Volume, also as yfinance "
              "saves it; Adj Close is applied with --apply adjclose"},
    CsvLayout{kStooq,
              "Stooq: <TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,...; may hold several tickers and "
              "periods (its files of one ticker are generic)"},
    CsvLayout{kAlphaVantage, "Alpha Vantage: timestamp,open,high,low,close,..., newest first"},
    CsvLayout{kBinance, "Binance klines: 12 columns without a header, time since 1970"},
    CsvLayout{kLean,
              "LEAN: no header; YYYYMMDD HH:MM or milliseconds since midnight; prices of "
              "equities x 10000"},
    CsvLayout{kHeaderless, "no header: date[,time],open,high,low,close[,volume[,...]]"},
    CsvLayout{kGeneric,
              "a header that names a date (or date and time), open, high, low, close and "
              "perhaps volume, in any order and case"},
};

std::size_t count_outside_quotes(std::string_view line, char wanted) {
  bool quoted = false;
  std::size_t count = 0;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == wanted && !quoted) ++count;
  }
  return count;
}

// A line of a price file has at least four delimiters; a comma may be a decimal mark.
char delimiter_of(std::string_view line) {
  constexpr std::string_view kDelimiters = "\t;|,";
  for (const char c : kDelimiters) {
    if (count_outside_quotes(line, c) >= 4) return c;
  }
  return *std::ranges::max_element(kDelimiters, {}, [&](char c) {
    return 2 * count_outside_quotes(line, c) + (c == ',' ? 1 : 0);
  });
}

Status check_size(const CsvSource& source, std::string_view line, std::uint64_t number,
                  std::size_t columns) {
  if (line.size() > kCsvLineBytesMax) {
    return fail(ErrorCode::too_large,
                fmt::format("{}: line {} has {} bytes, at most {} are read; it is not a file of "
                            "prices",
                            source.name, number, line.size(), kCsvLineBytesMax));
  }
  if (columns > kCsvColumnsMax) {
    return fail(ErrorCode::too_large, fmt::format("{}: line {} has {} columns, at most {} are read",
                                                  source.name, number, columns, kCsvColumnsMax));
  }
  return {};
}

// The first line with content. Comments do not count, nor do lines of one field that stand before
// wider ones: some vendors put their address there.
Result<std::string_view> first_line(const CsvSource& source, LineReader& lines) {
  std::optional<LineReader> narrow;  // behind the first line of one field
  std::string_view narrow_line;
  std::string_view line;
  for (std::size_t skipped = 0; skipped <= kLinesBeforeMax && lines.next(line); ++skipped) {
    RL_TRY_VOID(check_size(source, line, lines.number(), 0));
    if (trim(line).empty() || line.starts_with('#')) continue;
    if (count_outside_quotes(line, delimiter_of(line)) > 0) return line;
    if (narrow) continue;
    narrow = lines;
    narrow_line = line;
  }
  if (narrow) {
    lines = *narrow;
    return narrow_line;
  }
  return fail(ErrorCode::invalid_input,
              fmt::format("{}: has no line with prices; expected a header or rows", source.name));
}

std::string listed(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), kNamesShown);
  std::string text = fmt::format(
      "{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return is_printable_utf8(text) ? text : "unreadable";
}

// Why a file whose header lacks prices holds no bars.
std::string what_it_is(const Columns& columns, const std::vector<std::string>& names) {
  std::vector<std::string> plain;
  plain.reserve(names.size());
  for (const std::string& name : names) plain.push_back(plain_name(name));
  const auto has = [&](std::string_view part) {
    return std::ranges::any_of(plain, [&](const std::string& name) { return name.contains(part); });
  };
  if (has("bid") && has("ask")) return "; quotes are not bars";
  const bool no_range =
      !columns.has(Role::open) && !columns.has(Role::high) && !columns.has(Role::low);
  if (!no_range || !columns.has(Role::date)) return "";
  if (has("size") || has("qty") || has("quantity") || has("side")) return "; trades are not bars";
  if (columns.has(Role::close) || names.size() == 2) {
    return "; a series of closes only is not bars";
  }
  return "";
}

Status require_columns(const CsvSource& source, const Plan& plan) {
  static constexpr std::array<std::pair<Role, const char*>, 5> kNeeded{{{Role::date, "date"},
                                                                        {Role::open, "open"},
                                                                        {Role::high, "high"},
                                                                        {Role::low, "low"},
                                                                        {Role::close, "close"}}};
  std::vector<std::string> missing;
  for (const auto& [role, name] : kNeeded) {
    if (!plan.columns.has(role)) missing.emplace_back(name);
  }
  if (missing.empty()) return {};
  return fail(ErrorCode::invalid_input,
              fmt::format("{}: the header has no column for {} (its columns: {}){}; expected date, "
                          "open, high, low, close and perhaps volume",
                          source.name, join(missing, ", "), listed(plan.names),
                          what_it_is(plan.columns, plan.names)));
}

// `2024-01-31` under `timestamp`, or `2024-01-31 09:30:00` under that or `time`.
bool is_alpha_vantage_time(std::string_view head, std::string_view value) {
  constexpr std::size_t kDate = 10;
  constexpr std::size_t kDateAndClock = 19;
  if (head == "timestamp" && value.size() == kDate) return true;
  return (head == "timestamp" || head == "time") && value.size() == kDateAndClock &&
         value[kDate] == ' ';
}

// The first field of the first row.
std::string_view first_field(LineReader lines, char delimiter) {
  std::string_view line;
  while (lines.next(line)) {
    if (!trim(line).empty()) return line.substr(0, line.find(delimiter));
  }
  return {};
}

std::string_view layout_of(const Plan& plan, const LineReader& rows) {
  std::vector<std::string> plain;
  plain.reserve(plan.names.size());
  for (const std::string& name : plan.names) plain.push_back(plain_name(name));
  const auto has = [&](std::string_view name) {
    return std::ranges::find(plain, name) != plain.end();
  };
  if (has("adjclose") && has("volume")) return kYahoo;
  if (plan.columns.has(Role::ticker) && has("per")) return kStooq;
  static constexpr std::array<std::string_view, 5> kStart{"open", "high", "low", "close"};
  const bool stamped = is_alpha_vantage_time(plain[0], first_field(rows, plan.delimiter));
  const bool lower_case = std::ranges::none_of(plan.names, [](const std::string& name) {
    return std::ranges::any_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
  });
  if (stamped && lower_case && plain.size() >= 6 &&
      std::equal(plain.begin() + 1, plain.begin() + 5, kStart.begin())) {
    return kAlphaVantage;
  }
  return kGeneric;
}

// yfinance writes three lines: `Price,Close,...`, `Ticker,AAPL,...`, `Date,,...`.
void take_yfinance_header(LineReader& lines, Plan& plan) {
  if (plain_name(plan.names[0]) != "price") return;
  LineReader ahead = lines;
  std::string_view tickers;
  std::string_view dates;
  if (!ahead.next(tickers) || !ahead.next(dates)) return;
  std::vector<std::string_view> fields(plan.names.size());
  if (split_fields(tickers, plan.delimiter, fields) != fields.size()) return;
  if (plain_name(fields[0]) != "ticker" || fields.size() < 2 || !is_printable_utf8(fields[1]))
    return;
  const std::string ticker(fields[1]);
  if (split_fields(dates, plan.delimiter, fields) != fields.size()) return;
  if (!plain_name(fields[0]).starts_with("date")) return;
  plan.names[0] = fields[0];
  plan.ticker = ticker;
  lines = ahead;
}

Status plan_header(const CsvSource& source, LineReader& lines, Plan& plan) {
  take_yfinance_header(lines, plan);
  auto columns = find_columns(plan.names);
  if (!columns) {
    return fail(columns.error().code,
                fmt::format("{}: the header {}", source.name, columns.error().message));
  }
  plan.columns = *columns;
  RL_TRY_VOID(require_columns(source, plan));
  plan.layout = plan.ticker.empty() ? layout_of(plan, lines) : kYahoo;
  for (std::size_t i = 0; i < plan.names.size(); ++i) {
    const std::string name = shown(trim(plan.names[i]));
    plan.names[i] = name.empty() ? fmt::format("column {}", i + 1) : name;
  }
  return {};
}

Status check_format(const CsvSource& source, const CsvOptions& options, const Plan& plan) {
  if (!options.format || *options.format == plan.layout) return {};
  // What names all columns can be read as what it is called.
  if (*options.format == kGeneric && plan.layout != kHeaderless) return {};
  if (*options.format == kStooq && plan.layout == kGeneric) return {};
  if (*options.format == kAlphaVantage && plan.layout == kGeneric) return {};
  return fail(ErrorCode::invalid_input,
              fmt::format("{}: has the layout {}, not {} as --format says; leave --format out",
                          source.name, plan.layout, *options.format));
}

// Finds the columns that are to be applied.
Status plan_applying(const CsvSource& source, const CsvApply& asked, Plan& plan) {
  struct Wanted {
    bool asked;
    AppliedKind kind;
    Role role;
    std::string_view what;
  };
  for (const Wanted& wanted :
       {Wanted{asked.adjusted_close, AppliedKind::adjusted_close, Role::adjusted_close,
               "adjusted closes, such as Adj Close, which --apply adjclose"},
        Wanted{asked.splits, AppliedKind::splits, Role::split,
               "splits, such as Stock Splits, which --apply splits"},
        Wanted{asked.dividends, AppliedKind::dividends, Role::dividend,
               "dividends, such as Dividends, which --apply dividends"}}) {
    if (!wanted.asked) continue;
    const auto column = plan.columns.find(wanted.role);
    if (!column) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("{}: has no column of {} needs (its columns: {})", source.name,
                              wanted.what, listed(plan.names)));
    }
    plan.apply.push_back({wanted.kind, plan.names[*column], 0});
  }
  return {};
}

Status check_options(const CsvOptions& options) {
  if (options.scale &&
      (std::isnan(*options.scale) || *options.scale <= 0 || *options.scale > 1e12)) {
    return fail(ErrorCode::invalid_input,
                fmt::format("--scale is {}; expected what prices are divided by, above 0, such as "
                            "10000",
                            format_double(*options.scale)));
  }
  if (!options.format) return {};
  std::vector<std::string> names;
  names.reserve(kLayouts.size());
  for (const CsvLayout& layout : kLayouts) names.emplace_back(layout.name);
  if (std::ranges::find(names, *options.format) != names.end()) return {};
  const auto near = nearest(*options.format, names);
  return fail(
      ErrorCode::invalid_input,
      fmt::format("--format {} is no layout{}; expected auto, {}", *options.format,
                  near ? fmt::format(" (did you mean {}?)", *near) : "", join(names, ", ")));
}

}  // namespace

Result<Plan> make_plan(const CsvSource& source, const CsvOptions& given) {
  CsvOptions options = given;
  if (options.format == "auto") options.format.reset();
  RL_TRY_VOID(check_options(options));
  std::string_view text = source.bytes;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);

  LineReader lines(text);
  RL_TRY(const std::string_view head, first_line(source, lines));
  Plan plan;
  plan.delimiter = delimiter_of(head);
  plan.has_quotes = text.contains('"');
  RL_TRY_VOID(
      check_size(source, head, lines.number(), count_outside_quotes(head, plan.delimiter) + 1));
  std::vector<std::string_view> fields(kCsvColumnsMax);
  const std::size_t count = split_fields(head, plan.delimiter, fields);
  if (count == kUnclosedQuote) {
    return fail(ErrorCode::invalid_input, fmt::format("{}: line {} has a quote that is not closed",
                                                      source.name, lines.number()));
  }
  fields.resize(count);
  if (is_header(fields)) {
    plan.names.assign(fields.begin(), fields.end());
    RL_TRY_VOID(plan_header(source, lines, plan));
    plan.body = lines.rest();
    plan.header_lines = lines.number();
  } else {
    plan.header_lines = lines.number() - 1;
    plan.body = text.substr(static_cast<std::size_t>(head.data() - text.data()));
    plan.names.resize(count);
    RL_TRY_VOID(plan_headerless(source, options, plan));
  }
  RL_TRY_VOID(check_format(source, options, plan));
  RL_TRY_VOID(plan_applying(source, options.apply, plan));
  if (options.scale) plan.scale = *options.scale;
  if (options.timezone) plan.timezone = options.timezone;
  RL_TRY_VOID(settle_notation(source, options, plan));
  return plan;
}

}  // namespace runledger::csv

namespace runledger {
std::span<const CsvLayout> csv_layouts() { return csv::kLayouts; }
}  // namespace runledger
