#include <cmath>

#include <gtest/gtest.h>

#include <runledger/cli/numbers.hpp>

namespace runledger::cli {
namespace {

using namespace std::chrono_literals;

TEST(Numbers, MoneyHasCentsAndThousands) {
  EXPECT_EQ(money(1234567.891), "1,234,567.89");
  EXPECT_EQ(money(-1000), "-1,000.00");
  EXPECT_EQ(money(999.999), "1,000.00");
  EXPECT_EQ(money(-0.001), "0.00");
  EXPECT_EQ(money(1e21), "1e+21");
  EXPECT_EQ(money(std::nan("")), "n/a");
}

TEST(Numbers, APercentageThatIsAChangeShowsItsSign) {
  EXPECT_EQ(percent_change(12.345), "+12.35");
  EXPECT_EQ(percent_change(-3), "-3.00");
  EXPECT_EQ(percent_change(0.001), "0.00");
  EXPECT_EQ(percent(12.345), "12.35");
}

TEST(Numbers, ASmallRatioKeepsThreeDigits) {
  EXPECT_EQ(ratio(1.254), "1.25");
  EXPECT_EQ(ratio(0.012345), "0.0123");
  EXPECT_EQ(ratio(0), "0.00");
  EXPECT_EQ(column_ratio(0.012345), "0.01");
  EXPECT_EQ(ratio(HUGE_VAL), "inf");
}

TEST(Numbers, PricesAndQuantitiesLoseOnlySuperfluousZeros) {
  EXPECT_EQ(price(27.5), "27.50");
  EXPECT_EQ(price(1.234567), "1.234567");
  EXPECT_EQ(quantity(100), "100");
  EXPECT_EQ(quantity(-352.9411764), "-352.941176");
  EXPECT_EQ(quantity(1000.5), "1,000.5");
}

TEST(Numbers, ElapsedTimeChoosesItsUnit) {
  EXPECT_EQ(elapsed(0ms), "under 1 ms");
  EXPECT_EQ(elapsed(850us), "under 1 ms");
  EXPECT_EQ(elapsed(1'400us), "1 ms");
  EXPECT_EQ(elapsed(999ms), "999 ms");
  EXPECT_EQ(elapsed(12'340ms), "12.3 s");
  EXPECT_EQ(elapsed(250s), "4 min 10 s");
  EXPECT_EQ(elapsed(125min), "2 h 5 min");
}

TEST(Numbers, CalendarTimeChoosesItsUnit) {
  EXPECT_EQ(calendar_time(86'400), "1 day");
  EXPECT_EQ(calendar_time(412 * 86'400.0), "412 days");
  EXPECT_EQ(calendar_time(5.5 * 3'600), "5.5 hours");
  EXPECT_EQ(calendar_time(0), "0 seconds");
}

TEST(Numbers, SizesInBytesUsePowersOfAThousand) {
  EXPECT_EQ(byte_size(999), "999 B");
  EXPECT_EQ(byte_size(1'234'567), "1.2 MB");
  EXPECT_EQ(byte_size(999'999), "1.0 MB");
}

}  // namespace
}  // namespace runledger::cli
