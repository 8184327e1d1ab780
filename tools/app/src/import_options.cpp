#include "import_options.hpp"

#include <span>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/market/interval.hpp>

#include "option_text.hpp"

namespace runledger::app {
namespace {

template <class T>
struct Choice {
  std::string_view text;
  T value;
};
constexpr Choice<OnBad> kOnBad[] = {{"refuse", OnBad::refuse}, {"drop", OnBad::drop}};
constexpr Choice<DateOrder> kDateOrders[] = {{"dmy", DateOrder::day_first},
                                             {"mdy", DateOrder::month_first}};
constexpr Choice<DecimalMark> kDecimals[] = {{"point", DecimalMark::point},
                                             {"comma", DecimalMark::comma}};
constexpr Choice<schema::Adjustment> kAdjustments[] = {{"raw", schema::Adjustment::raw},
                                                       {"split", schema::Adjustment::split},
                                                       {"full", schema::Adjustment::full}};

template <class T>
Result<T> parse_choice(std::string_view option, std::string_view text,
                       std::span<const Choice<T>> choices) {
  std::vector<std::string> expected;
  for (const Choice<T>& choice : choices) {
    if (choice.text == text) return choice.value;
    expected.emplace_back(choice.text);
  }
  return fail(ErrorCode::invalid_input,
              fmt::format("{} is `{}`; expected {}", option, text, join(expected, " or ")));
}

Result<Interval> parse_interval_text(std::string_view text) {
  const auto interval = parse_interval(text);
  if (interval) return *interval;
  return fail(
      ErrorCode::invalid_input,
      fmt::format("--interval is `{}`; expected 1m to 1mo, such as 5m, 1h, 1d or 1w", text));
}

}  // namespace

Result<ImportOptions> parse_import_options(const ImportRequest& request) {
  ImportOptions options;
  if (request.format != "auto") options.csv.format = request.format;
  options.csv.timezone = request.timezone;
  options.csv.ticker = request.ticker;
  if (request.ticker) RL_TRY_VOID(check_name("the ticker", *request.ticker));
  if (request.vendor) RL_TRY_VOID(check_name("the vendor", *request.vendor));
  if (request.interval) {
    RL_TRY(options.csv.interval, parse_interval_text(*request.interval));
  }
  if (request.scale) {
    RL_TRY(options.csv.scale, parse_number("--scale", *request.scale));
    if (*options.csv.scale <= 0)
      return fail(ErrorCode::invalid_input,
                  fmt::format("--scale is {}; expected a number above 0", *request.scale));
  }
  if (request.on_bad) {
    RL_TRY(options.csv.on_bad, parse_choice<OnBad>("--on-bad", *request.on_bad, kOnBad));
  }
  if (request.date_order) {
    RL_TRY(options.csv.date_order,
           parse_choice<DateOrder>("--date-order", *request.date_order, kDateOrders));
  }
  if (request.decimal) {
    RL_TRY(options.csv.decimal,
           parse_choice<DecimalMark>("--decimal", *request.decimal, kDecimals));
  }
  if (request.adjustment) {
    RL_TRY(options.adjustment,
           parse_choice<schema::Adjustment>("--adjustment", *request.adjustment, kAdjustments));
  }
  return options;
}

std::string adjustment_text(schema::Adjustment adjustment) {
  for (const auto& choice : kAdjustments)
    if (choice.value == adjustment) return std::string(choice.text);
  return "unknown";
}

}  // namespace runledger::app
