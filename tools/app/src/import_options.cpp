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

// Options as events name them.
schema::OnBad stored(OnBad on_bad) {
  return on_bad == OnBad::drop ? schema::OnBad::drop : schema::OnBad::refuse;
}
schema::DateOrder stored(DateOrder order) {
  return order == DateOrder::day_first ? schema::DateOrder::day_first
                                       : schema::DateOrder::month_first;
}
schema::DecimalMark stored(DecimalMark mark) {
  return mark == DecimalMark::point ? schema::DecimalMark::point : schema::DecimalMark::comma;
}
schema::Adjustment stored(schema::Adjustment adjustment) { return adjustment; }
schema::AppliedKind stored(schema::AppliedKind kind) { return kind; }

// The text of a stored option; absent when it was not given.
template <class Stored, class T, std::size_t N>
std::optional<std::string> text_of_choice(flatbuffers::Optional<Stored> value,
                                          const Choice<T> (&choices)[N]) {
  if (!value) return std::nullopt;
  for (const Choice<T>& choice : choices)
    if (stored(choice.value) == *value) return std::string(choice.text);
  return fmt::to_string(static_cast<unsigned>(*value));  // a newer version's
}

constexpr Choice<schema::AppliedKind> kApplied[] = {
    {"adjclose", schema::AppliedKind::adjusted_close},
    {"splits", schema::AppliedKind::splits},
    {"dividends", schema::AppliedKind::dividends}};

schema::AppliedKind stored(AppliedKind kind) {
  switch (kind) {
    case AppliedKind::adjusted_close:
      return schema::AppliedKind::adjusted_close;
    case AppliedKind::splits:
      return schema::AppliedKind::splits;
    case AppliedKind::dividends:
      break;
  }
  return schema::AppliedKind::dividends;
}

// What prices are when columns were applied: those of dividends are applied to prices that splits
// are out of.
schema::Adjustment adjustment_made(const CsvApply& apply) {
  return apply.splits && !apply.dividends ? schema::Adjustment::split : schema::Adjustment::full;
}

Result<CsvApply> parse_apply(const std::string& text) {
  CsvApply apply;
  for (const std::string_view word : split(text, ',')) {
    if (trim(word) == "adjclose")
      apply.adjusted_close = true;
    else if (trim(word) == "splits")
      apply.splits = true;
    else if (trim(word) == "dividends")
      apply.dividends = true;
    else
      return fail(ErrorCode::invalid_input,
                  fmt::format("--apply is `{}`; expected adjclose, splits, dividends, or "
                              "splits,dividends",
                              text));
  }
  if (apply.adjusted_close && (apply.splits || apply.dividends))
    return fail(ErrorCode::invalid_input,
                fmt::format("--apply is `{}`, but adjusted closes have splits and dividends in "
                            "them; expected one or the other",
                            text));
  return apply;
}

// Applying makes the prices one kind; `--adjustment` may say so, and nothing else.
Status choose_applying(const ImportRequest& request, ImportOptions& options) {
  if (!request.apply) return {};
  RL_TRY(options.csv.apply, parse_apply(*request.apply));
  const schema::Adjustment made = adjustment_made(options.csv.apply);
  if (options.adjustment && *options.adjustment != made)
    return fail(ErrorCode::invalid_input,
                fmt::format("--adjustment is {}, and --apply {} makes the prices {}; leave "
                            "--adjustment out",
                            *request.adjustment, *request.apply, *adjustment_text(made)));
  options.adjustment = made;
  return {};
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
  RL_TRY_VOID(choose_applying(request, options));
  return options;
}

void store_options(const ImportOptions& options, schema::DatasetImportedT& event) {
  if (options.adjustment) event.adjustment = *options.adjustment;
  if (options.csv.date_order) event.date_order = stored(*options.csv.date_order);
  if (options.csv.decimal) event.decimal = stored(*options.csv.decimal);
  event.on_bad = stored(options.csv.on_bad);
  event.interval_given = options.csv.interval.has_value();
}

void store_applied(const CsvSeries& series, schema::DatasetImportedT& event) {
  for (const AppliedColumn& one : series.applied) {
    auto column = std::make_unique<schema::AppliedColumnT>();
    column->kind = stored(one.kind);
    column->column = one.column;
    column->count = one.count;
    event.applied.push_back(std::move(column));
  }
}

std::vector<AppliedReport> applied_reports(const CsvSeries& series) {
  std::vector<AppliedReport> reports;
  for (const AppliedColumn& one : series.applied)
    reports.push_back({*text_of_choice(flatbuffers::Optional(stored(one.kind)), kApplied),
                       one.column, one.count});
  return reports;
}

std::vector<AppliedReport> applied_reports(const schema::DatasetImported& imported) {
  std::vector<AppliedReport> reports;
  if (imported.applied() == nullptr) return reports;
  for (const schema::AppliedColumn* one : *imported.applied())
    reports.push_back({*text_of_choice(flatbuffers::Optional(one->kind()), kApplied),
                       one->column() != nullptr ? one->column()->str() : std::string(),
                       one->count()});
  return reports;
}

std::optional<std::string> adjustment_text(flatbuffers::Optional<schema::Adjustment> adjustment) {
  return text_of_choice(adjustment, kAdjustments);
}
std::optional<std::string> date_order_text(flatbuffers::Optional<schema::DateOrder> order) {
  return text_of_choice(order, kDateOrders);
}
std::optional<std::string> decimal_text(flatbuffers::Optional<schema::DecimalMark> mark) {
  return text_of_choice(mark, kDecimals);
}
std::string on_bad_text(schema::OnBad on_bad) {
  return *text_of_choice(flatbuffers::Optional(on_bad), kOnBad);
}

}  // namespace runledger::app
