#include <gtest/gtest.h>

#include <runledger/cli/sentence.hpp>

namespace runledger::cli {
namespace {

TEST(Sentence, BeginsSmallAndEndsWithoutAFullStop) {
  EXPECT_EQ(as_said("The disk is full."), "the disk is full");
  EXPECT_EQ(as_said("Event 3 is damaged. Run `runledger verify`."),
            "event 3 is damaged. Run `runledger verify`");
  EXPECT_EQ(as_said("Waiting for the ledger x, which process 7 writes"),
            "waiting for the ledger x, which process 7 writes");
}

TEST(Sentence, KeepsNamesPathsAndWhatIsSmallAlready) {
  for (const char* sentence : {"", "HEAD is missing", "Theory.csv: line 3", "Spy is no ticker",
                               "the end", "and so on ..."})
    EXPECT_EQ(as_said(sentence), sentence);
}

}  // namespace
}  // namespace runledger::cli
