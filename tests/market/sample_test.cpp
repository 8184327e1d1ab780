#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/market/dataset.hpp>
#include <runledger/market/gaps.hpp>
#include <runledger/market/sample.hpp>

#include "csv_support.hpp"

namespace runledger {
namespace {

SampleOptions of(Interval interval, std::size_t bars, std::uint64_t seed = 7) {
  SampleOptions options;
  options.interval = interval;
  options.bars = bars;
  options.seed = seed;
  return options;
}

constexpr Interval kDaily{1, IntervalUnit::day};
constexpr Interval kFiveMinutes{5, IntervalUnit::minute};

std::string digest_of(Interval interval, SampleLayout layout) {
  const auto sample = make_sample(of(interval, 2000));
  return sha256(write_sample(*sample, "DEMO", layout).value()).hex();
}

// Quickstart, documentation and other tests rest on these bytes.
TEST(Sample, HasTheSameBytesEverywhere) {
  EXPECT_EQ(digest_of(kDaily, SampleLayout::yahoo),
            "0342b7c7c2e9619d2737836d5a0fc790f735038d5478fad7a6a0ccf07743cd65");
  EXPECT_EQ(digest_of(kFiveMinutes, SampleLayout::binance),
            "9fb7ddc789a2ece5af05a03f37cd5d0a5624ea794a202ed31aab358c30aa2dd1");
}

TEST(Sample, LooksLikeAMarket) {
  const auto sample = make_sample(of(kDaily, 2000));
  ASSERT_TRUE(sample) << sample.error().message;
  const Bars& bars = sample->bars;
  EXPECT_GT(find_gaps(bars.label, kDaily).size(), 20u);  // holidays
  // A split: the close halves overnight and volume doubles with it.
  const auto& adjustment = sample->adjustment;
  EXPECT_EQ(adjustment.back(), 1);
  const auto split = std::ranges::find(adjustment, 1.0);
  ASSERT_NE(split, adjustment.begin());
  const auto at = static_cast<std::size_t>(split - adjustment.begin());
  EXPECT_EQ(adjustment[at - 1], 0.5);
  EXPECT_NEAR(bars.open[at] / bars.close[at - 1], 0.5, 0.05);
  // Prices move a lot, and stay where prices are.
  EXPECT_GT(*std::ranges::max_element(bars.high), 1.5 * *std::ranges::min_element(bars.low));
  EXPECT_LT(*std::ranges::max_element(bars.high), 400);
}

TEST(Sample, RefusesWhatItCannotMake) {
  EXPECT_FALSE(make_sample(of(kDaily, 0)));
  EXPECT_FALSE(make_sample(of({4, IntervalUnit::hour}, 10)));
  EXPECT_FALSE(make_sample(of({1, IntervalUnit::month}, 5000)));
  SampleOptions options;
  options.first_price = 0;
  EXPECT_FALSE(make_sample(options));
  EXPECT_FALSE(write_sample(*make_sample(of(kFiveMinutes, 10)), "DEMO", SampleLayout::lean));
}

RC_GTEST_PROP(Sample, ComesBackFromEveryLayout, ()) {
  const auto interval = *rc::gen::element(
      kDaily, kFiveMinutes, Interval{1, IntervalUnit::minute}, Interval{30, IntervalUnit::minute},
      Interval{1, IntervalUnit::week}, Interval{1, IntervalUnit::month});
  const auto bars = *rc::gen::inRange<std::size_t>(30, 300);
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto sample = make_sample(of(interval, bars, seed));
  RC_ASSERT(sample.has_value());
  for (const SampleLayoutName& one : sample_layouts()) {
    const auto text = write_sample(*sample, "DEMO", one.layout);
    if (!text) continue;  // LEAN within the day
    CsvOptions options;
    options.date_order = DateOrder::day_first;  // bars of one day do not prove it
    const auto all = test::parse(*text, options, "equity_demo.csv");
    if (!all) RC_FAIL(all.error().message);
    RC_ASSERT(all->size() == 1u);
    RC_ASSERT(test::same_bars(all->front().bars, sample->bars));
    RC_ASSERT(dataset_digest(all->front().bars) == dataset_digest(sample->bars));
  }
}

}  // namespace
}  // namespace runledger
