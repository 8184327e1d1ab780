#include "commands.hpp"

namespace runledger::cli {

std::vector<Option> filter_options() {
  return {
      {.name = "ticker",
       .letter = 't',
       .value = "T",
       .help = "Runs on this ticker",
       .completes = Completes::ticker},
      {.name = "strategy",
       .letter = 's',
       .value = "S",
       .help = "Runs of this strategy",
       .completes = Completes::strategy},
      {.name = "since", .value = "DATE", .help = "Recorded at this time or later"},
      {.name = "until",
       .value = "DATE",
       .help = "Recorded at this time or earlier; a date "
               "includes its day"},
      {.name = "sweep", .value = "ID", .help = "The trials of a sweep"},
      {.name = "status",
       .value = "STATUS",
       .help = "Runs that came to this end",
       .words = {"completed", "failed"}},
      {.name = "retracted", .help = "The runs that were retracted, instead of the others"},
      {.name = "all", .letter = 'a', .help = "Failed runs and trials of sweeps too"},
      {.name = "as-of",
       .value = "SEQ|TIME",
       .help = "As it was right after an event, or at a time"},
  };
}

app::RunQuery read_filter(const Arguments& arguments) {
  app::RunQuery query;
  query.ticker = arguments.value("ticker");
  query.strategy = arguments.value("strategy");
  query.sweep = arguments.value("sweep");
  query.since = arguments.value("since");
  query.until = arguments.value("until");
  query.status = arguments.value("status");
  query.as_of = arguments.value("as-of");
  query.retracted = arguments.has("retracted");
  query.all = arguments.has("all");
  return query;
}

Operand run_operand(std::size_t max) {
  return {.name = "RUN",
          .help = "A run: its id, or latest or -1 for your last",
          .max = max,
          .completes = Completes::run};
}

Result<std::vector<Seq>> resolve_runs(const app::Context& context,
                                      const std::vector<std::string>& texts, app::RunUse use) {
  std::vector<Seq> runs;
  for (const std::string& text : texts) {
    RL_TRY(const Seq run, app::resolve_run(context, text, use));
    runs.push_back(run);
  }
  return runs;
}

}  // namespace runledger::cli
