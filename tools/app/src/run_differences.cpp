#include "run_differences.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/worker/run_settings.hpp>

#include "event_building.hpp"
#include "option_text.hpp"
#include "parameters.hpp"

namespace runledger::app {
namespace {

struct Field {
  std::string name, text;
};

std::vector<Field> parameters_of(const schema::RunSpecT& spec) {
  std::vector<Field> fields;
  for (const auto& parameter : spec.parameters)
    fields.push_back({parameter->name, value_text(*parameter->value, parameter->choice)});
  return fields;
}

std::string moment(const flatbuffers::Optional<std::int64_t>& time) {
  return time ? format_time(*time) : std::string();
}

// Everything else that decides a result, under the names of the options.
std::vector<Field> options_of(const schema::RunSpecT& spec) {
  const schema::InputT& input = *spec.inputs.front();
  const Settings settings = worker::engine_settings(*spec.settings);
  const bool sized_by_run = spec.settings->sizing != nullptr;
  const auto plugin = digest_of(spec.plugin.get());
  const auto dataset = digest_of(input.dataset.get());
  return {{"strategy", spec.strategy},
          {"ticker", input.ticker},
          {"interval", input.interval},
          {"from", moment(spec.start)},
          {"to", moment(spec.end)},
          {"cash", format_double(settings.cash)},
          {"size", sized_by_run ? sizing_text(settings.sizing) : std::string()},
          {"commission", commission_text(settings.costs)},
          {"slippage", slippage_text(settings.costs)},
          {"spread", format_double(settings.costs.spread)},
          {"account", std::string(account_text(settings.account))},
          {"positions", std::string(positions_text(settings.one_position))},
          {"leverage", format_double(settings.leverage)},
          {"lot", format_double(settings.lot_size)},
          {"tick", format_double(settings.tick_size)},
          {"maintenance-margin", format_double(settings.maintenance_margin)},
          {"borrow-rate", format_double(settings.borrow_rate)},
          {"cash-rate", format_double(settings.cash_rate)},
          {"margin-rate", format_double(settings.margin_rate)},
          {"seed", std::to_string(settings.seed)},
          {"plugin", plugin ? plugin->hex() : std::string()},
          {"data", dataset ? dataset->hex() : std::string()}};
}

// What was asked for besides that.
std::vector<Field> request_of(const schema::RunSpecT& spec) {
  std::vector<std::string> tags;
  for (const auto& tag : spec.tags) tags.push_back(tag->key + "=" + tag->value);
  return {{"replay of", spec.parent ? std::to_string(*spec.parent) : std::string()},
          {"from", moment(spec.from)},
          {"to", moment(spec.to)},
          {"tags", join(tags, " ")},
          {"note", spec.note},
          {"sweep", spec.sweep},
          {"timeout", std::to_string(spec.timeout_ms) + " ms"},
          {"memory-limit", std::to_string(spec.memory_limit)}};
}

std::string text_of_field(const std::vector<Field>& fields, const std::string& name) {
  const auto found = std::ranges::find(fields, name, &Field::name);
  return found == fields.end() ? std::string() : found->text;
}

void add_differences(const std::vector<Field>& before, const std::vector<Field>& after,
                     std::vector<schema::OverrideT>& found) {
  const auto add = [&](const std::string& name) {
    schema::OverrideT change;
    change.name = name;
    change.from = text_of_field(before, name);
    change.to = text_of_field(after, name);
    if (change.from != change.to) found.push_back(std::move(change));
  };
  for (const Field& field : after) add(field.name);
  for (const Field& field : before)
    if (std::ranges::find(after, field.name, &Field::name) == after.end()) add(field.name);
}

// What the parameters are of comes before them.
void put_strategy_first(std::vector<schema::OverrideT>& found) {
  std::ranges::stable_partition(
      found, [](const schema::OverrideT& change) { return change.name == "strategy"; });
}

}  // namespace

std::vector<schema::OverrideT> differences(const schema::RunSpecT& parent,
                                           const schema::RunSpecT& spec) {
  std::vector<schema::OverrideT> found;
  add_differences(parameters_of(parent), parameters_of(spec), found);
  add_differences(options_of(parent), options_of(spec), found);
  put_strategy_first(found);
  return found;
}

std::vector<schema::OverrideT> request_differences(const schema::RunSpecT& recorded,
                                                   const schema::RunSpecT& planned,
                                                   const std::vector<std::string>& asked) {
  std::vector<schema::OverrideT> parameters, found;
  add_differences(parameters_of(recorded), parameters_of(planned), parameters);
  add_differences(options_of(recorded), options_of(planned), found);
  const bool same_plugin = digest_of(recorded.plugin.get()) == digest_of(planned.plugin.get());
  std::erase_if(parameters, [&](const schema::OverrideT& change) {
    return !same_plugin && std::ranges::find(asked, change.name) == asked.end();
  });
  // A run records the size that its orders took: none, or the usual one that nobody asked for.
  const std::string usual_size = sizing_text(Settings{}.sizing);
  std::erase_if(found, [&](const schema::OverrideT& change) {
    const bool settled_size =
        change.name == "size" &&
        (change.from.empty() || (change.to.empty() && change.from == usual_size));
    return change.name == "plugin" || change.name == "from" || change.name == "to" || settled_size;
  });
  std::ranges::move(parameters, std::inserter(found, found.begin()));
  add_differences(request_of(recorded), request_of(planned), found);
  put_strategy_first(found);
  return found;
}

std::string override_text(std::string_view name, std::string_view from, std::string_view to) {
  constexpr std::size_t kDigitsShown = 12;
  const bool digests = name == "plugin" || name == "data";
  const auto shown = [&](std::string_view value) {
    return value.empty() ? "none" : digests ? value.substr(0, kDigitsShown) : value;
  };
  return fmt::format("{} {} -> {}", name, shown(from), shown(to));
}

std::string override_text(const schema::OverrideT& change) {
  return override_text(change.name, change.from, change.to);
}

}  // namespace runledger::app
