#include <runledger/app/strategies.hpp>
#include <runledger/base/time.hpp>
#include <runledger/engine/settings.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/ledger.hpp>

#include "workbench.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;
using test::Workbench;

class Backtest : public Workbench {
 protected:
  Backtest() { import(write_prices("ACME.csv", 1000)); }
  [[nodiscard]] Error refusal(const RunOptions& options) const {
    const auto receipt = backtest(context_, options);
    return receipt ? Error{ErrorCode::internal, "it was recorded"} : receipt.error();
  }
  [[nodiscard]] std::uint64_t events() const {
    return ledger::Reader::open(context_.ledger, {})->head().size.value;
  }
};

TEST_F(Backtest, IsRecordedWithEverythingItWasMadeFrom) {
  RunOptions asked = options("ACME");
  asked.parameters = {"fast=5"};
  asked.cash = "25000";
  asked.commission = "0.001+fixed:1";
  asked.tags = {"idea=first"};
  asked.note = "a note";
  const RunDetail run = this->run(asked);
  EXPECT_EQ(run.status, "completed");
  EXPECT_EQ(run.kind, "backtest");
  EXPECT_EQ(run.ticker, "ACME");
  EXPECT_EQ(run.strategy, "sma_cross");
  EXPECT_EQ(run.interval, "1d");
  EXPECT_EQ(run.parameters.at(0).name, "fast");
  EXPECT_EQ(std::get<std::int64_t>(run.parameters.at(0).value), 5);
  EXPECT_EQ(run.cash, 25000);
  EXPECT_EQ(run.size, "cash_pct:95");
  EXPECT_EQ(run.commission, "0.001+fixed:1");
  EXPECT_EQ(run.actor, "ada@example");
  EXPECT_EQ(run.note, "a note");
  EXPECT_EQ(run.tags.at(0).text, "first");
  EXPECT_EQ(run.bars, 1000U);
  EXPECT_GT(run.total_trades, 0U);
  EXPECT_TRUE(run.result_digest && run.plugin_digest && run.dataset_digest && run.runtime_digest);
  EXPECT_FALSE(run.engine.empty());
  EXPECT_EQ(run.rules_version, kRulesVersion);
  EXPECT_FALSE(run.kernel.empty());
  EXPECT_FALSE(run.metrics.empty());
}

TEST_F(Backtest, GivesTheSameDigestAgain) {
  const RunDetail first = run(options("ACME"));
  const RunDetail second = run(options("ACME"));
  EXPECT_EQ(first.result_digest, second.result_digest);
  EXPECT_NE(first.id, second.id);
}

TEST_F(Backtest, IntroducesPluginAndEngineOnce) {
  run(options("ACME"));
  const std::uint64_t before = events();
  run(options("ACME"));
  EXPECT_EQ(events(), before + 1);
}

TEST_F(Backtest, StoresAgainTheBlobsThatWereLostSince) {
  const RunDetail first = run(options("ACME"));
  const ledger::BlobStore blobs(context_.ledger);
  const auto stored = blobs.list();
  ASSERT_TRUE(stored) << stored.error().message;
  std::vector<Digest> lost;
  for (const Digest& name : stored->blobs) {
    const auto content = blobs.get(name);
    ASSERT_TRUE(content) << content.error().message;
    const bool is_code = text_of(*content).starts_with(
        "\x7f"
        "ELF");
    if (is_code && std::filesystem::remove(blobs.path_of(name))) lost.push_back(name);
  }
  ASSERT_GT(lost.size(), 1U) << "the plugin and a file of the runtime";
  run(options("ACME"));
  for (const Digest& name : lost) EXPECT_TRUE(blobs.get(name)) << name.hex();
}

TEST_F(Backtest, OfTheSameRequestIsRecordedOnce) {
  RunOptions asked = options("ACME");
  asked.request_id = "order-1";
  const auto first = backtest(context_, asked);
  const auto second = backtest(context_, asked);
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(first->already_recorded);
  EXPECT_TRUE(second->already_recorded);
  EXPECT_EQ(first->id, second->id);
}

TEST_F(Backtest, OfTheSameRequestWithOtherOptionsIsRefused) {
  RunOptions asked = options("ACME");
  asked.request_id = "order-1";
  const auto first = backtest(context_, asked);
  ASSERT_TRUE(first) << first.error().message;
  const std::uint64_t before = events();
  RunOptions other = asked;
  other.parameters = {"fast=11"};
  const Error error = refusal(other);
  EXPECT_EQ(error.code, ErrorCode::conflict);
  EXPECT_EQ(error.message, "the request id order-1 recorded run " +
                               std::to_string(first->id.value) +
                               ", which was asked for otherwise (fast 10 -> 11); use another id");
  for (const auto& [member, value] :
       std::vector<std::pair<std::optional<std::string> RunOptions::*, std::string>>{
           {&RunOptions::cash, "5"},
           {&RunOptions::from, "2012-01-01"},
           {&RunOptions::note, "another"},
           {&RunOptions::timeout, "5"},
           {&RunOptions::sweep, "s"},
           {&RunOptions::size, "units:1"}}) {
    other = asked;
    other.*member = value;
    EXPECT_EQ(refusal(other).code, ErrorCode::conflict) << value;
  }
  other = asked;
  other.tags = {"k=v"};
  EXPECT_EQ(refusal(other).code, ErrorCode::conflict);
  EXPECT_EQ(events(), before);
}

TEST_F(Backtest, OfTheSameRequestIsTheEarlierRunAlsoOnGrownData) {
  RunOptions asked = options("ACME");
  asked.request_id = "order-1";
  const RunDetail first = run(asked);
  import(write_prices("ACME.csv", 1100));
  notices_.clear();
  EXPECT_EQ(run(asked).id, first.id);
  EXPECT_EQ(notices_,
            std::vector<std::string>{"the request id order-1 recorded run " +
                                     std::to_string(first.id.value) + " before; nothing was run"});
}

TEST_F(Backtest, OfTheSameRequestIsTheEarlierRunAlsoWhenItCannotBeMadeAnymore) {
  RunOptions asked = options("ACME");
  asked.request_id = "order-1";
  RunOptions late = options("ACME");
  late.from = format_date(*run(options("ACME")).end_date);
  late.request_id = "order-2";
  const RunDetail first = run(asked), second = run(late);
  const std::uint64_t before = events();
  context_.layout.plugin_folders.clear();
  notices_.clear();
  EXPECT_EQ(run(asked).id, first.id);
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_NE(notices_[0].find("nothing was run, and today it could not be: there is no strategy"),
            std::string::npos)
      << notices_[0];
  for (const auto& member : {&RunOptions::strategy, &RunOptions::ticker}) {
    RunOptions other = asked;
    other.*member = "another";
    EXPECT_EQ(refusal(other).code, ErrorCode::conflict);
  }
  asked.request_id = "order-3";
  EXPECT_EQ(refusal(asked).code, ErrorCode::not_found);
  EXPECT_EQ(events(), before);
  context_.layout = layout_around(context_.layout.program);
  import(write_prices("ACME.csv", 500));
  EXPECT_EQ(run(late).id, second.id);
  late.request_id.clear();
  EXPECT_EQ(refusal(late).code, ErrorCode::invalid_input);
}

TEST_F(Backtest, OfTheSameRequestIsTheEarlierRunAlsoWithANewerPlugin) {
  const fs::path file = folder() / "mine" / "own_size.so";
  fs::create_directories(file.parent_path());
  fs::copy_file(OWN_SIZE, file);
  context_.plugin_folders = {file.parent_path()};
  RunOptions asked = options("ACME");
  asked.strategy = "own_size";
  asked.parameters = {"by_run=true"};
  asked.request_id = "order-1";
  const RunDetail first = run(asked);
  RunOptions fewer = asked;
  fewer.parameters.clear();
  EXPECT_EQ(refusal(fewer).code, ErrorCode::conflict);
  fs::copy_file(OWN_SIZE_CHANGED, file, fs::copy_options::overwrite_existing);
  EXPECT_EQ(run(asked).id, first.id);
  asked.parameters.emplace_back("length=7");
  EXPECT_NE(refusal(asked).message.find("(length 1 -> 7)"), std::string::npos)
      << refusal(asked).message;
}

TEST_F(Backtest, IncludesBothEndsOfItsDates) {
  const RunDetail whole = run(options("ACME"));
  RunOptions asked = options("ACME");
  asked.from = format_date(*whole.start_date);
  asked.to = format_date(*whole.end_date);
  const RunDetail dated = run(asked);
  EXPECT_EQ(dated.start_date, whole.start_date);
  EXPECT_EQ(dated.end_date, whole.end_date);
  EXPECT_EQ(dated.result_digest, whole.result_digest);
}

TEST_F(Backtest, OutsideTheDataSaysWhatTheDataCovers) {
  RunOptions asked = options("ACME");
  asked.from = "2199-01-01";
  const Error error = refusal(asked);
  EXPECT_EQ(error.code, ErrorCode::invalid_input);
  EXPECT_NE(error.message.find("has no bar from 2199-01-01 to its end; it covers"),
            std::string::npos)
      << error.message;
}

TEST_F(Backtest, NamesTheNearestOfWhatIsMisspelt) {
  RunOptions ticker = options("ACMF");
  EXPECT_EQ(refusal(ticker).message, "there is no data for ACMF; did you mean ACME?");
  RunOptions strategy = options("ACME");
  strategy.strategy = "sma_crss";
  EXPECT_EQ(refusal(strategy).code, ErrorCode::not_found);
  EXPECT_EQ(refusal(strategy).message,
            "there is no strategy `sma_crss`; did you mean `sma_cross`?");
  RunOptions parameter = options("ACME");
  parameter.parameters = {"fsat=3"};
  EXPECT_NE(refusal(parameter).message.find("did you mean `fast`?"), std::string::npos);
}

TEST_F(Backtest, RefusesEveryValueThatIsWrong) {
  const std::uint64_t before = events();
  const auto with = [&](auto member, const char* value) {
    RunOptions asked = options("ACME");
    asked.*member = value;
    return refusal(asked).code;
  };
  using Options = RunOptions;
  EXPECT_EQ(with(&Options::cash, "-1"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::cash, "much"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::size, "all"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::commission, "2"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::account, "swiss"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::leverage, "0"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::lot, "-1"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::seed, "-1"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::from, "soon"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::interval, "weekly-ish"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::data, "BOTH@123456"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::timeout, "0"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::memory_limit, "1"), ErrorCode::invalid_input);
  EXPECT_EQ(with(&Options::strategy, "./absent.so"), ErrorCode::not_found);
  EXPECT_EQ(events(), before);
}

TEST_F(Backtest, RefusesASizeThatTheStrategyDecidesItself) {
  RunOptions asked = options("ACME");
  asked.strategy = "buy_and_hold";
  const auto described = show_strategy(context_, "buy_and_hold");
  ASSERT_TRUE(described) << described.error().message;
  asked.size = "units:1";
  if (described->sizes_orders) {
    EXPECT_EQ(refusal(asked).code, ErrorCode::invalid_input);
  } else {
    EXPECT_EQ(run(asked).size, "units:1");
  }
}

TEST_F(Backtest, KeepsTheOldVersionOfGrownDataRunnable) {
  const RunDetail before = run(options("ACME"));
  import(write_prices("ACME.csv", 1200));
  EXPECT_EQ(run(options("ACME")).bars, 1200U);
  RunOptions asked = options("ACME");
  asked.data = "ACME@" + before.dataset_digest->hex().substr(0, 10);
  EXPECT_EQ(run(asked).result_digest, before.result_digest);
}

TEST_F(Backtest, SaysHowManyOrdersWereRefused) {
  RunOptions asked = options("ACME");
  asked.size = "units:1000000";
  const RunDetail run = this->run(asked);
  EXPECT_EQ(run.total_trades, 0U);
  EXPECT_GT(run.refusals, 0U);
  EXPECT_EQ(run.refusal_summary.substr(0, 10), "0 trades: ") << run.refusal_summary;
}

TEST_F(Backtest, RecordsNothingWhenItIsInterrupted) {
  const std::uint64_t before = events();
  const std::atomic<bool> interrupted = true;
  context_.interrupted = &interrupted;
  EXPECT_EQ(refusal(options("ACME")).code, ErrorCode::interrupted);
  context_.interrupted = nullptr;
  EXPECT_EQ(events(), before);
}

TEST_F(Backtest, WorksWithoutItsCache) {
  const RunDetail first = run(options("ACME"));
  fs::remove_all(context_.cache);
  EXPECT_EQ(run(options("ACME")).result_digest, first.result_digest);
}

TEST_F(Backtest, NeverRunsAPluginThatTheCacheOnlyPretendsToHold) {
  const RunDetail first = run(options("ACME"));
  const fs::path copy = context_.cache / "plugins" / (first.plugin_digest->hex() + ".so");
  ASSERT_TRUE(fs::exists(copy));
  fs::remove(copy);
  fs::copy_file(context_.layout.plugin_folders.at(0) / "buy_and_hold.so", copy);
  EXPECT_EQ(run(options("ACME")).result_digest, first.result_digest);
}

TEST_F(Backtest, OfBollingerBandsRuns) {
  RunOptions asked = options("ACME");
  asked.strategy = "bollinger_bands_strategy";
  asked.account = "reference";
  const RunDetail run = this->run(asked);
  EXPECT_EQ(run.status, "completed");
  EXPECT_EQ(run.account, "reference");
}

}  // namespace
}  // namespace runledger::app
