#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/cli/canvas.hpp>
#include <runledger/cli/chart.hpp>
#include <runledger/cli/text_width.hpp>
#include <runledger/cli/time_axis.hpp>

namespace runledger::cli {
namespace {

using testing::HasSubstr;

std::vector<TimeNs> days(std::size_t count, const char* first = "2020-01-01") {
  std::vector<TimeNs> time;
  const TimeNs start = parse_time(first)->time;
  for (std::size_t i = 0; i < count; ++i) time.push_back(start + static_cast<TimeNs>(i) * kDayNs);
  return time;
}

std::string draw(const std::vector<double>& equity, bool utf8, std::size_t width = 60) {
  const std::vector<TimeNs> time = days(equity.size());
  return render_chart({time, equity, 10'000, {}, false},
                      {.out = true, .width = width, .utf8 = utf8});
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) lines.emplace_back(line);
  return lines;
}

TEST(Canvas, HoldsEightBrailleDotsInACell) {
  Canvas canvas(2, 1, true);
  EXPECT_EQ(canvas.dots_across(), 4U);
  EXPECT_EQ(canvas.dots_down(), 4U);
  canvas.line(0, 0, 0, 3);
  canvas.set(3, 3);
  EXPECT_EQ(canvas.row(0), "⡇⢀");
}

TEST(Canvas, HoldsTwoDotsInACellOfAscii) {
  Canvas canvas(4, 1, false);
  canvas.set(0, 0);
  canvas.set(1, 1);
  canvas.line(2, 0, 2, 1);
  EXPECT_EQ(canvas.row(0), "'.| ");
}

TEST(Chart, NamesStartEndHighAndLow) {
  const std::string text = draw({10'000, 12'500, 9'000, 11'000}, true);
  EXPECT_THAT(text,
              HasSubstr("Equity [$]  10,000.00 → 11,000.00\n"
                        "            high 12,500.00 on 2020-01-02   low 9,000.00 on 2020-01-03\n"));
  EXPECT_THAT(text, HasSubstr("deepest 28.00 on 2020-01-03"));
}

TEST(Chart, StaysInAsciiWithoutUtf8) {
  for (const char c : draw({10'000, 12'500, 9'000, 11'000}, false)) {
    EXPECT_LT(static_cast<unsigned char>(c), 0x80);
  }
}

RC_GTEST_PROP(Chart, FitsTheTerminal, ()) {
  const auto width = *rc::gen::inRange<std::size_t>(48, 140);
  const auto equity = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(
      rc::gen::map(rc::gen::inRange(1, 1'000'000), [](int v) { return v * 0.1; })));
  for (const bool utf8 : {true, false}) {
    for (const std::string& line : lines_of(draw(equity, utf8, width))) {
      const bool figures = line.starts_with("Equity") || line.contains("high ");
      RC_ASSERT(figures || display_width(line) <= width);
    }
  }
}

// What a row shows right of the axis.
std::string plot_of(const std::string& line) { return line.substr(line.find_first_of("+|") + 1); }

// One bar among many thousands reaches the top row, another one the bottom row.
RC_GTEST_PROP(Chart, KeepsASpikeOfOneBar, ()) {
  constexpr std::size_t kTopRow = 2;
  constexpr std::size_t kBottomRow = 15;
  std::vector<double> equity(20'000, 10'000);
  EXPECT_EQ(plot_of(lines_of(draw(equity, false))[kTopRow]), "");
  const auto high = *rc::gen::inRange<std::size_t>(0, 20'000);
  const auto low = *rc::gen::inRange<std::size_t>(0, 20'000);
  RC_PRE(high != low);
  equity[high] = 11'000;
  equity[low] = 9'000;
  const auto lines = lines_of(draw(equity, false));
  RC_ASSERT(plot_of(lines[kTopRow]) != "");
  RC_ASSERT(plot_of(lines[kBottomRow]) != "");
}

TEST(Chart, DrawsAFlatCurveAndASingleBar) {
  EXPECT_THAT(draw({10'000, 10'000, 10'000}, true), HasSubstr("none"));
  EXPECT_THAT(draw({10'000}, true), HasSubstr("2020-01-01"));
  EXPECT_EQ(draw({}, true), "no bars, nothing to draw\n");
}

// Money of fifteen digits has no round numbers between such values; the axis has none then.
TEST(Chart, DrawsACurveThatMovesByLastBits) {
  const double start = 10'000;
  EXPECT_THAT(draw({start, std::nextafter(start, 2 * start)}, true), HasSubstr("10,000.00"));
  EXPECT_THAT(draw({1e15, 1e15 + 1e5}, true), HasSubstr("Equity [$]"));
  const double large = 0x1p60;
  EXPECT_LE(axis_ticks(large, std::nextafter(large, 2 * large), 5).values.size(), 5U);
}

TEST(Chart, DrawsEquityBelowZero) {
  EXPECT_THAT(draw({10'000, -5'000, 20'000}, true), HasSubstr("deepest 150.00 on 2020-01-02"));
}

TEST(Chart, ShowsWhenTheRunWasInTheMarket) {
  const std::vector<TimeNs> time = days(40);
  const std::vector<double> equity(40, 10'000);
  const std::string text = render_chart(
      {time, equity, 10'000, {{time[0], time[10], true}, {time[20], std::nullopt, false}}, false},
      {.out = true, .width = 48, .utf8 = false});
  EXPECT_THAT(text, HasSubstr("trades |^^^^^^^^^^^         ____________________\n"));
}

TEST(AxisTicks, AreRoundNumbersWithinTheRange) {
  const Ticks ticks = axis_ticks(9'123, 15'210, 5);
  EXPECT_THAT(ticks.values, testing::ElementsAre(10'000, 12'000, 14'000));
  EXPECT_EQ(ticks.decimals, 0);
  EXPECT_EQ(axis_ticks(0.1, 0.45, 5).decimals, 2);
}

TEST(Chart, DrawsTenfoldGrowthOnALogarithmicScale) {
  EXPECT_THAT(draw({10'000, 20'000, 100'000}, true), HasSubstr("Equity [$], log scale  10,000.00"));
  EXPECT_THAT(draw({10'000, 20'000, 99'000}, true), HasSubstr("Equity [$]  10,000.00"));
}

TEST(AxisTicks, OfALogarithmicAxisAreOneTwoFive) {
  EXPECT_THAT(log_axis_ticks(10'000, 416'000, 7).values,
              testing::ElementsAre(10'000, 20'000, 50'000, 100'000, 200'000));
  EXPECT_THAT(log_axis_ticks(1, 1e9, 7).values.size(), testing::Le(7U));
}

RC_GTEST_PROP(AxisTicks, AreFewAndInside, ()) {
  const auto low = *rc::gen::inRange(-1'000'000, 1'000'000);
  const auto span = *rc::gen::inRange(1, 1'000'000);
  const Ticks ticks = axis_ticks(low, low + span, 5);
  RC_ASSERT(!ticks.values.empty());
  RC_ASSERT(ticks.values.size() <= 5U);
  for (const double value : ticks.values) RC_ASSERT(value >= low && value <= low + span);
}

TEST(TimeAxis, MarksTheStartsOfYears) {
  const std::vector<TimeNs> time = days(1'500, "2019-06-01");
  const TimeAxis axis = time_axis(time, 70, false);
  ASSERT_FALSE(axis.ticks.empty());
  EXPECT_THAT(axis.ticks.front().text, testing::AnyOf("2020", "2020-01", "2019-07"));
}

TEST(TimeAxis, MarksHoursOfIntradayBars) {
  std::vector<TimeNs> time;
  for (int i = 0; i < 240; ++i) time.push_back(parse_time("2024-03-04")->time + i * kMinuteNs);
  const TimeAxis axis = time_axis(time, 100, true);
  ASSERT_FALSE(axis.ticks.empty());
  EXPECT_EQ(axis.ticks.front().text, "2024-03-04T01:00");
}

RC_GTEST_PROP(TimeAxis, NeverOverlapsItsMarks, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 5'000);
  const auto columns = *rc::gen::inRange<std::size_t>(10, 150);
  std::size_t free_from = 0;
  for (const TimeTick& tick : time_axis(days(count), columns, false).ticks) {
    RC_ASSERT(tick.column >= free_from);
    RC_ASSERT(tick.column + tick.text.size() <= columns);
    free_from = tick.column + tick.text.size() + 1;
  }
}

}  // namespace
}  // namespace runledger::cli
