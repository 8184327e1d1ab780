#include "sweep/grid.hpp"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace runledger::app {
namespace {

using schema::ParameterType;
using schema::ParameterValue;
using testing::ElementsAre;
using testing::HasSubstr;

ParameterValue whole(std::int64_t value) { return {value, 0, ParameterType::integer}; }
ParameterValue real(double value) { return {0, value, ParameterType::real}; }

std::unique_ptr<schema::ParameterInfoT> declare(std::string name, ParameterValue value,
                                                ParameterValue min, ParameterValue max,
                                                ParameterValue step) {
  auto info = std::make_unique<schema::ParameterInfoT>();
  info->name = std::move(name);
  info->default_value = std::make_unique<ParameterValue>(value);
  info->min = std::make_unique<ParameterValue>(min);
  info->max = std::make_unique<ParameterValue>(max);
  info->sweep_min = std::make_unique<ParameterValue>(min);
  info->sweep_max = std::make_unique<ParameterValue>(max);
  info->sweep_step = std::make_unique<ParameterValue>(step);
  return info;
}

schema::StrategyDescriptionT strategy() {
  schema::StrategyDescriptionT strategy;
  strategy.name = "cross";
  strategy.parameters.push_back(declare("fast", whole(10), whole(1), whole(2000), whole(500)));
  strategy.parameters.push_back(declare("slow", whole(30), whole(1), whole(2000), whole(0)));
  strategy.parameters.push_back(declare("band", real(2), real(0), real(10), real(2.5)));
  const ParameterValue off(0, 0, ParameterType::boolean);
  strategy.parameters.push_back(declare("exits", off, off, off, off));
  const ParameterValue first(0, 0, ParameterType::choice);
  strategy.parameters.push_back(declare("side", first, first, first, first));
  strategy.parameters.back()->choices = {"long", "short", "both"};
  return strategy;
}

Result<Points> choose(std::vector<std::string> parameters,
                      std::vector<std::string> constraints = {},
                      std::optional<std::uint64_t> random = std::nullopt, std::uint64_t seed = 1) {
  return choose_points(strategy(), {.parameters = std::move(parameters),
                                    .constraints = std::move(constraints),
                                    .random = random,
                                    .seed = seed});
}

// Each point as the texts of its axes.
std::vector<std::string> texts(const Result<Points>& points) {
  std::vector<std::string> texts;
  EXPECT_TRUE(points.has_value()) << points.error().message;
  if (!points) return texts;
  for (std::size_t point = 0; point < points->size(); ++point) {
    std::string text;
    for (std::size_t axis = 0; axis < points->axes().size(); ++axis)
      text += (axis == 0 ? "" : " ") + points->text(point, axis);
    texts.push_back(text);
  }
  return texts;
}

std::string refusal(const Result<Points>& points) { return points ? "" : points.error().message; }

TEST(Grid, TriesEveryCombinationTheLastParameterFirst) {
  EXPECT_THAT(texts(choose({"fast=5,10", "slow=20:40:10"})),
              ElementsAre("5 20", "5 30", "5 40", "10 20", "10 30", "10 40"));
}

TEST(Grid, OfNothingIsTheUsualParametersOnce) {
  const auto points = choose({});
  ASSERT_TRUE(points);
  ASSERT_EQ(points->size(), 1U);
  EXPECT_EQ(points->at(0)[0].value->i(), 10);
}

TEST(Grid, ARangeOfWholeNumbersGoesByOne) {
  EXPECT_THAT(texts(choose({"fast=3:5"})), ElementsAre("3", "4", "5"));
}

TEST(Grid, ARangeEndsAtItsLastWholeStep) {
  EXPECT_THAT(texts(choose({"fast=5:14:5"})), ElementsAre("5", "10"));
}

TEST(Grid, DecimalFractionsAreWhatTheyRead) {
  EXPECT_THAT(texts(choose({"band=0.1:0.5:0.1"})), ElementsAre("0.1", "0.2", "0.3", "0.4", "0.5"));
}

TEST(Grid, ValuesAndRangesJoinAndRepeatNothing) {
  EXPECT_THAT(texts(choose({"fast=7,5:8:1,100"})), ElementsAre("7", "5", "6", "8", "100"));
}

TEST(Grid, TheNameAloneIsWhatTheStrategySuggests) {
  EXPECT_THAT(texts(choose({"fast"})), ElementsAre("1", "501", "1001", "1501"));
  EXPECT_THAT(texts(choose({"band"})), ElementsAre("0", "2.5", "5", "7.5", "10"));
  EXPECT_THAT(texts(choose({"exits"})), ElementsAre("false", "true"));
  EXPECT_THAT(texts(choose({"side"})), ElementsAre("long", "short", "both"));
  EXPECT_THAT(refusal(choose({"slow"})), HasSubstr("suggests no values of slow"));
}

TEST(Grid, ATrialHasAllParametersInDeclaredOrder) {
  const auto points = choose({"side=short", "fast=5"});
  ASSERT_TRUE(points);
  const Parameters trial = points->at(0);
  ASSERT_EQ(trial.size(), 5U);
  EXPECT_EQ(trial[0].value->i(), 5);
  EXPECT_EQ(trial[1].value->i(), 30);
  EXPECT_EQ(trial[4].choice, "short");
  EXPECT_EQ(trial[4].value->i(), 1);
}

TEST(Grid, AConstraintLeavesOutCombinations) {
  EXPECT_THAT(texts(choose({"fast=10,20,30", "slow=20"}, {"fast < slow"})), ElementsAre("10 20"));
  EXPECT_THAT(texts(choose({"fast=10,20,40"}, {"fast < slow", "fast != 10"})), ElementsAre("20"));
  EXPECT_THAT(texts(choose({"side", "exits"}, {"side = 'long' or exits"})),
              ElementsAre("long false", "long true", "short true", "both true"));
}

TEST(Grid, WhatNothingSatisfiesIsRefused) {
  EXPECT_THAT(refusal(choose({"fast=10"}, {"fast > slow"})), HasSubstr("nothing to try"));
}

TEST(Grid, WrongTextsAreTold) {
  EXPECT_THAT(refusal(choose({"fats=1"})), HasSubstr("did you mean `fast`"));
  EXPECT_THAT(refusal(choose({"fast=1", "fast=2"})), HasSubstr("given twice"));
  EXPECT_THAT(refusal(choose({"fast=0"})), HasSubstr("a whole number from 1 to 2000"));
  EXPECT_THAT(refusal(choose({"fast=5:1:1"})), HasSubstr("goes nowhere"));
  EXPECT_THAT(refusal(choose({"fast=1:5:0"})), HasSubstr("goes nowhere"));
  EXPECT_THAT(refusal(choose({"fast=1:x:1"})), HasSubstr("FROM:TO:STEP"));
  EXPECT_THAT(refusal(choose({"fast=1:2:3:4"})), HasSubstr("FROM:TO:STEP"));
  EXPECT_THAT(refusal(choose({"band=1:2"})), HasSubstr("FROM:TO:STEP"));
  EXPECT_THAT(refusal(choose({"fast="})), HasSubstr("fast is empty"));
  EXPECT_THAT(refusal(choose({"fast=1,,2"})), HasSubstr("fast is empty"));
  EXPECT_THAT(refusal(choose({"side=long:short"})), HasSubstr("only numbers have ranges"));
  EXPECT_THAT(refusal(choose({"fast=1:1.5:0.25"})), HasSubstr("a whole number"));
  EXPECT_THAT(refusal(choose({"band=0:10:1e-9"})), HasSubstr("use a larger step"));
}

TEST(Grid, TooManyCombinationsAskForASample) {
  EXPECT_THAT(refusal(choose({"fast=1:2000", "slow=1:2000"})), HasSubstr("--random N"));
  EXPECT_THAT(refusal(choose({"fast=1:2000", "slow=1:2000", "band=0:10:0.001"})),
              HasSubstr("40004000000 combinations"));
}

TEST(Sample, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const std::vector<std::string> grid{"fast=1:100", "slow=1:100"};
  const auto first = texts(choose(grid, {}, 20, 7));
  EXPECT_EQ(first, texts(choose(grid, {}, 20, 7)));
  EXPECT_NE(first, texts(choose(grid, {}, 20, 8)));
  EXPECT_EQ(first.size(), 20U);
}

TEST(Sample, OfAsManyAsThereAreIsTheGrid) {
  EXPECT_EQ(texts(choose({"fast=1:9"}, {}, 9)), texts(choose({"fast=1:9"})));
  EXPECT_EQ(texts(choose({"fast=1:9"}, {}, 100)), texts(choose({"fast=1:9"})));
}

TEST(Sample, OfAGridTooLargeToWalkThroughKeepsToTheConstraints) {
  const auto points =
      choose({"fast=1:2000", "slow=1:2000", "band=0:10:0.001"}, {"fast < slow"}, 50);
  ASSERT_TRUE(points) << points.error().message;
  EXPECT_EQ(points->size(), 50U);
  std::set<std::string> different;
  for (const std::string& text : texts(points)) different.insert(text);
  EXPECT_EQ(different.size(), 50U);
  for (std::size_t i = 0; i < points->size(); ++i)
    EXPECT_LT(points->at(i)[0].value->i(), points->at(i)[1].value->i());
  EXPECT_THAT(refusal(choose({"fast=1:2000", "slow=1:2000", "band=0:10:0.001"}, {"band > 11"}, 5)),
              HasSubstr("drawn by chance only 0"));
}

RC_GTEST_PROP(Sample, HasNoCombinationTwiceAndOnlyThoseOfTheGrid, (const std::uint64_t seed)) {
  const std::uint64_t count = *rc::gen::inRange<std::uint64_t>(1, 60);
  const std::vector<std::string> grid{"fast=1:10", "slow=1:5"};
  const auto all = texts(choose(grid));
  const auto some = texts(choose(grid, {}, count, seed));
  RC_ASSERT(some.size() == std::min<std::size_t>(count, all.size()));
  RC_ASSERT(std::set(some.begin(), some.end()).size() == some.size());
  for (const std::string& text : some) RC_ASSERT(std::ranges::find(all, text) != all.end());
}

// Each of 10 values is drawn about as often as any other: 100 of 1,000 draws, sd 9.5.
TEST(Sample, IsFair) {
  std::vector<int> drawn(10);
  for (std::uint64_t seed = 0; seed < 1'000; ++seed)
    ++drawn[static_cast<std::size_t>(choose({"fast=1:10"}, {}, 1, seed)->at(0)[0].value->i() - 1)];
  for (const int count : drawn) EXPECT_NEAR(count, 100, 48);
}

}  // namespace
}  // namespace runledger::app
