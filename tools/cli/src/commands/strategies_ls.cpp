#include <fmt/format.h>

#include <runledger/base/text.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

std::string defaults_text(const app::StrategySummary& strategy) {
  std::vector<std::string> texts;
  for (const app::ParameterSummary& parameter : strategy.parameters) {
    texts.push_back(parameter.name + "=" + parameter.default_value);
  }
  return join(texts, " ");
}

Listing listing_of(const app::StrategyCatalog& catalog) {
  Listing listing({{"name", {"name"}},
                   {"version", {"version"}},
                   {"parameters", {"parameters and defaults", Align::left, true}},
                   {"doc", {"what it does", Align::left, true, 1}},
                   {"file", {"file"}, false}});
  for (const app::StrategySummary& s : catalog.strategies) {
    listing.add({{s.name, {s.name, Tone::strong}},
                 {s.version, {s.version}},
                 {defaults_text(s), {defaults_text(s)}},
                 {s.doc, {s.doc}},
                 {s.file.string()}});
  }
  return listing;
}

Json catalog_json(const app::StrategyCatalog& catalog) {
  Json strategies = Json::array();
  for (const app::StrategySummary& s : catalog.strategies) strategies.add(strategy_json(s));
  Json refused = Json::array();
  for (const app::RefusedPlugin& plugin : catalog.refused) {
    Json reasons = Json::array();
    for (const std::string& reason : plugin.reasons) reasons.add(reason);
    Json strategy;
    if (!plugin.strategy.empty()) strategy = plugin.strategy;
    refused.add(Json::object({{"file", plugin.file.string()},
                              {"strategy", std::move(strategy)},
                              {"reasons", std::move(reasons)}}));
  }
  Json conflicts = Json::array();
  for (const std::string& conflict : catalog.conflicts) conflicts.add(conflict);
  return Json::object({{"strategies", std::move(strategies)},
                       {"refused", std::move(refused)},
                       {"conflicts", std::move(conflicts)}});
}

Result<int> strategies_ls(Session& session, const Arguments& /*arguments*/) {
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const app::StrategyCatalog catalog, app::list_strategies(context));
  if (session.json()) {
    session.print_json(catalog_json(catalog));
  } else {
    listing_of(catalog).print(session, "strategies");
  }
  for (const app::RefusedPlugin& plugin : catalog.refused) {
    const std::string subject =
        plugin.strategy.empty()
            ? plugin.file.string()
            : fmt::format("the strategy {} of {}", plugin.strategy, plugin.file.string());
    session.say(fmt::format("{} cannot be used: {}", subject, join(plugin.reasons, "; ")));
  }
  for (const std::string& conflict : catalog.conflicts) session.say(conflict);
  if (catalog.strategies.empty()) {
    session.say(
        "no strategies found; start one with `runledger strategies new NAME`, or name a "
        "folder with --plugins DIR");
  }
  return 0;
}

}  // namespace

Command strategies_ls_command() {
  return {.name = "ls",
          .summary = "list the strategies that can be run",
          .details =
              "Those in the folders of --plugins, in those of RUNLEDGER_PLUGINS, and the "
              "installed ones.",
          .examples = {{"strategies ls", "names, versions and parameters"},
                       {"--plugins ./build strategies ls", "with your own"}},
          .prints_table = true,
          .action = strategies_ls};
}

}  // namespace runledger::cli
