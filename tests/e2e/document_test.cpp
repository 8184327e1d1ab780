#include "document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runledger::test {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kDocument =
    "# Title\n\nPut this into `a/b.cpp`:\n\n```cpp\nint x;\n```\n\nText.\n\n"
    "```console\n$ one --two \\\n  three\nfirst 1\n\nsecond\n$ four\n```\n";

TEST(ADocument, GivesItsBlocksWithTheFileThatTheyAre) {
  const auto blocks = blocks_of(kDocument);
  ASSERT_THAT(blocks, SizeIs(2));
  EXPECT_EQ(blocks[0].language, "cpp");
  EXPECT_EQ(blocks[0].text, "int x;\n");
  EXPECT_EQ(blocks[0].file, "a/b.cpp");
  EXPECT_EQ(blocks[1].language, "console");
  EXPECT_THAT(blocks[1].file, IsEmpty());
}

TEST(ADocument, GivesTheCommandsOfAConsoleAndWhatTheyShow) {
  const auto exchanges = exchanges_of(blocks_of(kDocument)[1]);
  ASSERT_THAT(exchanges, SizeIs(2));
  EXPECT_EQ(exchanges[0].command, "one --two \\\n  three");
  EXPECT_EQ(exchanges[0].output, "first 1\n\nsecond\n");
  EXPECT_EQ(exchanges[1].command, "four");
  EXPECT_THAT(exchanges[1].output, IsEmpty());
}

TEST(Shape, IsTheSameOnAnotherDayAndMachine) {
  EXPECT_EQ(shape_of("run 3  recorded 2026-11-24T10:11:12Z by me@home in 12 ms, -1.5 %\n"),
            shape_of("run 14 recorded 2027-01-02T03:04:05Z by you@away in 1.25 s, 17,000 %  \n\n"));
  EXPECT_EQ(shape_of("new ledger at /home/me/a/ledger"), shape_of("new ledger at /tmp/ledger"));
  EXPECT_EQ(shape_of("digest 0a1b2c3d4e"), shape_of("digest ffee99112233"));
}

TEST(Shape, DiffersWhenTheWordsDiffer) {
  EXPECT_NE(shape_of("3 runs\n"), shape_of("3 events\n"));
  EXPECT_NE(shape_of("3 runs\n"), shape_of("3 runs\n3 runs\n"));
  EXPECT_NE(shape_of("deadbeef"), shape_of("feedface"));
}

}  // namespace
}  // namespace runledger::test
