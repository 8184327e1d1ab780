#include <fmt/format.h>

#include <runledger/cli/run_view.hpp>

#include "commands.hpp"

namespace runledger::cli {
std::vector<Option> run_options() {
  return {
      {.name = "strategy",
       .letter = 's',
       .value = "S",
       .help = "The strategy: a name, or a file such as ./my.so",
       .completes = Completes::strategy},
      {.name = "ticker",
       .letter = 't',
       .value = "T",
       .help = "Whose prices",
       .completes = Completes::ticker},
      {.name = "interval",
       .letter = 'i',
       .value = "I",
       .help = "The length of a bar, 1m to 1mo; else 1d, or the only one that the ticker has"},
      {.name = "from", .value = "DATE", .help = "The first day or time used; else the first bar"},
      {.name = "to", .value = "DATE", .help = "The last day or time used; else the last bar"},
      {.name = "data",
       .value = "T@DIGEST",
       .help = "A version of the data, by 6 or more digits of its digest; else the newest"},
      {.name = "param",
       .letter = 'p',
       .value = "NAME=VALUE",
       .help = "A parameter of the strategy",
       .repeatable = true},
      {.name = "cash", .value = "N", .help = "What the account starts with (10000)"},
      {.name = "size",
       .value = "KIND:N",
       .help = "How much an order buys when the strategy leaves it open: cash_pct:95, "
               "equity_pct:N, units:N or value:N (cash_pct:95)"},
      {.name = "commission",
       .value = "C",
       .help = "A rate such as 0.001, fixed:1.5 an order, unit:0.01 a unit, min:1 at least, "
               "maker:0.0005 for limit orders that waited, or several joined by + (0)"},
      {.name = "slippage",
       .value = "S",
       .help = "What market and stop orders lose to the market: a share of the price such as "
               "0.0005, ticks:1, volume:0.1 for a whole bar's volume, or several joined by + (0)"},
      {.name = "spread",
       .value = "N",
       .help = "From bid to ask, a share of the price such as 0.0002; each side pays half (0)"},
      {.name = "account",
       .value = "KIND",
       .help = "The rules of cash and refusal: standard, or reference for those of the system "
               "before (standard)"},
      {.name = "positions",
       .value = "HOW",
       .help = "one: a new entry first closes what is open; many: entries add up (many)",
       .words = {"one", "many"}},
      {.name = "leverage", .value = "N", .help = "How often cash may be spent (1)"},
      {.name = "maintenance-margin",
       .value = "N",
       .help = "The share of a position that equity must cover; below it the position is closed at "
               "the next open (0: no margin calls)"},
      {.name = "borrow-rate",
       .value = "N",
       .help = "What a short position costs a year, such as 0.03 for 3 percent (0)"},
      {.name = "cash-rate", .value = "N", .help = "What own cash earns a year (0)"},
      {.name = "margin-rate", .value = "N", .help = "What borrowed cash costs a year (0)"},
      {.name = "lot",
       .value = "N",
       .help = "Orders are rounded to multiples of it (0: not at all)"},
      {.name = "tick",
       .value = "N",
       .help = "The least step of the price, for slippage in ticks (0: none)"},
      {.name = "seed", .value = "N", .help = "The strategy's source of chance (0)"},
      {.name = "tag", .value = "K=V", .help = "A tag of the run", .repeatable = true},
      {.name = "note", .value = "TEXT", .help = "A note of the run", .may_be_empty = true},
      {.name = "sweep",
       .value = "ID",
       .help = "The sweep that the run is a trial of; lists show it with --sweep ID"},
      {.name = "timeout", .value = "SEC", .help = "After how long the run has failed (60)"},
      {.name = "memory-limit",
       .value = "SIZE",
       .help = "How much memory the strategy may take, such as 512m (1g)"},
      {.name = "check-lookahead",
       .help =
           "Run it again with other futures and record what that shows; when it looks ahead, or "
           "does not give the same again, the exit status is 1"},
      {.name = "under",
       .value = "COMMAND",
       .help = "A debugger that runs the worker, such as \"gdb --args\""},
  };
}

app::RunOptions read_run_options(const Arguments& arguments) {
  app::RunOptions options;
  options.strategy = arguments.value("strategy");
  options.ticker = arguments.value("ticker");
  options.interval = arguments.value("interval");
  options.data = arguments.value("data");
  options.from = arguments.value("from");
  options.to = arguments.value("to");
  options.cash = arguments.value("cash");
  options.size = arguments.value("size");
  options.commission = arguments.value("commission");
  options.slippage = arguments.value("slippage");
  options.spread = arguments.value("spread");
  options.account = arguments.value("account");
  options.positions = arguments.value("positions");
  options.leverage = arguments.value("leverage");
  options.maintenance_margin = arguments.value("maintenance-margin");
  options.borrow_rate = arguments.value("borrow-rate");
  options.cash_rate = arguments.value("cash-rate");
  options.margin_rate = arguments.value("margin-rate");
  options.lot = arguments.value("lot");
  options.tick = arguments.value("tick");
  options.seed = arguments.value("seed");
  options.parameters = arguments.values("param");
  options.tags = arguments.values("tag");
  options.note = arguments.value("note");
  options.sweep = arguments.value("sweep");
  options.timeout = arguments.value("timeout");
  options.memory_limit = arguments.value("memory-limit");
  return options;
}

Result<int> print_receipt(Session& session, const app::Context& context,
                          const app::RunReceipt& receipt, const Arguments& arguments) {
  bool sound = true;
  if (arguments.has("check-lookahead") && receipt.completed) {
    RL_TRY(const app::LookAheadDetail check, app::check_look_ahead(context, receipt.id));
    sound = check.repeatable && check.verdict != "failed";
  }
  RL_TRY(const app::RunDetail run, app::read_run(context, receipt.id));
  BesideRun beside;
  if (receipt.completed) {
    RL_TRY(beside, read_beside(session, context, run, arguments));
  }
  const int status = !receipt.completed ? exit_status(ErrorCode::run_failed)
                     : sound            ? 0
                                        : exit_status(ErrorCode::differs);
  if (session.json()) {
    session.print_json(run_json(run, beside));
    if (run.failure) session.warn("runledger: " + run.failure->message);
    return status;
  }
  session.print(run_summary(run, session.terminal(), beside));
  session.say(fmt::format("recorded as run {0}; next: runledger runs show {0}{1}", run.id.value,
                          run.failure ? "" : " --chart"));
  return status;
}

}  // namespace runledger::cli
