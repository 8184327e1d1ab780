#include "sweep/constraint.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace runledger::app {
namespace {

const std::vector<std::string> kNames{"fast", "slow", "band", "side", "exits"};
const std::vector<ConstraintValue> kExamples{0.0, 0.0, 0.0, std::string("long"), false};

Result<Constraint> parse(std::string_view text) {
  return Constraint::parse(text, kNames, kExamples);
}

bool holds(std::string_view text, double fast, double slow, double band = 2,
           const std::string& side = "long", bool exits = true) {
  const auto constraint = parse(text);
  EXPECT_TRUE(constraint.has_value()) << text << ": " << constraint.error().message;
  const std::vector<ConstraintValue> values{fast, slow, band, side, exits};
  return constraint && constraint->holds(values);
}

std::string refusal(std::string_view text) {
  const auto constraint = parse(text);
  return constraint ? "" : constraint.error().message;
}

TEST(Constraint, ComparesParametersAndNumbers) {
  EXPECT_TRUE(holds("fast < slow", 10, 30));
  EXPECT_FALSE(holds("fast < slow", 30, 30));
  EXPECT_TRUE(holds("fast <= slow", 30, 30));
  EXPECT_TRUE(holds("slow >= 2*fast + 10", 10, 30));
  EXPECT_FALSE(holds("slow>2 * fast+10", 10, 30));
  EXPECT_TRUE(holds("fast = 10", 10, 30));
  EXPECT_TRUE(holds("fast == 1e1", 10, 30));
  EXPECT_TRUE(holds("fast != 11", 10, 30));
}

TEST(Constraint, BindsAsArithmeticDoes) {
  EXPECT_TRUE(holds("2 + 3 * 4 = 14", 0, 0));
  EXPECT_TRUE(holds("(2 + 3) * 4 = 20", 0, 0));
  EXPECT_TRUE(holds("20 / 2 / 5 = 2", 0, 0));
  EXPECT_TRUE(holds("-fast + --slow = 20", 10, 30));
  EXPECT_TRUE(holds("10 - 3 - 2 = 5", 0, 0));
}

TEST(Constraint, NotBindsTighterThanAndThanOr) {
  EXPECT_TRUE(holds("true or false and false", 0, 0));
  EXPECT_FALSE(holds("(true or false) and false", 0, 0));
  EXPECT_TRUE(holds("not false and true", 0, 0));
  EXPECT_TRUE(holds("! (fast > slow) && exits || false", 1, 2));
  EXPECT_TRUE(holds("not not exits", 0, 0));
}

TEST(Constraint, TakesTextsAndTruthValues) {
  EXPECT_TRUE(holds("side = 'long'", 0, 0));
  EXPECT_TRUE(holds("side != \"short\" and exits", 0, 0));
  EXPECT_FALSE(holds("exits = false", 0, 0));
}

TEST(Constraint, WhatIsNoNumberIsNeverLarger) {
  EXPECT_FALSE(holds("fast / slow > 0", 0, 0));
  EXPECT_FALSE(holds("fast / slow <= 0", 0, 0));
}

TEST(Constraint, AnErrorPointsAtTheCharacter) {
  EXPECT_EQ(refusal("fast << slow"),
            "the constraint `fast << slow` has `< slow` at character 7; expected a parameter or a "
            "number");
  EXPECT_EQ(refusal("fats < slow"),
            "the constraint `fats < slow` has `fats < slow` at character 1; expected a parameter "
            "such as fast");
  EXPECT_EQ(refusal("fast <"),
            "the constraint `fast <` ends early; expected a parameter or a number");
  EXPECT_EQ(refusal("fast < slow slow"),
            "the constraint `fast < slow slow` has `slow` at character 13; expected an operator "
            "such as < or and");
  EXPECT_EQ(refusal("(fast < slow"), "the constraint `(fast < slow` ends early; expected `)`");
  EXPECT_EQ(refusal("side = 'long"),
            "the constraint `side = 'long` has `'long` at character 8; expected a text that ends "
            "with '");
}

TEST(Constraint, ItIsACondition) {
  EXPECT_EQ(refusal("fast + slow"),
            "the constraint `fast + slow` has a number at character 1; expected a condition");
  EXPECT_NE(refusal("fast < side"), "");
  EXPECT_NE(refusal("side < 'x'"), "");
  EXPECT_NE(refusal("not fast"), "");
  EXPECT_NE(refusal("fast and slow"), "");
  EXPECT_NE(refusal("fast = exits"), "");
  EXPECT_NE(refusal(""), "");
  EXPECT_NE(refusal("1.2.3 < 4"), "");
}

TEST(Constraint, ParenthesesHaveADepth) {
  const std::string open(1'000, '(');
  EXPECT_NE(refusal(open + "true" + std::string(1'000, ')')), "");
}

RC_GTEST_PROP(Constraint, AnyTextIsRefusedOrHoldsOrNot, (const std::string& text)) {
  const auto constraint = parse(text);
  const std::vector<ConstraintValue> values{1.0, 2.0, 3.0, std::string("long"), true};
  if (constraint) static_cast<void>(constraint->holds(values));
}

// What the grammar generates, with what it means.
struct Sentence {
  std::string text;
  bool truth;
};
Sentence make_sentence(int depth) {
  if (depth == 0) {
    const int a = *rc::gen::inRange(-3, 4);
    const int b = *rc::gen::inRange(-3, 4);
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        return {fmt::format("{} < {}", a, b), a < b};
      case 1:
        return {fmt::format("{} + 1 >= {} * 2", a, b), a + 1 >= b * 2};
      default:
        return {fmt::format("{} = {}", a, b), a == b};
    }
  }
  const Sentence left = make_sentence(depth - 1);
  const Sentence right = make_sentence(depth - 1);
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return {fmt::format("({}) and ({})", left.text, right.text), left.truth && right.truth};
    case 1:
      return {fmt::format("({}) or {}", left.text, right.text), left.truth || right.truth};
    default:
      return {fmt::format("not ({})", left.text), !left.truth};
  }
}

RC_GTEST_PROP(Constraint, MeansWhatItSays, ()) {
  const Sentence sentence = make_sentence(*rc::gen::inRange(0, 4));
  RC_ASSERT(holds(sentence.text, 0, 0) == sentence.truth);
}

}  // namespace
}  // namespace runledger::app
