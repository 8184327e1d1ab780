#include "run_plan.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/engine/settings.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/market/dataset.hpp>
#include <runledger/worker/run_settings.hpp>

#include "dataset_loading.hpp"
#include "event_building.hpp"
#include "execution.hpp"
#include "ledger_access.hpp"
#include "option_text.hpp"
#include "parameters.hpp"
#include "run_differences.hpp"

namespace runledger::app {
namespace {

// What plan_run and plan_replay share. `parent` is null in a first run.
class Planner {
 public:
  Planner(const Context& context, const ledger::Reader& reader, worker::Worker& worker,
          const RunOptions& options, const ParentRun* parent, bool plugin_installed)
      : context_(context),
        reader_(reader),
        worker_(worker),
        options_(options),
        parent_(parent),
        plugin_installed_(plugin_installed),
        blobs_(context.ledger) {}

  Result<RunPlan> plan();

 private:
  Status choose_plugin();
  Result<ChosenStrategy> recorded_plugin() const;
  Status choose_parameters();
  Status choose_settings();
  Status choose_costs(Settings& settings) const;
  Status choose_annotations();
  Status choose_limits();
  Result<ChosenDataset> choose_data() const;
  Result<ChosenDataset> parents_data() const;
  Result<DatasetChoice> data_choice() const;
  Result<Bars> choose_bars(const ChosenDataset& data);
  [[nodiscard]] std::string resampling_text(const ChosenDataset& data) const;
  Status choose_range(const ChosenDataset& data, const Bars& bars);
  [[nodiscard]] Status refuse_beyond_recorded(const ChosenDataset& data) const;
  Status set_range(const Bars& bars, TimeNs from, TimeNs to, const std::string& ticker);
  [[nodiscard]] const schema::InputT& parents_input() const {
    return *parent_->spec.inputs.front();
  }

  const Context& context_;
  const ledger::Reader& reader_;
  worker::Worker& worker_;
  const RunOptions& options_;
  const ParentRun* parent_;
  bool plugin_installed_;
  ledger::BlobStore blobs_;
  ChosenStrategy chosen_;
  schema::RunSpecT spec_;
  std::optional<TimeNs> left_out_;  // the label of a resampled bar that is not whole
};

std::unexpected<Error> wrong(std::string message) {
  return fail(ErrorCode::invalid_input, std::move(message));
}

// ---- Plugin and parameters ------------------------------------------------------------------

Result<ChosenStrategy> Planner::recorded_plugin() const {
  const auto digest = digest_of(parent_->spec.plugin.get());
  auto bytes = digest ? blobs_.get(*digest)
                      : Result<Bytes>(fail(ErrorCode::not_found, "no plugin is named"));
  if (!bytes)
    return fail(
        bytes.error().code == ErrorCode::not_found ? ErrorCode::damaged : bytes.error().code,
        fmt::format("the plugin of run {} is not in the ledger's blobs; replay it with "
                    "--plugin installed, or restore the ledger from a backup",
                    parent_->id.value));
  RL_TRY(PluginFile content,
         take_plugin(context_, parent_->spec.strategy + ".so", std::move(*bytes)));
  RL_TRY(DescribedPlugin plugin, describe(context_, std::move(content), worker_, false));
  return strategy_in(std::make_shared<const DescribedPlugin>(std::move(plugin)),
                     parent_->spec.strategy);
}

Status Planner::choose_plugin() {
  const bool same_strategy =
      parent_ != nullptr && (!options_.strategy || *options_.strategy == parent_->spec.strategy);
  if (same_strategy && !plugin_installed_) {
    RL_TRY(chosen_, recorded_plugin());
  } else if (!options_.strategy && parent_ == nullptr) {
    return wrong("no strategy is given; name one with --strategy (see `runledger strategies ls`)");
  } else {
    const std::string name = same_strategy ? parent_->spec.strategy : *options_.strategy;
    RL_TRY(chosen_, choose_strategy(context_, name, worker_));
  }
  const schema::StrategyDescriptionT& strategy = *chosen_.strategy;
  if (strategy.series_min > 1)
    return fail(ErrorCode::unsupported, fmt::format("{} trades {} tickers at once; a run has one",
                                                    strategy.name, strategy.series_min));
  spec_.strategy = strategy.name;
  spec_.strategy_id = strategy.id;
  spec_.strategy_version = strategy.version;
  spec_.strategy_title = strategy.title;
  spec_.plugin = stored(chosen_.plugin->content.digest);
  const schema::DescribeReplyT& description = chosen_.plugin->description;
  spec_.source = std::make_unique<schema::SourceT>();
  spec_.source->commit = description.commit;
  spec_.source->dirty = description.dirty;
  spec_.source->remote = description.remote;
  spec_.source->flags = description.flags;
  spec_.source->built_with = description.built_with;
  spec_.engine = description.engine;
  return {};
}

Status Planner::choose_parameters() {
  Parameters base;
  if (parent_ != nullptr && parent_->spec.strategy == spec_.strategy)
    for (const auto& parameter : parent_->spec.parameters) base.push_back(*parameter);
  RL_TRY(Parameters values, merge_parameters(*chosen_.strategy, base, options_.parameters));
  for (schema::ParameterT& value : values)
    spec_.parameters.push_back(std::make_unique<schema::ParameterT>(std::move(value)));
  return {};
}

// ---- Settings -------------------------------------------------------------------------------

Status Planner::choose_costs(Settings& settings) const {
  if (options_.commission) RL_TRY_VOID(set_commission(settings.costs, *options_.commission));
  if (options_.slippage) RL_TRY_VOID(set_slippage(settings.costs, *options_.slippage));
  struct Number {
    const std::optional<std::string>& text;
    std::string_view what;
    double& value;
  };
  for (const Number& number :
       {Number{options_.spread, "the spread", settings.costs.spread},
        Number{options_.leverage, "the leverage", settings.leverage},
        Number{options_.lot, "the lot size", settings.lot_size},
        Number{options_.tick, "the tick size", settings.tick_size},
        Number{options_.maintenance_margin, "the maintenance margin", settings.maintenance_margin},
        Number{options_.borrow_rate, "the borrow rate", settings.borrow_rate},
        Number{options_.cash_rate, "the interest on cash", settings.cash_rate},
        Number{options_.margin_rate, "the interest on cash owed", settings.margin_rate}}) {
    if (!number.text) continue;
    RL_TRY(number.value, parse_number(number.what, *number.text));
  }
  return {};
}

Status Planner::choose_settings() {
  Settings settings;
  if (parent_ != nullptr) settings = worker::engine_settings(*parent_->spec.settings);
  const bool sizes_orders = chosen_.strategy->sizes_orders;
  if (options_.size && sizes_orders)
    return wrong(
        fmt::format("{} sizes its own orders, so --size {} would have no effect; leave it "
                    "out",
                    spec_.strategy, *options_.size));
  if (options_.cash) {
    RL_TRY(settings.cash, parse_number("the cash", *options_.cash));
  }
  if (options_.size) {
    RL_TRY(settings.sizing, parse_sizing(*options_.size));
  }
  if (options_.account) {
    RL_TRY(settings.account, parse_account(*options_.account));
  }
  if (options_.positions) {
    RL_TRY(settings.one_position, parse_positions(*options_.positions));
  }
  if (options_.seed) {
    RL_TRY(settings.seed, parse_seed(*options_.seed));
  }
  RL_TRY_VOID(choose_costs(settings));
  RL_TRY_VOID(check_settings(settings));
  spec_.settings = std::make_unique<schema::RunSettingsT>(worker::stored_settings(settings));
  if (worker::serves_needed(*spec_.settings) > chosen_.plugin->description.serves)
    return fail(ErrorCode::invalid_input,
                "the worker program is older than the costs and margins that are asked for; "
                "install one as new as this program");
  const bool parent_sized_by_strategy = parent_ != nullptr && !parent_->spec.settings->sizing;
  if (sizes_orders || (parent_sized_by_strategy && !options_.size)) spec_.settings->sizing.reset();
  return {};
}

Status Planner::choose_annotations() {
  RL_TRY(const TagList tags, parse_tags(options_.tags));
  for (const auto& [key, value] : tags) {
    auto tag = std::make_unique<schema::TagT>();
    tag->key = key;
    tag->value = value;
    spec_.tags.push_back(std::move(tag));
  }
  if (options_.note) {
    RL_TRY_VOID(check_note(*options_.note));
    spec_.note = *options_.note;
  }
  if (options_.sweep) {
    RL_TRY_VOID(check_name("the sweep's id", *options_.sweep));
    spec_.sweep = *options_.sweep;
  }
  spec_.run_class = options_.sweep ? schema::RunClass::sweep_trial : schema::RunClass::single;
  return {};
}

Status Planner::choose_limits() {
  spec_.timeout_ms = parent_ != nullptr
                         ? parent_->spec.timeout_ms
                         : static_cast<std::uint32_t>(worker::kTimeoutDefault.count());
  spec_.memory_limit =
      parent_ != nullptr ? parent_->spec.memory_limit : worker::kMemoryLimitDefault;
  if (options_.timeout) {
    RL_TRY(const auto timeout, parse_timeout(*options_.timeout));
    spec_.timeout_ms = static_cast<std::uint32_t>(timeout.count());
  }
  if (options_.memory_limit) {
    RL_TRY(spec_.memory_limit, parse_memory(*options_.memory_limit));
  }
  return {};
}

// ---- Data -----------------------------------------------------------------------------------

Result<DatasetChoice> Planner::data_choice() const {
  DatasetChoice choice;
  if (options_.data && *options_.data != "latest") {
    const bool bare_digest = options_.data->find('@') == std::string::npos;
    if (bare_digest)
      choice.digest = *options_.data;
    else {
      RL_TRY(choice, parse_dataset_choice(*options_.data, std::nullopt));
    }
  }
  if (options_.interval) {
    RL_TRY(choice.interval, parse_interval_option(*options_.interval));
  }
  if (options_.ticker && !choice.ticker.empty() && choice.ticker != *options_.ticker)
    return wrong(fmt::format("--ticker is {} and --data names {}; give one of them",
                             *options_.ticker, choice.ticker));
  if (options_.ticker) choice.ticker = *options_.ticker;
  if (parent_ != nullptr && !options_.ticker && choice.ticker.empty() && !choice.digest)
    choice.ticker = parents_input().ticker;
  if (parent_ != nullptr && !choice.interval &&
      (!choice.digest || !parents_input().resampled_from.empty()))
    choice.interval = parents_input().interval;
  choice.may_resample = true;
  return choice;
}

Result<ChosenDataset> Planner::parents_data() const {
  return recorded_dataset(reader_, parents_input());
}

Result<ChosenDataset> Planner::choose_data() const {
  if (parent_ != nullptr) {
    std::string interval = parents_input().interval;
    if (options_.interval) {
      RL_TRY(interval, parse_interval_option(*options_.interval));
    }
    const bool same = options_.ticker.value_or(parents_input().ticker) == parents_input().ticker &&
                      interval == parents_input().interval;
    const bool recorded = options_.data == "recorded" || (!options_.data && same);
    if (recorded && !same)
      return wrong(fmt::format("--data recorded is {} {}, not {} {}; leave it out",
                               parents_input().ticker, parents_input().interval,
                               options_.ticker.value_or(parents_input().ticker), interval));
    if (recorded) return parents_data();
  } else if (!options_.ticker && !options_.data) {
    return wrong("no ticker is given; name one with --ticker (see `runledger data ls`)");
  } else if (options_.data == "latest" || options_.data == "recorded") {
    if (!options_.ticker)
      return wrong("no ticker is given; name one with --ticker (see `runledger data ls`)");
    if (options_.data == "recorded")
      return wrong("--data recorded is for a replay; expected T@DIGEST, or nothing for the newest");
  }
  RL_TRY(const DatasetChoice choice, data_choice());
  return choose_dataset(reader_, choice);
}

// A last bar of which a part is still to come is no bar yet.
Result<Bars> Planner::choose_bars(const ChosenDataset& data) {
  RL_TRY(WantedBars wanted, load_wanted_bars(blobs_, data));
  Bars& bars = wanted.bars;
  if (wanted.ends_complete) return std::move(bars);
  left_out_ = bars.label.back();
  bars.truncate(bars.size() - 1);
  if (bars.size() > 0) return std::move(bars);
  return wrong(fmt::format("the {} bars of {} fill no bar of {}; they cover {} to {}",
                           data.version.interval, data.version.ticker, data.interval,
                           format_time(*data.imported().start()),
                           format_time(*data.imported().end())));
}

// `1w bars of AAPL are made from its 1d bars`; empty when they are not.
std::string Planner::resampling_text(const ChosenDataset& data) const {
  if (!data.resampled()) return {};
  std::string text = fmt::format("{} bars of {} are made from its {} bars", data.interval,
                                 data.version.ticker, data.version.interval);
  if (left_out_ && (!spec_.to || *spec_.to >= *left_out_))
    text += fmt::format("; the one of {} is left out, for they end before it does",
                        format_time(*left_out_));
  return text;
}

// ---- Dates ----------------------------------------------------------------------------------

// A replay on recorded data cannot go where that data does not.
Status Planner::refuse_beyond_recorded(const ChosenDataset& data) const {
  const schema::DatasetImported& imported = data.imported();
  const auto beyond = [&](std::string_view option, const std::string& text) {
    return wrong(
        fmt::format("{} {} is beyond the recorded data of run {}, which covers {} to {}; "
                    "add --data latest to run on today's data",
                    option, text, parent_->id.value, format_time(*imported.start()),
                    format_time(*imported.end())));
  };
  if (options_.from) {
    RL_TRY(const TimeNs last_instant, parse_moment("--from", *options_.from, true));
    if (last_instant < *imported.start()) return beyond("--from", *options_.from);
  }
  if (options_.to) {
    RL_TRY(const TimeNs first_instant, parse_moment("--to", *options_.to, false));
    if (first_instant > *imported.end()) return beyond("--to", *options_.to);
  }
  return {};
}

Status Planner::set_range(const Bars& bars, TimeNs from, TimeNs to, const std::string& ticker) {
  const auto first = std::ranges::lower_bound(bars.label, from);
  const auto behind = std::ranges::upper_bound(bars.label, to);
  if (first < behind) {
    spec_.start = *first;
    spec_.end = *(behind - 1);
    return {};
  }
  return wrong(fmt::format("{} {} has no bar from {} to {}; it covers {} to {} with {} bars",
                           ticker, bars.interval.text(), options_.from.value_or("its start"),
                           options_.to.value_or("its end"), format_time(bars.label.front()),
                           format_time(bars.label.back()), bars.size()));
}

Status Planner::choose_range(const ChosenDataset& data, const Bars& bars) {
  if (parent_ != nullptr) {
    RL_TRY(const ChosenDataset parents, parents_data());
    if (parents.version.dataset == data.version.dataset && options_.data != "latest")
      RL_TRY_VOID(refuse_beyond_recorded(data));
    spec_.from = parent_->spec.from;
    spec_.to = parent_->spec.to;
  }
  if (options_.from) {
    RL_TRY(spec_.from, parse_moment("--from", *options_.from, false));
  }
  if (options_.to) {
    RL_TRY(spec_.to, parse_moment("--to", *options_.to, true));
  }
  const TimeNs from = spec_.from.value_or(std::numeric_limits<TimeNs>::min());
  const TimeNs to = spec_.to.value_or(std::numeric_limits<TimeNs>::max());
  if (from > to)
    return wrong(fmt::format("--from {} is after --to {}",
                             options_.from.value_or(format_time(from)),
                             options_.to.value_or(format_time(to))));
  return set_range(bars, from, to, data.version.ticker);
}

// ---- All of it ------------------------------------------------------------------------------

Result<RunPlan> Planner::plan() {
  RL_TRY_VOID(choose_annotations());
  RL_TRY_VOID(choose_limits());
  RL_TRY_VOID(choose_plugin());
  RL_TRY_VOID(choose_parameters());
  RL_TRY_VOID(choose_settings());
  RL_TRY(const ChosenDataset data, choose_data());
  RL_TRY(Bars bars, choose_bars(data));
  RL_TRY_VOID(choose_range(data, bars));
  auto input = std::make_unique<schema::InputT>();
  input->role = schema::InputRole::traded;
  input->ticker = data.version.ticker;
  input->interval = data.interval;
  if (data.resampled()) input->resampled_from = data.version.interval;
  input->dataset = stored(data.version.dataset);
  spec_.inputs.push_back(std::move(input));
  if (parent_ != nullptr) {
    spec_.parent = parent_->id.value;
    for (schema::OverrideT& change : differences(parent_->spec, spec_))
      spec_.overrides.push_back(std::make_unique<schema::OverrideT>(std::move(change)));
  }
  RL_TRY(worker::SharedBars shared, bars_of_run(std::move(bars), spec_));
  std::string resampling = resampling_text(data);
  std::vector<std::string> asked;
  for (const std::string& text : options_.parameters) asked.emplace_back(parameter_name(text));
  return RunPlan{.chosen = std::move(chosen_),
                 .spec = std::move(spec_),
                 .bars = std::move(shared),
                 .size_asked = options_.size,
                 .parameters_asked = std::move(asked),
                 .data_asked = options_.data.has_value(),
                 .resampling = std::move(resampling)};
}

}  // namespace

Result<RunPlan> plan_run(const Context& context, const ledger::Reader& reader,
                         worker::Worker& worker, const RunOptions& options) {
  return Planner(context, reader, worker, options, nullptr, false).plan();
}

Result<RunPlan> plan_replay(const Context& context, const ledger::Reader& reader,
                            worker::Worker& worker, const ParentRun& parent,
                            const ReplayOptions& options) {
  return Planner(context, reader, worker, options.overrides, &parent, options.plugin_installed)
      .plan();
}

std::string replay_sentence(const ParentRun& parent, const schema::RunSpecT& spec) {
  std::vector<std::string> changes;
  std::string plugin = "same plugin";
  std::string data = "same data";
  for (const auto& change : spec.overrides) {
    std::string text = override_text(*change);
    if (change->name == "plugin")
      plugin = std::move(text);
    else if (change->name == "data")
      data = std::move(text);
    else
      changes.push_back(std::move(text));
  }
  if (changes.empty())
    changes.emplace_back(spec.overrides.empty() ? "nothing changed" : "same options");
  return fmt::format("replay of {}: {}; {}, {}", parent.id.value, join(changes, ", "), plugin,
                     data);
}

}  // namespace runledger::app
