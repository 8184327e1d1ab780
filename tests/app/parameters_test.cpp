#include "parameters.hpp"

#include <gtest/gtest.h>

namespace runledger::app {
namespace {

using schema::ParameterType;
using schema::ParameterValue;

std::unique_ptr<schema::ParameterInfoT> declare(std::string name, ParameterValue value,
                                                ParameterValue min, ParameterValue max,
                                                std::string unit) {
  auto info = std::make_unique<schema::ParameterInfoT>();
  info->name = std::move(name);
  info->unit = std::move(unit);
  info->default_value = std::make_unique<ParameterValue>(value);
  info->min = std::make_unique<ParameterValue>(min);
  info->max = std::make_unique<ParameterValue>(max);
  return info;
}

ParameterValue whole(std::int64_t value) { return {value, 0, ParameterType::integer}; }
ParameterValue real(double value) { return {0, value, ParameterType::real}; }

schema::StrategyDescriptionT strategy() {
  schema::StrategyDescriptionT strategy;
  strategy.name = "cross";
  strategy.parameters.push_back(declare("fast", whole(10), whole(2), whole(200), "bars"));
  strategy.parameters.push_back(declare("band", real(2.5), real(0), real(10), ""));
  const ParameterValue off(0, 0, ParameterType::boolean);
  strategy.parameters.push_back(declare("short", off, off, off, ""));
  const ParameterValue first(0, 0, ParameterType::choice);
  strategy.parameters.push_back(declare("kind", first, first, first, ""));
  strategy.parameters.back()->choices = {"simple", "exponential"};
  return strategy;
}

std::vector<std::string> texts_of(const Parameters& parameters) {
  std::vector<std::string> texts;
  for (const auto& parameter : parameters)
    texts.push_back(value_text(*parameter.value, parameter.choice));
  return texts;
}

std::vector<std::string> merged(const Parameters& base, const std::vector<std::string>& texts) {
  const auto values = merge_parameters(strategy(), base, texts);
  return values ? texts_of(*values) : std::vector{values.error().message};
}

using Texts = std::vector<std::string>;

TEST(Parameters, HaveTheirDefaultsUnlessGiven) {
  EXPECT_EQ(merged({}, {}), (Texts{"10", "2.5", "false", "simple"}));
  EXPECT_EQ(merged({}, {"short=true", "kind=exponential", "fast=20", "band=1e-1"}),
            (Texts{"20", "0.1", "true", "exponential"}));
}

TEST(Parameters, MergeOverThoseOfTheParent) {
  const Parameters parent = merge_parameters(strategy(), {}, Texts{"fast=50", "band=3"}).value();
  EXPECT_EQ(merged(parent, {"band=4"}), (Texts{"50", "4", "false", "simple"}));
}

TEST(Parameters, AnUnknownOneNamesTheNearest) {
  EXPECT_EQ(merged({}, {"fsat=3"}),
            (Texts{"`fsat` is not a parameter of cross; did you mean `fast`? (it has fast, band, "
                   "short, kind)"}));
}

TEST(Parameters, OneOutOfRangeNamesRangeAndUnit) {
  EXPECT_EQ(merged({}, {"fast=1"}),
            (Texts{"the parameter fast is 1; expected a whole number from 2 to 200 bars"}));
  EXPECT_EQ(merged({}, {"band=11"}),
            (Texts{"the parameter band is 11; expected a number from 0 to 10"}));
  EXPECT_EQ(merged({}, {"kind=median"}),
            (Texts{"the parameter kind is median; expected one of simple, exponential"}));
}

TEST(Parameters, RefuseWhatIsNoValue) {
  for (const char* text : {"fast=", "fast=2.5", "fast=x", "band=nan", "short=maybe", "fast", "=3"})
    EXPECT_FALSE(merge_parameters(strategy(), {}, Texts{text})) << text;
  EXPECT_FALSE(merge_parameters(strategy(), {}, Texts{"fast=3", "fast=4"}));
}

TEST(Parameters, OfAParentThatTheStrategyNoLongerTakesAreRefused) {
  Parameters parent = default_parameters(strategy());
  parent.front().name = "quick";
  EXPECT_EQ(merged(parent, {}).front().substr(0, 40), "`quick` is not a parameter of cross (it ");
}

}  // namespace
}  // namespace runledger::app
