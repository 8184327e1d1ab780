#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include <runledger/cli/chart.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/run_view.hpp>
#include <runledger/cli/time_axis.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

// The parts of a run that are made again to be shown.
constexpr std::array kParts{"trades", "equity", "orders", "refusals", "log"};

Listing trade_listing(const app::Evidence& evidence, bool intraday) {
  Listing listing({{"entry_time", {"entry"}},
                   {"entry_price", {"entry price", Align::right}},
                   {"exit_time", {"exit"}},
                   {"exit_price", {"exit price", Align::right}},
                   {"size", {"size", Align::right}},
                   {"pnl", {"pnl [$]", Align::right}},
                   {"commission", {"commission [$]", Align::right, false, 1}}});
  for (const app::TradeDetail& t : evidence.trades) {
    const std::string entry = label_text(t.entry_time, intraday);
    const bool open = !t.exit_time;
    const std::string exit = open ? "open" : label_text(*t.exit_time, intraday);
    const Tone tone = open        ? Tone::plain
                      : t.pnl > 0 ? Tone::good
                      : t.pnl < 0 ? Tone::bad
                                  : Tone::plain;
    listing.add({{entry, {entry}},
                 {t.entry_price, {price(t.entry_price)}},
                 {open ? Json() : Json(exit), {exit}},
                 {t.exit_price, {open ? "" : price(t.exit_price)}},
                 {t.size, {quantity(t.size)}},
                 {t.pnl, {open ? "" : money(t.pnl), tone}},
                 {t.commission, {money(t.commission)}}});
  }
  return listing;
}

Listing order_listing(const app::Evidence& evidence, bool intraday) {
  Listing listing({{"id", {"order", Align::right}},
                   {"time", {"submitted"}},
                   {"kind", {"kind"}},
                   {"size", {"size", Align::right}},
                   {"outcome", {"outcome"}},
                   {"outcome_time", {"at"}},
                   {"fill_quantity", {"filled", Align::right}},
                   {"fill_price", {"price", Align::right}},
                   {"fee", {"fee [$]", Align::right, false, 1}}});
  for (const app::OrderDetail& o : evidence.orders) {
    const bool filled = o.outcome == "filled";
    const std::string time = label_text(o.time, intraday);
    const std::string at = label_text(o.outcome_time, intraday);
    listing.add({{o.id, {fmt::to_string(o.id)}},
                 {time, {time}},
                 {o.kind, {o.kind}},
                 {o.size, {o.size}},
                 {o.outcome, {o.outcome, o.outcome == "refused" ? Tone::notice : Tone::plain}},
                 {at, {at}},
                 {o.fill_quantity, {filled ? quantity(o.fill_quantity) : ""}},
                 {o.fill_price, {filled ? price(o.fill_price) : ""}},
                 {o.fee, {filled ? money(o.fee) : ""}}});
  }
  return listing;
}

Listing refusal_listing(const app::Evidence& evidence, bool intraday) {
  Listing listing({{"order", {"order", Align::right}},
                   {"time", {"at"}},
                   {"quantity", {"units", Align::right}},
                   {"reason", {"reason"}}});
  for (const app::RefusalDetail& r : evidence.refusals) {
    const std::string time = label_text(r.time, intraday);
    listing.add({{r.order, {fmt::to_string(r.order)}},
                 {time, {time}},
                 {r.quantity, {quantity(r.quantity)}},
                 {r.reason, {r.reason}}});
  }
  return listing;
}

Listing log_listing(const app::Evidence& evidence, bool intraday) {
  Listing listing({{"time", {"bar"}}, {"level", {"level"}}, {"text", {"text"}}});
  for (const app::LogLineDetail& line : evidence.log) {
    const std::string time = label_text(line.time, intraday);
    listing.add({{time, {time}}, {line.level, {line.level}}, {line.text, {line.text}}});
  }
  return listing;
}

Listing equity_listing(const app::Evidence& evidence, bool intraday) {
  Listing listing({{"time", {"bar"}},
                   {"close", {"close", Align::right}},
                   {"equity", {"equity [$]", Align::right}}});
  for (std::size_t i = 0; i < evidence.time.size(); ++i) {
    const std::string time = label_text(evidence.time[i], intraday);
    listing.add({{time, {time}},
                 {evidence.close[i], {price(evidence.close[i])}},
                 {evidence.equity[i], {money(evidence.equity[i])}}});
  }
  return listing;
}

Listing part_listing(std::string_view part, const app::Evidence& evidence, bool intraday) {
  if (part == "trades") return trade_listing(evidence, intraday);
  if (part == "orders") return order_listing(evidence, intraday);
  if (part == "refusals") return refusal_listing(evidence, intraday);
  if (part == "log") return log_listing(evidence, intraday);
  return equity_listing(evidence, intraday);
}

// The contract's form: two arrays, one element a bar.
Json equity_json(const app::Evidence& evidence, bool intraday) {
  Json time = Json::array();
  Json equity = Json::array();
  for (std::size_t i = 0; i < evidence.time.size(); ++i) {
    time.add(label_text(evidence.time[i], intraday));
    equity.add(evidence.equity[i]);
  }
  return Json::object({{"time", std::move(time)}, {"equity", std::move(equity)}});
}

std::string chart_of(const app::RunDetail& run, const app::Evidence& evidence,
                     const Terminal& terminal) {
  ChartData data{.time = evidence.time,
                 .equity = evidence.equity,
                 .start_cash = run.cash,
                 .trades = {},
                 .intraday = is_intraday(run.interval)};
  for (const app::TradeDetail& trade : evidence.trades) {
    data.trades.push_back({trade.entry_time, trade.exit_time, trade.size > 0});
  }
  return render_chart(data, terminal);
}

std::vector<std::string> wanted_parts(const Arguments& arguments) {
  std::vector<std::string> parts;
  for (const char* part : kParts) {
    if (arguments.has(part)) parts.emplace_back(part);
  }
  return parts;
}

Status check_request(const Session& session, const Arguments& arguments,
                     const std::vector<std::string>& parts) {
  if (session.format() != Format::text && arguments.has("chart")) {
    return fail(ErrorCode::invalid_input,
                "--chart draws for people; --json --equity gives the numbers");
  }
  if (session.format() == Format::csv && parts.size() != 1) {
    return fail(ErrorCode::invalid_input,
                "--csv prints one table; choose one of --trades, --equity, --orders, --refusals, "
                "--log");
  }
  return {};
}

void print_json(Session& session, const app::RunDetail& run, const BesideRun& beside,
                const app::Evidence& evidence, const std::vector<std::string>& parts) {
  const bool intraday = is_intraday(run.interval);
  Json json = run_json(run, beside);
  for (const std::string& part : parts) {
    json.set(part, part == "equity" ? equity_json(evidence, intraday)
                                    : part_listing(part, evidence, intraday).json());
  }
  if (std::ranges::find(parts, "log") != parts.end()) {
    json.set("log_dropped", evidence.log_lines - evidence.log.size());
  }
  session.print_json(json);
}

void print_parts(Session& session, const app::RunDetail& run, const app::Evidence& evidence,
                 const std::vector<std::string>& parts) {
  const bool intraday = is_intraday(run.interval);
  for (const std::string& part : parts) {
    const Listing listing = part_listing(part, evidence, intraday);
    session.print("\n");
    if (listing.empty()) {
      session.print(fmt::format("no {}\n", part == "log" ? "log" : part));
    } else {
      session.print_table(listing.table());
    }
    if (part == "log" && evidence.log_lines > evidence.log.size()) {
      session.say(fmt::format("{} of {} lines were kept", count(evidence.log.size()),
                              count(evidence.log_lines)));
    }
  }
}

// What a failed run logged is recorded with it and part of every report of it; nothing is made
// again.
bool asks_for_recorded_log(const app::RunDetail& run, const std::vector<std::string>& parts) {
  return run.failure && parts.size() == 1 && parts.front() == "log";
}

Result<int> runs_show(Session& session, const Arguments& arguments) {
  std::vector<std::string> parts = wanted_parts(arguments);
  RL_TRY_VOID(check_request(session, arguments, parts));
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const Seq id, app::resolve_run(context, arguments.operands().front(), app::RunUse::read));
  RL_TRY(const app::RunDetail run, app::read_run(context, id));

  app::Evidence evidence;
  const bool chart = arguments.has("chart");
  if (!chart && session.format() != Format::csv && asks_for_recorded_log(run, parts)) {
    parts.clear();
  }
  if (chart || !parts.empty()) {
    RL_TRY(evidence, app::recompute(context, id, {.log = arguments.has("log")}));
  }
  BesideRun beside;
  if (session.format() != Format::csv) {
    RL_TRY(beside, read_beside(session, context, run, arguments));
  }
  const Terminal& terminal = session.terminal();
  switch (session.format()) {
    case Format::json:
      print_json(session, run, beside, evidence, parts);
      break;
    case Format::csv:
      session.print(part_listing(parts.front(), evidence, is_intraday(run.interval)).csv());
      break;
    case Format::text:
      session.print(chart ? run_summary(run, terminal, beside) + "\n" +
                                chart_of(run, evidence, terminal)
                          : run_report(run, terminal, beside));
      print_parts(session, run, evidence, parts);
      break;
  }
  return 0;
}

}  // namespace

Command runs_show_command() {
  std::vector<Option> options{{.name = "chart", .help = "Draw the equity curve and the drawdown"},
                              {.name = "trades", .help = "Every trade, from entry to exit"},
                              {.name = "equity", .help = "The equity at each bar's close"},
                              {.name = "orders", .help = "Every order and what became of it"},
                              {.name = "refusals", .help = "Every refused order and why"},
                              {.name = "log", .help = "What the strategy logged"}};
  for (Option& option : figure_options()) options.push_back(std::move(option));
  return {
      .name = "show",
      .summary = "show a run: figures, origin, and what it did",
      .details =
          "The tables and the chart are made again from the ledger alone and compared "
          "with the recorded digest before they are shown. What a strategy logs is always to be "
          "had; what it prints on its own is kept with a failed run only.\n\n"
          "Beside the recorded figures stand those of buying and holding the same instrument over "
          "the run's bars. Another convention and other rates change what is shown, and nothing "
          "that is recorded; core/metrics/METRICS.md explains every figure.",
      .operands = {run_operand(1)},
      .options = std::move(options),
      .examples = {{"runs show latest --chart", "your last run, drawn"},
                   {"runs show 41 --trades --csv > trades.csv", "its trades, for a spreadsheet"},
                   {"runs show 41 --json --equity", "everything with the curve, for a script"},
                   {"runs show 41 --metrics-compat quantstats",
                    "its figures as quantstats has them"}},
      .prints_table = true,
      .action = runs_show};
}

}  // namespace runledger::cli
