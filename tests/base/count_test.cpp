#include <limits>

#include <gtest/gtest.h>

#include <runledger/base/count.hpp>

namespace runledger {
namespace {

TEST(GroupDigits, LeavesSignAndDecimalsAlone) {
  EXPECT_EQ(group_digits("-1234567.12345"), "-1,234,567.12345");
  EXPECT_EQ(group_digits("+123"), "+123");
  EXPECT_EQ(group_digits("-1000"), "-1,000");
  EXPECT_EQ(group_digits(""), "");
}

TEST(Counts, HaveCommasBetweenThousands) {
  EXPECT_EQ(count(0), "0");
  EXPECT_EQ(count(999), "999");
  EXPECT_EQ(count(1'000), "1,000");
  EXPECT_EQ(count(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(Counts, NameWhatTheyCount) {
  EXPECT_EQ(counted(1, "run"), "1 run");
  EXPECT_EQ(counted(0, "run"), "0 runs");
  EXPECT_EQ(counted(1234, "index entry", "index entries"), "1,234 index entries");
}

}  // namespace
}  // namespace runledger
