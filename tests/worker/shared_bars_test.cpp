#include <cmath>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <unistd.h>

#include <runledger/base/time.hpp>
#include <runledger/engine/padded_bars.hpp>

#include "bars_layout.hpp"
#include "support.hpp"

namespace runledger::test {
namespace {

using testing::ElementsAreArray;
using worker::SharedBars;

TEST(SharedBars, ShowsTheColumnsThatPaddedBarsShow) {
  const Bars bars = wavy_bars(20);
  const PaddedBars padded(bars);
  const SharedBars shared = value_of(SharedBars::make(bars));
  const BarColumns expected = padded.columns();
  const BarColumns columns = shared.columns();
  EXPECT_THAT(columns.label, ElementsAreArray(expected.label));
  EXPECT_THAT(columns.close_time, ElementsAreArray(expected.close_time));
  EXPECT_THAT(columns.open, ElementsAreArray(expected.open));
  EXPECT_THAT(columns.high, ElementsAreArray(expected.high));
  EXPECT_THAT(columns.low, ElementsAreArray(expected.low));
  EXPECT_THAT(columns.close, ElementsAreArray(expected.close));
  EXPECT_THAT(columns.volume, ElementsAreArray(expected.volume));
}

TEST(SharedBars, TakesBothEndsOfARange) {
  const Bars bars = wavy_bars(20);
  const SharedBars shared =
      value_of(SharedBars::make(bars, worker::LabelRange{bars.label[3], bars.label[7]}));
  EXPECT_EQ(shared.size(), 5U);
  EXPECT_EQ(shared.columns().label.front(), bars.label[3]);
  EXPECT_EQ(shared.columns().close.back(), bars.close[7]);
}

TEST(SharedBars, HoldsNoBarsWhenTheRangeHasNone) {
  const Bars bars = wavy_bars(20);
  const TimeNs after = bars.label.back() + kDayNs;
  EXPECT_EQ(value_of(SharedBars::make(bars, worker::LabelRange{after, after})).size(), 0U);
  EXPECT_EQ(value_of(SharedBars::make(bars, worker::LabelRange{after, bars.label[0]})).size(), 0U);
}

TEST(SharedBars, PadsEveryColumnSoThatPeekingReadsNoNumber) {
  const SharedBars shared = value_of(SharedBars::make(wavy_bars(3)));
  const BarColumns columns = shared.columns();
  for (std::size_t i = 3; i < 3 + kColumnPadding; ++i) {
    ASSERT_TRUE(std::isnan(columns.close.data()[i]));
    ASSERT_TRUE(std::isnan(columns.volume.data()[i]));
    ASSERT_EQ(columns.close_time.data()[i], columns.close_time[2]);
  }
}

TEST(SharedBars, CannotBeChangedByAnybody) {
  const SharedBars shared = value_of(SharedBars::make(wavy_bars(3)));
  const std::size_t size = worker::BarsLayout{3}.bytes();
  EXPECT_EQ(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, shared.fd(), 0), MAP_FAILED);
  const char byte = 0;
  EXPECT_EQ(::pwrite(shared.fd(), &byte, 1, 0), -1);
  EXPECT_EQ(::ftruncate(shared.fd(), 0), -1);
}

}  // namespace
}  // namespace runledger::test
