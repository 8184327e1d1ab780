#include <bit>
#include <limits>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/market/dataset.hpp>

#include "bars_support.hpp"

namespace runledger {
namespace {

using test::daily_bars;
using test::same_bars;

// The worked example of core/market/DATASET.md.
Bars example() {
  Bars bars;
  bars.interval = {1, IntervalUnit::day};
  bars.label = {test::at("2024-01-02"), test::at("2024-01-03")};
  bars.open = {100, 101.25};
  bars.high = {102.5, 103};
  bars.low = {99.75, 100.5};
  bars.close = {101.5, 102};
  bars.volume = {1500, std::numeric_limits<double>::quiet_NaN()};
  return bars;
}

std::set<Digest> chunk_names(const Bars& bars) {
  std::set<Digest> names;
  for (const ChunkRange& range : chunk_ranges(bars.size())) {
    names.insert(sha256(encode_rows(bars, range)));
  }
  return names;
}

Status decode(const Bytes& rows) {
  Bars bars;
  return append_rows(rows, bars);
}

Bytes one_row(TimeNs label, double open, double high, double low, double close, double volume) {
  ByteWriter writer;
  writer.number(label).real(open).real(high).real(low).real(close).real(volume);
  return writer.take();
}

TEST(Dataset, ExampleOfTheFormatDocument) {
  EXPECT_EQ(to_hex(encode_rows(example(), {0, 2})),
            "0000b492ab5ea61700000000000059400000000000a05940"
            "0000000000f0584000000000006059400000000000709740"
            "0000032440ada61700000000005059400000000000c05940"
            "00000000002059400000000000805940000000000000f87f");
  EXPECT_EQ(dataset_digest(example()).hex(),
            "a8dda6971f231cdef270877db6ba59dc86eb207ce30f5d99381770643d05da0b");
}

TEST(Dataset, NameDependsOnEveryColumnAndTheInterval) {
  std::set<Digest> names{dataset_digest(example())};
  const auto changed = [&](auto change) {
    Bars bars = example();
    change(bars);
    return names.insert(dataset_digest(bars)).second;
  };
  EXPECT_TRUE(changed([](Bars& b) { b.label[1] += 1; }));
  EXPECT_TRUE(changed([](Bars& b) { b.open[0] = 100.5; }));
  EXPECT_TRUE(changed([](Bars& b) { b.high[0] += 1; }));
  EXPECT_TRUE(changed([](Bars& b) { b.low[0] -= 1; }));
  EXPECT_TRUE(changed([](Bars& b) { b.close[1] = 101.75; }));
  EXPECT_TRUE(changed([](Bars& b) { b.volume[1] = 0; }));
  EXPECT_TRUE(changed([](Bars& b) { b.interval = {1, IntervalUnit::week}; }));
  EXPECT_FALSE(changed([](Bars& b) { b.interval = {24, IntervalUnit::hour}; }));
}

TEST(Dataset, EveryNanVolumeHasTheSameBytes) {
  Bars bars = example();
  bars.volume[1] = std::bit_cast<double>(0xfff8000000000123ULL);
  EXPECT_EQ(dataset_digest(bars), dataset_digest(example()));
}

TEST(Dataset, HashesTheSameInOneBatchAsInMany) {
  const Bars bars = daily_bars(9000);
  ByteWriter whole;
  whole.raw("runledger/dataset/v1\n").text("1d").number(std::uint64_t{9000});
  whole.raw(encode_rows(bars, {0, 9000}));
  EXPECT_EQ(dataset_digest(bars), sha256(whole.bytes()));
}

TEST(Chunks, AreCutGreedily) {
  EXPECT_TRUE(chunk_ranges(0).empty());
  EXPECT_EQ(chunk_ranges(1), (std::vector<ChunkRange>{{0, 1}}));
  EXPECT_EQ(chunk_ranges(256), (std::vector<ChunkRange>{{0, 256}}));
  EXPECT_EQ(chunk_ranges(65536 + 4096 + 256 + 1),
            (std::vector<ChunkRange>{{0, 65536}, {65536, 4096}, {69632, 256}, {69888, 1}}));
}

RC_GTEST_PROP(Chunks, CoverTheBarsWithoutHolesInFewPieces, ()) {
  const auto bars = *rc::gen::inRange<std::size_t>(0, 1'000'000);
  std::size_t next = 0;
  std::size_t small = 0;
  for (const ChunkRange& range : chunk_ranges(bars)) {
    RC_ASSERT(range.first == next);
    RC_ASSERT(range.count > 0);
    next += range.count;
    if (range.count < 65536) ++small;
  }
  RC_ASSERT(next == bars);
  RC_ASSERT(small <= 31u);
}

TEST(Chunks, OfAGrownFileAreSharedUpToTheLastFullOne) {
  const std::set<Digest> old_names = chunk_names(daily_bars(9100));  // 2 x 4096, 3 x 256, 140
  const std::set<Digest> new_names = chunk_names(daily_bars(9400));  // one more of 256
  std::size_t shared = 0;
  for (const Digest& name : old_names) shared += new_names.count(name);
  EXPECT_EQ(old_names.size(), 6u);
  EXPECT_EQ(shared, 5u);
}

RC_GTEST_PROP(Rows, DecodeToTheBarsTheyWereMadeFrom, ()) {
  const Bars bars = daily_bars(*rc::gen::inRange<std::size_t>(0, 5000));
  Bars decoded;
  decoded.interval = bars.interval;
  for (const ChunkRange& range : chunk_ranges(bars.size())) {
    RC_ASSERT(append_rows(encode_rows(bars, range), decoded).has_value());
  }
  RC_ASSERT(same_bars(bars, decoded));
  RC_ASSERT(check_digest(decoded, dataset_digest(bars)).has_value());
}

TEST(Rows, AreRefusedWhenNoImportMakesThem) {
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(decode(one_row(0, 2, 3, 1, 2, nan)));
  EXPECT_FALSE(decode(one_row(0, nan, 3, 1, 2, 0)));
  EXPECT_FALSE(decode(one_row(0, 2, inf, 1, 2, 0)));
  EXPECT_FALSE(decode(one_row(0, 2, 3, 0, 2, 0)));
  EXPECT_FALSE(decode(one_row(0, 2, 3, -1, 2, 0)));
  EXPECT_FALSE(decode(one_row(0, 4, 3, 1, 2, 0)));
  EXPECT_FALSE(decode(one_row(0, 2, 3, 1, 0.5, 0)));
  EXPECT_FALSE(decode(one_row(0, 2, 3, 1, 2, -1)));
  EXPECT_FALSE(decode(one_row(0, 2, 3, 1, 2, inf)));
  EXPECT_FALSE(decode(one_row(kLabelMin - 1, 2, 3, 1, 2, 0)));
  EXPECT_FALSE(decode(one_row(kLabelMax, 2, 3, 1, 2, 0)));
  EXPECT_FALSE(decode(Bytes(47)));
}

TEST(Rows, ThatDoNotAscendAreRefusedAndLeaveTheBarsAsTheyWere) {
  Bars bars = daily_bars(3);
  const auto refused = append_rows(one_row(2 * kDayNs, 2, 3, 1, 2, 0), bars);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::damaged);
  EXPECT_TRUE(same_bars(bars, daily_bars(3)));
}

RC_GTEST_PROP(Rows, ScannedChunkByChunkNameTheDatasetTheyAreOf, ()) {
  const Bars bars = daily_bars(*rc::gen::inRange<std::size_t>(1, 5000));
  RowScan scan(bars.interval, bars.size());
  for (const ChunkRange& range : chunk_ranges(bars.size()))
    RC_ASSERT(scan.add(encode_rows(bars, range)).has_value());
  RC_ASSERT(scan.bars() == bars.size());
  RC_ASSERT(scan.start() == bars.label.front());
  RC_ASSERT(scan.end() == bars.label.back());
  RC_ASSERT(scan.finish() == dataset_digest(bars));
}

TEST(Rows, ScannedInAnotherOrderAreRefused) {
  const Bars bars = daily_bars(600);
  RowScan scan(bars.interval, 600);
  ASSERT_TRUE(scan.add(encode_rows(bars, {256, 256})));
  const auto refused = scan.add(encode_rows(bars, {0, 256}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::damaged);
  EXPECT_FALSE(RowScan(bars.interval, 1).add(Bytes(47)));
}

TEST(Rows, ScannedInFewerThanTheHeaderNamesAreAnotherDataset) {
  const Bars bars = daily_bars(3);
  RowScan scan(bars.interval, 4);
  ASSERT_TRUE(scan.add(encode_rows(bars, {0, 3})));
  EXPECT_EQ(scan.bars(), 3u);
  EXPECT_FALSE(scan.finish() == dataset_digest(bars));
}

TEST(Dataset, OtherBarsDoNotPassForIt) {
  const auto refused = check_digest(daily_bars(3), dataset_digest(daily_bars(4)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::damaged);
}

}  // namespace
}  // namespace runledger
