#include <fstream>

#include <runledger/app/strategies.hpp>

#include "workbench.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

class Strategies : public test::Workbench {};

TEST_F(Strategies, AreListedByName) {
  const auto catalog = list_strategies(context_);
  ASSERT_TRUE(catalog) << catalog.error().message;
  std::vector<std::string> names;
  for (const auto& strategy : catalog->strategies) names.push_back(strategy.name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"bollinger_bands_strategy", "buy_and_hold", "sma_cross"}));
  EXPECT_TRUE(catalog->refused.empty());
  EXPECT_TRUE(catalog->conflicts.empty());
}

TEST_F(Strategies, OfOneNameInTwoFilesAreAnErrorThatNamesBoth) {
  const fs::path folder = this->folder() / "mine";
  fs::create_directories(folder);
  const fs::path installed = context_.layout.plugin_folders.at(0);
  fs::copy_file(installed / "sma_cross.so", folder / "sma_cross.so");
  context_.plugin_folders = {folder};
  EXPECT_TRUE(show_strategy(context_, "sma_cross")) << "the same bytes are the same plugin";
  std::ofstream(folder / "sma_cross.so", std::ios::app) << "other bytes";
  const auto conflict = show_strategy(context_, "sma_cross");
  ASSERT_FALSE(conflict);
  EXPECT_EQ(conflict.error().code, ErrorCode::conflict);
  EXPECT_NE(conflict.error().message.find((folder / "sma_cross.so").string()), std::string::npos);
  EXPECT_NE(conflict.error().message.find((installed / "sma_cross.so").string()),
            std::string::npos);
  EXPECT_TRUE(show_strategy(context_, (folder / "sma_cross.so").string()));
}

TEST_F(Strategies, ThatAreNoPluginsAreRefusedWithTheReason) {
  const fs::path folder = this->folder() / "mine";
  fs::create_directories(folder);
  std::ofstream(folder / "broken.so") << "no library";
  context_.plugin_folders = {folder};
  const auto catalog = list_strategies(context_);
  ASSERT_TRUE(catalog) << catalog.error().message;
  ASSERT_EQ(catalog->refused.size(), 1U);
  EXPECT_FALSE(catalog->refused[0].reasons.empty());
  EXPECT_EQ(show_strategy(context_, "broken").error().code, ErrorCode::invalid_input);
  const auto other = show_strategy(context_, "quite_another");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::not_found);
  EXPECT_NE(other.error().message.find((folder / "broken.so").string()), std::string::npos);
  EXPECT_NE(other.error().message.find(catalog->refused[0].reasons[0]), std::string::npos);
  EXPECT_TRUE(show_strategy(context_, "sma_cross"));
}

TEST_F(Strategies, WhoseWorkerWasLostAreAskedAgain) {
  const fs::path mark = folder() / "works";
  const fs::path worker =
      write_file("worker", "#!/bin/sh\ntest -e '" + mark.string() + "' || exit 3\nexec '" +
                               context_.layout.worker.string() + "' \"$@\"\n");
  fs::permissions(worker, fs::perms::owner_all);
  context_.layout.worker = worker;
  EXPECT_FALSE(show_strategy(context_, "sma_cross"));
  std::ofstream(mark) << "now";
  const auto shown = show_strategy(context_, "sma_cross");
  EXPECT_TRUE(shown) << shown.error().message;
}

TEST_F(Strategies, ThatArePurePassTheCheck) {
  const auto reports = check_strategy(context_, "sma_cross");
  ASSERT_TRUE(reports) << reports.error().message;
  ASSERT_EQ(reports->size(), 1U);
  for (const CheckFinding& finding : reports->at(0).findings)
    EXPECT_EQ(finding.verdict, CheckFinding::Verdict::passed) << finding.check << finding.detail;
  EXPECT_TRUE(reports->at(0).ok());
}

}  // namespace
}  // namespace runledger::app
