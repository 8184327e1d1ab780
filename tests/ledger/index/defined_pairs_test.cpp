// What is projected is, pair for pair, what ledger/FORMAT.md defines.
#include "defined_pairs.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "changed_event.hpp"
#include "counters.hpp"
#include "memory_ledger.hpp"

namespace runledger::ledger {
namespace {

using test::MemoryLedger;

// A ledger, and its log as it was recorded.
class Recorder {
 public:
  Recorder() { keep(Seq(0)); }
  // Whether the event was recorded: one that contradicts those before it is not.
  bool append(PendingEvent event) {
    const auto seq = ledger_.append_unchecked(std::move(event));
    if (!seq) return false;
    keep(*seq);
    return true;
  }
  MemoryLedger& ledger() { return ledger_; }
  [[nodiscard]] const MemoryLedger& ledger() const { return ledger_; }
  [[nodiscard]] const std::vector<StoredEvent>& log() const { return log_; }

 private:
  void keep(Seq seq) { log_.push_back(*load_event(ledger_.view(), seq)); }
  MemoryLedger ledger_;
  std::vector<StoredEvent> log_;
};

void expect_defined(const Recorder& recorder) {
  const test::DefinedPairs defined(recorder.log());
  for (const Family family : {Family::index, Family::retracted, Family::counters, Family::lookup}) {
    const auto& pairs = recorder.ledger().view().pairs_of(family);
    RC_ASSERT(pairs.size() == defined.of(family).size());
    for (const auto& [key, value] : defined.of(family)) {
      const auto found = pairs.find(key);
      RC_ASSERT(found != pairs.end());
      RC_ASSERT(to_hex(bytes_of(found->second)) == to_hex(bytes_of(value)));
    }
  }
}

double any_figure() {
  const double strange_nan = std::bit_cast<double>(0xfff4'0000'0000'0001U);
  return *rc::gen::element(0.0, -0.0, 2.999, -3.0, 5e9, 4'294'967'295.0, 1e300,
                           std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity(), strange_nan);
}

std::vector<schema::MetricValue> any_metrics() {
  std::vector<schema::MetricValue> metrics;
  const int size = *rc::gen::inRange(0, 13);
  for (int i = 0; i < size; ++i)
    metrics.emplace_back(any_figure(), static_cast<schema::MetricKey>(*rc::gen::inRange(0, 22)),
                         static_cast<schema::MetricUndefined>(*rc::gen::inRange(0, 3)));
  return metrics;
}

std::string any_text() {
  return *rc::gen::element<std::string>("", "A", "AB", std::string("A\0B", 3),
                                        std::string("A\0", 2), "\xff");
}

void change_spec(schema::RunSpecT& spec) {
  spec.run_class = static_cast<schema::RunClass>(*rc::gen::inRange(0, 3));
  spec.strategy = any_text();
  spec.sweep = any_text();
  for (const auto& input : spec.inputs) {
    input->ticker = any_text();
    input->interval = any_text();
  }
  if (*rc::gen::arbitrary<bool>()) spec.settings.reset();
  if (spec.settings) spec.settings->cash = any_figure();
  if (*rc::gen::arbitrary<bool>()) spec.start = flatbuffers::nullopt;
  if (*rc::gen::arbitrary<bool>()) spec.end = -1;
}

PendingEvent any_run(const std::string& id, std::uint64_t parent) {
  const bool failed = *rc::gen::arbitrary<bool>();
  test::RunEvent run{.request_id = id,
                     .actor = *rc::gen::element<std::string>("ann", "bob", ""),
                     .failed = failed,
                     .tickers = std::vector<std::string>(*rc::gen::inRange<std::size_t>(0, 4))};
  if (parent != 0 && *rc::gen::arbitrary<bool>()) run.parent = parent;
  if (failed)
    return test::with<schema::RunFailedT>(
        test::run_event(run), [](schema::RunFailedT& content) { change_spec(*content.spec); });
  return test::with<schema::RunCompletedT>(test::run_event(run),
                                           [](schema::RunCompletedT& content) {
                                             content.metrics = any_metrics();
                                             change_spec(*content.spec);
                                           });
}

PendingEvent any_event(const std::string& id, std::uint64_t run) {
  const Digest digest = sha256(std::to_string(*rc::gen::inRange(0, 3)));
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
    case 1:
      return test::retracted_event(id, run);
    case 2:
    case 3:
      return test::restored_event(id, run);
    case 4:
      return test::annotated_event(id, run);
    case 5:
      return test::reproduced_event(id, {run, run});
    case 6:
      return test::imported_event(id, any_text(), any_text(), digest);
    case 7:
      return test::plugin_event(id, digest);
    case 8:
      return test::engine_event(id, digest);
    case 9:
      return test::checked_event(id, run);
    default:
      return any_run(id, run);
  }
}

// To the last event of a block, or the first of the next one.
void jump_to_a_boundary(MemoryLedger& ledger) {
  const std::uint64_t next = (block_of(Seq(ledger.size().value)) + 1) * kBlockEvents;
  ledger.jump_to(Seq(next - *rc::gen::inRange<std::uint64_t>(0, 2)));
}

RC_GTEST_PROP(Projections, AreThosePairsThatTheFormatDefines, ()) {
  Recorder recorder;
  std::vector<std::uint64_t> runs;
  const int steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) {
    if (*rc::gen::inRange(0, 8) == 0) jump_to_a_boundary(recorder.ledger());
    const std::uint64_t run = runs.empty() ? 0 : *rc::gen::elementOf(runs);
    PendingEvent event = any_event("r" + std::to_string(i), run);
    const bool records_run = run_spec(event_in(event)) != nullptr;
    if (recorder.append(std::move(event)) && records_run)
      runs.push_back(recorder.log().back().seq().value);
  }
  expect_defined(recorder);
}

}  // namespace
}  // namespace runledger::ledger
