#include <runledger/base/time.hpp>

#include "workbench.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

class Replay : public test::Workbench {
 protected:
  Replay() { import(write_prices("ACME.csv", 1000)); }
  [[nodiscard]] static ReplayOptions of(const RunDetail& run) {
    ReplayOptions options;
    options.run = std::to_string(run.id.value);
    return options;
  }
  [[nodiscard]] Error replay_refusal(const ReplayOptions& options) const {
    const auto receipt = app::replay(context_, options);
    return receipt ? Error{ErrorCode::internal, "it was recorded"} : receipt.error();
  }
};

TEST_F(Replay, WithoutOverridesGivesTheSameResult) {
  const RunDetail parent = run(options("ACME"));
  notices_.clear();
  const RunDetail child = replay(of(parent));
  EXPECT_EQ(child.result_digest, parent.result_digest);
  EXPECT_EQ(child.kind, "replay");
  EXPECT_EQ(child.parent, parent.id);
  EXPECT_TRUE(child.overrides.empty());
  EXPECT_EQ(notices_.at(0), "replay of " + std::to_string(parent.id.value) +
                                ": nothing changed; same plugin, same data");
  EXPECT_EQ(detail(parent.id).replays, std::vector{child.id});
}

TEST_F(Replay, OfTheLatestWithARepeatedRequestIsTheSameReplay) {
  (void)run(options("ACME"));
  ReplayOptions again{.run = "latest", .overrides = {}};
  again.overrides.request_id = "again";
  again.overrides.parameters = {"fast=7"};
  const RunDetail first = replay(again);
  EXPECT_EQ(replay(again).id, first.id);
  again.overrides.parameters = {"fast=8"};
  EXPECT_EQ(replay_refusal(again).code, ErrorCode::conflict);
}

TEST_F(Replay, MergesParametersAndSaysWhatDiffers) {
  RunOptions asked = options("ACME");
  asked.parameters = {"fast=10", "slow=30"};
  asked.commission = "0.002";
  const RunDetail parent = run(asked);
  notices_.clear();
  ReplayOptions again = of(parent);
  again.overrides.parameters = {"fast=20"};
  const RunDetail child = replay(again);
  EXPECT_EQ(child.commission, "0.002");
  EXPECT_EQ(std::get<std::int64_t>(child.parameters.at(0).value), 20);
  EXPECT_EQ(std::get<std::int64_t>(child.parameters.at(1).value), 30);
  EXPECT_NE(child.result_digest, parent.result_digest);
  EXPECT_EQ(notices_.at(0), "replay of " + std::to_string(parent.id.value) +
                                ": fast 10 -> 20; same plugin, same data");
}

TEST_F(Replay, OfAnotherStrategySaysSoBeforeItsParameters) {
  const RunDetail parent = run(options("ACME"));
  notices_.clear();
  ReplayOptions again = of(parent);
  again.overrides.strategy = "bollinger_bands_strategy";
  const RunDetail child = replay(again);
  ASSERT_GT(child.overrides.size(), 1U);
  EXPECT_EQ(child.overrides.front().name, "strategy");
  EXPECT_EQ(notices_.at(0).find("replay of " + std::to_string(parent.id.value) +
                                ": strategy sma_cross -> bollinger_bands_strategy"),
            0U)
      << notices_.at(0);
}

TEST_F(Replay, NeedsNeitherThePluginFileNorTheCsv) {
  const fs::path plugins = folder() / "plugins";
  fs::create_directories(plugins);
  fs::copy_file(context_.layout.plugin_folders.at(0) / "sma_cross.so", plugins / "sma_cross.so");
  context_.layout.plugin_folders = {plugins};
  const RunDetail parent = run(options("ACME"));
  fs::remove_all(plugins);
  fs::remove(folder() / "ACME.csv");
  fs::remove_all(context_.cache);
  context_.layout.plugin_folders.clear();
  EXPECT_EQ(replay(of(parent)).result_digest, parent.result_digest);
}

TEST_F(Replay, KeepsTheRecordedDataUnlessToldOtherwise) {
  const RunDetail parent = run(options("ACME"));
  import(write_prices("ACME.csv", 1200));
  EXPECT_EQ(replay(of(parent)).dataset_digest, parent.dataset_digest);
  ReplayOptions latest = of(parent);
  latest.overrides.data = "latest";
  const RunDetail child = replay(latest);
  EXPECT_EQ(child.bars, 1200U);
  EXPECT_NE(child.dataset_digest, parent.dataset_digest);
}

TEST_F(Replay, KeepsTheDatesThatWereAskedForOnNewerDataToo) {
  RunOptions bounded = options("ACME");
  bounded.to =
      format_date(run(options("ACME")).end_date.value());  // the end of what there is, by name
  const RunDetail parent = run(bounded);
  import(write_prices("ACME.csv", 1200));
  ReplayOptions latest = of(parent);
  latest.overrides.data = "latest";
  const RunDetail child = replay(latest);
  EXPECT_EQ(child.end_date, parent.end_date);
  EXPECT_EQ(child.bars, parent.bars);
}

TEST_F(Replay, RefusesDatesBeyondTheRecordedDataWithTheWayOut) {
  const RunDetail parent = run(options("ACME"));
  ReplayOptions beyond = of(parent);
  beyond.overrides.to = "2199-12-31";
  const Error error = replay_refusal(beyond);
  EXPECT_EQ(error.code, ErrorCode::invalid_input);
  EXPECT_NE(error.message.find("add --data latest"), std::string::npos) << error.message;
}

TEST_F(Replay, RefusesAParameterThatIsNone) {
  ReplayOptions wrong = of(run(options("ACME")));
  wrong.overrides.parameters = {"fsat=3"};
  EXPECT_EQ(replay_refusal(wrong).code, ErrorCode::invalid_input);
}

TEST_F(Replay, OfWhatIsNoRunSaysWhatItIs) {
  ReplayOptions event;
  event.run = "1";
  EXPECT_EQ(replay_refusal(event).code, ErrorCode::not_found);
  EXPECT_NE(replay_refusal(event).message.find("1 is no run: event 1 imported ACME 1d"),
            std::string::npos)
      << replay_refusal(event).message;
  event.run = "999";
  EXPECT_EQ(replay_refusal(event).code, ErrorCode::not_found);
  event.run = "first";
  EXPECT_EQ(replay_refusal(event).code, ErrorCode::invalid_input);
}

TEST_F(Replay, OfTheLatestMeansThisActorsLastRun) {
  const RunDetail mine = run(options("ACME"));
  context_.actor = "bob@example";
  EXPECT_EQ(replay_refusal({.run = "latest", .overrides = {}}).code, ErrorCode::not_found);
  run(options("ACME"));
  context_.actor = "ada@example";
  EXPECT_EQ(replay({.run = "-1", .overrides = {}}).parent, mine.id);
}

}  // namespace
}  // namespace runledger::app
