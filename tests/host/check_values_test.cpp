#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runledger/host/check.hpp>

#include "tables.hpp"

namespace runledger::test {
namespace {

using testing::HasSubstr;
using Values = std::vector<rl_value>;

Values right_values() { return {whole(20), real(1.5), whole(1, RL_BOOL), whole(0, RL_CHOICE)}; }

Status check(const Values& values) {
  Tables tables;
  tables.get();
  return check_values(tables.strategy, values);
}

void expect_refused(std::size_t index, rl_value value, const char* words) {
  Values values = right_values();
  values[index] = value;
  const Status status = check(values);
  ASSERT_FALSE(status.has_value()) << words;
  EXPECT_EQ(status.error().code, ErrorCode::invalid_input);
  EXPECT_THAT(status.error().message, HasSubstr(words));
}

TEST(CheckValues, AcceptsValuesWithinTheirBounds) {
  EXPECT_TRUE(check(right_values()).has_value());
  EXPECT_TRUE(check({whole(1), real(8), whole(0, RL_BOOL), whole(2, RL_CHOICE)}).has_value());
}

TEST(CheckValues, RefusesValuesOutsideTheirBounds) {
  expect_refused(0, whole(0), "length of good is 0, outside 1..100");
  expect_refused(1, real(8.25), "factor of good is 8.25, outside 0.5..8");
  expect_refused(2, whole(2, RL_BOOL), "outside 0..1");
  expect_refused(3, whole(3, RL_CHOICE), "outside 0..2");
}

TEST(CheckValues, RefusesAnotherType) {
  expect_refused(0, real(20), "was given a value of type 2");
  rl_value reserved = whole(20);
  reserved.reserved = 1;
  expect_refused(0, reserved, "was given a value");
}

TEST(CheckValues, RefusesWhatIsNotANumber) {
  expect_refused(1, real(std::numeric_limits<double>::quiet_NaN()), "not a finite number");
  expect_refused(1, real(std::numeric_limits<double>::infinity()), "not a finite number");
}

TEST(CheckValues, RefusesTooFewAndTooMany) {
  Values values = right_values();
  values.pop_back();
  EXPECT_FALSE(check(values).has_value());
  values = right_values();
  values.push_back(whole(1));
  EXPECT_FALSE(check(values).has_value());
}

}  // namespace
}  // namespace runledger::test
