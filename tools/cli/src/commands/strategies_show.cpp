#include <fmt/format.h>

#include <runledger/cli/run_view.hpp>
#include <runledger/cli/text_width.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

std::string facts(const app::StrategySummary& s, const Terminal& terminal) {
  std::vector<std::pair<std::string, Cell>> pairs{
      {"strategy", {fmt::format("{} {}", s.name, s.version), Tone::strong}},
      {"title", {s.title}},
      {"id", {s.id}},
      {"size of orders",
       {s.sizes_orders ? "chosen by the strategy; --size does not apply" : "as --size says"}},
      {"file", {s.file.string()}},
      {"plugin", {s.plugin.hex()}},
      {"built with", {s.built_with}}};
  if (!s.commit.empty()) {
    pairs.push_back({"source", {source_text(s.remote, s.commit, s.dirty)}});
  }
  return render_pairs(pairs, terminal);
}

Result<int> strategies_show(Session& session, const Arguments& arguments) {
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const app::StrategySummary strategy,
         app::show_strategy(context, arguments.operands().front()));
  if (session.json()) {
    session.print_json(strategy_json(strategy));
    return 0;
  }
  const Terminal& terminal = session.terminal();
  session.print(facts(strategy, terminal));
  if (!strategy.doc.empty()) {
    session.print("\n" + wrap(printable(strategy.doc), terminal.width, 0) + "\n");
  }
  session.print(strategy.parameters.empty() ? "\nno parameters\n"
                                            : "\n" + parameter_table(strategy, terminal));
  return 0;
}

}  // namespace

Command strategies_show_command() {
  return {.name = "show",
          .summary = "describe a strategy and its parameters",
          .operands = {{.name = "STRATEGY",
                        .help = "A name, or a file such as ./my.so",
                        .completes = Completes::strategy}},
          .examples = {{"strategies show sma_cross", "parameters with defaults and ranges"},
                       {"strategies show ./build/my_strategy.so", "from a file"}},
          .action = strategies_show};
}

}  // namespace runledger::cli
