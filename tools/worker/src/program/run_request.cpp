#include "run_request.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include <runledger/base/time.hpp>
#include <runledger/engine/run.hpp>
#include <runledger/metrics/metrics.hpp>
#include <runledger/strategy_abi.h>
#include <runledger/worker/run_settings.hpp>

#include "channel.hpp"
#include "confine.hpp"
#include "future.hpp"
#include "loaded_files.hpp"
#include "parameters.hpp"

namespace runledger::worker {
namespace {

using schema::FailureReason;

constexpr std::size_t kPublishedNamesMax = 64;
// A worker that has grown by more than this over its runs is not worth keeping.
constexpr std::uint64_t kGrowthMax = 1u << 30;

using Published = std::map<std::string, std::vector<double>, std::less<>>;

schema::RunReplyT failed(FailureReason reason, std::string message) {
  schema::RunReplyT reply;
  reply.failure = reason;
  reply.message = std::move(message);
  return reply;
}

FailureReason reason_of(RunFault::Kind kind) {
  switch (kind) {
    case RunFault::Kind::threw:
      return FailureReason::threw;
    case RunFault::Kind::refused_to_start:
      return FailureReason::refused_to_start;
    case RunFault::Kind::broke_contract:
      return FailureReason::broke_contract;
    case RunFault::Kind::out_of_memory:
      return FailureReason::out_of_memory;
    case RunFault::Kind::reported:
      return FailureReason::reported;
  }
  return FailureReason::reported;
}

std::unique_ptr<schema::Digest> stored_digest(const Digest& digest) {
  auto stored = std::make_unique<schema::Digest>();
  std::memcpy(stored->mutable_bytes()->Data(), digest.bytes.data(), digest.bytes.size());
  return stored;
}

// What a run is made of besides its parameters, found and checked.
struct Prepared {
  const rl_strategy* strategy = nullptr;
  BarColumns bars;
  Interval interval;
  Settings settings;
};

std::expected<Prepared, schema::RunReplyT> prepare(const schema::RunRequest& request,
                                                   const Fd& bars, RunContext& context) {
  const auto malformed = [](std::string what) {
    return std::unexpected(failed(FailureReason::protocol, "the request is wrong: " + what));
  };
  if (request.plugin_path() == nullptr || request.strategy() == nullptr ||
      request.settings() == nullptr || request.interval() == nullptr) {
    return malformed("a part is missing");
  }
  Prepared prepared;
  auto shown = context.bars.show(bars, request.count(), request.capacity());
  if (!shown) return malformed(shown.error());
  prepared.bars = *shown;
  const auto interval = parse_interval(request.interval()->string_view());
  if (!interval) return malformed("the interval is none");
  prepared.interval = *interval;
  prepared.settings = engine_settings(*request.settings());
  if (auto status = check_settings(prepared.settings); !status) {
    return malformed(status.error().message);
  }
  const LoadedPlugin* loaded = context.plugin.load(request.plugin_path()->str());
  if (loaded == nullptr) return malformed("the worker holds another plugin");
  const std::string name = request.strategy()->str();
  if (const auto refusals =
          loaded->plugin == nullptr ? loaded->refusals : loaded->reasons_against(name);
      !refusals.empty()) {
    auto reply = failed(FailureReason::not_loadable, fmt::format("{}", fmt::join(refusals, "; ")));
    reply.call = schema::PluginCall::load;
    return std::unexpected(std::move(reply));
  }
  prepared.strategy = find_strategy(*loaded->plugin, name);
  if (prepared.strategy == nullptr) return malformed("the plugin has no strategy " + name);
  return prepared;
}

using Values = std::vector<rl_value>;

std::expected<Values, schema::RunReplyT> bind(const Prepared& prepared,
                                              const SentParameters* parameters) {
  auto values = bind_parameters(*prepared.strategy, parameters);
  if (values) return std::move(*values);
  auto reply = failed(FailureReason::refused_to_start, values.error());
  reply.call = schema::PluginCall::create;
  return std::unexpected(std::move(reply));
}

void write_line(int fd, const BarColumns& bars, const LogRecord& line) {
  constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warn", "error"};
  std::string text =
      fmt::format("bar {} ({}) {}: {}\n", line.bar,
                  line.bar < bars.size() ? format_time(bars.label[line.bar]) : "",
                  kLevels[std::min<std::size_t>(line.level, kLevels.size() - 1)], line.text);
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t written = ::write(fd, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

RunInputs make_inputs(const Prepared& prepared, const Values& values, RunContext& context) {
  RunInputs inputs;
  inputs.strategy = prepared.strategy;
  inputs.values = values;
  inputs.bars = prepared.bars;
  inputs.interval = prepared.interval;
  inputs.settings = prepared.settings;
  inputs.progress = &context.status.progress;
  return inputs;
}

// With what the run says while it is under way.
RunInputs make_telling_inputs(const schema::RunRequest& request, const Prepared& prepared,
                              const Values& values, Published& published, RunContext& context) {
  RunInputs inputs = make_inputs(prepared, values, context);
  inputs.log = [fd = context.log_fd, bars = prepared.bars](const LogRecord& line) {
    write_line(fd, bars, line);
  };
  if (request.publish()) {
    inputs.publish = [&published, bars = prepared.bars.size()](std::uint64_t bar, const char* name,
                                                               double value) {
      auto found = published.find(std::string_view(name));
      if (found == published.end()) {
        if (published.size() >= kPublishedNamesMax) return;
        found =
            published
                .emplace(name, std::vector<double>(bars, std::numeric_limits<double>::quiet_NaN()))
                .first;
      }
      if (bar < found->second.size()) found->second[bar] = value;
    };
  }
  return inputs;
}

void name_strategy(WorkerStatus& status, const rl_strategy& strategy) {
  // A title of one word is the name of a class, which is what a person looks for in the frames.
  std::string_view title = strategy.title;
  if (title.find(' ') != std::string_view::npos) title = strategy.name;
  const std::size_t size = std::min(title.size(), status.strategy.size() - 1);
  std::memcpy(status.strategy.data(), title.data(), size);
  status.strategy[size] = '\0';
}

void tell_log(const RunResult& result, schema::RunReplyT& reply) {
  for (const LogRecord& line : result.log) {
    auto told = std::make_unique<schema::LogLineT>();
    told->bar = line.bar;
    told->level = line.level;
    told->text = line.text;
    reply.log.push_back(std::move(told));
  }
}

schema::OrderSizes sizes_of(const RunResult& result) {
  auto sizes = schema::OrderSizes::none;
  for (const OrderRecord& order : result.orders) {
    if (order.size_mode > RL_SIZE_TARGET_EQUITY_PCT) continue;  // refused: it has no size
    if (order.size_mode == RL_SIZE_RUN) return schema::OrderSizes::run;
    if (order.size_mode != RL_SIZE_CLOSE) sizes = schema::OrderSizes::strategy;
  }
  return sizes;
}

std::size_t bytes_of_values(const Published& published) {
  std::size_t bytes = 0;
  for (const auto& [name, values] : published) bytes += values.size() * sizeof(double);
  return bytes;
}

// What is known of every completed run.
schema::RunReplyT tell_figures(const Prepared& prepared, const RunResult& result) {
  schema::RunReplyT reply;
  for (const MetricFigure& figure :
       compute_metrics({result, prepared.bars, prepared.interval, prepared.settings.account})) {
    reply.metrics.emplace_back(figure.value, static_cast<schema::MetricKey>(figure.key),
                               static_cast<schema::MetricUndefined>(figure.undefined));
  }
  reply.metrics_version = kMetricsVersion;
  reply.rules_version = kRulesVersion;
  reply.decision_digest = stored_digest(decision_digest(result));
  reply.orders = result.orders.size();
  reply.order_sizes = sizes_of(result);
  reply.fills = result.fills.size();
  reply.refusals = result.refusals.size();
  if (!result.refusals.empty()) reply.first_refusal = result.refusals.front().reason;
  reply.bankrupt = result.bankrupt;
  reply.ambiguities = result.ambiguities;
  reply.margin_calls = margin_calls(result);
  if (result.borrow_fees != 0) reply.borrow_fees = result.borrow_fees;
  if (result.interest != 0) reply.interest = result.interest;
  reply.log_lines = result.log_lines;
  return reply;
}

schema::RunReplyT tell_result(const schema::RunRequest& request, const Prepared& prepared,
                              const RunResult& result, Published& published) {
  schema::RunReplyT reply = tell_figures(prepared, result);
  if (request.want_result()) reply.result = encode_result(result);
  const std::size_t bytes = reply.result.size() + bytes_of_values(published);
  if (bytes > kResultBytesMax) {
    return failed(FailureReason::out_of_memory,
                  fmt::format("its result takes {} bytes, more than the {} that are kept", bytes,
                              kResultBytesMax));
  }
  if (request.want_result()) {
    reply.result_digest = stored_digest(sha256(reply.result));
  } else {
    reply.result_digest = stored_digest(result_digest(result));
  }
  if (request.want_log()) tell_log(result, reply);
  for (auto& [name, values] : published) {
    auto series = std::make_unique<schema::PublishedSeriesT>();
    series->name = name;
    series->values = std::move(values);
    reply.published.push_back(std::move(series));
  }
  return reply;
}

schema::RunReplyT tell_fault(const RunFault& fault) {
  auto reply = failed(reason_of(fault.kind), fault.message);
  reply.call = static_cast<schema::PluginCall>(fault.call);
  reply.bar = fault.bar;
  return reply;
}

std::int64_t ns_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count();
}

// For the length of its life the process may take so much memory more than it has now.
class MemoryLimit {
 public:
  MemoryLimit(WorkerStatus& status, std::uint64_t bytes) : status_(status) {
    status_.end.memory_limit = limit_memory(bytes);
  }
  ~MemoryLimit() {
    status_.end.memory_limit = limit_memory(0);
    status_.progress.call = static_cast<std::uint32_t>(PluginCall::none);
  }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  WorkerStatus& status_;
};

std::expected<RunResult, RunFault> run(const schema::RunRequest& request, const Prepared& prepared,
                                       RunInputs inputs, RunContext& context) {
  std::optional<ChosenFuture> future;
  if (request.future() != schema::FutureShown::as_is) {
    future.emplace(*prepared.strategy, prepared.bars, request.future());
    inputs.strategy = &future->strategy();
  }
  const MemoryLimit limit(context.status, request.memory_limit());
  return run_strategy(inputs);
}

// One of many: without logs, results and published values.
schema::RunReplyT run_trial(const Prepared& prepared, const SentParameters* parameters,
                            RunContext& context) {
  const auto values = bind(prepared, parameters);
  if (!values) return values.error();
  const auto started = std::chrono::steady_clock::now();
  const auto outcome = run_strategy(make_inputs(prepared, *values, context));
  const std::int64_t wall_ns = ns_since(started);
  schema::RunReplyT reply;
  if (outcome) {
    reply = tell_figures(prepared, *outcome);
    reply.result_digest = stored_digest(result_digest(*outcome));
  } else {
    reply = tell_fault(outcome.error());
  }
  reply.wall_ns = wall_ns;
  return reply;
}

constexpr const char* kKeptMemory = "the strategy kept more than a gigabyte of memory";

}  // namespace

schema::RunReplyT execute(const schema::RunRequest& request, Fd bars, RunContext& context) {
  const auto prepared = prepare(request, bars, context);
  bars.reset();
  if (!prepared) return prepared.error();
  const auto values = bind(*prepared, request.parameters());
  if (!values) return values.error();
  name_strategy(context.status, *prepared->strategy);
  const std::uint64_t memory_before = memory_in_use();
  Published published;
  const auto started = std::chrono::steady_clock::now();
  const auto outcome =
      run(request, *prepared, make_telling_inputs(request, *prepared, *values, published, context),
          context);
  const std::int64_t wall_ns = ns_since(started);
  const auto change = context.at_start.change_until_now();
  const bool counts = !change || change->failure == FailureReason::none;
  schema::RunReplyT reply;
  if (!outcome) {
    reply = tell_fault(outcome.error());
  } else if (counts) {
    reply = tell_result(request, *prepared, *outcome, published);
  } else {
    reply = failed(change->failure, change->what);
  }
  if (change) {
    reply.retire = change->what;
  } else if (memory_in_use() > memory_before + kGrowthMax) {
    reply.retire = kKeptMemory;
  }
  reply.loaded = loaded_files(context.plugin.path());
  reply.wall_ns = wall_ns;
  return reply;
}

schema::RunBatchReplyT execute(const schema::RunBatchRequest& request, Fd bars,
                               RunContext& context) {
  schema::RunBatchReplyT reply;
  if (request.run() == nullptr || request.trials() == nullptr) {
    reply.redo = "a part of the request is missing";
    return reply;
  }
  const auto prepared = prepare(*request.run(), bars, context);
  bars.reset();
  if (!prepared) {
    reply.redo = prepared.error().message;
    return reply;
  }
  name_strategy(context.status, *prepared->strategy);
  const std::uint64_t memory_before = memory_in_use();
  {
    const MemoryLimit limit(context.status, request.run()->memory_limit());
    for (const schema::Trial* trial : *request.trials()) {
      reply.runs.push_back(
          std::make_unique<schema::RunReplyT>(run_trial(*prepared, trial->parameters(), context)));
      if (!context.at_start.computes_alike()) break;
    }
  }
  if (const auto change = context.at_start.change_until_now()) {
    reply.redo = change->what;
  } else if (memory_in_use() > memory_before + kGrowthMax) {
    reply.redo = kKeptMemory;
  }
  reply.loaded = loaded_files(context.plugin.path());
  return reply;
}

}  // namespace runledger::worker
