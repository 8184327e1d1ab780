#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <runledger/app/runs.hpp>
#include <runledger/base/text.hpp>
#include <runledger/metrics/metrics.hpp>

#include "ledger_access.hpp"
#include "option_text.hpp"
#include "run_reading.hpp"

namespace runledger::app {
namespace {

constexpr std::uint64_t kRunsForHint = 1'000;  // the newest, whose names are compared

bool is_failed(RunGroup group) {
  return group == RunGroup::failed || group == RunGroup::failed_trial;
}

// `crashed: SIGSEGV at bar 12`, `threw at bar 3: no such level`.
std::string short_text(const FailureDetail& failure) {
  std::string text = failure.reason == "reported" ? "failed" : failure.reason;
  std::ranges::replace(text, '_', ' ');
  if (failure.signal) text += ": " + *failure.signal;
  if (failure.exit_status) text += fmt::format(" with status {}", *failure.exit_status);
  if (failure.bar) text += fmt::format(" at bar {}", *failure.bar);
  // Behind the colon of a failure's sentence stands what the strategy or the system said of it.
  const std::size_t colon = failure.message.find(": ");
  if (failure.signal || colon == std::string::npos) return text;
  std::string said = failure.message.substr(colon);
  if (said.ends_with('.')) said.pop_back();
  return text + said;
}

// Which classes a query shows: CLI.md, "Which runs a list shows".
Result<std::vector<RunGroup>> groups_of(const RunQuery& query) {
  const bool known = !query.status || *query.status == "completed" || *query.status == "failed";
  if (!known)
    return fail(ErrorCode::invalid_input,
                fmt::format("the status is `{}`; expected completed or failed", *query.status));
  const bool failed = query.status == "failed";
  std::vector<RunGroup> groups;
  if (query.all) {
    groups = {RunGroup::listed, RunGroup::sweep_trial, RunGroup::failed, RunGroup::failed_trial};
  } else if (query.sweep) {
    groups = {RunGroup::sweep_trial, RunGroup::failed_trial};
  } else {
    groups = {RunGroup::listed, RunGroup::failed};
  }
  const bool both = query.all && !query.status;
  if (!both) std::erase_if(groups, [&](RunGroup group) { return is_failed(group) != failed; });
  return groups;
}

// The last event recorded at or before `time`: times ascend along the log.
Result<Seq> event_at(const ledger::Reader& reader, TimeNs time) {
  std::uint64_t first = 0;
  std::uint64_t behind = reader.head().size.value;
  while (first < behind) {
    const std::uint64_t middle = first + (behind - first) / 2;
    RL_TRY(const ledger::StoredEvent event, reader.event(Seq(middle)));
    if (event.recorded_at() <= time)
      first = middle + 1;
    else
      behind = middle;
  }
  if (first == 0)
    return fail(ErrorCode::not_found,
                "the ledger has no event as old as " + format_time(time) + "; it began later");
  return Seq(first - 1);
}

Result<std::optional<Seq>> moment_in_log(const ledger::Reader& reader, const RunQuery& query) {
  if (!query.as_of) return std::nullopt;
  if (const auto number = parse_uint(*query.as_of)) {
    const std::uint64_t size = reader.head().size.value;
    if (*number >= size)
      return fail(ErrorCode::not_found,
                  fmt::format("--as-of {} is beyond the ledger's last event {}", *number,
                              size == 0 ? 0 : size - 1));
    return Seq(*number);
  }
  RL_TRY(const TimeNs time, parse_moment("--as-of", *query.as_of, true));
  return event_at(reader, time);
}

Result<ledger::RunFilter> filter_of(const ledger::Reader& reader, const RunQuery& query) {
  ledger::RunFilter filter;
  RL_TRY(filter.groups, groups_of(query));
  filter.ticker = query.ticker;
  filter.strategy = query.strategy;
  filter.sweep = query.sweep;
  if (query.since) {
    RL_TRY(filter.since, parse_moment("--since", *query.since, false));
  }
  if (query.until) {
    RL_TRY(filter.until, parse_moment("--until", *query.until, true));
  }
  if (filter.since && filter.until && *filter.since > *filter.until)
    return fail(ErrorCode::invalid_input,
                fmt::format("--since {} is after --until {}", *query.since, *query.until));
  filter.retracted = query.retracted;
  RL_TRY(filter.as_of, moment_in_log(reader, query));
  return filter;
}

ledger::RunFilter every_group() {
  ledger::RunFilter filter;
  filter.groups = {RunGroup::listed, RunGroup::sweep_trial, RunGroup::failed,
                   RunGroup::failed_trial};
  return filter;
}

// Whether no run has this name, shown or hidden. What cannot be read costs the hint alone.
bool is_of_no_run(const ledger::Reader& reader,
                  std::optional<std::string> ledger::RunFilter::* name, const std::string& value) {
  ledger::RunFilter filter = every_group();
  filter.*name = value;
  for (const bool hidden : {false, true}) {
    filter.retracted = hidden;
    const auto count = reader.count(filter);
    if (!count || *count != 0) return false;
  }
  return true;
}

void hint_at_name(const Context& context, std::string_view relation, const std::string& name,
                  std::vector<std::string> known) {
  std::ranges::sort(known);
  const auto near = nearest(name, known);
  context.notice(fmt::format("no run is {} {}{}", relation, name,
                             near ? fmt::format("; did you mean {}?", *near) : std::string()));
}

// Says which name was perhaps meant, when the query names one that no run has.
void hint_at_names(const Context& context, const ledger::Reader& reader, const RunQuery& query) {
  using Filter = ledger::RunFilter;
  const bool no_ticker = query.ticker && is_of_no_run(reader, &Filter::ticker, *query.ticker);
  const bool no_strategy =
      query.strategy && is_of_no_run(reader, &Filter::strategy, *query.strategy);
  if (!no_ticker && !no_strategy) return;
  const auto runs = reader.list(every_group(), {kRunsForHint, 0, std::nullopt});
  if (!runs) return;
  std::vector<std::string> tickers;
  std::vector<std::string> strategies;
  for (const ledger::RunRow& run : runs->runs) {
    tickers.push_back(run.ticker);
    strategies.push_back(run.strategy);
  }
  if (no_ticker) hint_at_name(context, "on", *query.ticker, std::move(tickers));
  if (no_strategy) hint_at_name(context, "of", *query.strategy, std::move(strategies));
}

}  // namespace

Result<RunPage> list_runs(const Context& context, const RunQuery& query) {
  if (query.limit == 0 || query.limit > kRunsAtOnceMax)
    return fail(ErrorCode::invalid_input,
                fmt::format("the limit is {}; expected 1 to {}", query.limit, kRunsAtOnceMax));
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const ledger::RunFilter filter, filter_of(reader, query));
  RL_TRY(ledger::RunPage found, reader.list(filter, {query.limit, query.offset, query.cursor}));
  if (found.runs.empty()) hint_at_names(context, reader, query);
  RunPage page{.runs = {}, .next_cursor = std::move(found.next_cursor)};
  page.runs.reserve(found.runs.size());
  for (ledger::RunRow& run : found.runs) page.runs.push_back({std::move(run)});
  return page;
}

Status read_failures(const Context& context, std::vector<RunRow>& runs) {
  const auto failed = [](const RunRow& run) { return is_failed(run.group); };
  if (std::ranges::none_of(runs, failed)) return {};
  RL_TRY(const ledger::Reader reader, open_reader(context));
  for (RunRow& run : runs) {
    if (!failed(run)) continue;
    RL_TRY(const RunRecord record, read_record(reader, run.id));
    if (record.failed() != nullptr) run.failure = short_text(failure_of(*record.failed()));
  }
  return {};
}

std::vector<FigureName> figure_names() {
  std::vector<FigureName> names;
  for (const MetricInfo& info : metric_table())
    names.push_back({std::string(info.name), std::string(info.label), std::string(info.unit)});
  return names;
}

Status read_figures(const Context& context, std::vector<RunRow>& runs) {
  RL_TRY(const ledger::Reader reader, open_reader(context));
  for (RunRow& run : runs) {
    run.figures.assign(metric_table().size(), std::numeric_limits<double>::quiet_NaN());
    if (is_failed(run.group)) continue;
    RL_TRY(const RunRecord record, read_record(reader, run.id));
    if (record.completed() == nullptr || record.completed()->metrics() == nullptr) continue;
    for (const schema::MetricValue* figure : *record.completed()->metrics()) {
      const auto at =
          std::ranges::find(metric_table(), static_cast<Metric>(figure->key()), &MetricInfo::key);
      if (at == metric_table().end()) continue;
      run.figures[static_cast<std::size_t>(at - metric_table().begin())] = figure->value();
    }
  }
  return {};
}

Result<std::uint64_t> count_runs(const Context& context, const RunQuery& query) {
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const ledger::RunFilter filter, filter_of(reader, query));
  RL_TRY(const std::uint64_t count, reader.count(filter));
  if (count == 0) hint_at_names(context, reader, query);
  return count;
}

}  // namespace runledger::app
