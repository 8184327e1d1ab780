#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runledger/cli/progress.hpp>
#include <runledger/cli/text_width.hpp>

namespace runledger::cli {
namespace {

using namespace std::chrono_literals;

class Progress : public testing::Test {
 protected:
  ProgressBar::Clock::time_point start_{};
  ProgressBar bar_{start_, 80, false};
};

TEST_F(Progress, IsSilentForASecond) {
  EXPECT_FALSE(bar_.update(start_ + 999ms, 1, 10, "files"));
  EXPECT_EQ(bar_.clear(), "");
}

TEST_F(Progress, ShowsShareRateAndTimeLeft) {
  EXPECT_EQ(bar_.update(start_ + 2s, 500, 2000, "events").value(),
            "\r\x1b[2K######..................  25 %  500 of 2,000 events  250/s  6.0 s left");
}

TEST_F(Progress, CountsWhenTheTotalIsNotKnown) {
  EXPECT_EQ(bar_.update(start_ + 2s, 500, 0, "rows").value(), "\r\x1b[2K500 rows  250/s");
}

TEST_F(Progress, IsDrawnAtMostTenTimesASecond) {
  EXPECT_TRUE(bar_.update(start_ + 2s, 1, 10, "files"));
  EXPECT_FALSE(bar_.update(start_ + 2050ms, 2, 10, "files"));
  EXPECT_TRUE(bar_.update(start_ + 2100ms, 3, 10, "files"));
}

TEST_F(Progress, RemovesItsLineOnce) {
  ASSERT_TRUE(bar_.update(start_ + 2s, 1, 10, "files"));
  EXPECT_EQ(bar_.clear(), "\r\x1b[2K");
  EXPECT_EQ(bar_.clear(), "");
}

TEST_F(Progress, NeverWrapsOntoASecondLine) {
  ProgressBar narrow(start_, 30, true);
  const std::string line = narrow.update(start_ + 5s, 123'456, 1'000'000, "events").value();
  EXPECT_LT(display_width(line.substr(line.find('K') + 1)), 30U);
}

TEST_F(Progress, SurvivesMoreThanItsTotal) {
  EXPECT_THAT(bar_.update(start_ + 2s, 30, 20, "files").value(), testing::HasSubstr("100 %"));
}

}  // namespace
}  // namespace runledger::cli
