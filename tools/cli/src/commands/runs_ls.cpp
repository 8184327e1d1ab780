#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/run_columns.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

constexpr std::uint64_t kUsualLimit = 100;

// The columns that were asked for; else every one for programs, and the usual ones for people.
Result<std::vector<const RunColumn*>> columns_for(const Session& session,
                                                  const Arguments& arguments) {
  if (const auto names = arguments.value("columns")) return choose_columns(*names);
  std::vector<const RunColumn*> columns;
  const bool shows_failed = arguments.has("all") || arguments.value("status") == "failed";
  for (const RunColumn& column : run_columns()) {
    const bool wanted = column.usual || (shows_failed && column.name == "status");
    if (wanted || session.format() != Format::text) columns.push_back(&column);
  }
  return columns;
}

Listing listing_of(const std::vector<app::RunRow>& runs,
                   const std::vector<const RunColumn*>& columns) {
  std::vector<Field> fields;
  for (const RunColumn* column : columns) fields.push_back({column->name, column->column});
  Listing listing(std::move(fields));
  for (const app::RunRow& run : runs) {
    std::vector<Datum> row;
    for (const RunColumn* column : columns) row.push_back({column->value(run), column->cell(run)});
    listing.add(std::move(row));
  }
  return listing;
}

// Whether anything was asked for that may hide runs.
bool is_narrowed(const Arguments& arguments) {
  for (const Option& option : filter_options()) {
    if (option.name != "all" && arguments.has(option.name)) return true;
  }
  return arguments.has("offset") || arguments.has("cursor");
}

void say_what_is_missing(Session& session, const Arguments& arguments, const app::RunPage& page) {
  if (page.runs.empty()) {
    session.say(is_narrowed(arguments)
                    ? "no run matches"
                    : "no run yet; make one: runledger backtest -s STRATEGY -t TICKER");
  }
  if (page.next_cursor) {
    session.say(fmt::format("{} shown, there are more; the next page: the same with --cursor {}",
                            counted(page.runs.size(), "run"), *page.next_cursor));
  }
}

Result<int> runs_ls(Session& session, const Arguments& arguments) {
  app::RunQuery query = read_filter(arguments);
  RL_TRY(query.limit, arguments.whole_number("limit", 1, kUsualLimit));
  RL_TRY(query.offset, arguments.whole_number("offset", 0, 0));
  query.cursor = arguments.value("cursor");
  RL_TRY(const auto columns, columns_for(session, arguments));
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const app::RunPage page, app::list_runs(context, query));
  const Listing listing = listing_of(page.runs, columns);
  if (session.json()) {
    session.print_json(Json::object({{"runs", listing.json()}, {"next_cursor", page.next_cursor}}));
    return 0;
  }
  listing.print(session, "runs");
  say_what_is_missing(session, arguments, page);
  return 0;
}

std::vector<Option> options() {
  std::vector<Option> options = filter_options();
  options.push_back({.name = "limit", .value = "N", .help = "At most so many (100)"});
  options.push_back({.name = "offset", .value = "N", .help = "Leave out so many first"});
  options.push_back({.name = "cursor", .value = "C", .help = "Go on where the page before ended"});
  options.push_back({.name = "columns", .value = "A,B,C", .help = "These columns, in this order"});
  return options;
}

}  // namespace

Command runs_ls_command() {
  return {.name = "ls",
          .summary = "list runs, newest first",
          .details =
              "Completed runs that were asked for singly; --sweep, --status failed and "
              "--all bring the rest.",
          .options = options(),
          .examples = {{"runs ls --ticker AAPL --limit 20", "the last 20 runs on AAPL"},
                       {"runs ls --status failed", "what failed"},
                       {"runs ls --since 2026-01-01 --csv > runs.csv", "for a spreadsheet"},
                       {"runs ls --columns id,strategy,return_pct", "with chosen columns"}},
          .prints_table = true,
          .action = runs_ls};
}

}  // namespace runledger::cli
