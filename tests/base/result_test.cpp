#include <set>

#include <gtest/gtest.h>

#include <runledger/base/check.hpp>
#include <runledger/base/result.hpp>

namespace runledger {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return fail(ErrorCode::invalid_input, "odd");
  return value / 2;
}

Result<int> quarter(int value) {
  RL_TRY(const int once, half(value));
  RL_TRY(const int twice, half(once));
  return twice;
}

Status whole_quarter(int value) {
  RL_TRY_VOID(quarter(value));
  return {};
}

TEST(Result, TryBindsTheValueOrReturnsTheError) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error().message, "odd");
  EXPECT_TRUE(whole_quarter(4));
  EXPECT_EQ(whole_quarter(5).error().code, ErrorCode::invalid_input);
}

TEST(ErrorCode, EachHasItsOwnNameAndAPromisedExitStatus) {
  const std::set<int> promised{1, 2, 3, 4, 5, 70, 75, 130};
  std::set<std::string_view> names;
  for (int code = 1; code <= static_cast<int>(ErrorCode::internal); ++code) {
    EXPECT_TRUE(names.insert(error_name(static_cast<ErrorCode>(code))).second) << code;
    EXPECT_TRUE(promised.contains(exit_status(static_cast<ErrorCode>(code)))) << code;
    EXPECT_GE(http_status(static_cast<ErrorCode>(code)), 400) << code;
  }
}

TEST(ErrorCode, ExitStatusesOfTheContract) {
  EXPECT_EQ(exit_status(ErrorCode::differs), 1);
  EXPECT_EQ(exit_status(ErrorCode::invalid_input), 2);
  EXPECT_EQ(exit_status(ErrorCode::damaged), 3);
  EXPECT_EQ(exit_status(ErrorCode::not_found), 4);
  EXPECT_EQ(exit_status(ErrorCode::unknown), 5);
  EXPECT_EQ(exit_status(ErrorCode::internal), 70);
  EXPECT_EQ(exit_status(ErrorCode::locked), 75);
  EXPECT_EQ(exit_status(ErrorCode::interrupted), 130);
}

TEST(CheckDeathTest, ABrokenInvariantNamesItselfAndAborts) {
  EXPECT_DEATH(RL_CHECK(1 + 1 == 3), "1 \\+ 1 == 3");
}

}  // namespace
}  // namespace runledger
