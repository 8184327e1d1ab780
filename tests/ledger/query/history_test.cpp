// Random histories against the definition: lists, counts, pages, the past.
#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "counters.hpp"
#include "memory_ledger.hpp"
#include "model.hpp"
#include "query.hpp"

namespace runledger::ledger {
namespace {

using test::MemoryLedger;
using test::RunEvent;
using test::RunModel;
using test::same_rows;

// Texts in which a prefix, a terminator or a sign could go wrong.
const std::vector<std::string> kTickers{
    "A", "AA", std::string("A\0", 2), std::string("A\0\1", 3), "A\1", "\xff", "A\xff"};
const std::vector<std::string> kStrategies{"s", "ss", std::string("\0", 1)};
const std::vector<std::string> kSweeps{"w", "w2"};
const std::vector<std::string> kActors{"ann", "bob"};

template <class T>
std::optional<T> maybe(const std::vector<T>& values) {
  if (*rc::gen::inRange(0, 3) > 0) return std::nullopt;
  return *rc::gen::elementOf(values);
}

RunEvent random_run(const std::vector<Seq>& runs) {
  using Class = schema::RunClass;
  RunEvent run;
  run.actor = *rc::gen::elementOf(kActors);
  run.failed = *rc::gen::inRange(0, 4) == 0;
  run.run_class = *rc::gen::element(Class::single, Class::sweep_trial, Class::imported);
  run.strategy = *rc::gen::elementOf(kStrategies);
  run.tickers = *rc::gen::container<std::vector<std::string>>(
      static_cast<std::size_t>(*rc::gen::inRange(1, 3)), rc::gen::elementOf(kTickers));
  if (run.run_class == Class::sweep_trial) run.sweep = *rc::gen::elementOf(kSweeps);
  run.pnl = *rc::gen::arbitrary<double>();
  run.trades = *rc::gen::inRange(0U, 9U);
  if (!runs.empty() && *rc::gen::inRange(0, 4) == 0) run.parent = (*rc::gen::elementOf(runs)).value;
  return run;
}

// A ledger and the model of it, after the same random events.
class History {
 public:
  void play(int steps) {
    for (int i = 0; i < steps; ++i) step();
  }
  void step() {
    const int what = *rc::gen::inRange(0, 10);
    if (runs_.empty() || what < 4) {
      record();
    } else if (what < 6) {
      const Seq run = *rc::gen::elementOf(runs_);
      expect(model_.retract(next(), run), test::retracted_event(id(), run.value));
    } else if (what < 8) {
      const Seq run = *rc::gen::elementOf(runs_);
      expect(model_.restore(next(), run), test::restored_event(id(), run.value));
    } else if (what == 8) {
      expect(true, test::annotated_event(id(), (*rc::gen::elementOf(runs_)).value));
    } else {
      ledger_.jump_to(Seq(next().value + *rc::gen::element(1U, 700U, 4096U, 9000U)));
    }
  }
  void record() {
    RunEvent run = random_run(runs_);
    run.request_id = id();
    const auto seq = ledger_.append(run_event(run));
    RC_ASSERT(seq.has_value());
    const auto event = load_event(ledger_.view(), *seq);
    model_.record(*seq, event->recorded_at(), run);
    runs_.push_back(*seq);
    seen(*seq);
  }
  // A filter that may touch anything that happened.
  [[nodiscard]] RunFilter random_filter() const {
    RunFilter filter;
    filter.groups = *rc::gen::container<std::vector<RunGroup>>(rc::gen::element(
        RunGroup::listed, RunGroup::sweep_trial, RunGroup::failed, RunGroup::failed_trial));
    filter.ticker = maybe(kTickers);
    filter.strategy = maybe(kStrategies);
    filter.sweep = maybe(kSweeps);
    filter.retracted = *rc::gen::arbitrary<bool>();
    if (!times_.empty() && *rc::gen::arbitrary<bool>()) {
      filter.since = maybe(times_);
      filter.until = maybe(times_);
      if (filter.until) *filter.until += *rc::gen::inRange(-1, 2);
    }
    if (!seqs_.empty()) filter.as_of = maybe(seqs_);
    if (*rc::gen::inRange(0, 20) == 0) filter.as_of = Seq(next().value + 5);
    return filter;
  }
  [[nodiscard]] const MemoryLedger& ledger() const { return ledger_; }
  [[nodiscard]] const RunModel& model() const { return model_; }

 private:
  [[nodiscard]] Seq next() const { return Seq(ledger_.size().value); }
  [[nodiscard]] std::string id() const { return "r" + std::to_string(next().value); }
  void seen(Seq seq) {
    seqs_.push_back(seq);
    times_.push_back(load_event(ledger_.view(), seq)->recorded_at());
  }
  void expect(bool accepted, PendingEvent event) {
    const auto seq = ledger_.append(std::move(event));
    RC_ASSERT(seq.has_value() == accepted);
    if (seq)
      seen(*seq);
    else
      RC_ASSERT(seq.error().code == ErrorCode::conflict);
  }

  MemoryLedger ledger_;
  RunModel model_;
  std::vector<Seq> runs_, seqs_;
  std::vector<TimeNs> times_;
};

std::vector<RunRow> whole_list(const View& view, const RunFilter& filter) {
  const auto page = list_runs(view, filter, {.limit = kPageRunsMax, .offset = 0, .cursor = {}});
  RC_ASSERT(page.has_value());
  RC_ASSERT(!page->next_cursor.has_value());
  return page->runs;
}

RC_GTEST_PROP(Histories, AreListedAndCountedAsTheDefinitionSays, ()) {
  History history;
  history.play(*rc::gen::inRange(1, 60));
  for (int i = 0; i < 20; ++i) {
    const RunFilter filter = history.random_filter();
    const auto expected = history.model().list(filter);
    RC_ASSERT(same_rows(whole_list(history.ledger().view(), filter), expected));
    const auto count = count_runs(history.ledger().view(), filter);
    RC_ASSERT(count.has_value());
    RC_ASSERT(*count == expected.size());
  }
  for (const std::string& actor : kActors)
    RC_ASSERT(*latest_run(history.ledger().view(), actor) == history.model().latest(actor));
}

RC_GTEST_PROP(Histories, AreTheSamePageByPage, ()) {
  History history;
  history.play(*rc::gen::inRange(1, 60));
  const RunFilter filter = history.random_filter();
  const auto expected = history.model().list(filter);
  const auto limit = *rc::gen::inRange<std::uint64_t>(1, 8);
  std::vector<RunRow> by_cursor;
  PageRequest request{.limit = limit, .offset = 0, .cursor = {}};
  for (;;) {
    const auto page = list_runs(history.ledger().view(), filter, request);
    RC_ASSERT(page.has_value());
    RC_ASSERT(page->runs.size() <= limit);
    by_cursor.insert(by_cursor.end(), page->runs.begin(), page->runs.end());
    if (!page->next_cursor) break;
    request.cursor = page->next_cursor;
  }
  RC_ASSERT(same_rows(by_cursor, expected));
  std::vector<RunRow> by_offset;
  for (std::uint64_t offset = 0; offset <= expected.size(); offset += limit) {
    const auto page = list_runs(history.ledger().view(), filter,
                                {.limit = limit, .offset = offset, .cursor = {}});
    by_offset.insert(by_offset.end(), page->runs.begin(), page->runs.end());
  }
  RC_ASSERT(same_rows(by_offset, expected));
}

RC_GTEST_PROP(Histories, KeepCursorsValidWhileRunsAreAppended, ()) {
  History history;
  history.play(*rc::gen::inRange(5, 40));
  RunFilter filter;
  filter.groups = {RunGroup::listed, RunGroup::sweep_trial, RunGroup::failed};
  filter.strategy = maybe(kStrategies);
  const auto before = history.model().list(filter);
  const auto first =
      list_runs(history.ledger().view(), filter, {.limit = 3, .offset = 0, .cursor = {}});
  for (int i = 0; i < 5; ++i) history.record();
  if (!first->next_cursor) return;
  const auto rest = list_runs(history.ledger().view(), filter,
                              {.limit = kPageRunsMax, .offset = 0, .cursor = first->next_cursor});
  RC_ASSERT(rest.has_value());
  RC_ASSERT(same_rows(rest->runs, {before.begin() + 3, before.end()}));
}

RC_GTEST_PROP(Histories, KeepTheirPast, ()) {
  History history;
  history.play(*rc::gen::inRange(1, 30));
  RunFilter filter = history.random_filter();
  filter.as_of = Seq(history.ledger().size().value - 1);
  const auto then = whole_list(history.ledger().view(), filter);
  history.play(20);
  // A jump leaves no event to ask about, and what is not there means now.
  if (!load_event(history.ledger().view(), *filter.as_of)) return;
  RC_ASSERT(same_rows(whole_list(history.ledger().view(), filter), then));
}

}  // namespace
}  // namespace runledger::ledger
