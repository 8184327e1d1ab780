// The two forms of a run's settings.
#include <functional>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/worker/run_settings.hpp>

namespace runledger::worker {
namespace {

std::vector<std::function<double&(Settings&)>> numbers() {
  const auto own = [](double Settings::* member) {
    return [member](Settings& settings) -> double& { return settings.*member; };
  };
  const auto cost = [](double Costs::* member) {
    return [member](Settings& settings) -> double& { return settings.costs.*member; };
  };
  return {own(&Settings::cash),
          own(&Settings::leverage),
          own(&Settings::lot_size),
          own(&Settings::tick_size),
          own(&Settings::maintenance_margin),
          own(&Settings::borrow_rate),
          own(&Settings::cash_rate),
          own(&Settings::margin_rate),
          cost(&Costs::commission_rate),
          cost(&Costs::commission_fixed),
          cost(&Costs::commission_per_unit),
          cost(&Costs::commission_min),
          cost(&Costs::spread),
          cost(&Costs::slippage_rate),
          cost(&Costs::slippage_ticks),
          cost(&Costs::slippage_volume)};
}

RC_GTEST_PROP(RunSettings, AreTheSameAfterTheyWereStored, (const bool one, const bool maker)) {
  Settings settings;
  for (const auto& number : numbers()) number(settings) = *rc::gen::element(0.0, 0.25, 3.0);
  settings.one_position = one;
  if (maker) settings.costs.commission_maker_rate = *rc::gen::element(0.0, 0.5);
  settings.seed = 7;
  Settings read = engine_settings(stored_settings(settings));
  for (const auto& number : numbers()) RC_ASSERT(number(read) == number(settings));
  RC_ASSERT(read.one_position == settings.one_position);
  RC_ASSERT(read.costs.commission_maker_rate == settings.costs.commission_maker_rate);
  RC_ASSERT(read.seed == settings.seed);
}

TEST(RunSettings, WhatVersionOneKnewNeedsNoMore) {
  Settings settings;
  settings.costs.commission_rate = 0.1;
  settings.costs.commission_fixed = 1;
  settings.costs.commission_per_unit = 2;
  settings.lot_size = 5;
  EXPECT_EQ(serves_needed(stored_settings(settings)), 1);
}

TEST(RunSettings, AnythingElseNeedsVersionTwo) {
  const auto needed = [](auto&& change) {
    Settings settings;
    change(settings);
    return serves_needed(stored_settings(settings));
  };
  EXPECT_EQ(needed([](Settings& s) { s.one_position = true; }), 2);
  EXPECT_EQ(needed([](Settings& s) { s.costs.commission_maker_rate = 0; }), 2);
  for (double Settings::* member :
       {&Settings::tick_size, &Settings::maintenance_margin, &Settings::borrow_rate,
        &Settings::cash_rate, &Settings::margin_rate}) {
    EXPECT_EQ(needed([&](Settings& s) { s.*member = 0.1; }), 2);
  }
  for (double Costs::* member : {&Costs::commission_min, &Costs::spread, &Costs::slippage_rate,
                                 &Costs::slippage_ticks, &Costs::slippage_volume}) {
    EXPECT_EQ(needed([&](Settings& s) { s.costs.*member = 0.1; }), 2);
  }
}

}  // namespace
}  // namespace runledger::worker
