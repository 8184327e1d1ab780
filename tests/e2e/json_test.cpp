// The shapes that scripts rely on.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workplace.hpp"

namespace runledger::e2e {
namespace {

void expect_members(const json& object, const std::vector<std::string>& names) {
  for (const std::string& name : names) EXPECT_TRUE(object.contains(name)) << name;
}

const std::vector<std::string> kRunMembers{
    "id",           "kind",         "status",         "ticker",        "strategy",   "start_date",
    "end_date",     "interval",     "cash",           "pnl",           "return_pct", "sharpe_ratio",
    "max_drawdown", "total_trades", "winning_trades", "losing_trades", "created_at", "parent"};

TEST(Json, OfARunHoldsTheContractAndItsParts) {
  const Workplace place;
  place.import_prices();
  const json made = place.good_json({"backtest", "-s", "sma_cross", "-t", "STRESS", "-p", "slow=40",
                                     "--tag", "k=v", "--note", "a note", "--commission",
                                     "0.001+fixed:1.5", "--size", "equity_pct:50"});
  expect_members(made, kRunMembers);
  expect_members(made, {"parameters", "digests", "metrics", "metrics_undefined", "failure"});
  EXPECT_EQ(made.at("kind"), "backtest");
  EXPECT_EQ(made.at("status"), "completed");
  EXPECT_EQ(made.at("parameters").at("slow"), 40);
  EXPECT_EQ(made.at("parameters").at("fast"), 10);
  EXPECT_EQ(made.at("start_date"), "2001-01-01");
  EXPECT_EQ(made.at("end_date"), "2006-09-29");
  EXPECT_EQ(made.at("parent"), nullptr);
  EXPECT_EQ(made.at("tags").at("k"), "v");
  EXPECT_EQ(made.at("note"), "a note");
  EXPECT_EQ(made.at("commission"), "0.001+fixed:1.5");
  EXPECT_EQ(made.at("size"), "equity_pct:50");
  EXPECT_EQ(made.at("failure"), nullptr);
  for (const char* digest : {"result", "plugin", "dataset"}) {
    EXPECT_EQ(made.at("digests").at(digest).get<std::string>().size(), 64U);
  }
  EXPECT_EQ(made.at("metrics").at("pnl"), made.at("pnl"));
  EXPECT_EQ(made.at("rules_version"), 2);

  const std::string id = std::to_string(made.at("id").get<int>());
  EXPECT_EQ(place.good_json({"runs", "show", id}), made);

  const json full = place.good_json(
      {"runs", "show", id, "--trades", "--equity", "--orders", "--refusals", "--log"});
  const json& trades = full.at("trades");
  ASSERT_FALSE(trades.empty());
  expect_members(trades.at(0), {"entry_time", "entry_price", "exit_time", "exit_price", "size",
                                "pnl", "commission"});
  EXPECT_EQ(trades.size(), made.at("total_trades"));
  const json& equity = full.at("equity");
  EXPECT_EQ(equity.at("time").size(), 1'500U);
  EXPECT_EQ(equity.at("equity").size(), 1'500U);
  // The last close's equity is the start's cash and the run's pnl, to the last bit.
  EXPECT_EQ(equity.at("equity").back().get<double>(), made.at("metrics").at("equity_final"));
  EXPECT_EQ(full.at("orders").size(), made.at("order_count"));
  EXPECT_EQ(full.at("refusals").size(), made.at("refusal_count"));
  EXPECT_EQ(full.at("log").size() + full.at("log_dropped").get<std::size_t>(),
            made.at("log_line_count"));

  const json child = place.good_json({"replay", id, "-p", "slow=50"});
  EXPECT_EQ(child.at("kind"), "replay");
  EXPECT_EQ(child.at("parent"), made.at("id"));
  EXPECT_EQ(child.at("overrides").at(0).at("name"), "slow");
  EXPECT_EQ(child.at("digests").at("plugin"), made.at("digests").at("plugin"));
}

TEST(Json, OfARunUnderAnotherConventionKeepsWhatIsRecorded) {
  const Workplace place;
  const std::string run = place.record_run();
  const json shown = place.good_json({"runs", "show", run});
  EXPECT_EQ(shown.at("buy_and_hold").at("return_pct"),
            shown.at("metrics").at("buy_hold_return_pct"));
  EXPECT_FALSE(shown.contains("metrics_compat"));
  json lean = place.good_json({"runs", "show", run, "--metrics-compat", "lean"});
  EXPECT_EQ(lean.at("metrics_compat").at("convention"), "lean");
  EXPECT_EQ(lean.at("metrics_compat").at("metrics").at("End Equity"),
            shown.at("metrics").at("equity_final"));
  lean.erase("metrics_compat");
  EXPECT_EQ(lean, shown);
  const json made = place.good_json({"replay", run, "--metrics-compat", "backtesting.py"});
  EXPECT_EQ(made.at("metrics_compat").at("metrics").at("Equity Final [$]"),
            made.at("metrics").at("equity_final"));
  const json rates = place.good_json({"runs", "show", run, "--risk-free-rate", "0.02"});
  EXPECT_EQ(rates.at("metrics_asked").at("risk_free_rate"), 0.02);
  EXPECT_LT(rates.at("metrics_asked").at("metrics").at("sharpe_ratio"), rates.at("sharpe_ratio"));
}

TEST(Json, OfALongLogSaysHowMuchOfItWasDropped) {
  const Workplace place;
  place.import_prices();
  const json run =
      place.good_json({"backtest", "-s", RL_MISBEHAVING ":logs_a_million_lines", "-t", "STRESS"});
  const json log =
      place.good_json({"runs", "show", std::to_string(run.at("id").get<int>()), "--log"});
  EXPECT_GT(log.at("log_dropped").get<std::size_t>(), 900'000U);
  EXPECT_EQ(log.at("log").size() + log.at("log_dropped").get<std::size_t>(),
            run.at("log_line_count"));
}

TEST(Json, OfAHistoryHoldsWhatAReplayChanged) {
  const Workplace place;
  const std::string run = place.record_run();
  (void)place.good_json({"replay", run, "-p", "slow=50"});
  const json history = place.good_json({"runs", "history", run}).at("history");
  EXPECT_TRUE(history.at(0).at("changes").empty());
  EXPECT_EQ(history.at(1).at("changes"), json::parse(R"([{"name":"slow","from":"30","to":"50"}])"));
}

TEST(Json, OfListsAndCounts) {
  const Workplace place;
  const std::string run = place.record_run();
  (void)place.good_json({"replay", run, "-p", "fast=5"});
  (void)place.good_json({"replay", run, "-p", "fast=6"});

  const json page = place.good_json({"runs", "ls", "--limit", "2"});
  ASSERT_EQ(page.at("runs").size(), 2U);
  expect_members(page.at("runs").at(0), kRunMembers);
  EXPECT_GT(page.at("runs").at(0).at("id"), page.at("runs").at(1).at("id"));
  ASSERT_TRUE(page.at("next_cursor").is_string());
  const json next = place.good_json({"runs", "ls", "--cursor", page.at("next_cursor")});
  ASSERT_EQ(next.at("runs").size(), 1U);
  EXPECT_EQ(next.at("runs").at(0).at("id"), std::stoi(run));
  EXPECT_EQ(next.at("next_cursor"), nullptr);

  const json best = place.good_json({"runs", "ls", "--sort", "-pnl"}).at("runs");
  ASSERT_EQ(best.size(), 3U);
  EXPECT_GE(best.at(0).at("pnl"), best.at(1).at("pnl"));
  EXPECT_GE(best.at(1).at("pnl"), best.at(2).at("pnl"));
  EXPECT_EQ(place.good_json({"runs", "ls", "--sort", "pnl", "--limit", "1"}).at("runs").at(0),
            best.at(2));
  EXPECT_EQ(place.good_json({"runs", "ls", "--sort", "pnl", "--offset", "2"}).at("runs").at(0),
            best.at(0));

  const json calm =
      place.good_json({"runs", "ls", "--sort", "ulcer_index", "--columns", "id,ulcer_index"})
          .at("runs");
  ASSERT_EQ(calm.size(), 3U);
  EXPECT_LE(calm.at(0).at("ulcer_index"), calm.at(1).at("ulcer_index"));
  EXPECT_LE(calm.at(1).at("ulcer_index"), calm.at(2).at("ulcer_index"));
  EXPECT_FALSE(best.at(0).contains("ulcer_index"));

  EXPECT_EQ(place.good_json({"runs", "count"}), json({{"count", 3}}));
  EXPECT_EQ(place.good_json({"runs", "count", "--ticker", "OTHER"}), json({{"count", 0}}));
  EXPECT_EQ(place.good_json({"runs", "ls", "--columns", "id,pnl"}).at("runs").at(0).size(), 2U);

  const json strategies = place.good_json({"strategies", "ls"}).at("strategies");
  EXPECT_GE(strategies.size(), 3U);
  expect_members(strategies.at(0), {"name", "title", "id", "version", "doc", "parameters", "file"});
  EXPECT_EQ(
      place.good_json({"strategies", "show", "sma_cross"}).at("parameters").at(0).at("default"),
      10);
  EXPECT_EQ(place.good_json({"strategies", "check", "buy_and_hold"}).at("ok"), true);

  const json datasets = place.good_json({"data", "ls"}).at("datasets");
  expect_members(datasets.at(0),
                 {"ticker", "interval", "rows", "dropped", "start", "end", "digest"});
}

TEST(Json, OfImportsVerifyReindexAndDoctor) {
  const Workplace place;
  place.write("BAD.csv",
              "Date,Open,High,Low,Close,Volume\n2024-01-02,10,11,9,10.5,100\n"
              "2024-01-03,10.5,12,10,-1,100\n2024-01-04,11,12,10,12,100\n"
              "2024-01-05,11,12,10,12,100\n");
  const Outcome refused = place.run({"data", "import", "BAD.csv", "--json"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_EQ(json::parse(refused.out).at("refused").at(0).at("file"), "BAD.csv");
  EXPECT_FALSE(std::filesystem::exists(place.ledger()));

  const json import = place.good_json({"data", "import", "BAD.csv", "--on-bad", "drop"});
  const json& dataset = import.at("datasets").at(0);
  expect_members(dataset, {"ticker", "interval", "rows", "dropped", "start", "end", "digest"});
  EXPECT_EQ(dataset.at("rows"), 3);
  EXPECT_EQ(dataset.at("dropped"), 1);
  EXPECT_EQ(dataset.at("bad_rows").at(0).at("line"), 3);

  const json verify = place.good_json({"verify"});
  EXPECT_EQ(verify.at("ok"), true);
  EXPECT_EQ(verify.at("size"), verify.at("events_checked"));
  EXPECT_EQ(verify.at("root").get<std::string>().size(), 64U);
  EXPECT_TRUE(verify.at("findings").empty());
  expect_members(verify, {"blobs_checked"});
  expect_members(place.good_json({"reindex"}), {"events", "pairs", "differing"});
  const json doctor = place.good_json({"doctor"});
  EXPECT_EQ(doctor.at("ok"), true);
  expect_members(doctor.at("findings").at(0), {"level", "what", "text"});
}

TEST(Json, OfADatasetSaysNothingOfItsAdjustmentThatNobodySaid) {
  const Workplace place;
  place.write("ONE.csv",
              "Date,Open,High,Low,Close,Volume\n2024-01-02,10,11,9,10.5,100\n"
              "2024-01-03,10.5,12,10,11,100\n");
  const json import = place.good_json({"data", "import", "ONE.csv"}).at("datasets").at(0);
  EXPECT_EQ(import.at("adjustment"), nullptr);
  const json unsaid = place.good_json({"data", "show", "ONE"});
  EXPECT_EQ(unsaid.at("adjustment"), nullptr);
  EXPECT_EQ(unsaid.at("date_order"), nullptr);
  EXPECT_EQ(unsaid.at("decimal"), nullptr);
  EXPECT_EQ(unsaid.at("on_bad"), "refuse");
  EXPECT_EQ(unsaid.at("interval_given"), false);
  EXPECT_THAT(place.run({"data", "show", "ONE"}).out, testing::HasSubstr("adjustment not said"));

  const json said = place.good_json(
      {"data", "import", "ONE.csv", "-t", "TWO", "--adjustment", "split", "--interval", "1d"});
  EXPECT_EQ(said.at("datasets").at(0).at("adjustment"), "split");
  const json shown = place.good_json({"data", "show", "TWO"});
  EXPECT_EQ(shown.at("adjustment"), "split");
  EXPECT_EQ(shown.at("interval_given"), true);
}

TEST(Json, OfAnErrorIsOnStdoutAndTheSentenceOnStderr) {
  const Workplace place;
  struct Case {
    std::vector<std::string> words;
    int status;
    const char* code;
  };
  for (const Case& c : {Case{{"runs", "show", "1", "--json"}, 4, "not_found"},
                        Case{{"--json", "nonsense"}, 2, "invalid_input"},
                        Case{{"runs", "ls", "--json", "--csv"}, 2, "invalid_input"},
                        Case{{"runs", "ls", "--json", "--limit", "x"}, 2, "invalid_input"}}) {
    const Outcome outcome = place.run(c.words);
    EXPECT_EQ(outcome.status, c.status);
    const json error = json::parse(outcome.out).at("error");
    EXPECT_EQ(error.at("code"), c.code);
    EXPECT_EQ(outcome.err, "runledger: " + error.at("message").get<std::string>() + "\n");
  }
}

TEST(Csv, OfARunReadsBackAsItsJson) {
  const Workplace place;
  const std::string run = place.record_run();
  const json full = place.good_json({"runs", "show", run, "--trades"});
  const auto lines = lines_of(place.good({"runs", "show", run, "--trades", "--csv"}));
  ASSERT_EQ(lines.size(), full.at("trades").size() + 1);
  EXPECT_EQ(lines.at(0), "entry_time,entry_price,exit_time,exit_price,size,pnl,commission\r");
  for (std::size_t i = 0; i < full.at("trades").size(); ++i) {
    const json& trade = full.at("trades").at(i);
    std::istringstream line(lines.at(i + 1));
    std::string entry, price;
    std::getline(line, entry, ',');
    std::getline(line, price, ',');
    EXPECT_EQ(entry, trade.at("entry_time"));
    EXPECT_EQ(std::stod(price), trade.at("entry_price").get<double>());
  }
  EXPECT_EQ(lines_of(place.good({"runs", "ls", "--csv"})).size(), 2U);
}

}  // namespace
}  // namespace runledger::e2e
