#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include <sys/stat.h>

#include <runledger/app/maintenance.hpp>
#include <runledger/app/strategies.hpp>
#include <runledger/ledger/ledger.hpp>

#include "event_building.hpp"
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
  std::istringstream installed(STRATEGIES);
  EXPECT_EQ(names, std::vector<std::string>(std::istream_iterator<std::string>(installed), {}));
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

TEST_F(Strategies, AreNotLoadedFromACacheThatOthersCanChange) {
  ASSERT_TRUE(show_strategy(context_, "sma_cross"));
  for (const fs::path& cache : {context_.cache, context_.cache / "plugins"}) {
    for (const fs::perms others : {fs::perms::group_write, fs::perms::others_write}) {
      fs::permissions(cache, others, fs::perm_options::add);
      const auto open = show_strategy(context_, "sma_cross");
      ASSERT_FALSE(open);
      EXPECT_EQ(open.error().code, ErrorCode::write_failed);
      EXPECT_NE(open.error().message.find("chmod go-w"), std::string::npos) << open.error().message;
      fs::permissions(cache, fs::perms::owner_all);
    }
    const fs::path elsewhere = folder() / "elsewhere";
    fs::rename(cache, elsewhere);
    fs::create_directory_symlink(elsewhere, cache);
    const auto linked = show_strategy(context_, "sma_cross");
    ASSERT_FALSE(linked);
    EXPECT_NE(linked.error().message.find("is a symbolic link"), std::string::npos);
    fs::remove(cache);
    std::ofstream(cache) << "a file";
    const auto file = show_strategy(context_, "sma_cross");
    ASSERT_FALSE(file);
    EXPECT_NE(file.error().message.find("is not a folder"), std::string::npos);
    fs::remove(cache);
    fs::rename(elsewhere, cache);
  }
  EXPECT_TRUE(show_strategy(context_, "sma_cross"));
}

TEST_F(Strategies, AreLoadedFromFoldersOfTheirOwner) {
  context_.cache = folder() / "not" / "yet" / "there";
  const mode_t before = ::umask(0);
  (void)doctor(context_);  // writes to the cache too
  const auto shown = show_strategy(context_, "sma_cross");
  ::umask(before);
  ASSERT_TRUE(shown) << shown.error().message;
  for (const fs::path& made : {folder() / "not", context_.cache, context_.cache / "plugins"})
    EXPECT_EQ(fs::status(made).permissions(), fs::perms::owner_all) << made;
}

TEST_F(Strategies, WhoseCopyOthersCanChangeAreCopiedAnew) {
  ASSERT_TRUE(show_strategy(context_, "sma_cross"));
  for (const auto& entry : fs::directory_iterator(context_.cache / "plugins"))
    fs::permissions(entry.path(), fs::perms::all);
  ASSERT_TRUE(show_strategy(context_, "sma_cross"));
  std::size_t copies = 0;
  for (const auto& entry : fs::directory_iterator(context_.cache / "plugins")) {
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_exec);
    ++copies;
  }
  EXPECT_GT(copies, 0U);
}

TEST_F(Strategies, ThatAskForMoreThanThereIsDoNotKeepTheirNeighboursOut) {
  const fs::path folder = this->folder() / "mine";
  fs::create_directories(folder);
  fs::copy_file(MISBEHAVING, folder / "many.so");
  context_.plugin_folders = {folder};
  const auto catalog = list_strategies(context_);
  ASSERT_TRUE(catalog) << catalog.error().message;
  ASSERT_EQ(catalog->refused.size(), 1U);
  EXPECT_EQ(catalog->refused[0].strategy, "takes_two_instruments");
  ASSERT_EQ(catalog->refused[0].reasons.size(), 1U);
  EXPECT_TRUE(show_strategy(context_, "steady"));
  for (const std::string& name : {std::string("takes_two_instruments"),
                                  (folder / "many.so").string() + ":takes_two_instruments"}) {
    const auto shown = show_strategy(context_, name);
    ASSERT_FALSE(shown);
    EXPECT_EQ(shown.error().code, ErrorCode::invalid_input);
    EXPECT_NE(shown.error().message.find(catalog->refused[0].reasons[0]), std::string::npos);
  }
  const auto reports =
      check_strategy(context_, (folder / "many.so").string() + ":takes_two_instruments");
  ASSERT_TRUE(reports) << reports.error().message;
  ASSERT_EQ(reports->size(), 1U);
  EXPECT_FALSE(reports->at(0).ok());
}

TEST_F(Strategies, AreRegisteredByNameWhateverThisVersionCanRun) {
  import(write_prices("ACME.csv", 50));
  RunOptions asked = options("ACME");
  asked.strategy = std::string(MISBEHAVING) + ":steady";
  const RunDetail run = this->run(asked);
  const auto reader = ledger::Reader::open(context_.ledger, {});
  ASSERT_TRUE(reader) << reader.error().message;
  const auto event = reader->event(reader->plugin_event(*run.plugin_digest)->value());
  ASSERT_TRUE(event) << event.error().message;
  std::vector<std::string> names;
  for (const auto* strategy : *event_in(*event).payload_as_PluginRegistered()->strategies())
    names.push_back(strategy->name()->str());
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_TRUE(std::ranges::binary_search(names, "takes_two_instruments"));
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

TEST_F(Strategies, ThatAreNewAndHaveTheNameOfAnotherAreToldOf) {
  notices_.clear();
  ASSERT_TRUE(new_strategy(context_, "quite_new", folder() / "quite_new"));
  EXPECT_TRUE(notices_.empty());
  const auto files = new_strategy(context_, "sma_cross", folder() / "sma_cross");
  ASSERT_TRUE(files) << files.error().message;
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_NE(notices_[0].find("sma_cross is also the strategy in "), std::string::npos);
}

}  // namespace
}  // namespace runledger::app
