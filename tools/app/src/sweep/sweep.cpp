#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include <runledger/app/sweep.hpp>
#include <runledger/base/count.hpp>
#include <runledger/base/text.hpp>
#include <runledger/metrics/metrics.hpp>

#include "../environment.hpp"
#include "../event_building.hpp"
#include "../execution.hpp"
#include "../ledger_access.hpp"
#include "../option_text.hpp"
#include "../run_reading.hpp"
#include "grid.hpp"
#include "sweep_request.hpp"
#include "sweep_result.hpp"
#include "trial_events.hpp"
#include "trial_log.hpp"

namespace runledger::app {
namespace {

using Clock = std::chrono::steady_clock;

// A batch is to last so long: enough to make what it costs besides its runs small, little enough
// for progress to be seen and for Ctrl-C to lose little.
constexpr auto kBatchTime = std::chrono::milliseconds(25);
constexpr std::size_t kFirstBatch = 4;
constexpr std::size_t kBatchMax = 256;
constexpr auto kTick = std::chrono::milliseconds(100);
// A sweep of which so many failed and none completed is given up.
constexpr std::uint64_t kFailuresMax = 20;

// Points of one ticker that are tried together.
struct Chunk {
  std::shared_ptr<const TickerPlan> ticker;
  std::size_t begin = 0, end = 0;
};

// What is tried of a chunk.
struct Trials {
  std::vector<std::size_t> points;
  std::vector<std::string> ids;  // request ids
  std::vector<Parameters> parameters;
};

class Sweep {
 public:
  Sweep(const Context& context, const ledger::Reader& reader, SweepRequest request)
      : context_(context),
        reader_(reader),
        request_(std::move(request)),
        describer_(make_worker(context)),
        pool_({.program = context.layout.worker}) {}

  Result<SweepReport> run();

 private:
  Result<std::shared_ptr<const TickerPlan>> plan(std::uint32_t ticker);
  std::optional<Chunk> next_chunk(std::size_t wanted);
  void work();
  Status try_chunk(const Chunk& chunk);
  Status record(const TickerPlan& ticker, Trials trials, worker::BatchOutcome outcome);
  void count_refused(const std::string& why);
  // Whether the trial was recorded before this; then its row is kept.
  Result<bool> recall(const Chunk& chunk, std::size_t point, const std::string& request_id);
  using SpecPtr = std::shared_ptr<const schema::RunSpecT>;
  Result<SpecPtr> spec_with_runtime(const TickerPlan& ticker, const LoadedFiles& loaded);
  void stop(Error error);
  void wait_for_workers(std::vector<std::thread>& threads);
  Result<SweepReport> report(Clock::time_point started);

  const Context& context_;
  const ledger::Reader& reader_;
  SweepRequest request_;
  worker::Worker describer_;  // for plans; under mutex_
  worker::WorkerPool pool_;
  std::optional<Points> points_;
  std::unique_ptr<TrialLog> log_;

  std::mutex mutex_;
  std::shared_ptr<const TickerPlan> current_;
  std::uint32_t next_ticker_ = 0;
  std::size_t next_point_ = 0;
  std::map<std::string, Digest> runtimes_;  // by the paths that were loaded
  std::optional<Error> error_;
  std::vector<TrialRow> before_;
  std::uint64_t failed_before_ = 0, refused_ = 0, skipped_ = 0;
  std::string first_failure_, first_refusal_;
  std::set<std::string> resampling_told_;  // from which intervals, for the first ticker of each

  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint64_t> settled_ = 0;  // refused, skipped, or recorded before
  std::atomic<std::size_t> working_ = 0;
};

Result<std::shared_ptr<const TickerPlan>> Sweep::plan(std::uint32_t ticker) {
  RL_TRY(RunPlan plan, plan_run(context_, reader_, describer_, request_.options_for(ticker)));
  RL_TRY_VOID(request_.check_plugin(plan.spec));
  const std::string& made_from = plan.spec.inputs.front()->resampled_from;
  if (!made_from.empty() && resampling_told_.insert(made_from).second)
    context_.notice(plan.resampling);
  std::string identity = identity_of(plan.spec);
  return std::make_shared<const TickerPlan>(
      TickerPlan{.ticker = ticker, .plan = std::move(plan), .identity = std::move(identity)});
}

// Under mutex_. A ticker that cannot be tried is told and passed over.
std::optional<Chunk> Sweep::next_chunk(std::size_t wanted) {
  const std::lock_guard lock(mutex_);
  while (!stopping_) {
    if (current_ && next_point_ < points_->size()) {
      const std::size_t begin = next_point_;
      next_point_ = std::min(points_->size(), begin + wanted);
      return Chunk{current_, begin, next_point_};
    }
    if (next_ticker_ == request_.tickers.size()) return std::nullopt;
    auto planned = plan(next_ticker_);
    next_point_ = 0;
    current_ = planned ? *planned : nullptr;
    if (!planned) {
      context_.notice(fmt::format("{} is passed over: {}", request_.tickers[next_ticker_],
                                  planned.error().message));
      skipped_ += points_->size();
      settled_ += points_->size();
    }
    ++next_ticker_;
  }
  return std::nullopt;
}

void Sweep::work() {
  std::size_t wanted = kFirstBatch;
  while (const auto chunk = next_chunk(wanted)) {
    const auto started = Clock::now();
    if (auto status = try_chunk(*chunk); !status) {
      stop(std::move(status).error());
      break;
    }
    const double took = std::chrono::duration<double>(Clock::now() - started).count();
    const double each = took / static_cast<double>(chunk->end - chunk->begin);
    const double fits = std::chrono::duration<double>(kBatchTime).count() / std::max(each, 1e-9);
    wanted = std::clamp<std::size_t>(static_cast<std::size_t>(fits), 1, kBatchMax);
  }
  --working_;
}

Result<bool> Sweep::recall(const Chunk& chunk, std::size_t point, const std::string& request_id) {
  RL_TRY(const auto seq, reader_.event_by_request(request_id));
  if (!seq) return false;
  RL_TRY(const RunRecord record, read_record(reader_, *seq));
  ++settled_;
  const std::lock_guard lock(mutex_);
  if (const schema::RunCompleted* run = record.completed()) {
    TrialRow row = row_of(*run, request_.objective);
    row.id = *seq;
    row.ticker = chunk.ticker->ticker;
    row.point = static_cast<std::uint32_t>(point);
    before_.push_back(row);
  } else {
    ++failed_before_;
  }
  return true;
}

Status Sweep::try_chunk(const Chunk& chunk) {
  Trials trials;
  for (std::size_t point = chunk.begin; point < chunk.end; ++point) {
    Parameters parameters = points_->at(point);
    std::string id = trial_request_id(request_.id, chunk.ticker->identity, parameters);
    if (request_.resumes) {
      RL_TRY(const bool known, recall(chunk, point, id));
      if (known) continue;
    }
    trials.points.push_back(point);
    trials.ids.push_back(std::move(id));
    trials.parameters.push_back(std::move(parameters));
  }
  if (trials.points.empty()) return {};
  const RunPlan& plan = chunk.ticker->plan;
  worker::RunCall call = call_of(context_, plan.spec, plan.chosen.plugin->content, plan.bars, {});
  call.progress = nullptr;
  call.cancelled = &stopping_;
  auto outcome = pool_.run_batch(call, trials.parameters);
  if (!outcome && outcome.error().code == ErrorCode::interrupted) return {};
  if (!outcome) return std::unexpected(std::move(outcome).error());
  return record(*chunk.ticker, std::move(trials), std::move(*outcome));
}

Status Sweep::record(const TickerPlan& ticker, Trials trials, worker::BatchOutcome outcome) {
  TrialBatch batch;
  SpecPtr common;
  for (std::size_t i = 0; i < trials.points.size(); ++i) {
    worker::RunOutcome& run = outcome.runs[i];
    if (!run && run.error().reason == schema::FailureReason::refused_to_start) {
      count_refused(run.error().message);
      continue;
    }
    const bool alone = run && !run->loaded.empty();
    SpecPtr spec = alone ? nullptr : common;
    if (!spec) {
      const LoadedFiles& loaded = alone ? run->loaded
                                  : !outcome.loaded.empty()
                                      ? outcome.loaded
                                      : ticker.plan.chosen.plugin->description.loaded;
      RL_TRY(spec, spec_with_runtime(ticker, loaded));
      if (!alone) common = spec;
    }
    if (run) {
      TrialRow row = row_of(*run, request_.objective);
      row.ticker = ticker.ticker;
      row.point = static_cast<std::uint32_t>(trials.points[i]);
      batch.rows.emplace_back(row);
    } else {
      batch.rows.emplace_back(std::nullopt);
      ++batch.failed;
      const std::lock_guard lock(mutex_);
      if (first_failure_.empty()) first_failure_ = run.error().message;
    }
    batch.events.push_back(trial_event(context_, trials.ids[i], *spec,
                                       std::move(trials.parameters[i]), ticker.plan.bars.size(),
                                       std::move(run)));
  }
  if (!log_->put(std::move(batch))) stopping_ = true;
  return {};
}

void Sweep::count_refused(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (refused_++ == 0) first_refusal_ = why;
  ++settled_;
}

// Of a plan, without parameters. The first trial that is made with a runtime brings along what
// introduces it and the plugin.
Result<Sweep::SpecPtr> Sweep::spec_with_runtime(const TickerPlan& ticker,
                                                const LoadedFiles& loaded) {
  const RunPlan& plan = ticker.plan;
  std::vector<std::string> paths;  // in an order of their own: libraries lie at random addresses
  for (const auto& file : loaded) paths.push_back(file->path);
  std::ranges::sort(paths);
  std::string key = join(paths, "\n");
  auto spec = std::make_shared<schema::RunSpecT>(plan.spec);
  spec->parameters.clear();
  spec->environment =
      std::make_unique<schema::EnvironmentT>(this_environment(plan.chosen.plugin->description));
  const std::lock_guard lock(mutex_);
  if (const auto known = runtimes_.find(key); known != runtimes_.end()) {
    spec->runtime = stored(known->second);
    return spec;
  }
  RL_TRY(const Runtime runtime, name_runtime(context_, loaded, plan.chosen.plugin->content.copy));
  spec->runtime = stored(runtime.digest);
  const bool introduced = std::ranges::any_of(
      runtimes_, [&](const auto& known) { return known.second == runtime.digest; });
  runtimes_.emplace(std::move(key), runtime.digest);
  if (introduced) return spec;
  TrialBatch first;
  RL_TRY_VOID(introduce(context_, reader_, *plan.chosen.plugin, *spec, runtime,
                        fmt::format("sweep:{}:{}", request_.id, runtime.digest.hex()),
                        first.events));
  first.rows.resize(first.events.size());
  if (!log_->put(std::move(first))) stopping_ = true;
  return spec;
}

void Sweep::stop(Error error) {
  stopping_ = true;
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
}

void Sweep::wait_for_workers(std::vector<std::thread>& threads) {
  const std::uint64_t total = points_->size() * request_.tickers.size();
  while (working_ > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::uint64_t recorded = log_->recorded();
    context_.progress(settled_ + recorded, total, "runs");
    if (context_.stop_wanted()) stopping_ = true;
    if (log_->failed() >= kFailuresMax && log_->failed() == recorded) stopping_ = true;
  }
  for (std::thread& thread : threads) thread.join();
}

Result<SweepReport> Sweep::run() {
  const auto started = Clock::now();
  RL_TRY(current_, plan(0));
  next_ticker_ = 1;
  RL_TRY(points_, request_.points(*current_->plan.chosen.strategy));
  RL_TRY_VOID(check_heatmap(request_.options, *points_));
  RL_TRY(log_, TrialLog::open(context_));
  std::vector<std::thread> threads;
  working_ = request_.jobs;
  for (std::size_t i = 0; i < request_.jobs; ++i) threads.emplace_back([this] { work(); });
  wait_for_workers(threads);
  RL_TRY_VOID(log_->finish());
  if (error_) return std::unexpected(std::move(*error_));
  return report(started);
}

Result<SweepReport> Sweep::report(Clock::time_point started) {
  SweepReport report;
  report.id = request_.id;
  report.objective = request_.options.objective;
  report.minimized = request_.options.minimize;
  report.trials = points_->size() * request_.tickers.size() - skipped_;
  report.recorded = log_->recorded();
  report.recorded_before = before_.size() + failed_before_;
  report.failed = log_->failed() + failed_before_;
  report.refused = refused_;
  report.first_failure = first_failure_;
  report.first_refusal = first_refusal_;
  report.seconds = std::chrono::duration<double>(Clock::now() - started).count();
  report.interrupted = context_.stop_wanted();
  report.gave_up = stopping_ && !report.interrupted;
  std::vector<TrialRow> rows = std::move(log_->rows());
  rows.insert(rows.end(), before_.begin(), before_.end());
  RL_TRY_VOID(add_results(request_, *points_, rows, report));
  return report;
}

}  // namespace

Result<SweepReport> sweep(const Context& context, const SweepOptions& options) {
  std::mutex telling;
  Context shared = context;  // its callbacks come one at a time
  shared.on_notice = [&](const std::string& sentence) {
    const std::lock_guard lock(telling);
    context.notice(sentence);
  };
  shared.on_progress = [&](std::uint64_t done, std::uint64_t total, std::string_view what) {
    const std::lock_guard lock(telling);
    context.progress(done, total, what);
  };
  RL_TRY(const ledger::Reader reader, open_reader(shared));
  RL_TRY(SweepRequest request, read_request(reader, options));
  return Sweep(shared, reader, std::move(request)).run();
}

}  // namespace runledger::app
