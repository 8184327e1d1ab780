// Files whose first line is a row.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>

#include "lines.hpp"
#include "numbers.hpp"
#include "plan.hpp"
#include "times.hpp"

namespace runledger::csv {
namespace {

constexpr std::string_view kNewYork = "America/New_York";
constexpr double kLeanScale = 10'000;
constexpr std::size_t kRowsForScale = 1'000;

std::unexpected<Error> refuse(const CsvSource& source, std::string_view why) {
  return fail(ErrorCode::invalid_input, fmt::format("{}: {}", source.name, why));
}

bool is_number(std::string_view field) {
  return read_number(field, DecimalMark::point).state == NumberState::good;
}

std::optional<std::int64_t> whole_number(std::string_view field) { return parse_int(trim(field)); }

bool is_milliseconds_of_day(std::string_view field) {
  const auto value = whole_number(field);
  return value && field.size() <= 8 && *value >= 0 && *value < kDayNs / 1'000'000;
}

bool is_date(std::string_view field) {
  Moment moment;
  const TimeError error = read_moment(field, std::nullopt, moment);
  return error == TimeError::none || error == TimeError::undecided_order;
}

bool is_clock(std::string_view field) {
  Moment moment;
  return field.contains(':') && read_clock(field, moment) == TimeError::none;
}

// The rows that detection looks at.
struct Sample {
  std::vector<std::vector<std::string_view>> rows;
};

Sample sample_rows(const Plan& plan) {
  Sample sample;
  LineReader lines(plan.body);
  std::string_view line;
  while (sample.rows.size() < kRowsForScale && lines.next(line)) {
    if (line.size() > kCsvLineBytesMax) break;
    std::vector<std::string_view> fields(plan.names.size());
    if (split_fields(line, plan.delimiter, fields) != fields.size()) continue;
    sample.rows.push_back(std::move(fields));
  }
  return sample;
}

// date[, clock], open, high, low, close, volume and whatever follows.
void name_columns(bool has_clock, Plan& plan) {
  static constexpr std::array<std::pair<Role, const char*>, 5> kOrder{{{Role::open, "open"},
                                                                       {Role::high, "high"},
                                                                       {Role::low, "low"},
                                                                       {Role::close, "close"},
                                                                       {Role::volume, "volume"}}};
  std::size_t at = 0;
  plan.names[at] = "time";
  plan.columns.set(Role::date, at++);
  if (has_clock) {
    plan.names[at] = "clock";
    plan.columns.set(Role::clock, at++);
  }
  for (const auto& [role, name] : kOrder) {
    if (at == plan.names.size()) break;
    plan.names[at] = name;
    plan.columns.set(role, at++);
  }
  for (; at < plan.names.size(); ++at) plan.names[at] = fmt::format("column {}", at + 1);
}

bool is_binance(const Plan& plan, const Sample& sample) {
  if (plan.names.size() != 12) return false;
  const auto& first = sample.rows.front();
  const auto open = whole_number(first[0]);
  const auto close = whole_number(first[6]);
  return open && close && first[0].size() >= 10 && *close >= *open &&
         std::ranges::all_of(first, is_number);
}

// The close time of a kline is its last millisecond (or microsecond).
std::optional<Interval> binance_interval(const std::vector<std::string_view>& row) {
  Moment open;
  Moment close;
  if (read_moment(row[0], std::nullopt, open) != TimeError::none ||
      read_moment(row[6], std::nullopt, close) != TimeError::none) {
    return std::nullopt;
  }
  const TimeNs length = close.local - open.local;
  const TimeNs minutes = (length + kMinuteNs / 2) / kMinuteNs;
  if (minutes < 1 || minutes * kMinuteNs - length > kSecondNs) return std::nullopt;
  if (minutes >= 28 * kDayNs / kMinuteNs) return Interval{1, IntervalUnit::month};
  return canonical({static_cast<std::uint32_t>(minutes), IntervalUnit::minute});
}

bool path_says(const CsvSource& source, std::string_view word) {
  return to_lower(source.path).contains(word);
}

// The one date of eight digits in the file's name.
std::optional<TimeNs> date_in_name(const CsvSource& source) {
  std::optional<TimeNs> found;
  const std::string file_name = source.file_name();
  const std::string_view name = file_name;
  for (std::size_t i = 0; i < name.size();) {
    const std::string_view rest = name.substr(i);
    const auto end = std::ranges::find_if(rest, [](char c) { return c < '0' || c > '9'; });
    const auto width = static_cast<std::size_t>(end - rest.begin());
    Moment moment;
    if (width == 8 && read_moment(rest.substr(0, 8), std::nullopt, moment) == TimeError::none) {
      if (found) return std::nullopt;
      found = moment.local;
    }
    i += std::max<std::size_t>(width, 1);
  }
  return found;
}

bool prices_have_a_point(const Sample& sample, std::size_t open_at) {
  return std::ranges::any_of(sample.rows, [&](const auto& row) {
    return std::any_of(row.begin() + static_cast<std::ptrdiff_t>(open_at),
                       row.begin() + static_cast<std::ptrdiff_t>(open_at) + 4,
                       [](std::string_view field) { return field.contains('.'); });
  });
}

// LEAN writes prices of equities x 10000, as whole numbers, in New York time; all else as it is, in
// UTC. The path says which, as LEAN's folders do; a decimal point says that it is no equity.
Status settle_lean_market(const CsvSource& source, const CsvOptions& options, const Sample& sample,
                          Plan& plan) {
  const bool equity = path_says(source, "equity");
  const bool other =
      path_says(source, "crypto") || path_says(source, "forex") || path_says(source, "cfd");
  const bool pointed = prices_have_a_point(sample, plan.columns.at(Role::open));
  if (equity && !other) {
    plan.scale = kLeanScale;
    plan.timezone = kNewYork;
    return {};
  }
  if (other && !equity) return {};
  if (!options.scale && !pointed) {
    return refuse(source,
                  "is a LEAN file of prices without a decimal point, which are x 10000 for "
                  "equities only, and its path has neither equity nor crypto nor forex; say which "
                  "with --scale 10000 or --scale 1");
  }
  Moment moment;
  const bool dated_at_midnight =
      !plan.midnight && std::ranges::all_of(sample.rows, [&](const auto& row) {
        return read_moment(row[0], std::nullopt, moment) == TimeError::none &&
               moment.local % kDayNs == 0;
      });
  if (!options.timezone && !dated_at_midnight) {
    return refuse(source,
                  "is a LEAN file of intraday bars, which are in New York time for equities only, "
                  "and its path has neither equity nor crypto nor forex; say which with "
                  "--timezone America/New_York or --timezone UTC");
  }
  return {};
}

Status plan_lean(const CsvSource& source, const CsvOptions& options, const Sample& sample,
                 Plan& plan) {
  plan.layout = kLean;
  name_columns(false, plan);
  const auto& first = sample.rows.front();
  if (is_milliseconds_of_day(first[0])) {
    plan.midnight = date_in_name(source);
    if (!plan.midnight) {
      return refuse(source,
                    "its first column counts milliseconds since midnight, as in LEAN's files of "
                    "one day, but its name holds no single date; name it such as "
                    "20131007_trade.csv");
    }
  }
  return settle_lean_market(source, options, sample, plan);
}

// `YYYYMMDD HH:MM`, or milliseconds of the day, then five numbers.
bool is_lean(const Plan& plan, const Sample& sample) {
  if (plan.delimiter != ',' || plan.names.size() != 6) return false;
  return std::ranges::all_of(sample.rows, [](const auto& row) {
    const bool dated = row[0].size() == 14 && row[0][8] == ' ' && row[0][11] == ':';
    return dated || is_milliseconds_of_day(row[0]);
  });
}

// What a file without a header is when it holds no bars; nothing when it may hold them.
std::optional<std::string_view> not_bars(const Plan& plan, const Sample& sample) {
  const auto& first = sample.rows.front();
  const std::size_t columns = plan.names.size();
  if (columns == 11 && is_milliseconds_of_day(first[0])) {
    return "holds quotes (LEAN: time, then open, high, low, close and size of bid and ask), which "
           "are not bars; import the file of trades";
  }
  if (columns == 4 && is_date(first[0]) && first[0].size() == 8) {
    return "looks like a LEAN factor file (date, price factor, split factor, reference price), "
           "which holds no bars; import the file of prices";
  }
  if (columns < 5) {
    return "has no header and fewer than five columns; bars need a date, open, high, low and close";
  }
  return std::nullopt;
}

// Whether columns are open, high, low, close: in that order the second is the highest and the third
// the lowest of the four.
bool is_ordered(const std::vector<std::string_view>& row, std::size_t open_at, DecimalMark mark) {
  std::array<double, 4> price{};
  for (std::size_t i = 0; i < price.size(); ++i) {
    const Number number = read_number(row[open_at + i], mark);
    if (number.state != NumberState::good) return false;
    price[i] = number.value;
  }
  return price[1] >= std::ranges::max(price) && price[2] <= std::ranges::min(price);
}

Status plan_plain_rows(const CsvSource& source, const Sample& sample, Plan& plan) {
  const auto& first = sample.rows.front();
  const bool has_clock = is_clock(first[1]);
  const std::size_t open_at = has_clock ? 2 : 1;
  const auto shows_order = [&](const auto& row) {
    return is_ordered(row, open_at, DecimalMark::point) ||
           is_ordered(row, open_at, DecimalMark::comma);
  };
  const auto ordered = static_cast<std::size_t>(std::ranges::count_if(sample.rows, shows_order));
  const bool wide_enough = plan.names.size() >= open_at + 4;
  if (!wide_enough || !is_date(first[0]) || ordered * 10 < sample.rows.size() * 9) {
    return refuse(source,
                  "has no header, and its columns are not a date followed by open, high, low and "
                  "close; add a header line that names them");
  }
  plan.layout = kHeaderless;
  name_columns(has_clock, plan);
  return {};
}

}  // namespace

Status plan_headerless(const CsvSource& source, const CsvOptions& options, Plan& plan) {
  const Sample sample = sample_rows(plan);
  if (sample.rows.empty()) {
    return refuse(source, "has no header and no row that can be read");
  }
  if (const auto why = not_bars(plan, sample)) return refuse(source, *why);
  if (is_binance(plan, sample)) {
    plan.layout = kBinance;
    name_columns(false, plan);
    plan.interval = binance_interval(sample.rows.front());
    return {};
  }
  if (is_lean(plan, sample) && options.format != kHeaderless) {
    return plan_lean(source, options, sample, plan);
  }
  return plan_plain_rows(source, sample, plan);
}

}  // namespace runledger::csv
