#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <runledger/base/text.hpp>
#include <runledger/ledger/ledger.hpp>

#include "fault_events.hpp"
#include "findings.hpp"
#include "layout.hpp"
#include "spawned_process.hpp"
#include "temporary_directory.hpp"

namespace runledger::test {

inline std::optional<std::uint64_t> number_from_environment(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): tests have one thread when they read it
  const char* text = std::getenv(name);
  return text == nullptr ? std::nullopt : parse_uint(text);
}

// A ledger that programs are killed over, and the oracle outside them: what they tried, what they
// were told. Promises P1 to P8: ledger/FORMAT.md.
class FaultTest : public ::testing::Test {
 protected:
  using Clock = SpawnedProcess::Clock;
  using Milliseconds = std::chrono::milliseconds;

  void SetUp() override { make_ledger(); }

  void make_ledger() {
    const auto made = ledger::create(path_, {.origin = "", .program = "test", .actor = "tester"});
    ASSERT_TRUE(made) << made.error().message;
  }
  [[nodiscard]] std::vector<std::string> command(std::vector<std::string> arguments,
                                                 const char* driver = RL_FAULT_DRIVER) const {
    arguments.insert(arguments.begin() + 1, path_.string());
    arguments.insert(arguments.begin(), driver);
    return arguments;
  }

  // Takes down what a driver said.
  void hear(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      std::istringstream words(line);
      std::string word;
      std::string id;
      std::uint64_t seq = 0;
      words >> word;
      if (word == "try" && words >> id) tried_.try_emplace(id);
      if (word == "ack" && words >> seq >> id) {
        tried_[id] = Seq(seq);
        ++acknowledged_;
      }
      if (word == "refused" || word == "hole:") ADD_FAILURE() << line;
    }
  }

  void hear_until_ready(SpawnedProcess& process) {
    const auto deadline = Clock::now() + std::chrono::seconds(30);
    while (auto line = process.line(deadline)) {
      if (*line == "ready") return;
      hear({*line});
    }
    ADD_FAILURE() << "the driver did not start";
  }

  // Everything that must hold after a fault, at most `in_flight` events having been under way.
  void expect_promises(std::size_t in_flight) {
    const auto start = Clock::now();
    const std::string id = "after-" + std::to_string(++checks_);
    const auto next = ledger::append(path_, {event_for(id)},
                                     {.lock_timeout = Milliseconds(10'000), .on_wait = {}});
    ASSERT_TRUE(next) << "P6: " << next.error().message;
    EXPECT_LT(Clock::now() - start, std::chrono::seconds(10)) << "P6";
    tried_[id] = next->seqs.front();
    const auto reader = ledger::Reader::open(path_, {});
    ASSERT_TRUE(reader) << reader.error().message;
    expect_events(*reader, in_flight);
    const auto verification = ledger::verify(path_, nullptr);
    ASSERT_TRUE(verification) << verification.error().message;
    for (const auto& finding : ledger::test::damage_in(*verification))
      ADD_FAILURE() << "P4: " << finding.where << ": " << finding.message;
  }

  test::TemporaryDirectory directory_{test::fast_directory()};
  std::filesystem::path path_ = directory_.path() / "ledger";
  ledger::Layout layout_{path_};
  std::map<std::string, std::optional<Seq>> tried_;  // with the seq, when it was acknowledged
  std::uint64_t acknowledged_ = 0;

 private:
  void expect_events(const ledger::Reader& reader, std::size_t in_flight) {
    const std::uint64_t size = reader.head().size.value;
    std::size_t unacknowledged = 0;
    for (std::uint64_t seq = checked_; seq < size; ++seq) {
      const auto event = reader.event(Seq(seq));
      ASSERT_TRUE(event) << "P3: " << event.error().message;
      EXPECT_GT(event->recorded_at(), last_time_) << "P3";
      last_time_ = event->recorded_at();
      if (seq == 0) continue;
      const std::string id = ledger::event_in(event->bytes()).request_id()->str();
      const auto tried = tried_.find(id);
      ASSERT_NE(tried, tried_.end()) << "P2: nobody tried " << id;
      EXPECT_TRUE(is_event_for(*event, id)) << "P1: other bytes at " << seq;
      if (tried->second)
        EXPECT_EQ(*tried->second, Seq(seq)) << "P1: " << id;
      else
        ++unacknowledged;
      tried->second = Seq(seq);
    }
    EXPECT_LE(unacknowledged, in_flight) << "P2";
    for (const auto& [id, seq] : tried_)
      EXPECT_TRUE(!seq || seq->value < size) << "P1: " << id << " is lost";
    checked_ = size;
  }

  int checks_ = 0;
  std::uint64_t checked_ = 0;
  TimeNs last_time_ = 0;
};

}  // namespace runledger::test
