#include <algorithm>
#include <cmath>

#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/ledger.hpp>

#include "event_building.hpp"
#include "workbench.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;
using test::Workbench;

class Runs : public Workbench {
 protected:
  Runs() { import(write_prices("ACME.csv", 800)); }
};

TEST_F(Runs, AreShownFromTheLedgerAlone) {
  const RunDetail run = this->run(options("ACME"));
  fs::remove(folder() / "ACME.csv");
  fs::remove_all(context_.cache);
  context_.layout.plugin_folders.clear();
  const auto evidence = recompute(context_, run.id, {.log = true});
  ASSERT_TRUE(evidence) << evidence.error().message;
  EXPECT_EQ(evidence->trades.size(), run.total_trades);
  EXPECT_EQ(evidence->equity.size(), run.bars);
  EXPECT_EQ(evidence->time.size(), run.bars);
  EXPECT_EQ(evidence->orders.size(), run.orders);
  EXPECT_DOUBLE_EQ(evidence->equity.back() - run.cash, run.pnl);
}

TEST_F(Runs, KeepTheirResultOnceSomebodySawIt) {
  const RunDetail run = this->run(options("ACME"));
  const ledger::BlobStore blobs(context_.ledger);
  EXPECT_FALSE(blobs.contains(*run.result_digest));
  const auto executed = recompute(context_, run.id, {});
  ASSERT_TRUE(executed) << executed.error().message;
  EXPECT_TRUE(blobs.contains(*run.result_digest));
  context_.layout.worker = "/no/such/worker";
  const auto kept = recompute(context_, run.id, {});
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(kept->equity, executed->equity);
}

TEST_F(Runs, WhosePluginIsGoneFromTheLedgerAreNotShownFromAnotherOne) {
  const RunDetail run = this->run(options("ACME"));
  const ledger::BlobStore blobs(context_.ledger);
  fs::permissions(blobs.path_of(*run.plugin_digest), fs::perms::owner_all);
  fs::remove(blobs.path_of(*run.plugin_digest));
  const auto evidence = recompute(context_, run.id, {});
  ASSERT_FALSE(evidence);
  EXPECT_EQ(evidence.error().code, ErrorCode::damaged);
}

TEST_F(Runs, AreListedNewestFirstAndCounted) {
  const RunDetail first = run(options("ACME"));
  const RunDetail second = run(options("ACME"));
  const auto page = list_runs(context_, {});
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->runs.size(), 2U);
  EXPECT_EQ(page->runs[0].id, second.id);
  EXPECT_EQ(page->runs[1].id, first.id);
  EXPECT_EQ(page->runs[0].pnl, second.pnl);
  RunQuery query;
  query.ticker = "ACME";
  EXPECT_EQ(count_runs(context_, query), 2U);
  query.ticker = "OTHER";
  EXPECT_EQ(count_runs(context_, query), 0U);
}

TEST_F(Runs, OfASweepAreListedOnlyWhenAskedFor) {
  RunOptions trial = options("ACME");
  trial.sweep = "s1";
  const RunDetail run = this->run(trial);
  EXPECT_EQ(run.kind, "sweep");
  EXPECT_EQ(count_runs(context_, {}), 0U);
  RunQuery query;
  query.sweep = "s1";
  EXPECT_EQ(list_runs(context_, query)->runs.at(0).id, run.id);
  query = {};
  query.all = true;
  EXPECT_EQ(count_runs(context_, query), 1U);
}

TEST_F(Runs, ThatAreRetractedAreHiddenAndComeBack) {
  const RunDetail run = this->run(options("ACME"));
  ASSERT_TRUE(retract(context_, {run.id}, "wrong data"));
  EXPECT_EQ(count_runs(context_, {}), 0U);
  RunQuery hidden;
  hidden.retracted = true;
  EXPECT_EQ(list_runs(context_, hidden)->runs.at(0).id, run.id);
  EXPECT_EQ(detail(run.id).retracted->reason, "wrong data");
  EXPECT_EQ(retract(context_, {run.id}, "again").error().code, ErrorCode::conflict);
  ASSERT_TRUE(restore(context_, {run.id}, "it was right"));
  EXPECT_EQ(count_runs(context_, {}), 1U);
  EXPECT_FALSE(detail(run.id).retracted);
  EXPECT_EQ(restore(context_, {run.id}, "").error().code, ErrorCode::conflict);
}

TEST_F(Runs, AreRetractedAllOrNone) {
  const RunDetail run = this->run(options("ACME"));
  EXPECT_EQ(retract(context_, {run.id, Seq(1)}, "both").error().code, ErrorCode::not_found);
  EXPECT_EQ(retract(context_, {run.id}, " ").error().code, ErrorCode::invalid_input);
  EXPECT_EQ(count_runs(context_, {}), 1U);
}

TEST_F(Runs, TellTheirHistory) {
  const RunDetail parent = run(options("ACME"));
  const RunDetail child = replay({.run = "latest", .overrides = {}});
  ASSERT_TRUE(retract(context_, {child.id}, "wrong"));
  const auto entries = history(context_, child.id);
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ(entries->at(0).event, parent.id);
  EXPECT_EQ(entries->at(1).event, child.id);
  EXPECT_EQ(entries->at(2).what, "retracted");
  EXPECT_EQ(history(context_, parent.id)->at(1).what, "replayed");
}

TEST_F(Runs, TellAReplaysChangesShortlyAndWhole) {
  const RunDetail parent = run(options("ACME"));
  import(write_prices("ACME.csv", 1300));
  ReplayOptions latest{.run = "latest", .overrides = {}};
  latest.overrides.data = "latest";
  latest.overrides.strategy = "buy_and_hold";
  const RunDetail child = replay(latest);
  const auto entries = history(context_, child.id);
  ASSERT_TRUE(entries) << entries.error().message;
  const HistoryEntry& entry = entries->at(1);
  const std::string before = parent.dataset_digest->hex();
  const std::string after = child.dataset_digest->hex();
  EXPECT_NE(entry.text.find("fast 10 -> none"), std::string::npos) << entry.text;
  EXPECT_NE(entry.text.find("data " + before.substr(0, 12) + " -> " + after.substr(0, 12)),
            std::string::npos)
      << entry.text;
  EXPECT_EQ(entry.text.find(before), std::string::npos) << entry.text;
  const auto data = std::ranges::find(entry.changes, "data", &OverrideDetail::name);
  ASSERT_NE(data, entry.changes.end());
  EXPECT_EQ(data->from, before);
  EXPECT_EQ(data->to, after);
}

TEST_F(Runs, ThatNoNameMatchesNameTheNearest) {
  (void)run(options("ACME"));
  notices_.clear();
  RunQuery query;
  query.ticker = "ACNE";
  EXPECT_EQ(count_runs(context_, query), 0U);
  query.ticker = "AC";
  query.strategy = "sma_corss";
  ASSERT_TRUE(list_runs(context_, query));
  EXPECT_EQ(notices_,
            (std::vector<std::string>{"no run is on ACNE; did you mean ACME?",
                                      "no run is on AC; did you mean ACME?",
                                      "no run is of sma_corss; did you mean sma_cross?"}));
  notices_.clear();
  query = {};
  query.ticker = "ACME";
  query.status = "failed";
  ASSERT_TRUE(list_runs(context_, query));
  EXPECT_TRUE(notices_.empty());
}

TEST_F(Runs, ThatAreHiddenOrManyRunsAgoAreNotCalledNone) {
  const RunDetail run = this->run(options("ACME"));
  const auto reader = ledger::Reader::open(context_.ledger, {});
  schema::RunCompletedT other;
  event_in(*reader->event(run.id)).payload_as_RunCompleted()->UnPackTo(&other);
  other.spec->inputs.front()->ticker = "OTHER";
  std::vector<ledger::PendingEvent> events;
  constexpr int kMoreThanAreComparedForAHint = 1'001;
  for (int i = 0; i < kMoreThanAreComparedForAHint; ++i)
    events.push_back(make_event("other-" + std::to_string(i), "ada@example", other));
  const auto recorded = ledger::append(context_.ledger, std::move(events), {});
  ASSERT_TRUE(recorded) << recorded.error().message;
  notices_.clear();
  RunQuery query;
  query.ticker = "ACME";
  query.since = "2199-01-01";
  EXPECT_EQ(count_runs(context_, query), 0U);
  EXPECT_TRUE(notices_.empty()) << notices_.front();
  ASSERT_TRUE(retract(context_, {run.id}, "wrong data"));
  notices_.clear();
  query.since.reset();
  EXPECT_EQ(count_runs(context_, query), 0U);
  EXPECT_TRUE(notices_.empty()) << notices_.front();
}

TEST_F(Runs, AreNamedByIdOrAsTheLatest) {
  const RunDetail run = this->run(options("ACME"));
  EXPECT_EQ(resolve_run(context_, "latest", RunUse::read), run.id);
  EXPECT_EQ(resolve_run(context_, "-1", RunUse::read), run.id);
  EXPECT_EQ(resolve_run(context_, "latest", RunUse::change).error().code, ErrorCode::invalid_input);
  EXPECT_EQ(resolve_run(context_, "7x", RunUse::read).error().code, ErrorCode::invalid_input);
}

TEST_F(Runs, OfThePastAreListedAsTheyWere) {
  const RunDetail first = run(options("ACME"));
  const RunDetail second = run(options("ACME"));
  RunQuery query;
  query.as_of = std::to_string(first.id.value);
  EXPECT_EQ(count_runs(context_, query), 1U);
  query.as_of = "1999-01-01";
  EXPECT_EQ(count_runs(context_, query).error().code, ErrorCode::not_found);
  query.as_of = std::to_string(second.id.value + 1);
  EXPECT_EQ(count_runs(context_, query).error().code, ErrorCode::not_found);
}

TEST_F(Runs, RefuseAQueryThatIsWrong) {
  RunQuery query;
  query.status = "happy";
  EXPECT_EQ(list_runs(context_, query).error().code, ErrorCode::invalid_input);
  query = {};
  query.since = "2024-02-01";
  query.until = "2024-01-01";
  EXPECT_EQ(list_runs(context_, query).error().code, ErrorCode::invalid_input);
  query = {};
  query.limit = 0;
  EXPECT_EQ(list_runs(context_, query).error().code, ErrorCode::invalid_input);
}

TEST_F(Runs, ShowFiguresOfANewerVersionByTheirNumbers) {
  const RunDetail run = this->run(options("ACME"));
  schema::RunCompletedT newer;
  const auto reader = ledger::Reader::open(context_.ledger, {});
  const auto stored = reader->event(run.id);
  event_in(*stored).payload_as_RunCompleted()->UnPackTo(&newer);
  newer.metrics.emplace_back(std::nan(""), static_cast<schema::MetricKey>(900),
                             static_cast<schema::MetricUndefined>(90));
  const auto recorded =
      ledger::append(context_.ledger, {make_event("newer", "ada@example", std::move(newer))}, {});
  ASSERT_TRUE(recorded) << recorded.error().message;
  const MetricDetail figure = detail(recorded->seqs.front()).metrics.back();
  EXPECT_EQ(figure.name, "metric_900");
  EXPECT_EQ(figure.label, "metric_900");
  EXPECT_EQ(figure.undefined, "undefined, for reason 90 of a newer version");
}

TEST_F(Runs, AreListedWithTheFiguresThatTheyRecorded) {
  const RunDetail run = this->run(options("ACME"));
  RunPage page = *list_runs(context_, {});
  ASSERT_TRUE(read_figures(context_, page.runs));
  const auto names = figure_names();
  const std::vector<double>& figures = page.runs.at(0).figures;
  ASSERT_EQ(figures.size(), names.size());
  for (const MetricDetail& metric : run.metrics) {
    const auto at = std::ranges::find(names, metric.name, &FigureName::name);
    ASSERT_NE(at, names.end()) << metric.name;
    const double listed = figures[static_cast<std::size_t>(at - names.begin())];
    EXPECT_TRUE(listed == metric.value || !metric.undefined.empty()) << metric.name;
  }
}

TEST_F(Runs, OfAnOlderProgramHaveTheFiguresThatItKnew) {
  const RunDetail run = this->run(options("ACME"));
  schema::RunCompletedT older;
  const auto reader = ledger::Reader::open(context_.ledger, {});
  const auto stored = reader->event(run.id);
  event_in(*stored).payload_as_RunCompleted()->UnPackTo(&older);
  std::erase_if(older.metrics, [](const schema::MetricValue& figure) {
    return figure.key() == schema::MetricKey::sortino_ratio;
  });
  const auto recorded =
      ledger::append(context_.ledger, {make_event("older", "ada@example", std::move(older))}, {});
  ASSERT_TRUE(recorded);
  const RunDetail read = detail(recorded->seqs.front());
  EXPECT_EQ(read.metrics.size() + 1, run.metrics.size());
  EXPECT_EQ(std::ranges::find(read.metrics, "sortino_ratio", &MetricDetail::name),
            read.metrics.end());
}

}  // namespace
}  // namespace runledger::app
