#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/worker/worker.hpp>

#include "bars_layout.hpp"
#include "channel.hpp"
#include "check.hpp"
#include "completion.hpp"
#include "failure.hpp"
#include "process.hpp"

namespace runledger::worker {
namespace {

using flatbuffers::FlatBufferBuilder;

std::uint64_t make_nonce() {
  std::uint64_t nonce = 0;
  while (nonce == 0) {
    std::array<std::uint8_t, sizeof nonce> bytes{};
    fill_random(bytes);
    std::memcpy(&nonce, bytes.data(), bytes.size());
  }
  return nonce;
}

Status check_path(const std::filesystem::path& plugin) {
  if (plugin.is_absolute()) return {};
  return fail(ErrorCode::invalid_input,
              fmt::format("The plugin's path {} is not absolute.", plugin.string()));
}

// What a plugin is called in sentences and frames.
std::string name_of(const std::filesystem::path& plugin, std::string_view name) {
  return name.empty() || !is_printable_utf8(name) ? plugin.filename().string() : std::string(name);
}

void build_request(FlatBufferBuilder& builder, std::uint64_t nonce, schema::WorkerCallUnion call) {
  schema::WorkerRequestT request;
  request.nonce = nonce;
  request.call = std::move(call);
  builder.Finish(schema::WorkerRequest::Pack(builder, &request), kRequestIdentifier);
}

void set_parameters(std::vector<std::unique_ptr<schema::ParameterT>>& sent,
                    const TrialParameters& parameters) {
  for (const schema::ParameterT& parameter : parameters)
    sent.push_back(std::make_unique<schema::ParameterT>(parameter));
}

schema::RunRequestT run_request(const RunCall& call, schema::FutureShown future) {
  schema::RunRequestT request;
  request.plugin_path = call.plugin.string();
  request.strategy = call.strategy;
  request.settings = std::make_unique<schema::RunSettingsT>(call.settings);
  request.interval = call.bars->interval().text();
  const BarsLayout layout{call.bars->size()};
  request.count = layout.count;
  request.capacity = layout.capacity();
  request.want_result = call.want_result;
  request.want_log = call.want_log;
  request.memory_limit = call.memory_limit;
  request.publish = call.want_published;
  request.future = future;
  return request;
}

schema::WorkerCallUnion single_call(const RunCall& call, schema::FutureShown future) {
  schema::RunRequestT request = run_request(call, future);
  set_parameters(request.parameters, call.parameters);
  schema::WorkerCallUnion united;
  united.Set(std::move(request));
  return united;
}

schema::WorkerCallUnion batch_call(const RunCall& call, std::span<const TrialParameters> trials) {
  schema::RunBatchRequestT request;
  request.run =
      std::make_unique<schema::RunRequestT>(run_request(call, schema::FutureShown::as_is));
  for (const TrialParameters& parameters : trials) {
    auto trial = std::make_unique<schema::TrialT>();
    set_parameters(trial->parameters, parameters);
    request.trials.push_back(std::move(trial));
  }
  schema::WorkerCallUnion united;
  united.Set(std::move(request));
  return united;
}

// How many trials like the first go into one request.
std::size_t trials_in_request(std::span<const TrialParameters> trials) {
  constexpr std::size_t kBytesBesides = 128;  // of a parameter: its tables and padding
  std::size_t bytes = kBytesBesides;
  for (const schema::ParameterT& parameter : trials.front())
    bytes += parameter.name.size() + parameter.choice.size() + kBytesBesides;
  return std::clamp<std::size_t>(kRequestBytesMax / 2 / bytes, 1, trials.size());
}

// Keeps Ctrl-C for the debugger in the foreground.
class InterruptsIgnored {
 public:
  InterruptsIgnored() {
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGINT, &ignore, &interrupt_);
    ::sigaction(SIGQUIT, &ignore, &quit_);
  }
  ~InterruptsIgnored() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGQUIT, &quit_, nullptr);
  }
  InterruptsIgnored(const InterruptsIgnored&) = delete;
  InterruptsIgnored& operator=(const InterruptsIgnored&) = delete;

 private:
  struct sigaction interrupt_{};
  struct sigaction quit_{};
};

}  // namespace

class Worker::Impl {
 public:
  explicit Impl(WorkerOptions options) : options_(std::move(options)) {}

  Result<DescribeOutcome> describe(const std::filesystem::path& plugin, std::string_view name) {
    RL_TRY_VOID(check_path(plugin));
    RL_TRY_VOID(ready(plugin));
    schema::DescribeRequestT request;
    request.plugin_path = plugin.string();
    schema::WorkerCallUnion call;
    call.Set(std::move(request));
    const CallContext context{.program = options_.program,
                              .plugin = plugin,
                              .plugin_name = name_of(plugin, name),
                              .strategy = "",
                              .bars = nullptr,
                              .timeout = options_.describe_timeout,
                              .memory_limit = 0};
    const Exchange exchange{.timeout = options_.under.empty() ? options_.describe_timeout
                                                              : std::chrono::milliseconds(0),
                            .cancelled = options_.describe_cancelled};
    RL_TRY(auto reply, ask(std::move(call), exchange, context));
    if (!reply) return DescribeOutcome(std::unexpected(std::move(reply).error()));
    if (auto* told = (*reply)->answer.AsDescribeReply(); told != nullptr) {
      return DescribeOutcome(std::move(*told));
    }
    return DescribeOutcome(std::unexpected(wrong_answer()));
  }

  Result<RunOutcome> run(const RunCall& call, schema::FutureShown future) {
    RL_TRY_VOID(check_path(call.plugin));
    if (call.bars == nullptr) return fail(ErrorCode::invalid_input, "A run needs bars.");
    RL_TRY_VOID(ready(call.plugin));
    const CallContext context = context_of(call);
    RL_TRY(auto reply, ask(single_call(call, future), exchange_of(call), context));
    if (!reply) return RunOutcome(std::unexpected(std::move(reply).error()));
    schema::RunReplyT* told = (*reply)->answer.AsRunReply();
    if (told == nullptr) return RunOutcome(std::unexpected(wrong_answer()));
    const bool completed = told->failure == schema::FailureReason::none;
    const std::string_view lacks = completed ? lacking(*told, call.want_result) : "";
    if (completed && lacks.empty()) {
      if (!told->retire.empty()) process_->stop();
      return RunOutcome(std::move(*told));
    }
    RunFailure failure = completed ? tell_incomplete_run(*told, lacks)
                                   : tell_failed_run(*told, context, process_->strategy_title());
    failure.output = process_->output();
    failure.output_dropped = process_->output_dropped();
    if (failure.reason == schema::FailureReason::protocol || !told->retire.empty()) {
      process_->stop();
    }
    return RunOutcome(std::unexpected(std::move(failure)));
  }

  Result<BatchOutcome> run_batch(const RunCall& call, std::span<const TrialParameters> trials) {
    RL_TRY_VOID(check_path(call.plugin));
    if (call.bars == nullptr) return fail(ErrorCode::invalid_input, "A run needs bars.");
    BatchOutcome outcome;
    while (!trials.empty()) {
      const std::size_t count = trials_in_request(trials);
      RL_TRY_VOID(run_some(call, trials.first(count), outcome));
      trials = trials.subspan(count);
    }
    return outcome;
  }

  // The next call finds a process of its own, started from the program.
  void renew() { process_.reset(); }
  // The next call finds a process that has run nothing.
  void refresh() {
    if (process_) process_->stop();
  }

  std::filesystem::path plugin_;

 private:
  // Makes sure of a worker that holds no other plugin.
  Status ready(const std::filesystem::path& plugin) {
    if (!options_.under.empty()) {
      RL_TRY(process_, Process::debug(options_));
      plugin_ = plugin;
      return {};
    }
    if (process_ && process_->started() && plugin_ == plugin) return {};
    plugin_ = plugin;
    if (process_ && !process_->lost() && process_->start()) return {};
    RL_TRY(process_, Process::keep(options_));
    return process_->start();
  }

  [[nodiscard]] CallContext context_of(const RunCall& call) const {
    return {.program = options_.program,
            .plugin = call.plugin,
            .plugin_name = name_of(call.plugin, call.plugin_name),
            .strategy = call.strategy,
            .bars = call.bars,
            .timeout = call.timeout,
            .memory_limit = call.memory_limit};
  }

  static Exchange exchange_of(const RunCall& call) {
    return {.bars_fd = call.bars->fd(),
            .timeout = call.timeout,
            .progress = call.progress ? &call.progress : nullptr,
            .cancelled = call.cancelled};
  }

  // Trials that fit into one request, each of which goes well or is run again by itself.
  Status run_some(const RunCall& call, std::span<const TrialParameters> trials,
                  BatchOutcome& outcome) {
    RL_TRY_VOID(ready(call.plugin));
    const CallContext context = context_of(call);
    RL_TRY(auto reply, ask(batch_call(call, trials), exchange_of(call), context));
    const std::string title = process_->strategy_title();
    schema::RunBatchReplyT* told = reply ? (*reply)->answer.AsRunBatchReply() : nullptr;
    const bool counts = told != nullptr && told->redo.empty() && told->runs.size() == trials.size();
    if (!counts) process_->stop();
    for (std::size_t i = 0; i < trials.size(); ++i) {
      if (counts && went_well(*told->runs[i])) {
        outcome.runs.emplace_back(std::move(*told->runs[i]));
        continue;
      }
      if (counts && told->runs[i]->failure == schema::FailureReason::refused_to_start) {
        outcome.runs.emplace_back(std::unexpected(tell_failed_run(*told->runs[i], context, title)));
        continue;
      }
      RunCall alone = call;
      alone.parameters = trials[i];
      RL_TRY(RunOutcome result, run(alone, schema::FutureShown::as_is));
      outcome.runs.push_back(std::move(result));
    }
    if (counts) outcome.loaded = std::move(told->loaded);
    return {};
  }

  static bool went_well(const schema::RunReplyT& reply) {
    return reply.failure == schema::FailureReason::none && lacking(reply, false).empty();
  }

  // Nothing but a reply to this request, or how the worker was lost. Errors: interrupted.
  using Asked = std::expected<std::unique_ptr<schema::WorkerReplyT>, RunFailure>;
  Result<Asked> ask(schema::WorkerCallUnion call, Exchange exchange, const CallContext& context) {
    const auto started = std::chrono::steady_clock::now();
    FlatBufferBuilder builder;
    exchange.nonce = make_nonce();
    build_request(builder, exchange.nonce, std::move(call));
    exchange.request = {builder.GetBufferPointer(), builder.GetSize()};
    if (exchange.request.size() > kRequestBytesMax) {
      return fail(ErrorCode::too_large, "The parameters of the run are too large.");
    }
    Answered answered = talk(exchange);
    if (std::holds_alternative<Cancelled>(answered)) {
      return fail(ErrorCode::interrupted, context.strategy.empty()
                                              ? "Describing the plugin was interrupted."
                                              : "The run was interrupted and is not recorded.");
    }
    if (const auto* loss = std::get_if<Loss>(&answered); loss != nullptr) {
      RunFailure failure = tell_loss(*loss, context);
      failure.wall_ns =
          std::chrono::nanoseconds(std::chrono::steady_clock::now() - started).count();
      return Asked(std::unexpected(std::move(failure)));
    }
    const auto& bytes = std::get<Bytes>(answered);
    auto reply = std::make_unique<schema::WorkerReplyT>();
    verified_reply(bytes)->UnPackTo(reply.get());
    return Asked(std::move(reply));
  }

  Answered talk(const Exchange& exchange) {
    if (options_.under.empty()) return process_->exchange(exchange);
    const InterruptsIgnored ignored;
    Answered answered = process_->exchange(exchange);
    process_->wait_for_debugger();
    return answered;
  }

  RunFailure wrong_answer() {
    process_->stop();
    RunFailure failure;
    failure.reason = schema::FailureReason::protocol;
    failure.message = "The worker answered another question than it was asked.";
    return failure;
  }

  WorkerOptions options_;
  std::unique_ptr<Process> process_;
};

Worker::Worker(WorkerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Worker::~Worker() = default;
Worker::Worker(Worker&&) noexcept = default;
Worker& Worker::operator=(Worker&&) noexcept = default;

Result<DescribeOutcome> Worker::describe(const std::filesystem::path& plugin,
                                         std::string_view name) {
  return impl_->describe(plugin, name);
}

Result<RunOutcome> Worker::run(const RunCall& call) {
  return impl_->run(call, schema::FutureShown::as_is);
}

Result<BatchOutcome> Worker::run_batch(const RunCall& call,
                                       std::span<const TrialParameters> trials) {
  return impl_->run_batch(call, trials);
}

Result<CheckOutcome> Worker::check(const RunCall& call, const CheckProgress& progress) {
  const CheckRuns runs{
      .run = [this](const RunCall& checked,
                    schema::FutureShown future) { return impl_->run(checked, future); },
      .renew = [this] { impl_->renew(); },
      .refresh = [this] { impl_->refresh(); }};
  return check_purity(call, runs, progress);
}

const std::filesystem::path& Worker::plugin() const { return impl_->plugin_; }

}  // namespace runledger::worker
