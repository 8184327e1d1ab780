#include "option_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace runledger::app {
namespace {

std::string refusal(const auto& result) { return result ? "" : result.error().message; }

TEST(SizeText, ReadsEveryKind) {
  EXPECT_EQ(parse_sizing("cash_pct:95")->kind, SizingKind::cash_pct);
  EXPECT_EQ(parse_sizing("equity_pct:50")->kind, SizingKind::equity_pct);
  EXPECT_EQ(parse_sizing("units:3")->amount, 3);
  EXPECT_EQ(parse_sizing("value:1000.5")->amount, 1000.5);
}

TEST(SizeText, RefusesWhatIsNoSize) {
  for (const char* text : {"", "95", "units", "units:", "units:x", "lots:3", ":3", "units:inf"})
    EXPECT_FALSE(parse_sizing(text)) << text;
  EXPECT_EQ(refusal(parse_sizing("lots:3")),
            "the size is `lots:3`; expected cash_pct:N, equity_pct:N, units:N or value:N");
}

RC_GTEST_PROP(SizeText, ReadsBackWhatItWrites, (const std::uint32_t amount)) {
  const Sizing sizing{.kind = SizingKind::value, .amount = amount / 64.0};
  const auto read = parse_sizing(sizing_text(sizing));
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->amount == sizing.amount && read->kind == sizing.kind);
}

TEST(CommissionText, ReadsPartsInAnyOrder) {
  Costs costs;
  ASSERT_TRUE(set_commission(costs, "fixed:1.5+0.001+maker:0+unit:0.01+min:2"));
  EXPECT_EQ(costs.commission_rate, 0.001);
  EXPECT_EQ(costs.commission_fixed, 1.5);
  EXPECT_EQ(costs.commission_per_unit, 0.01);
  EXPECT_EQ(costs.commission_min, 2);
  EXPECT_EQ(costs.commission_maker_rate, 0);
  EXPECT_EQ(commission_text(costs), "0.001+fixed:1.5+unit:0.01+min:2+maker:0");
  EXPECT_EQ(commission_text(Costs{}), "0");
}

TEST(CommissionText, ReplacesTheWholeCommissionAndNothingElse) {
  Costs costs{.commission_fixed = 1, .commission_maker_rate = 0.1, .spread = 0.5};
  ASSERT_TRUE(set_commission(costs, "0.002"));
  EXPECT_EQ(commission_text(costs), "0.002");
  EXPECT_EQ(costs.spread, 0.5);
}

TEST(CommissionText, RefusesAPartThatIsGivenTwiceOrNoNumber) {
  Costs costs;
  for (const char* text :
       {"", "x", "0.1+0.2", "fixed:1+fixed:2", "flat:1", "0.1+", "nan", "ticks:1", "maker:"})
    EXPECT_FALSE(set_commission(costs, text)) << text;
}

TEST(SlippageText, ReadsBackWhatItWrites) {
  Costs costs;
  ASSERT_TRUE(set_slippage(costs, "volume:0.1+ticks:2+0.0005"));
  EXPECT_EQ(costs.slippage_rate, 0.0005);
  EXPECT_EQ(costs.slippage_ticks, 2);
  EXPECT_EQ(costs.slippage_volume, 0.1);
  EXPECT_EQ(slippage_text(costs), "0.0005+ticks:2+volume:0.1");
  ASSERT_TRUE(set_slippage(costs, "0"));
  EXPECT_EQ(slippage_text(costs), "0");
}

TEST(SlippageText, RefusesWhatIsNone) {
  Costs costs;
  EXPECT_EQ(refusal(set_slippage(costs, "pips:1")),
            "the slippage is `pips:1`; expected a share of the price such as 0.0005, ticks:1, "
            "volume:0.1, or several joined by `+`");
}

TEST(PositionsText, TakesOneOrMany) {
  EXPECT_TRUE(*parse_positions("one"));
  EXPECT_FALSE(*parse_positions("many"));
  EXPECT_EQ(refusal(parse_positions("two")), "the positions are `two`; expected one or many");
}

TEST(TimeoutText, TakesSecondsWithinItsRange) {
  EXPECT_EQ(parse_timeout("2.5")->count(), 2500);
  for (const char* text : {"", "0", "-1", "x", "1e9", "nan"})
    EXPECT_FALSE(parse_timeout(text)) << text;
}

TEST(MemoryText, TakesUnits) {
  EXPECT_EQ(*parse_memory("512m"), 512ULL << 20);
  EXPECT_EQ(*parse_memory("2G"), 2ULL << 30);
  EXPECT_EQ(*parse_memory("134217728"), 134217728ULL);
  for (const char* text : {"", "m", "1", "-1g", "99999999999999999999", "17t", "1.5g"})
    EXPECT_FALSE(parse_memory(text)) << text;
}

TEST(MomentText, ADateAsAnEndIncludesThatDay) {
  EXPECT_EQ(*parse_moment("--to", "1970-01-01", true), kDayNs - 1);
  EXPECT_EQ(*parse_moment("--from", "1970-01-01", false), 0);
  EXPECT_EQ(*parse_moment("--to", "1970-01-01T00:00Z", true), 0);
  EXPECT_EQ(refusal(parse_moment("--to", "soon", true)),
            "--to is `soon`; expected a date or time such as 2024-06-01 or 2024-06-01T09:30Z, in "
            "the years 1678 to 2261");
}

TEST(TagText, RefusesAnEmptyValue) {
  const auto tags = parse_tags({"desk="});
  ASSERT_FALSE(tags);
  EXPECT_EQ(tags.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(tags.error().message, "the tag `desk` has no value; expected key=value");
}

TEST(TagText, RefusesWhatHasNoKeyOrIsGivenTwice) {
  EXPECT_EQ(parse_tags({"a=1", "b=2"})->size(), 2U);
  EXPECT_FALSE(parse_tags({"a"}));
  EXPECT_FALSE(parse_tags({"=1"}));
  EXPECT_FALSE(parse_tags({"a=1", "a=2"}));
  EXPECT_FALSE(parse_tags({"a=\x01"}));
}

TEST(Names, RefuseWhatCannotBePrinted) {
  EXPECT_TRUE(check_name("the ticker", "BRK.B"));
  for (const std::string& name : {std::string(), std::string(" A"), std::string("A\nB"),
                                  std::string("\xff"), std::string(256, 'A')})
    EXPECT_FALSE(check_name("the ticker", name));
}

}  // namespace
}  // namespace runledger::app
