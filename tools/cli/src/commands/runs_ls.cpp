#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/parser.hpp>
#include <runledger/cli/run_columns.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

constexpr std::uint64_t kUsualLimit = 100;
constexpr std::string_view kReason = "reason";  // the column that is not in the index

// The columns that were asked for; else every one for programs, and the usual ones for people.
Result<std::vector<const RunColumn*>> columns_for(const Session& session,
                                                  const Arguments& arguments) {
  if (const auto names = arguments.value("columns")) return choose_columns(*names);
  std::vector<const RunColumn*> columns;
  const bool only_failed = arguments.value("status") == "failed";
  const bool shows_failed = only_failed || arguments.has("all");
  for (const RunColumn& column : run_columns()) {
    const bool wanted = (column.usual && !(column.figure && only_failed)) ||
                        (shows_failed && (column.name == "status" || column.name == kReason));
    if (wanted || (session.format() != Format::text && !column.recorded))
      columns.push_back(&column);
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

// What runs are put in order by: `-sharpe_ratio` is the column, highest first.
struct Order {
  const RunColumn* column = nullptr;
  bool descending = false;
};

Result<Order> read_order(const std::string& text) {
  Order order;
  std::string_view name = text;
  order.descending = name.starts_with('-');
  if (order.descending) name.remove_prefix(1);
  order.column = find_column(name);
  if (order.column == nullptr) {
    return fail(ErrorCode::invalid_input,
                fmt::format("--sort is `{}`; it takes a column, with - before it for the highest "
                            "first{}",
                            text, columns_there_are(name)));
  }
  return order;
}

// What is not in the index, when a column shows it.
Status read_what_columns_show(const app::Context& context,
                              const std::vector<const RunColumn*>& columns,
                              std::vector<app::RunRow>& runs) {
  if (std::ranges::find(columns, kReason, &RunColumn::name) != columns.end())
    RL_TRY_VOID(app::read_failures(context, runs));
  if (std::ranges::find(columns, true, &RunColumn::recorded) != columns.end())
    RL_TRY_VOID(app::read_figures(context, runs));
  return {};
}

// Every run of a query in an order. Runs without the value come last, either way; equals stay
// newest first. Errors: too_large.
struct SortedRuns {
  app::RunPage page;
  std::uint64_t total = 0;
};
Result<SortedRuns> sorted_runs(const app::Context& context, app::RunQuery query,
                               const Order& order) {
  constexpr std::size_t kRunsMax = 1'000'000;
  const std::uint64_t limit = std::exchange(query.limit, app::kRunsAtOnceMax);
  const std::uint64_t offset = std::exchange(query.offset, 0);
  struct Row {
    std::optional<double> number;
    std::string text;
    app::RunRow run;
  };
  std::vector<Row> rows;
  do {
    RL_TRY(app::RunPage page, app::list_runs(context, query));
    RL_TRY_VOID(read_what_columns_show(context, {order.column}, page.runs));
    for (app::RunRow& run : page.runs) {
      std::string text = order.column->value(run).field();
      const auto number = parse_double(text);
      run.figures = {};  // a million runs' would take too much
      rows.push_back({number, std::move(text), std::move(run)});
    }
    query.cursor = page.next_cursor;
    if (rows.size() > kRunsMax) {
      return fail(ErrorCode::too_large,
                  fmt::format("--sort puts at most {} runs in order; narrow them with --ticker, "
                              "--strategy or --since",
                              count(kRunsMax)));
    }
  } while (query.cursor);
  std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) {
    if (a.text.empty() || b.text.empty()) return !a.text.empty() && b.text.empty();
    const bool before = a.number && b.number ? *a.number < *b.number : a.text < b.text;
    const bool behind = a.number && b.number ? *b.number < *a.number : b.text < a.text;
    return order.descending ? behind : before;
  });
  SortedRuns sorted{.page = {}, .total = rows.size()};
  for (std::uint64_t i = offset; i < rows.size() && sorted.page.runs.size() < limit; ++i) {
    sorted.page.runs.push_back(std::move(rows[i].run));
  }
  return sorted;
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

// An order has no cursor: how many runs there are is known, and the next begin at an offset.
void say_what_was_cut(Session& session, std::uint64_t shown, std::uint64_t offset,
                      std::uint64_t total) {
  if (shown == 0 || offset + shown >= total) return;
  session.say(
      fmt::format("{} of {} shown; the next: the same with --offset {}, or more at once "
                  "with --limit {}",
                  count(shown), counted(total, "run"), offset + shown, total));
}

Result<int> runs_ls(Session& session, const Arguments& arguments) {
  app::RunQuery query = read_filter(arguments);
  RL_TRY(query.limit, arguments.whole_number("limit", 1, kUsualLimit));
  RL_TRY(query.offset, arguments.whole_number("offset", 0, 0));
  query.cursor = arguments.value("cursor");
  RL_TRY(const auto columns, columns_for(session, arguments));
  Order order;
  if (const auto sort = arguments.value("sort")) {
    RL_TRY(order, read_order(*sort));
    if (query.cursor) {
      return fail(ErrorCode::invalid_input,
                  "--cursor and --sort exclude each other; page through an order with --offset");
    }
  }
  RL_TRY(const app::Context context, session.context());
  SortedRuns sorted;
  if (order.column != nullptr) {
    RL_TRY(sorted, sorted_runs(context, query, order));
  } else {
    RL_TRY(sorted.page, app::list_runs(context, query));
  }
  app::RunPage& page = sorted.page;
  RL_TRY_VOID(read_what_columns_show(context, columns, page.runs));
  const Listing listing = listing_of(page.runs, columns);
  if (session.json()) {
    session.print_json(Json::object({{"runs", listing.json()}, {"next_cursor", page.next_cursor}}));
    return 0;
  }
  listing.print(session, "runs");
  say_what_is_missing(session, arguments, page);
  say_what_was_cut(session, page.runs.size(), query.offset, sorted.total);
  return 0;
}

std::vector<Option> options() {
  std::vector<Option> options = filter_options();
  options.push_back({.name = "sort",
                     .value = "[-]COLUMN",
                     .help = "In order of a column, with - the highest first; else newest first"});
  options.push_back({.name = "limit", .value = "N", .help = "At most so many (100)"});
  options.push_back({.name = "offset", .value = "N", .help = "Leave out so many first"});
  options.push_back({.name = "cursor", .value = "C", .help = "Go on where the page before ended"});
  options.push_back({.name = "columns", .value = "A,B,C", .help = "These columns, in this order"});
  return options;
}

}  // namespace

Command runs_ls_command() {
  return {
      .name = "ls",
      .summary = "list runs, newest first",
      .details =
          "Completed runs that were asked for singly; --sweep, --status failed and "
          "--all bring the rest. --columns and --sort take any figure of `runs show --json`; "
          "other than those usually listed are read from each run, which takes longer.",
      .options = options(),
      .examples = {{"runs ls --ticker AAPL --limit 20", "the last 20 runs on AAPL"},
                   {"runs ls --sort -sharpe_ratio --limit 10", "the ten best by Sharpe ratio"},
                   {"runs ls --sort -calmar_ratio --columns id,strategy,calmar_ratio,ulcer_index",
                    "by any figure that runs record"},
                   {"runs ls --status failed", "what failed"},
                   {"runs ls --since 2026-01-01 --csv > runs.csv", "for a spreadsheet"},
                   {"runs ls --columns id,strategy,return_pct", "with chosen columns"}},
      .prints_table = true,
      .action = runs_ls};
}

}  // namespace runledger::cli
