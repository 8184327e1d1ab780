#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <new>
#include <type_traits>

#include <fmt/format.h>

#include <runledger/app/maintenance.hpp>
#include <runledger/base/bytes.hpp>
#include <runledger/base/text.hpp>
#include <runledger/ledger/doctor.hpp>
#include <runledger/ledger/ledger.hpp>

#include "child_task.hpp"
#include "dataset_check.hpp"
#include "ledger_access.hpp"
#include "option_text.hpp"
#include "try_opening.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kVerifyTask = "verify";
constexpr std::string_view kReindexTask = "reindex";
constexpr std::string_view kOpenTask = "open";
constexpr std::string_view kProposeTask = "propose-head";

// ---- Answers as bytes: u8 1 and the value, or u8 0, the error's code and its message -----------

void write_value(ByteWriter& out, const ledger::LogHead& value) {
  out.number(value.size.value).raw(value.root.bytes);
}

void read_value(ByteReader& in, ledger::LogHead& value) {
  value.size = LogSize(in.number<std::uint64_t>());
  const ByteView root = in.raw(value.root.bytes.size());
  if (in.ok()) std::memcpy(value.root.bytes.data(), root.data(), root.size());
}

void write_value(ByteWriter& out, const Finding& value) {
  out.text(value.where)
      .text(value.message)
      .number(static_cast<std::uint8_t>(value.first_seq.has_value()))
      .number(value.first_seq.value_or(Seq{}).value);
}

void read_value(ByteReader& in, Finding& value) {
  value.where = in.text();
  value.message = in.text();
  const bool has_seq = in.number<std::uint8_t>() != 0;
  const Seq seq(in.number<std::uint64_t>());
  if (has_seq) value.first_seq = seq;
}

void write_value(ByteWriter& out, const ledger::SeqRange& value) {
  out.number(value.first.value).number(value.last.value);
}

void read_value(ByteReader& in, ledger::SeqRange& value) {
  value.first = Seq(in.number<std::uint64_t>());
  value.last = Seq(in.number<std::uint64_t>());
}

void write_value(ByteWriter& out, const std::string& value) { out.text(value); }

void read_value(ByteReader& in, std::string& value) { value = in.text(); }

template <class T>
void write_value(ByteWriter& out, const std::vector<T>& values) {
  out.number(static_cast<std::uint32_t>(values.size()));
  for (const T& value : values) write_value(out, value);
}

template <class T>
void read_value(ByteReader& in, std::vector<T>& values) {
  for (auto left = in.number<std::uint32_t>(); left > 0 && in.ok(); --left)
    read_value(in, values.emplace_back());
}

template <class T>
void write_value(ByteWriter& out, const std::optional<T>& value) {
  out.number(static_cast<std::uint8_t>(value.has_value()));
  if (value) write_value(out, *value);
}

template <class T>
void read_value(ByteReader& in, std::optional<T>& value) {
  if (in.number<std::uint8_t>() != 0) read_value(in, value.emplace());
}

void write_value(ByteWriter& out, const Verification& value) {
  out.number(static_cast<std::uint8_t>(value.ok));
  write_value(out, value.head);
  write_value(out, value.acknowledged);
  write_value(out, value.missing);
  out.number(value.events_checked).number(value.blobs_checked);
  write_value(out, value.findings);
  write_value(out, value.notes);
}

void read_value(ByteReader& in, Verification& value) {
  value.ok = in.number<std::uint8_t>() != 0;
  read_value(in, value.head);
  read_value(in, value.acknowledged);
  read_value(in, value.missing);
  value.events_checked = in.number<std::uint64_t>();
  value.blobs_checked = in.number<std::uint64_t>();
  read_value(in, value.findings);
  read_value(in, value.notes);
}

void write_value(ByteWriter& out, const ledger::Opening& value) {
  write_value(out, value.head);
  write_value(out, value.notes);
}

void read_value(ByteReader& in, ledger::Opening& value) {
  read_value(in, value.head);
  read_value(in, value.notes);
}

void write_value(ByteWriter& out, const Reindexed& value) {
  out.number(value.events).number(value.pairs).number(value.differing);
}

void write_value(ByteWriter& out, const HeadProposal& value) {
  write_value(out, value.present);
  write_value(out, value.proposed);
  out.number(value.generation).number(value.newest.value).number(value.recorded_at);
}

void read_value(ByteReader& in, HeadProposal& value) {
  read_value(in, value.present);
  read_value(in, value.proposed);
  value.generation = in.number<std::uint64_t>();
  value.newest = Seq(in.number<std::uint64_t>());
  value.recorded_at = in.number<TimeNs>();
}

void read_value(ByteReader& in, Reindexed& value) {
  value.events = in.number<std::uint64_t>();
  value.pairs = in.number<std::uint64_t>();
  value.differing = in.number<std::uint64_t>();
}

template <class T>
Bytes encode_answer(const Result<T>& result) {
  ByteWriter out;
  out.number(static_cast<std::uint8_t>(result.has_value()));
  if (result)
    write_value(out, *result);
  else
    out.number(static_cast<std::uint8_t>(result.error().code)).text(result.error().message);
  return out.take();
}

template <class T>
Result<T> decode_answer(ByteView bytes) {
  ByteReader in(bytes);
  if (in.number<std::uint8_t>() == 0) {
    const auto code = static_cast<ErrorCode>(in.number<std::uint8_t>());
    return fail(code, std::string(in.text()));
  }
  T value;
  read_value(in, value);
  if (!in.ok()) return fail(ErrorCode::internal, "the checking process gave half an answer");
  return value;
}

// ---- The parent's side ----------------------------------------------------------------------

std::string end_text(const ChildEnd& end) {
  return end.signal == 0 ? fmt::format("exit status {}", end.exit_status) : signal_name(end.signal);
}

// Whether the child fell over what it read, and was not ended by somebody or for want of memory.
bool is_of_damage(const ChildEnd& end) {
  constexpr std::array kFalls{SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
  return std::ranges::find(kFalls, end.signal) != kFalls.end();
}

template <class T>
Result<T> run_task(const Context& context, std::string_view task) {
  RL_TRY(const ChildAnswer child,
         run_in_child(context, {std::string(task), context.ledger.string(),
                                std::to_string(context.lock_timeout.count())}));
  if (child.answer) return decode_answer<T>(*child.answer);
  if (!is_of_damage(child.end))
    return fail(ErrorCode::io,
                fmt::format("the check of {} was ended from outside ({}); run it again",
                            context.ledger.string(), end_text(child.end)));
  return fail(
      ErrorCode::damaged,
      fmt::format("the files of {} are damaged so badly that reading them ended the checking "
                  "process ({}); restore the ledger from a backup",
                  (context.ledger / "db").string(), end_text(child.end)));
}

// The child's side: does the work and answers. Returns the exit status.
int answer(const auto& work) {
  Bytes bytes;
  try {
    bytes = encode_answer(work());
  } catch (const std::bad_alloc&) {
    bytes = encode_answer(
        decltype(work())(fail(ErrorCode::io,
                              "there is not enough memory for the check; free some and run it "
                              "again")));
  } catch (const std::exception&) {
    bytes = encode_answer(decltype(work())(
        fail(ErrorCode::internal, "the check met an error that nobody foresaw; run it again")));
  }
  send_answer(bytes);
  return 0;
}

Status check_ledger(const Context& context) {
  if (ledger::is_ledger(context.ledger)) return {};
  return fail(ErrorCode::not_found, fmt::format("there is no ledger at {}; name one with --ledger",
                                                context.ledger.string()));
}

}  // namespace

Status init(const Context& context, const std::string& origin) {
  if (ledger::is_ledger(context.ledger))
    return fail(ErrorCode::conflict, context.ledger.string() +
                                         " is a ledger already; name another folder with --ledger");
  if (!origin.empty()) RL_TRY_VOID(check_name("the origin", origin));
  return ledger::create(context.ledger,
                        {.origin = origin, .program = RL_VERSION, .actor = context.actor});
}

Result<Verification> verify(const Context& context) {
  RL_TRY_VOID(check_ledger(context));
  auto verified = run_task<Verification>(context, kVerifyTask);
  const bool broken = !verified && (verified.error().code == ErrorCode::damaged ||
                                    verified.error().code == ErrorCode::rolled_back);
  if (!broken) return verified;
  Verification finding;
  finding.findings.push_back({context.ledger.string(), verified.error().message, {}});
  return finding;
}

Result<Reindexed> reindex(const Context& context) {
  RL_TRY_VOID(check_ledger(context));
  return run_task<Reindexed>(context, kReindexTask);
}

Result<HeadProposal> propose_head(const Context& context) {
  RL_TRY_VOID(check_ledger(context));
  return run_task<HeadProposal>(context, kProposeTask);
}

Status repair_head(const Context& context, const HeadProposal& proposal) {
  return ledger::repair_head(context.ledger, proposal, append_options(context));
}

Result<ledger::Opening> try_opening(const Context& context) {
  return run_task<ledger::Opening>(context, kOpenTask);
}

std::optional<int> run_child_task(int argc, const char* const* argv) {
  if (argc != 5 || kChildMark != argv[1]) return std::nullopt;
  const std::string_view task = argv[2];
  const fs::path ledger = argv[3];
  const auto timeout_ms = parse_int(argv[4]);
  if (!timeout_ms) return std::nullopt;
  Context context;
  context.lock_timeout = std::chrono::milliseconds(*timeout_ms);
  context.on_notice = send_notice;
  if (task == kVerifyTask)
    return answer([&] { return ledger::verify(ledger, send_progress, compare_dataset); });
  if (task == kOpenTask)
    return answer([&] { return ledger::try_opening(ledger, append_options(context)); });
  if (task == kProposeTask)
    return answer([&] { return ledger::propose_head(ledger, append_options(context)); });
  if (task == kReindexTask)
    return answer([&] { return ledger::reindex(ledger, append_options(context), send_progress); });
  return std::nullopt;
}

}  // namespace runledger::app
