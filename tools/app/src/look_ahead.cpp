#include "look_ahead.hpp"

#include <fmt/format.h>

#include <runledger/app/strategies.hpp>
#include <runledger/base/count.hpp>
#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/ledger/blobs.hpp>

#include "decision_text.hpp"
#include "environment.hpp"
#include "execution.hpp"
#include "ledger_access.hpp"
#include "run_events.hpp"
#include "run_subject.hpp"
#include "runtime.hpp"

namespace runledger::app {
namespace {

using schema::CheckVerdict;
using schema::OtherFuture;

constexpr std::size_t kSentenceBytesMax = 4'096;

std::string sentence(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  return printable_text(text, kSentenceBytesMax);
}

std::string bar_text(std::uint64_t bar, const BarColumns& bars) {
  return fmt::format("bar {} ({})", bar, format_time(bars.label[bar]));
}

std::string future_text(const worker::LookAheadDifference& difference, const BarColumns& bars) {
  const std::string where =
      difference.cut ? "after " + bar_text(*difference.cut, bars) : "behind every bar";
  switch (difference.future) {
    case OtherFuture::cut:
      return "with the data cut off " + where;
    case OtherFuture::rising:
      return "with rising prices " + where;
    case OtherFuture::falling:
      return "with falling prices " + where;
    default:
      return "with other prices " + where;
  }
}

void tell_difference(const worker::LookAheadDifference& difference, const BarColumns& bars,
                     schema::CheckRecordedT& check) {
  check.future = difference.future;
  if (difference.cut) check.cut = *difference.cut;
  check.bar = difference.bar;
  check.bar_time = bars.label[difference.bar];
  check.real = sentence(decisions_text(difference.real));
  check.otherwise = sentence(difference.failure.empty() ? decisions_text(difference.otherwise)
                                                        : "it fails: " + difference.failure);
  check.detail = sentence(fmt::format("on {}, with the real future: {}; {}: {}",
                                      bar_text(difference.bar, bars), check.real,
                                      future_text(difference, bars), check.otherwise));
}

std::string exercised_text(const worker::LookAhead& found, std::uint64_t bars) {
  return fmt::format(
      "{} with another future, behind every bar and after {} of {}; {} of {} lie "
      "before the last cut",
      counted(found.runs, "run"), found.cuts.size(), counted(bars, "bar"),
      count(found.orders_before), counted(found.orders, "order"));
}

// A run that did not give what was recorded says nothing of the recorded one.
schema::CheckRecordedT not_repeated(const std::string& why) {
  schema::CheckRecordedT check;
  check.kind = schema::CheckKind::look_ahead;
  check.verdict = CheckVerdict::inconclusive;
  check.detail = sentence(why);
  return check;
}

schema::CheckRecordedT told_outcome(const worker::CheckOutcome& outcome, const Subject& subject) {
  if (!outcome)
    return not_repeated("it completed when it was recorded and failed now: " +
                        outcome.error().message);
  if (digest_of(*outcome->run.result_digest) != subject.result)
    return not_repeated("it gives another result now than the recorded one");
  return told_check(*outcome, subject.bars.columns());
}

Result<worker::CheckOutcome> execute_check(const Context& context, worker::Worker& worker,
                                           const Subject& subject, const PluginFile& plugin) {
  auto outcome = worker.check(
      call_of(context, subject.spec, plugin, subject.bars, {}),
      [&](std::uint64_t done, std::uint64_t total) { context.progress(done, total, "runs"); });
  if (!outcome && outcome.error().code == ErrorCode::interrupted)
    return fail(
        ErrorCode::interrupted,
        fmt::format("interrupted; run {} is recorded, and no check of it", subject.id.value));
  return outcome;
}

}  // namespace

schema::CheckRecordedT told_check(const worker::CheckReport& report, const BarColumns& bars) {
  const worker::LookAhead& found = report.look_ahead;
  schema::CheckRecordedT check;
  check.kind = schema::CheckKind::look_ahead;
  check.verdict = found.verdict;
  check.repeatable = report.repeat.same;
  check.seed = found.seed;
  check.cuts = found.cuts;
  check.runs = static_cast<std::uint32_t>(found.runs);
  check.orders = found.orders;
  check.orders_before = found.orders_before;
  check.starts = report.warm_up.starts;
  if (!check.starts.empty() && report.warm_up.bars) check.warm_up_bars = *report.warm_up.bars;
  if (found.difference)
    tell_difference(*found.difference, bars, check);
  else
    check.detail = found.verdict == CheckVerdict::passed ? exercised_text(found, bars.size())
                                                         : sentence(found.why);
  return check;
}

LookAheadDetail look_ahead_detail(const schema::CheckRecordedT& check) {
  LookAheadDetail detail;
  detail.verdict =
      name_or_number(schema::EnumNameCheckVerdict(check.verdict), "verdict", check.verdict);
  detail.detail = check.detail;
  detail.repeatable = check.repeatable;
  detail.seed = check.seed;
  detail.cuts = check.cuts;
  detail.runs = check.runs;
  detail.orders = check.orders;
  detail.orders_before = check.orders_before;
  if (check.future != OtherFuture::none)
    detail.future =
        name_or_number(schema::EnumNameOtherFuture(check.future), "future", check.future);
  if (check.cut) detail.cut = *check.cut;
  if (check.bar) detail.bar = *check.bar;
  if (check.bar_time) detail.bar_time = *check.bar_time;
  detail.real = check.real;
  detail.otherwise = check.otherwise;
  detail.starts = check.starts;
  if (check.warm_up_bars) detail.warm_up_bars = *check.warm_up_bars;
  return detail;
}

std::string warm_up_text(const LookAheadDetail& check) {
  if (check.starts.empty()) return {};
  const std::string starts = counted(check.starts.size(), "later start");
  return check.warm_up_bars
             ? fmt::format("{} of the data: its decisions agree for good after {} at most", starts,
                           counted(*check.warm_up_bars, "bar"))
             : fmt::format("{} of the data: its decisions do not always come to agree", starts);
}

Result<LookAheadDetail> check_look_ahead(const Context& context, Seq run) {
  RL_TRY(const ledger::Reader reader, open_reader(context));
  const ledger::BlobStore blobs(context.ledger);
  RL_TRY(const Subject subject, open_subject(reader, blobs, run));
  RL_TRY(const PluginFile plugin, plugin_of(context, blobs, subject));
  worker::Worker worker = make_worker(context);
  RL_TRY(const schema::DescribeReplyT description, describe_plugin(context, plugin, worker, false));
  RL_TRY(const worker::CheckOutcome outcome, execute_check(context, worker, subject, plugin));
  schema::CheckRecordedT check = told_outcome(outcome, subject);
  check.run = run.value;

  RL_TRY(const Runtime runtime,
         name_runtime(context, outcome ? outcome->run.loaded : description.loaded, plugin.copy));
  schema::RunSpecT made_with;
  made_with.engine = description.engine;
  made_with.environment = std::make_unique<schema::EnvironmentT>(this_environment(description));
  check.runtime = stored(runtime.digest);
  check.engine = made_with.engine;
  check.environment = std::make_unique<schema::EnvironmentT>(*made_with.environment);
  Events events;
  const std::string request_id = new_request_id();
  RL_TRY_VOID(introduce_runtime(context, reader, made_with, runtime, request_id, events));
  events.push_back(make_event(request_id, context.actor, std::move(check)));
  RL_TRY_VOID(append(context, std::move(events)));
  RL_TRY(RunDetail recorded, read_run(context, run));
  return *std::move(recorded.look_ahead);
}

}  // namespace runledger::app
