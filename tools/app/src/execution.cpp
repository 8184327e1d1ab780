#include "execution.hpp"

#include <utility>

#include <fmt/format.h>

namespace runledger::app {

namespace {

Error no_run_under(const std::string& debugger) {
  return {ErrorCode::invalid_input,
          fmt::format("`{}`, which --under names, ended before the strategy was run, so nothing is "
                      "recorded; expected a debugger that starts the rest of its command line, "
                      "such as \"gdb --args\"",
                      debugger)};
}

// A person at a debugger takes all the time they want.
Result<worker::RunOutcome> run_under_debugger(const Context& context, worker::RunCall call) {
  call.timeout = std::chrono::milliseconds(0);
  worker::Worker debugged = make_debugged_worker(context);
  RL_TRY(worker::RunOutcome outcome, debugged.run(call));
  const bool never_began = !outcome &&
                           outcome.error().reason == schema::FailureReason::worker_lost &&
                           outcome.error().call == schema::PluginCall::none;
  if (never_began) return std::unexpected(no_run_under(*context.under));
  return outcome;
}

}  // namespace

worker::RunCall call_of(const Context& context, const schema::RunSpecT& spec,
                        const PluginFile& plugin, const worker::SharedBars& bars,
                        ExecutionWants wants) {
  worker::RunCall call;
  call.plugin = plugin.copy;
  call.plugin_name = plugin.name;
  call.strategy = spec.strategy;
  for (const auto& parameter : spec.parameters) call.parameters.push_back(*parameter);
  call.settings = *spec.settings;
  call.bars = &bars;
  call.timeout = std::chrono::milliseconds(spec.timeout_ms);
  call.memory_limit = spec.memory_limit;
  call.want_result = wants.result;
  call.want_log = wants.log;
  call.cancelled = context.interrupted;
  call.progress = [&](std::uint64_t bar) { context.progress(bar, bars.size(), "bars"); };
  return call;
}

Result<worker::RunOutcome> execute(const Context& context, worker::Worker& worker,
                                   const schema::RunSpecT& spec, const PluginFile& plugin,
                                   const worker::SharedBars& bars, ExecutionWants wants) {
  worker::RunCall call = call_of(context, spec, plugin, bars, wants);
  return context.under ? run_under_debugger(context, std::move(call)) : worker.run(call);
}

Result<worker::SharedBars> bars_of_run(Bars bars, const schema::RunSpecT& spec) {
  return worker::SharedBars::make(std::move(bars), worker::LabelRange{*spec.start, *spec.end});
}

}  // namespace runledger::app
