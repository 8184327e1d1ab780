#include "output_tail.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace runledger::test {
namespace {

using worker::OutputTail;

TEST(OutputTail, KeepsAllOfAShortOutput) {
  OutputTail tail(16);
  tail.append("one\n");
  tail.append("two\n");
  EXPECT_EQ(tail.text(), "one\ntwo\n");
  EXPECT_EQ(tail.dropped(), 0U);
}

TEST(OutputTail, KeepsTheLastWholeLinesOfALongOne) {
  OutputTail tail(10);
  tail.append("first\nsecond\nthird\n");
  EXPECT_EQ(tail.text(), "third\n");
  EXPECT_EQ(tail.dropped(), 13U);
}

TEST(OutputTail, ShowsWhatIsNotPrintableAsQuestionMarks) {
  OutputTail tail(16);
  tail.append(std::string_view("\x1b[31m\0\xff", 7));
  EXPECT_EQ(tail.text(), "?[31m??");
}

TEST(OutputTail, ForgetsWhenCleared) {
  OutputTail tail(4);
  tail.append("0123456789");
  tail.clear();
  EXPECT_EQ(tail.text(), "");
  EXPECT_EQ(tail.dropped(), 0U);
}

RC_GTEST_PROP(OutputTail, IsTheEndOfTheStreamHoweverItCame,
              (const std::vector<std::string>& parts)) {
  constexpr std::size_t kCapacity = 8;
  OutputTail tail(kCapacity);
  std::string all;
  for (const std::string& part : parts) {
    std::string letters = part;
    for (char& c : letters) c = static_cast<char>('a' + static_cast<unsigned char>(c) % 26);
    tail.append(letters);
    all += letters;
  }
  RC_ASSERT(tail.text() == all.substr(all.size() - std::min(all.size(), kCapacity)));
  RC_ASSERT(tail.dropped() + tail.text().size() == all.size());
}

}  // namespace
}  // namespace runledger::test
