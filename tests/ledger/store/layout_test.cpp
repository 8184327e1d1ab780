#include "layout.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "temporary_directory.hpp"

namespace runledger::ledger {
namespace {

class Format : public ::testing::Test {
 protected:
  void holds(const std::string& text) {
    std::ofstream(layout_.format(), std::ios::binary | std::ios::trunc) << text;
  }
  test::TemporaryDirectory directory_;
  Layout layout_{directory_.path()};
};

TEST_F(Format, AcceptsWhatItWrites) {
  ASSERT_TRUE(write_format(layout_));
  EXPECT_TRUE(check_format(layout_));
}

TEST_F(Format, SaysThatADirectoryWithoutItIsNoLedger) {
  EXPECT_EQ(check_format(layout_).error().code, ErrorCode::not_found);
}

TEST_F(Format, ThatIsGoneIsDamageWhereTheRestOfALedgerIs) {
  std::ofstream(layout_.head()) << "HEAD";
  EXPECT_EQ(check_format(layout_).error().code, ErrorCode::not_found);
  EXPECT_FALSE(lost_its_format(layout_));
  std::filesystem::create_directory(layout_.database());
  EXPECT_EQ(check_format(layout_).error().code, ErrorCode::damaged);
  EXPECT_TRUE(lost_its_format(layout_));
}

TEST_F(Format, RefusesANewerVersionByName) {
  holds("runledger ledger\nformat 2\n");
  const auto status = check_format(layout_);
  EXPECT_EQ(status.error().code, ErrorCode::unsupported);
  EXPECT_NE(status.error().message.find("format 2"), std::string::npos);
}

TEST_F(Format, RefusesEverythingElse) {
  for (const char* text : {"", "runledger ledger\n", "runledger ledger\nformat \n", "format 1\n",
                           "runledger ledger\nformat 0\n", "runledger ledger\nformat -1\n",
                           "runledger ledger\nformat 1", "runledger ledges\nformat 1\n"}) {
    holds(text);
    EXPECT_EQ(check_format(layout_).error().code, ErrorCode::damaged) << text;
  }
  holds(std::string(5000, 'x'));
  EXPECT_EQ(check_format(layout_).error().code, ErrorCode::damaged);
}

}  // namespace
}  // namespace runledger::ledger
