#include <fmt/format.h>

#include "commands.hpp"

namespace runledger::cli {

Option compat_option() {
  return {.name = "metrics-compat",
          .value = "TOOL",
          .help = "Print the figures as another tool measures them; what is recorded stays ours",
          .words = app::figure_conventions()};
}

std::vector<Option> figure_options() {
  return {compat_option(),
          {.name = "risk-free-rate",
           .value = "R",
           .help = "Measure with this yearly rate, 0.02 for two percent (0, as recorded)"},
          {.name = "minimum-return",
           .value = "R",
           .help = "The yearly return that Sortino and Omega ask for (the risk-free rate)"},
          {.name = "periods-per-year",
           .value = "N",
           .help = "Annualise with so many bars or days a year; else inferred from the bars"}};
}

app::FigureRequest read_figure_request(const Arguments& arguments) {
  return {.convention = arguments.value("metrics-compat"),
          .risk_free_rate = arguments.value("risk-free-rate"),
          .minimum_return = arguments.value("minimum-return"),
          .periods_per_year = arguments.value("periods-per-year")};
}

Result<BesideRun> read_beside(Session& session, const app::Context& context,
                              const app::RunDetail& run, const Arguments& arguments) {
  BesideRun beside;
  const app::FigureRequest request = read_figure_request(arguments);
  if (request.asks()) {
    RL_TRY(beside.asked, app::measure(context, run.id, request));
    beside.buy_and_hold = beside.asked->buy_and_hold;
    return beside;
  }
  if (run.failure) return beside;
  auto held = app::buy_and_hold(context, run);
  if (held) {
    beside.buy_and_hold = std::move(*held);
  } else {
    session.say("buy and hold is not shown: " + held.error().message);
  }
  return beside;
}

}  // namespace runledger::cli
