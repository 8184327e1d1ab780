#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "database.hpp"
#include "event.hpp"
#include "findings.hpp"
#include "head.hpp"
#include "ledger_fixture.hpp"
#include "standing.hpp"
#include "tree.hpp"

namespace runledger::ledger {

// A ledger of ten runs that is looked at after something was done to it.
class Verifying : public LedgerFixture {
 protected:
  void SetUp() override {
    LedgerFixture::SetUp();
    Committer committer = open_committer();
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(committer.append({run_event(std::to_string(i))}));
  }

  // What is found beside the inputs of runs, which nothing registers here.
  Verification look(const DatasetCheckFn& dataset_check = nullptr) {
    Verification verification = look_at_all(dataset_check);
    verification.findings = test::damage_in(verification);
    verification.ok = verification.findings.empty();
    return verification;
  }
  Verification look_at_all(const DatasetCheckFn& dataset_check = nullptr) {
    auto verification = verify(path_, nullptr, dataset_check);
    EXPECT_TRUE(verification) << verification.error().message;
    return *std::move(verification);
  }
  static bool is_among(const std::vector<Finding>& findings, const std::string& where,
                       const std::string& words, std::optional<Seq> first = std::nullopt) {
    for (const Finding& finding : findings)
      if (finding.where.find(where) != std::string::npos &&
          finding.message.find(words) != std::string::npos &&
          (!first || finding.first_seq == first))
        return true;
    for (const Finding& finding : findings)
      std::printf("%s: %s\n", finding.where.c_str(), finding.message.c_str());
    return false;
  }
  void expect_finding(const std::string& where, const std::string& words,
                      std::optional<Seq> first = std::nullopt) {
    const Verification verification = look_at_all();
    EXPECT_FALSE(verification.ok);
    EXPECT_TRUE(is_among(verification.findings, where, words, first))
        << "no finding at " << where << " saying " << words;
    for (const Finding& finding : verification.findings)
      EXPECT_EQ(finding.message.find("runledger verify"), std::string::npos) << finding.message;
  }
  // No damage, and this is told.
  void expect_note(const std::string& where, const std::string& words) {
    const Verification verification = look();
    EXPECT_TRUE(verification.ok) << verification.findings.front().message;
    EXPECT_TRUE(is_among(verification.notes, where, words))
        << "no note at " << where << " saying " << words;
  }

  void change(const Changes& changes) {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_write);
    ASSERT_TRUE(database->write(changes));
  }
  std::string stored(Family family, const std::string& key) {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_only);
    return **database->get(family, key);
  }
  LogState state() { return *decode_state(stored(Family::meta, std::string(kStateKey))); }
  static void flip(const std::filesystem::path& file, std::size_t byte) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(byte));
    const int old = stream.get();
    stream.seekp(static_cast<std::streamoff>(byte));
    stream.put(static_cast<char>(old ^ 1));
  }
  static void put_file(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  void keep(const std::filesystem::path& what, const std::string& name) {
    std::filesystem::copy(what, directory_.path() / name, std::filesystem::copy_options::recursive);
  }
  void put_back(const std::filesystem::path& what, const std::string& name) {
    std::filesystem::remove_all(what);
    std::filesystem::copy(directory_.path() / name, what, std::filesystem::copy_options::recursive);
  }

  // Puts another event in a place of the log, with a tree and a HEAD that agree: what a program
  // with other rules would have recorded.
  void forge(Seq seq, PendingEvent event) {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_write);
    const StoredEvent before = *load_event(*database, seq);
    stamp_event(event, {.seq = seq, .recorded_at = before.recorded_at(), .nonce = {}});
    ASSERT_TRUE(database->write({{Family::events, event_key(seq), std::string(text_of(event))}}));
    const LogState log = *decode_state(**database->get(Family::meta, kStateKey));
    Tree tree;
    for (std::uint64_t i = 0; i < log.size.value; ++i)
      tree.append(hash_event(load_event(*database, Seq(i))->bytes()).leaf);
    ASSERT_TRUE(database->write(tree.take_changes()));
    std::filesystem::remove(layout_.head());
    ASSERT_TRUE(HeadFile::create(layout_.head(), *head_for(*database, log)));
  }

  // All bytes of the directory, to see that nothing is written.
  std::map<std::string, std::string> contents() {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      all[entry.path().string()] = {std::istreambuf_iterator<char>(file), {}};
    }
    return all;
  }
};

}  // namespace runledger::ledger
