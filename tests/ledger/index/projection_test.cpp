#include "projection.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "changed_event.hpp"
#include "counters.hpp"
#include "lookup.hpp"
#include "memory_ledger.hpp"
#include "overlay.hpp"
#include "query.hpp"
#include "run_row.hpp"

namespace runledger::ledger {
namespace {

using test::MemoryLedger;
using test::MemoryView;
using test::run_event;

constexpr std::array kProjected{Family::index, Family::retracted, Family::counters, Family::lookup};

class Projection : public ::testing::Test {
 protected:
  Seq append(PendingEvent event) {
    const auto seq = ledger_.append(std::move(event));
    EXPECT_TRUE(seq) << seq.error().message;
    return seq.value_or(Seq());
  }
  Seq run(const std::string& request_id) { return append(run_event({.request_id = request_id})); }
  // The refusal of an event; nothing is derived from it.
  Error refusal(PendingEvent event) {
    const auto before = ledger_.size();
    const auto seq = ledger_.append(std::move(event));
    EXPECT_EQ(ledger_.size(), before);
    return seq ? Error{ErrorCode::internal, "accepted"} : seq.error();
  }
  std::size_t pairs(Family family) { return ledger_.view().pairs_of(family).size(); }
  MemoryLedger ledger_;
};

TEST_F(Projection, RefusesToRetractWhatIsRetracted) {
  const Seq run_id = run("a");
  append(test::retracted_event("b", run_id.value));
  const Error error = refusal(test::retracted_event("c", run_id.value));
  EXPECT_EQ(error.code, ErrorCode::conflict);
  EXPECT_EQ(error.message, "run 1 was retracted already, by event 2");
}

TEST_F(Projection, RefusesToRestoreWhatIsShown) {
  const Seq run_id = run("a");
  EXPECT_EQ(refusal(test::restored_event("b", run_id.value)).message,
            "run 1 is not retracted, so it cannot be restored");
  append(test::retracted_event("c", run_id.value));
  append(test::restored_event("d", run_id.value));
  EXPECT_EQ(refusal(test::restored_event("e", run_id.value)).code, ErrorCode::conflict);
}

TEST_F(Projection, RefusesEventsAboutWhatIsNoRun) {
  for (PendingEvent event :
       {test::retracted_event("a", 0), test::restored_event("a", 0), test::annotated_event("a", 0),
        test::reproduced_event("a", {0}), test::checked_event("a", 0),
        run_event({.request_id = "a", .parent = 0})}) {
    const Error error = refusal(std::move(event));
    EXPECT_EQ(error.code, ErrorCode::conflict);
    EXPECT_EQ(error.message,
              "Event 0 is no run but ledger.opened; see `runledger runs ls` for the runs.");
  }
}

TEST_F(Projection, RefusesEventsAboutWhatIsNotThere) {
  for (PendingEvent event :
       {test::retracted_event("a", 9), test::restored_event("a", 9), test::annotated_event("a", 9),
        test::reproduced_event("a", {9}), test::checked_event("a", 9),
        run_event({.request_id = "a", .parent = 9})}) {
    const Error error = refusal(std::move(event));
    EXPECT_EQ(error.code, ErrorCode::not_found);
    EXPECT_EQ(error.message, "There is no run 9; see `runledger runs ls` for the runs.");
  }
}

TEST_F(Projection, RefusesToOpenALedgerTwice) {
  EXPECT_EQ(refusal(test::opened_event("again")).code, ErrorCode::conflict);
}

TEST_F(Projection, RefusesALogThatBeginsOtherwise) {
  PendingEvent first = run_event({});
  stamp_event(first, {.seq = Seq(0), .recorded_at = 1, .nonce = {}});
  EXPECT_EQ(project(event_in(first), MemoryView()).error().code, ErrorCode::conflict);
}

TEST_F(Projection, RefusesKindsThatItDerivesNothingFrom) {
  PendingEvent attested = test::attested_event("a");
  stamp_event(attested, {.seq = Seq(1), .recorded_at = 1, .nonce = {}});
  EXPECT_EQ(project(event_in(attested), ledger_.view()).error().code, ErrorCode::unsupported);
}

// schemas/released/README.md: what is recorded for the first time raises the version, whatever is
// derived from it. So this list grows only at its end, together with the version.
TEST_F(Projection, RecordsNewKindsAndClassesOnlyUnderANewVersion) {
  struct Known {
    int kinds, classes;
  };
  constexpr std::array kKnown{Known{10, 2}, Known{11, 2}};  // the last numbers, by version from 1
  ASSERT_EQ(kProjectionVersion, kKnown.size());
  const auto is_derived = [this](PendingEvent event) {
    stamp_event(event, {.seq = Seq(1), .recorded_at = 1, .nonce = {}});
    const auto changes = project(event_in(event), ledger_.view());
    return changes || changes.error().code != ErrorCode::unsupported;
  };
  for (int kind = 11; kind <= 255; ++kind)
    EXPECT_EQ(is_derived(test::of_kind(static_cast<std::uint8_t>(kind), test::attested_event("a"))),
              kind <= kKnown.back().kinds)
        << kind;
  for (int number = 0; number <= 255; ++number)
    EXPECT_EQ(is_derived(run_event({.run_class = static_cast<schema::RunClass>(number)})),
              number <= kKnown.back().classes)
        << number;
}

TEST_F(Projection, GivesARunAnEntryForEachSubsetOfTickerAndStrategy) {
  run("a");
  EXPECT_EQ(pairs(Family::index), 4U);
  append(run_event({.request_id = "b", .tickers = {"SPY", "QQQ", "SPY"}}));
  EXPECT_EQ(pairs(Family::index), 4U + 6U);
  append(run_event({.request_id = "c", .run_class = schema::RunClass::sweep_trial, .sweep = "w"}));
  EXPECT_EQ(pairs(Family::index), 4U + 6U + 6U);
}

TEST_F(Projection, MovesEntriesOutOfTheIndexAndBack) {
  const Seq run_id = run("a");
  const auto index = ledger_.view().pairs_of(Family::index);
  append(test::retracted_event("b", run_id.value));
  EXPECT_EQ(pairs(Family::index), 0U);
  EXPECT_EQ(pairs(Family::retracted), 4U);
  EXPECT_EQ(*retracted_by(ledger_.view(), run_id), Seq(2));
  append(test::restored_event("c", run_id.value));
  EXPECT_EQ(ledger_.view().pairs_of(Family::index), index);
  EXPECT_EQ(pairs(Family::retracted), 4U);
  EXPECT_EQ(*retracted_by(ledger_.view(), run_id), std::nullopt);
}

TEST_F(Projection, KnowsWhatIsAboutARun) {
  const Seq run_id = run("a");
  const Seq replay = append(run_event({.request_id = "b", .parent = run_id.value}));
  append(test::annotated_event("c", replay.value));
  const Seq retraction = append(test::retracted_event("d", run_id.value));
  const Seq reproduction = append(test::reproduced_event("e", {replay.value, run_id.value}));
  const Seq check = append(test::checked_event("f", run_id.value));
  EXPECT_EQ(*events_about(ledger_.view(), run_id),
            (std::vector<Seq>{replay, retraction, reproduction, check}));
  EXPECT_EQ(events_about(ledger_.view(), Seq(99))->size(), 0U);
}

TEST_F(Projection, KnowsDatasetsByTickerNewestFirst) {
  append(test::imported_event("a", "SPY", "1d", sha256("spy 1")));
  append(test::imported_event("b", "SPYX", "1d", sha256("spyx")));
  append(test::imported_event("c", "SPY", "1h", sha256("spy hours")));
  append(test::imported_event("d", "SPY", "1d", sha256("spy 2")));
  const auto versions = find_datasets(ledger_.view(), "SPY");
  ASSERT_EQ(versions->size(), 3U);
  EXPECT_EQ((*versions)[0].imported, Seq(4));
  EXPECT_EQ((*versions)[0].dataset, sha256("spy 2"));
  EXPECT_EQ((*versions)[1].imported, Seq(1));
  EXPECT_EQ((*versions)[2].interval, "1h");
  EXPECT_EQ(find_datasets(ledger_.view(), std::nullopt)->size(), 4U);
  EXPECT_TRUE(find_datasets(ledger_.view(), "SP")->empty());
}

TEST_F(Projection, KnowsTheFirstEventThatBroughtSomething) {
  append(test::imported_event("a", "SPY", "1d", sha256("d")));
  append(test::plugin_event("b", sha256("p")));
  append(test::engine_event("c", sha256("r")));
  append(test::imported_event("d", "OTHER", "1d", sha256("d")));
  append(test::plugin_event("e", sha256("p")));
  append(test::engine_event("f", sha256("r")));
  EXPECT_EQ(*dataset_event(ledger_.view(), sha256("d")), Seq(1));
  EXPECT_EQ(*plugin_event(ledger_.view(), sha256("p")), Seq(2));
  EXPECT_EQ(*runtime_event(ledger_.view(), sha256("r")), Seq(3));
  EXPECT_EQ(*dataset_event(ledger_.view(), sha256("p")), std::nullopt);
  EXPECT_EQ(*find_request(ledger_.view(), "d"), Seq(4));
  EXPECT_EQ(*find_request(ledger_.view(), "D"), std::nullopt);
}

TEST_F(Projection, KnowsTheLatestRunOfAnActor) {
  const Seq first = run("a");
  const Seq second = run("b");
  append(run_event({.request_id = "c", .run_class = schema::RunClass::sweep_trial, .sweep = "w"}));
  append(run_event({.request_id = "d", .actor = "ann@des"}));
  EXPECT_EQ(*latest_run(ledger_.view(), "ann@desk"), second);
  append(test::retracted_event("e", second.value));
  EXPECT_EQ(*latest_run(ledger_.view(), "ann@desk"), first);
  append(test::restored_event("f", second.value));
  EXPECT_EQ(*latest_run(ledger_.view(), "ann@desk"), second);
  EXPECT_EQ(*latest_run(ledger_.view(), "nobody"), std::nullopt);
}

TEST_F(Projection, SaysSoWhenARowIsNotWhatItWrites) {
  const Seq run_id = run("a");
  for (auto& [key, value] : ledger_.view().pairs_of(Family::index)) value[0] = 9;
  const auto page = list_runs(ledger_.view(), {}, {});
  EXPECT_EQ(page.error().code, ErrorCode::damaged);
  for (auto& [key, value] : ledger_.view().pairs_of(Family::counters)) value.pop_back();
  EXPECT_EQ(count_runs(ledger_.view(), {}).error().code, ErrorCode::damaged);
  ledger_.view().pairs_of(Family::lookup)[request_key("a")] = "";
  EXPECT_EQ(find_request(ledger_.view(), "a").error().code, ErrorCode::damaged);
  ledger_.view().pairs_of(Family::events)[event_key(run_id)] = "x";
  EXPECT_EQ(refusal(test::retracted_event("b", run_id.value)).code, ErrorCode::damaged);
}

// The row of a completed run with these metrics.
RunRow row_with(const std::vector<schema::MetricValue>& metrics) {
  PendingEvent event = test::with<schema::RunCompletedT>(
      run_event({}), [&metrics](schema::RunCompletedT& run) { run.metrics = metrics; });
  stamp_event(event, {.seq = Seq(1), .recorded_at = 1, .nonce = {}});
  return run_facts(event_in(event))->row;
}

TEST(RunRow, HoldsCountsWithoutTheirFractionWithinTheirRange) {
  using Key = schema::MetricKey;
  const auto trades = [](double figure) {
    return row_with({{figure, Key::total_trades, schema::MetricUndefined::defined}}).total_trades;
  };
  EXPECT_EQ(trades(2.999), 2U);
  EXPECT_EQ(trades(-1), 0U);
  EXPECT_EQ(trades(std::numeric_limits<double>::quiet_NaN()), 0U);
  EXPECT_EQ(trades(5e9), std::numeric_limits<std::uint32_t>::max());
  EXPECT_EQ(row_with({}).total_trades, 0U);
}

TEST(RunRow, HoldsTheFirstFigureOfAKeyWhateverItSays) {
  const RunRow row = row_with({{1.5, schema::MetricKey::pnl, schema::MetricUndefined::too_short},
                               {2.5, schema::MetricKey::pnl, schema::MetricUndefined::defined}});
  EXPECT_EQ(row.pnl, 1.5);
  EXPECT_TRUE(std::isnan(row.return_pct));
}

TEST(RunRow, StoresOneNan) {
  RunRow row;
  row.pnl = std::bit_cast<double>(0xfff4'0000'0000'0001U);
  RunRow other;
  other.pnl = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(encode_run_row(row), encode_run_row(other));
}

TEST(RunRow, NamesTheFirstInputAndTheSweepWhateverTheClass) {
  PendingEvent event = run_event({.tickers = {"SPY", "VIX", "SPY"}, .sweep = "w"});
  stamp_event(event, {.seq = Seq(1), .recorded_at = 1, .nonce = {}});
  const auto facts = run_facts(event_in(event));
  EXPECT_EQ(facts->row.ticker, "SPY");
  EXPECT_EQ(facts->tickers, (std::vector<std::string>{"SPY", "VIX"}));
  EXPECT_EQ(facts->row.group, RunGroup::listed);
  EXPECT_EQ(facts->sweep, "w");
}

TEST(RunRow, ComesBackFromItsValue) {
  RunRow row;
  row.id = Seq(7);
  row.group = RunGroup::failed;
  row.recorded_at = 99;
  row.ticker = std::string(255, 't');
  row.strategy = std::string("s\0s", 3);
  row.interval = "1h";
  row.start = -1;
  row.end = 2;
  row.cash = -0.0;
  row.pnl = std::numeric_limits<double>::quiet_NaN();
  row.return_pct = std::numeric_limits<double>::infinity();
  row.total_trades = 3;
  row.winning_trades = 2;
  row.losing_trades = 1;
  row.parent = Seq(5);
  row.replay = true;
  std::string_view rest;
  const std::string value = encode_run_row(row);
  const auto read = decode_run_row(row.group, {99, Seq(7)}, value, rest);
  ASSERT_TRUE(read);
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(encode_run_row(*read), value);
  EXPECT_EQ(read->strategy, row.strategy);
  EXPECT_TRUE(std::signbit(read->cash));
  for (std::size_t size = 0; size < value.size(); ++size)
    EXPECT_FALSE(decode_run_row(row.group, {99, Seq(7)}, value.substr(0, size), rest));
}

// Events of a random history, each acceptable after those before it.
std::vector<PendingEvent> random_log() {
  MemoryLedger ledger;
  std::vector<PendingEvent> events{test::opened_event()};
  std::vector<std::uint64_t> runs;
  const int steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) {
    const std::string id = "r" + std::to_string(i);
    const auto any_run = [&runs] { return runs.empty() ? 0 : *rc::gen::elementOf(runs); };
    PendingEvent event;
    switch (*rc::gen::inRange(0, 7)) {
      case 0:
        event = test::retracted_event(id, any_run());
        break;
      case 1:
        event = test::restored_event(id, any_run());
        break;
      case 2:
        event = test::reproduced_event(id, {any_run()});
        break;
      case 3:
        event = test::imported_event(id, *rc::gen::element<std::string>("A", "B"), "1d",
                                     sha256(std::to_string(*rc::gen::inRange(0, 3))));
        break;
      case 4:
        event = test::checked_event(id, any_run());
        break;
      default:
        const bool trial = *rc::gen::arbitrary<bool>();
        event = run_event(
            {.request_id = id,
             .failed = *rc::gen::arbitrary<bool>(),
             .run_class = trial ? schema::RunClass::sweep_trial : schema::RunClass::single,
             .tickers = {*rc::gen::element<std::string>("A", "B")},
             .sweep = trial ? "w" : ""});
    }
    const auto seq = ledger.append(event);
    if (!seq) continue;
    stamp_event(
        event,
        {.seq = *seq, .recorded_at = load_event(ledger.view(), *seq)->recorded_at(), .nonce = {}});
    if (event_in(event).payload_as_RunCompleted() != nullptr) runs.push_back(seq->value);
    events.push_back(std::move(event));
  }
  stamp_event(events.front(), {.seq = Seq(0), .recorded_at = 1, .nonce = {}});
  return events;
}

RC_GTEST_PROP(Projections, AreTheSameWhateverTheCommitGroups, ()) {
  const auto events = random_log();
  MemoryView one_by_one;
  MemoryView grouped;
  Overlay group(&grouped);
  CounterRows counters(&grouped);
  const auto write_group = [&] {
    grouped.apply(group.take());
    grouped.apply(counters.changes());
    if (*rc::gen::arbitrary<bool>()) counters.clear();
  };
  for (const PendingEvent& event : events) {
    const Change stored{Family::events, event_key(Seq(event_in(event).stamp()->seq())),
                        std::string(text_of(event))};
    const auto changes = project(event_in(event), one_by_one);
    RC_ASSERT(changes.has_value());
    one_by_one.apply(*changes);
    one_by_one.apply({stored});
    const auto in_group = project(event_in(event), group, counters);
    RC_ASSERT(in_group.has_value());
    group.add(*in_group);
    group.add({stored});
    if (*rc::gen::inRange(0, 4) == 0) write_group();
  }
  write_group();
  for (const Family family : kProjected)
    RC_ASSERT(grouped.pairs_of(family) == one_by_one.pairs_of(family));
}

}  // namespace
}  // namespace runledger::ledger
