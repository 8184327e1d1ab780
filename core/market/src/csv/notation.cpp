// What the rows of a file tell about its notation of numbers and dates.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lines.hpp"
#include "numbers.hpp"
#include "plan.hpp"
#include "times.hpp"

namespace runledger::csv {
namespace {

constexpr std::size_t kRowsForMark = 10'000;

// Calls `see(fields)` for each row that has all columns, until it returns false.
template <class See>
void each_row(const Plan& plan, See see) {
  LineReader lines(plan.body, plan.header_lines);
  std::array<std::string_view, kCsvColumnsMax> fields;
  std::string_view line;
  while (lines.next(line)) {
    if (line.size() > kCsvLineBytesMax) return;
    if (split_fields(line, plan.delimiter, fields) != plan.names.size()) continue;
    if (!see(fields)) return;
  }
}

struct MarkVotes {
  std::size_t point = 0;
  std::size_t comma = 0;
  std::string undecided;
};

MarkVotes vote_on_mark(const Plan& plan) {
  MarkVotes votes;
  std::size_t rows = 0;
  each_row(plan, [&](const auto& fields) {
    for (const Role role : {Role::open, Role::high, Role::low, Role::close, Role::volume}) {
      const auto at = plan.columns.find(role);
      if (!at) continue;
      switch (mark_evidence(fields[*at])) {
        case MarkEvidence::none:
          break;
        case MarkEvidence::point:
          ++votes.point;
          break;
        case MarkEvidence::comma:
          ++votes.comma;
          break;
        case MarkEvidence::undecided:
          if (votes.undecided.empty()) votes.undecided = shown(fields[*at]);
      }
    }
    return ++rows < kRowsForMark;
  });
  return votes;
}

Status settle_decimal(const CsvSource& source, const CsvOptions& options, Plan& plan) {
  if (options.decimal) {
    plan.decimal = *options.decimal;
    return {};
  }
  // Without quotes a comma between commas is a delimiter.
  if (plan.delimiter == ',' && !plan.has_quotes) return {};
  const MarkVotes votes = vote_on_mark(plan);
  const bool contradict = votes.point > 0 && votes.comma > 0;
  const bool silent = votes.point == 0 && votes.comma == 0 && !votes.undecided.empty();
  if (contradict || silent) {
    return fail(
        ErrorCode::invalid_input,
        fmt::format("{}: {}; say which with --decimal point or --decimal comma", source.name,
                    silent ? fmt::format("the comma in {} may be a decimal mark or separate "
                                         "thousands",
                                         votes.undecided)
                           : "some numbers have a decimal point and some a decimal comma"));
  }
  if (votes.comma > 0) plan.decimal = DecimalMark::comma;
  return {};
}

Status settle_date_order(const CsvSource& source, const CsvOptions& options, Plan& plan) {
  plan.date_order = options.date_order;
  const auto date = plan.columns.find(Role::date);
  if (plan.date_order || !date || plan.midnight) return {};
  std::string_view example;
  bool day_first = false;
  bool month_first = false;
  each_row(plan, [&](const auto& fields) {
    const std::string_view text = fields[*date];
    if (!has_unknown_order(text)) return !example.empty();  // the first row shows the notation
    if (example.empty()) example = text;
    if (const auto order = proven_order(text)) {
      (*order == DateOrder::day_first ? day_first : month_first) = true;
    }
    return !(day_first && month_first);
  });
  if (example.empty()) return {};
  if (day_first == month_first) {
    return fail(ErrorCode::invalid_input,
                fmt::format("{}: {} may be day/month or month/day, and {}; say which with "
                            "--date-order dmy or --date-order mdy",
                            source.name, shown(example),
                            day_first ? "other rows prove both" : "no other row proves either"));
  }
  plan.date_order = day_first ? DateOrder::day_first : DateOrder::month_first;
  return {};
}

}  // namespace

Status settle_notation(const CsvSource& source, const CsvOptions& options, Plan& plan) {
  RL_TRY_VOID(settle_decimal(source, options, plan));
  return settle_date_order(source, options, plan);
}

}  // namespace runledger::csv
