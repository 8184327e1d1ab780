// The enums of core, which sees no schema, carry the numbers of the schema.
#include <algorithm>
#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include <runledger/engine/run.hpp>
#include <runledger/metrics/metrics.hpp>
#include <runledger/schemas/run_generated.h>

namespace runledger {
namespace {

TEST(Numbers, EveryComputedMetricIsTheSchemasByNameAndNumber) {
  for (const MetricInfo& info : metric_table()) {
    const auto key = static_cast<schema::MetricKey>(info.key);
    EXPECT_EQ(info.name, schema::EnumNameMetricKey(key));
    EXPECT_FALSE(info.label.empty());
  }
}

TEST(Numbers, NoMetricStandsTwiceInTheTable) {
  std::set<Metric> seen;
  for (const MetricInfo& info : metric_table()) EXPECT_TRUE(seen.insert(info.key).second);
}

#define EXPECT_SAME(type, ours, name) \
  EXPECT_EQ(static_cast<int>(ours::name), static_cast<int>(schema::type::name))

TEST(Numbers, EveryKeyOfTheSchemaIsComputed) {
  for (const schema::MetricKey key : schema::EnumValuesMetricKey()) {
    if (key == schema::MetricKey::none) continue;
    EXPECT_EQ(std::ranges::count(metric_table(), static_cast<Metric>(key), &MetricInfo::key), 1)
        << schema::EnumNameMetricKey(key);
  }
}

TEST(Numbers, TheReasonsAreTheSchemas) {
  EXPECT_SAME(MetricUndefined, Undefined, defined);
  EXPECT_SAME(MetricUndefined, Undefined, too_few_returns);
  EXPECT_SAME(MetricUndefined, Undefined, zero_variance);
  EXPECT_SAME(MetricUndefined, Undefined, no_trades);
  EXPECT_SAME(MetricUndefined, Undefined, no_losses);
  EXPECT_SAME(MetricUndefined, Undefined, no_drawdown);
  EXPECT_SAME(MetricUndefined, Undefined, too_short);
  EXPECT_SAME(MetricUndefined, Undefined, equity_not_positive);
  EXPECT_SAME(MetricUndefined, Undefined, no_wins);
  EXPECT_SAME(MetricUndefined, Undefined, no_volume);
  EXPECT_SAME(MetricUndefined, Undefined, no_return_below);
  EXPECT_SAME(MetricUndefined, Undefined, zero_quantile);
  EXPECT_SAME(MetricUndefined, Undefined, prices_do_not_vary);
  EXPECT_SAME(MetricUndefined, Undefined, too_few_trades);
  EXPECT_SAME(MetricUndefined, Undefined, trades_do_not_vary);
  EXPECT_SAME(MetricUndefined, Undefined, trade_lost_everything);
}

TEST(Numbers, ThePluginCallsAreTheSchemas) {
  EXPECT_SAME(PluginCall, PluginCall, none);
  EXPECT_SAME(PluginCall, PluginCall, load);
  EXPECT_SAME(PluginCall, PluginCall, describe);
  EXPECT_SAME(PluginCall, PluginCall, create);
  EXPECT_SAME(PluginCall, PluginCall, on_bar);
  EXPECT_SAME(PluginCall, PluginCall, on_fill);
  EXPECT_SAME(PluginCall, PluginCall, on_refusal);
  EXPECT_SAME(PluginCall, PluginCall, on_end);
  EXPECT_SAME(PluginCall, PluginCall, destroy);
  EXPECT_SAME(PluginCall, PluginCall, unload);
}

TEST(Numbers, TheSettingsEnumsAreTheSchemas) {
  EXPECT_SAME(SizingKind, SizingKind, cash_pct);
  EXPECT_SAME(SizingKind, SizingKind, equity_pct);
  EXPECT_SAME(SizingKind, SizingKind, units);
  EXPECT_SAME(SizingKind, SizingKind, value);
  EXPECT_SAME(AccountKind, AccountKind, standard);
  EXPECT_SAME(AccountKind, AccountKind, reference);
}

}  // namespace
}  // namespace runledger
