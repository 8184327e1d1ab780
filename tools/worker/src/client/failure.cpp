#include "failure.hpp"

#include <algorithm>
#include <csignal>
#include <string_view>

#include <fmt/format.h>
#include <sys/wait.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>

#include "frames.hpp"
#include "refused_calls.hpp"
#include "status_text.hpp"

namespace runledger::worker {
namespace {

using schema::FailureReason;
using schema::PluginCall;

constexpr std::uint64_t kStackReach = 64u << 10;  // from the stack pointer, for an overflow
constexpr std::size_t kTextBytesMax = 1'000;

std::string_view call_name(PluginCall call) {
  switch (call) {
    case PluginCall::load:
      return "load";
    case PluginCall::describe:
      return "describe";
    case PluginCall::create:
      return "create";
    case PluginCall::on_bar:
      return "on_bar";
    case PluginCall::on_fill:
      return "on_fill";
    case PluginCall::on_refusal:
      return "on_refusal";
    case PluginCall::on_end:
      return "on_end";
    case PluginCall::destroy:
      return "destroy";
    case PluginCall::none:
    case PluginCall::unload:
      break;
  }
  return "";
}

bool has_bar(PluginCall call) { return call >= PluginCall::on_bar && call <= PluginCall::destroy; }

std::string seconds(std::chrono::milliseconds time) {
  return format_double(static_cast<double>(time.count()) / 1000) + " s";
}

std::string megabytes(std::uint64_t bytes) {
  return format_double(static_cast<double>(bytes >> 10) / 1024) + " MB";
}

// A worker's memory may be a plugin's scribble: what is out of range is none.
PluginCall known_call(std::uint32_t call) {
  return call <= static_cast<std::uint32_t>(PluginCall::MAX) ? static_cast<PluginCall>(call)
                                                             : PluginCall::none;
}

void set_place(RunFailure& failure, PluginCall call, std::uint64_t bar,
               const CallContext& context) {
  failure.call = call;
  if (!has_bar(call) || context.bars == nullptr || bar >= context.bars->size()) return;
  failure.bar = bar;
  failure.bar_time = context.bars->columns().label[bar];
}

// "SmaCross::on_bar", "the library while it was loaded"
std::string place(const RunFailure& failure, const std::string& title) {
  switch (failure.call) {
    case PluginCall::none:
    case PluginCall::unload:
      return "the worker outside of any call";
    case PluginCall::load:
      return "the library while it was loaded";
    case PluginCall::describe:
      return "the library while it was described";
    default:
      return fmt::format("{}::{}", title, call_name(failure.call));
  }
}

// The same to begin a sentence with.
std::string subject(const RunFailure& failure, const std::string& title) {
  std::string text = place(failure, title);
  if (text.starts_with("the ")) text.front() = 'T';
  return text;
}

// " at bar 1234 (2009-03-02)", or nothing.
std::string at_bar(const RunFailure& failure) {
  if (!failure.bar) return {};
  return fmt::format(" at bar {} ({})", *failure.bar, format_time(*failure.bar_time));
}

// What a run had taken of the memory that it may use, when the record was made.
std::uint64_t memory_held(const EndRecord& end, std::uint64_t allowed) {
  const std::uint64_t left = end.memory_limit - std::min(end.memory_limit, end.memory_bytes);
  return allowed - std::min(allowed, left);
}

// Whether that is so much that more is likely to have been refused.
bool near_memory_limit(const EndRecord& end, std::uint64_t allowed) {
  return end.memory_limit != 0 && allowed != 0 &&
         memory_held(end, allowed) >= allowed - allowed / 10;
}

std::string signal_detail(const EndRecord& end) {
  const bool touches = end.signal == SIGSEGV || end.signal == SIGBUS;
  const std::uint64_t distance = end.address > end.stack_pointer ? end.address - end.stack_pointer
                                                                 : end.stack_pointer - end.address;
  if (end.signal == SIGSEGV && distance < kStackReach) {
    return ": the stack overflowed, as an endless recursion does";
  }
  // Addresses that are none of user space are not told by the processor.
  if (touches && end.code > 0 && end.code != SI_KERNEL) {
    return fmt::format(": it touched address {:#x}", end.address);
  }
  if (end.signal == SIGFPE && end.code == FPE_INTDIV) return ": an integer was divided by zero";
  if (end.signal == SIGABRT) return ": it aborted";
  if (end.signal == SIGILL) return ": it ran into an instruction that this processor has not";
  if (end.signal == SIGXFSZ) return ": it wrote to a file, which a strategy may not do";
  return "";
}

std::string_view without_full_stop(std::string_view said) {
  if (said.ends_with('.')) said.remove_suffix(1);
  return said;
}

struct Teller {
  const Loss& loss;
  const CallContext& context;
  RunFailure failure;
  std::string title;

  void tell(FailureReason reason, std::string message) {
    failure.reason = reason;
    failure.message = std::move(message);
  }
  [[nodiscard]] std::string where() const { return place(failure, title); }
  [[nodiscard]] std::string who() const { return subject(failure, title); }
  [[nodiscard]] std::string when() const { return at_bar(failure); }
  // " in SmaCross::on_bar at bar 1234 (2009-03-02)", or nothing outside of any call.
  [[nodiscard]] std::string in_call() const {
    if (failure.call == PluginCall::none) return {};
    return fmt::format(" in {}{}", where(), when());
  }

  void tell_out_of_memory() {
    tell(FailureReason::out_of_memory,
         fmt::format(
             "{} ran out of memory{}{}.", who(), when(),
             context.memory_limit == 0 ? "" : ": it may use " + megabytes(context.memory_limit)));
  }

  void tell_signal() {
    const EndRecord& end = loss.status.end;
    const auto kind = static_cast<EndKind>(end.kind);
    const bool recorded =
        (kind == EndKind::signal || kind == EndKind::terminate) && end.signal == failure.signal;
    if (!recorded && failure.signal == SIGKILL) {
      return tell(FailureReason::worker_lost,
                  fmt::format("The worker was killed from outside{}; the system may have run out "
                              "of memory.",
                              in_call()));
    }
    if (!recorded && failure.signal == SIGSYS) {
      // Raised while it was blocked, as the C library does around posix_spawn and system.
      return tell(FailureReason::broke_contract,
                  fmt::format("{} made a system call{} that a strategy may not make, such as one "
                              "that starts a program.",
                              who(), when()));
    }
    if (recorded && kind == EndKind::terminate) return tell_terminate(end);
    if (recorded && end.signal == SIGSYS) {
      return tell(FailureReason::broke_contract,
                  fmt::format("{} {}{}, which a strategy may not do.", who(),
                              refused_call_text(end.system_call), when()));
    }
    if (recorded && near_memory_limit(end, context.memory_limit)) return tell_out_of_memory();
    tell(FailureReason::crashed, fmt::format("{} in {}{}{}.", signal_name(failure.signal), where(),
                                             when(), recorded ? signal_detail(end) : ""));
  }

  void tell_terminate(const EndRecord& end) {
    if (end.exception_out_of_memory == 1) return tell_out_of_memory();
    const std::string thrown = status_text(end.text);
    tell(FailureReason::threw,
         thrown.empty() ? fmt::format("{} called std::terminate{}.", who(), when())
                        : fmt::format("{} threw an exception{} where nobody could catch it: {}.",
                                      who(), when(), without_full_stop(thrown)));
  }

  void tell_exit(int status) {
    failure.exit_status = status;
    const auto kind = static_cast<EndKind>(loss.status.end.kind);
    if (kind == EndKind::channel) return tell_closed();
    if (failure.call == PluginCall::none) {
      return tell(FailureReason::exited,
                  fmt::format("The worker exited with status {} outside of any call.", status));
    }
    const std::string_view how = kind == EndKind::exit ? "exit" : "_exit";
    tell(FailureReason::exited, fmt::format("{} called {}({}){}, which a strategy may not do.",
                                            who(), how, status, when()));
  }

  void tell_closed() {
    tell(FailureReason::broke_contract,
         fmt::format("{} closed files that are the worker's own{}.", who(), when()));
  }

  void tell_timeout() {
    const EndRecord& end = loss.status.end;
    const bool asked = static_cast<EndKind>(end.kind) == EndKind::asked;
    std::string memory;
    // A strategy may wait for ever for memory that it does not get.
    if (asked && near_memory_limit(end, context.memory_limit)) {
      memory = fmt::format(
          " and held {} MB of the {} of memory that it may use, so that more may have been refused",
          memory_held(end, context.memory_limit) >> 20, megabytes(context.memory_limit));
    }
    tell(FailureReason::timed_out,
         fmt::format("{} took longer than the limit of {}; it was in {}{}{}.",
                     context.strategy.empty() ? "Describing the plugin" : "The run",
                     seconds(context.timeout), where(), when(), memory));
  }

  void tell_how() {
    switch (loss.kind) {
      case Loss::Kind::timed_out:
        return tell_timeout();
      case Loss::Kind::garbled:
        return tell(FailureReason::protocol,
                    fmt::format("The worker's answer was not well formed{}; the strategy writes to "
                                "memory or files that are not its own.",
                                in_call()));
      case Loss::Kind::closed:
        return tell_closed();
      case Loss::Kind::keeper_lost:
        return tell(
            FailureReason::worker_lost,
            fmt::format("The process that watches over the worker was ended{}, as a strategy does "
                        "that signals its parent.",
                        in_call()));
      case Loss::Kind::ended:
        break;
    }
    if (!loss.wait_status) {
      return tell(FailureReason::worker_lost, "The debugger ended before the run did.");
    }
    if (WIFSIGNALED(*loss.wait_status)) {
      failure.signal = WTERMSIG(*loss.wait_status);
      return tell_signal();
    }
    tell_exit(WEXITSTATUS(*loss.wait_status));
  }
};

}  // namespace

RunFailure tell_loss(const Loss& loss, const CallContext& context) {
  Teller teller{.loss = loss, .context = context, .failure = {}, .title = context.strategy};
  if (const std::string title = status_text(loss.status.strategy);
      !title.empty() && !context.strategy.empty()) {
    teller.title = title;
  }
  set_place(teller.failure, known_call(loss.status.progress.call), loss.status.progress.bar,
            context);
  teller.tell_how();
  if (loss.leftovers > 0) {
    teller.failure.message +=
        loss.leftovers == 1
            ? " It left 1 process behind, which was ended."
            : fmt::format(" It left {} processes behind, which were ended.", loss.leftovers);
  }
  teller.failure.frames = frame_texts(
      loss.status.end,
      {.program = context.program, .plugin = context.plugin, .plugin_name = context.plugin_name});
  teller.failure.output = loss.output;
  teller.failure.output_dropped = loss.output_dropped;
  return std::move(teller.failure);
}

RunFailure tell_failed_run(const schema::RunReplyT& reply, const CallContext& context,
                           const std::string& title) {
  RunFailure failure;
  failure.reason = reply.failure;
  failure.wall_ns = reply.wall_ns;
  set_place(failure, known_call(static_cast<std::uint32_t>(reply.call)), reply.bar.value_or(0),
            context);
  const std::string who = subject(failure, title.empty() ? context.strategy : title);
  const std::string when = at_bar(failure);
  const std::string told = printable_text(reply.message, kTextBytesMax);
  const std::string_view said = without_full_stop(told);
  switch (reply.failure) {
    case FailureReason::threw:
      failure.message = fmt::format("{} threw an exception{}: {}.", who, when, said);
      break;
    case FailureReason::refused_to_start:
      failure.message = fmt::format("{} refused to start: {}.", context.strategy, said);
      break;
    case FailureReason::out_of_memory:
      failure.message =
          failure.call == PluginCall::none
              ? fmt::format("The run of {} is too large: {}.", context.strategy, said)
              : fmt::format("{} ran out of memory{}{}: {}.", who, when,
                            context.memory_limit == 0
                                ? ""
                                : ", of which it may use " + megabytes(context.memory_limit),
                            said);
      break;
    case FailureReason::broke_contract:
      failure.message = fmt::format("{} broke the contract of strategies{}: {}.", who, when, said);
      break;
    case FailureReason::reported:
      failure.message = fmt::format("{} failed{}: {}.", who, when, said);
      break;
    case FailureReason::left_threads:
    case FailureReason::changed_fp_state:
      failure.message = fmt::format("The run of {} does not count: {}.", context.strategy, said);
      break;
    case FailureReason::not_loadable:
      failure.message = fmt::format("{} cannot be used: {}.", context.plugin_name, said);
      break;
    case FailureReason::protocol:
      failure.message = fmt::format("The worker could not do the run: {}.", said);
      break;
    default:
      failure.reason = FailureReason::protocol;
      failure.message =
          fmt::format("The worker told of failure number {}, which this program does not know: {}.",
                      static_cast<unsigned>(reply.failure), said);
      break;
  }
  return failure;
}

RunFailure tell_incomplete_run(const schema::RunReplyT& reply, std::string_view lacks) {
  RunFailure failure;
  failure.reason = FailureReason::protocol;
  failure.message = fmt::format(
      "The worker told of a completed run without {}; the strategy writes to memory that is not "
      "its own, or the worker program is not that of this installation.",
      lacks);
  failure.wall_ns = reply.wall_ns;
  return failure;
}

}  // namespace runledger::worker
