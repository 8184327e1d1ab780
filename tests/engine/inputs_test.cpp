// What a run is given: padded bars and settings.
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runledger/base/time.hpp>

#include "support.hpp"

namespace runledger::test {
namespace {

using testing::HasSubstr;

Bars five_days() {
  Bars bars;
  for (int day = 0; day < 5; ++day) {
    bars.label.push_back(day * kDayNs);
    for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume}) {
      column->push_back(10 + day);
    }
  }
  return bars;
}

TEST(PaddedBars, CloseTimesAreLabelAndInterval) {
  const PaddedBars bars(five_days());
  const BarColumns columns = bars.columns();
  ASSERT_EQ(columns.size(), 5u);
  EXPECT_EQ(columns.close_time.size(), 5u);
  EXPECT_EQ(columns.close_time[4], 5 * kDayNs);
  EXPECT_EQ(columns.volume[4], 14);
}

TEST(PaddedBars, EveryColumnCanBeReadBeyondItsEnd) {
  const PaddedBars bars(five_days());
  const BarColumns columns = bars.columns();
  for (const auto& column :
       {columns.open, columns.high, columns.low, columns.close, columns.volume}) {
    EXPECT_TRUE(std::isnan(column.data()[5]));
    EXPECT_TRUE(std::isnan(column.data()[5 + kColumnPadding - 1]));
  }
  EXPECT_EQ(columns.label.data()[5 + kColumnPadding - 1], 4 * kDayNs);
  EXPECT_EQ(columns.close_time.data()[5 + kColumnPadding - 1], 5 * kDayNs);
}

TEST(PaddedBars, BothEndsOfACutAreIncluded) {
  const PaddedBars cut(five_days(), TimeNs{kDayNs}, TimeNs{3 * kDayNs});
  ASSERT_EQ(cut.size(), 3u);
  EXPECT_EQ(cut.columns().close[0], 11);
  EXPECT_EQ(cut.columns().close[2], 13);
  EXPECT_TRUE(std::isnan(cut.columns().close.data()[3]));
}

TEST(PaddedBars, ACutOutsideTheDataOrBackwardsIsEmpty) {
  EXPECT_EQ(PaddedBars(five_days(), TimeNs{9 * kDayNs}, TimeNs{10 * kDayNs}).size(), 0u);
  EXPECT_EQ(PaddedBars(five_days(), TimeNs{3 * kDayNs}, TimeNs{1}).size(), 0u);
  EXPECT_EQ(PaddedBars(Bars{}).size(), 0u);
}

TEST(Settings, TheDefaultsAreGood) { EXPECT_TRUE(check_settings({}).has_value()); }

TEST(Settings, EachWrongNumberIsNamed) {
  const auto message = [](auto&& change) {
    Settings settings;
    change(settings);
    const Status status = check_settings(settings);
    return status ? std::string() : status.error().message;
  };
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(message([](Settings& s) { s.cash = -5; }),
            "the cash is -5, not above 0 and at most 1e15");
  EXPECT_THAT(message([](Settings& s) { s.cash = kNaN; }), HasSubstr("the cash is nan"));
  EXPECT_THAT(message([](Settings& s) { s.sizing.amount = 0; }), HasSubstr("size in percent is 0"));
  EXPECT_THAT(message([](Settings& s) { s.sizing = {SizingKind::units, -1}; }),
              HasSubstr("the size is -1"));
  EXPECT_THAT(message([](Settings& s) { s.sizing.kind = SizingKind{9}; }),
              HasSubstr("kind of size"));
  EXPECT_THAT(message([](Settings& s) { s.costs.commission_rate = 1; }),
              HasSubstr("0.001 is 0.1 percent"));
  EXPECT_THAT(message([](Settings& s) { s.costs.commission_fixed = -1; }), HasSubstr("fixed"));
  EXPECT_THAT(message([](Settings& s) { s.costs.commission_per_unit = kNaN; }),
              HasSubstr("per unit"));
  EXPECT_THAT(message([](Settings& s) { s.account = AccountKind{0}; }), HasSubstr("account"));
  EXPECT_THAT(message([](Settings& s) { s.leverage = 0; }), HasSubstr("leverage"));
  EXPECT_THAT(message([](Settings& s) { s.lot_size = -1; }), HasSubstr("lot size"));
  EXPECT_THAT(message([](Settings& s) {
                s.account = AccountKind::reference;
                s.leverage = 2;
              }),
              HasSubstr("reference account"));
}

std::string refusal_of(const Settings& settings) {
  const Status status = check_settings(settings);
  return status ? std::string() : status.error().message;
}

TEST(Settings, EachWrongCostIsNamed) {
  const auto message = [](auto member, double value) {
    Settings settings;
    settings.tick_size = 0.01;
    settings.costs.*member = value;
    return refusal_of(settings);
  };
  EXPECT_THAT(message(&Costs::commission_min, -1), HasSubstr("least commission is -1"));
  EXPECT_THAT(message(&Costs::commission_maker_rate, 1), HasSubstr("rate of makers is 1"));
  EXPECT_THAT(message(&Costs::spread, -0.1), HasSubstr("the spread is -0.1"));
  EXPECT_THAT(message(&Costs::slippage_rate, 1), HasSubstr("the slippage is 1"));
  EXPECT_THAT(message(&Costs::slippage_ticks, -1), HasSubstr("slippage in ticks is -1"));
  EXPECT_THAT(message(&Costs::slippage_volume, 2), HasSubstr("slippage by volume is 2"));
  EXPECT_EQ(message(&Costs::slippage_ticks, 2), "");
}

TEST(Settings, EachWrongMarginAndRateIsNamed) {
  const auto message = [](double Settings::* member, double value) {
    Settings settings;
    settings.*member = value;
    return refusal_of(settings);
  };
  EXPECT_THAT(message(&Settings::tick_size, -1), HasSubstr("tick size"));
  EXPECT_THAT(message(&Settings::maintenance_margin, 1), HasSubstr("maintenance margin is 1"));
  EXPECT_THAT(message(&Settings::borrow_rate, -0.1), HasSubstr("borrow rate is -0.1"));
  EXPECT_THAT(message(&Settings::cash_rate, 101), HasSubstr("interest on cash is 101"));
  EXPECT_THAT(message(&Settings::margin_rate, -1), HasSubstr("interest on cash owed is -1"));
}

TEST(Settings, SlippageInTicksNeedsATickSize) {
  Settings settings;
  settings.costs.slippage_ticks = 1;
  EXPECT_THAT(refusal_of(settings), HasSubstr("needs a tick size"));
}

TEST(Settings, TheReferenceAccountKnowsACommissionAndNothingElse) {
  Settings plain;
  plain.account = AccountKind::reference;
  plain.costs.commission_rate = 0.001;
  EXPECT_EQ(refusal_of(plain), "");
  const auto refuses = [&](auto&& change) {
    Settings settings = plain;
    settings.tick_size = 0.01;
    change(settings);
    return refusal_of(settings).starts_with("the reference account knows a commission");
  };
  EXPECT_TRUE(refuses([](Settings& s) { s.costs.commission_min = 1; }));
  EXPECT_TRUE(refuses([](Settings& s) { s.costs.commission_maker_rate = 0; }));
  EXPECT_TRUE(refuses([](Settings& s) { s.costs.spread = 0.1; }));
  EXPECT_TRUE(refuses([](Settings& s) { s.costs.slippage_rate = 0.1; }));
  EXPECT_TRUE(refuses([](Settings& s) { s.costs.slippage_ticks = 1; }));
  EXPECT_TRUE(refuses([](Settings& s) { s.costs.slippage_volume = 0.1; }));
  EXPECT_TRUE(refuses([](Settings& s) { s.one_position = true; }));
  EXPECT_TRUE(refuses([](Settings& s) { s.maintenance_margin = 0.1; }));
  EXPECT_TRUE(refuses([](Settings& s) { s.borrow_rate = 0.1; }));
  EXPECT_TRUE(refuses([](Settings& s) { s.cash_rate = 0.1; }));
  EXPECT_TRUE(refuses([](Settings& s) { s.margin_rate = 0.1; }));
}

}  // namespace
}  // namespace runledger::test
