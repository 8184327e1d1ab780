// ExactSum and SlidingSum against sums that other people's rules make.
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/indicators/sliding_sum.hpp>

#include "naive.hpp"

namespace runledger::test {
namespace {

using naive::fsum;
using naive::same;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMax = std::numeric_limits<double>::max();
constexpr double kLeast = std::numeric_limits<double>::denorm_min();

// Every value of a sliding sum is the rounded sum of its window.
void check_against_fsum(std::size_t length, const std::vector<double>& values) {
  SlidingSum sum(length);
  std::vector<double> window;
  for (const double value : values) {
    window.push_back(value);
    if (window.size() > length) window.erase(window.begin());
    const double expected = window.size() < length ? kNaN : fsum(window);
    RC_ASSERT(same(sum.update(value), expected));
    RC_ASSERT(same(sum.value(), expected));
    RC_ASSERT(sum.ready() == (window.size() == length));
  }
}

std::vector<double> made_by(const rc::Gen<double>& gen) {
  return *rc::gen::container<std::vector<double>>(gen);
}

// Prices with two decimals, as most data has them.
RC_GTEST_PROP(SlidingSumProperty, IsTheRoundedSumOfPrices, ()) {
  const auto length = *rc::gen::inRange<std::size_t>(1, 40);
  check_against_fsum(length, made_by(rc::gen::map(rc::gen::inRange(1, 100'000),
                                                  [](int cents) { return cents / 100.0; })));
}

// Any mantissa at any size: double-double breaks down at once.
RC_GTEST_PROP(SlidingSumProperty, IsTheRoundedSumOfAdversarialMagnitudes, ()) {
  const auto length = *rc::gen::inRange<std::size_t>(1, 12);
  const auto gen = rc::gen::map(
      rc::gen::tuple(rc::gen::arbitrary<std::uint64_t>(), rc::gen::inRange(-1'074, 1'000)),
      [](const std::tuple<std::uint64_t, int>& pair) {
        const auto& [bits, exponent] = pair;
        const double mantissa = std::bit_cast<double>((bits & ~(0x7ffULL << 52)) | 0x3ffULL << 52);
        return std::ldexp(mantissa, exponent);
      });
  check_against_fsum(length, made_by(gen));
}

// Few sizes far apart, with many ties: halfway cases that the last bit of the window decides.
RC_GTEST_PROP(SlidingSumProperty, IsTheRoundedSumOfHalfwayCases, ()) {
  const auto length = *rc::gen::inRange<std::size_t>(1, 9);
  check_against_fsum(
      length, made_by(rc::gen::element(1.0, -1.0, 0x1p53, -0x1p53, 0x1p-53, -0x1p-53, 0x1p-106,
                                       -0x1p-106, 0x1p-107, 0x1.8p1, 0x1.fffffffffffffp52, 0.0)));
}

// Long stretches of prices with an outlier now and then: into the wide sum and back.
RC_GTEST_PROP(SlidingSumProperty, ReturnsFromTheWideSum, ()) {
  const auto length = *rc::gen::inRange<std::size_t>(1, 6);
  std::vector<double> values;
  const auto runs = *rc::gen::inRange(1, 5);
  for (int run = 0; run < runs; ++run) {
    values.push_back(*rc::gen::element(1e300, -1e200, 1e-300, kLeast, 1e17));
    const auto calm = *rc::gen::inRange(0, 30);
    for (int i = 0; i < calm; ++i) values.push_back(*rc::gen::inRange(1, 10'000) / 100.0);
  }
  check_against_fsum(length, values);
}

TEST(SlidingSum, HundredThousandPricesLeaveNoTrace) {
  SlidingSum sum(50);
  std::vector<double> window;
  std::uint64_t state = 1;
  for (int i = 0; i < 100'000; ++i) {
    state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
    const double price = static_cast<double>(state >> 11) * 0x1p-53 * 1e5;
    window.push_back(price);
    if (window.size() > 50) window.erase(window.begin());
    sum.update(price);
    if (i % 997 != 0 || !sum.ready()) continue;
    ASSERT_EQ(sum.value(), fsum(window)) << i;
  }
}

TEST(SlidingSum, ForgetsWhatIsNotFiniteWithTheWindow) {
  SlidingSum sum(2);
  sum.update(1);
  sum.update(2);
  EXPECT_TRUE(std::isnan(sum.update(kNaN)));
  EXPECT_TRUE(std::isnan(sum.update(kInfinity)));
  EXPECT_EQ(sum.update(3), kInfinity);
  EXPECT_EQ(sum.update(4), 7);
  sum.update(-kInfinity);
  EXPECT_TRUE(std::isnan(sum.update(kInfinity)));
  sum.update(0.5);
  EXPECT_EQ(sum.update(0.25), 0.75);
}

TEST(SlidingSum, AnOverflowOnTheWayIsNone) {
  SlidingSum sum(3);
  sum.update(kMax);
  sum.update(kMax);
  EXPECT_EQ(sum.update(-kMax), kMax);
  EXPECT_EQ(sum.update(kMax), kMax);
  sum.update(kMax);
  EXPECT_EQ(sum.update(kMax), kInfinity);
  sum.update(1);
  sum.update(2);
  EXPECT_EQ(sum.update(3), 6);
}

TEST(SlidingSum, RefusesAWindowOfNothing) { EXPECT_THROW(SlidingSum(0), std::invalid_argument); }

TEST(ExactSum, RoundsHalfToEvenUnlessSomethingIsLeft) {
  ExactSum sum;
  sum.add(0x1p53);
  sum.add(1);
  EXPECT_EQ(sum.rounded(), 0x1p53);
  sum.add(kLeast);
  EXPECT_EQ(sum.rounded(), 0x1p53 + 2);
  sum.subtract(kLeast);
  sum.subtract(kLeast);
  EXPECT_EQ(sum.rounded(), 0x1p53);
}

TEST(ExactSum, HoldsTheWholeRange) {
  ExactSum sum;
  sum.add(kMax);
  sum.add(kLeast);
  sum.subtract(kMax);
  EXPECT_EQ(sum.rounded(), kLeast);
  sum.subtract(kLeast);
  EXPECT_TRUE(sum.is_zero());
  EXPECT_EQ(sum.rounded(), 0);
  sum.add(-kMax);
  sum.add(-kMax);
  EXPECT_EQ(sum.rounded(), -kInfinity);
}

TEST(ExactSum, TakesOutWhatIsNotFinite) {
  ExactSum sum;
  sum.add(1.5);
  sum.add(kNaN);
  EXPECT_FALSE(sum.is_finite());
  EXPECT_TRUE(std::isnan(sum.rounded()));
  sum.subtract(kNaN);
  EXPECT_EQ(sum.rounded(), 1.5);
}

}  // namespace
}  // namespace runledger::test
