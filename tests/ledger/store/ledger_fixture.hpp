#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <runledger/ledger/ledger.hpp>

#include "events.hpp"
#include "layout.hpp"
#include "temporary_directory.hpp"

namespace runledger::ledger {

// A completed run as an event to be appended, `note_bytes` longer than the shortest.
inline PendingEvent run_event(const std::string& request_id, std::size_t note_bytes = 100) {
  test::RunEvent run;
  run.request_id = request_id;
  run.note = std::string(note_bytes, 'n');
  return test::run_event(run);
}

// A new ledger, and what is done with it again and again.
class LedgerFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto made = create(path_, {.origin = "", .program = "test", .actor = "tester@localhost"});
    ASSERT_TRUE(made) << made.error().message;
  }
  Result<Recorded> add(std::vector<PendingEvent> events) {
    return append(path_, std::move(events), {});
  }
  // The seq of one new run.
  Seq add_run(const std::string& request_id) {
    const auto recorded = add({run_event(request_id)});
    EXPECT_TRUE(recorded) << recorded.error().message;
    return recorded ? recorded->seqs.front() : Seq();
  }
  Committer open_committer() {
    auto committer = Committer::open(path_, {});
    EXPECT_TRUE(committer) << committer.error().message;
    return *std::move(committer);
  }
  Reader open_reader() {
    auto reader = Reader::open(path_, {});
    EXPECT_TRUE(reader) << reader.error().message;
    return *std::move(reader);
  }

  runledger::test::TemporaryDirectory directory_{runledger::test::fast_directory()};
  std::filesystem::path path_ = directory_.path() / "ledger";
  Layout layout_{path_};
};

}  // namespace runledger::ledger
