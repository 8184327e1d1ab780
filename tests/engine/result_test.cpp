// The canonical bytes of a result: core/engine/RESULT.md.
#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support.hpp"

namespace runledger::test {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The example of RESULT.md.
RunResult example() {
  OrderPlan plan{{Script::order_of(10), Script::order_of(1000)},
                 {Script::order_of(1, RL_SIZE_CLOSE)}};
  Settings settings;
  settings.cash = 1000;
  settings.costs.commission_fixed = 1;
  return run_plan(plan, daily({10, 11, 12}), settings).value();
}

// The hexadecimal bytes of the example, and the digests below it, as the document has them.
struct Document {
  std::string bytes, result_digest, decision_digest;
};

Document read_document() {
  std::ifstream file(std::string(RL_SOURCE_DIR) + "/core/engine/RESULT.md");
  Document document;
  std::string line;
  bool in_block = false;
  while (std::getline(file, line)) {
    if (line.starts_with("```")) in_block = !in_block;
    if (in_block && line.size() > 4 && line[4] == ':') {
      const std::string_view hex = std::string_view(line).substr(6, 48);
      for (const char c : hex) {
        if (c != ' ') document.bytes += c;
      }
    }
    if (line.starts_with("Result digest `")) document.result_digest = line.substr(15, 64);
    if (line.starts_with("Decision digest `")) document.decision_digest = line.substr(17, 64);
  }
  return document;
}

TEST(Result, BytesAndDigestsOfTheExampleAreThoseOfTheDocument) {
  const RunResult result = example();
  const Document document = read_document();
  EXPECT_EQ(to_hex(encode_result(result)), document.bytes);
  EXPECT_EQ(result_digest(result).hex(), document.result_digest);
  EXPECT_EQ(decision_digest(result).hex(), document.decision_digest);
}

TEST(Result, TheDigestIsThatOfTheBytes) {
  const RunResult result = example();
  EXPECT_EQ(result_digest(result), sha256(encode_result(result)));
}

TEST(Result, TheBytesReadBackAsTheResultWithoutItsTexts) {
  const RunResult result = example();
  const RunResult read = decode_result(encode_result(result)).value();
  EXPECT_EQ(encode_result(read), encode_result(result));
  ASSERT_EQ(read.orders.size(), 3u);
  EXPECT_EQ(read.orders[1].outcome, OrderOutcome::refused);
  EXPECT_EQ(read.orders[1].quantity, 1000);
  EXPECT_EQ(read.refusals[0].code, RefusalCode::cost_above_cash);
  EXPECT_EQ(read.refusals[0].reason, "");
  EXPECT_EQ(read.fills[0].price, 11);
  EXPECT_EQ(read.trades[0].exit_bar, 2u);
  EXPECT_EQ(read.equity, result.equity);
  EXPECT_EQ(read.start_cash, 1000);
  EXPECT_EQ(read.final_cash, result.final_cash);
}

TEST(Result, TextsAndLogAreNoPartOfADigest) {
  RunResult result = example();
  const Digest before = result_digest(result);
  result.orders[0].reason = "another";
  result.refusals[0].reason = "another";
  result.log.push_back({0, 1, "a line"});
  EXPECT_EQ(result_digest(result), before);
}

TEST(Result, EveryNumberIsPartOfTheResultDigest) {
  const RunResult result = example();
  const Digest before = result_digest(result);
  const auto changes = [&](auto&& change) {
    RunResult other = result;
    change(other);
    return result_digest(other) != before;
  };
  EXPECT_TRUE(changes([](RunResult& r) { r.equity[1] = std::nextafter(r.equity[1], 0); }));
  EXPECT_TRUE(changes([](RunResult& r) { r.fills[0].fee = -r.fills[0].fee; }));
  EXPECT_TRUE(changes([](RunResult& r) { r.refusals[0].code = RefusalCode::fill_check; }));
  EXPECT_TRUE(changes([](RunResult& r) { r.trades[0].pnl += 1; }));
  EXPECT_TRUE(changes([](RunResult& r) { r.trades[0].exit_bar.reset(); }));
  EXPECT_TRUE(changes([](RunResult& r) { r.final_position = -0.0; }));
  EXPECT_TRUE(changes([](RunResult& r) { r.final_cash += 1; }));
  EXPECT_TRUE(changes([](RunResult& r) { r.start_cash += 1; }));
  EXPECT_TRUE(changes([](RunResult& r) { r.bankrupt = true; }));
  EXPECT_TRUE(changes([](RunResult& r) { r.orders[0].outcome = OrderOutcome::expired; }));
}

TEST(Result, TheDecisionDigestIsOfOrdersAndCancelsAlone) {
  const RunResult result = example();
  const auto changes = [&](auto&& change) {
    RunResult other = result;
    change(other);
    return decision_digest(other) != decision_digest(result);
  };
  EXPECT_FALSE(changes([](RunResult& r) {
    r.orders[0].outcome = OrderOutcome::refused;
    r.orders[0].outcome_bar = 2;
    r.equity[0] = 1;
    r.fills.clear();
  }));
  EXPECT_TRUE(changes([](RunResult& r) { r.orders[0].quantity = 11; }));
  EXPECT_TRUE(changes([](RunResult& r) { r.orders[0].outcome = OrderOutcome::cancelled; }));
}

TEST(Result, TheDecisionDigestHasTheBarOfACancel) {
  RunResult one = example();
  one.orders[0].outcome = OrderOutcome::cancelled;
  RunResult other = one;
  other.orders[0].outcome_bar = one.orders[0].outcome_bar + 1;
  EXPECT_NE(decision_digest(one), decision_digest(other));
  EXPECT_EQ(cancel_bar(one.orders[0]), 1u);
  EXPECT_EQ(cancel_bar(one.orders[1]), std::nullopt);
}

// The bytes of RESULT.md, put together by hand.
TEST(Result, TheDecisionDigestIsOverEightyBytesOfAnOrderAndTheBarOfItsCancel) {
  RunResult result = example();
  result.orders[2].outcome = OrderOutcome::cancelled;
  result.orders[2].outcome_bar = 1;
  const Bytes bytes = encode_result(result);
  Bytes decisions(reinterpret_cast<const std::uint8_t*>("runledger/decisions/v1\n"),
                  reinterpret_cast<const std::uint8_t*>("runledger/decisions/v1\n") + 23);
  decisions.insert(decisions.end(), {3, 0, 0, 0, 0, 0, 0, 0});
  for (std::size_t order = 0; order < 3; ++order) {
    const auto asked = std::next(bytes.begin(), static_cast<std::ptrdiff_t>(88 + order * 96));
    decisions.insert(decisions.end(), asked, std::next(asked, 80));
    if (order < 2) decisions.insert(decisions.end(), 8, 0xff);
  }
  decisions.insert(decisions.end(), {1, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_EQ(decision_digest(result), sha256(decisions));
}

TEST(Result, ThereIsOneNanAndMinusZeroIsKept) {
  RunResult one = example();
  RunResult other = one;
  one.equity[0] = kNaN;
  other.equity[0] = std::bit_cast<double>(0xfff8'0000'0000'0001ULL);
  EXPECT_EQ(result_digest(one), result_digest(other));
  EXPECT_EQ(result_digest(one), sha256(encode_result(one)));
  one.equity[0] = 0.0;
  other.equity[0] = -0.0;
  EXPECT_NE(result_digest(one), result_digest(other));
  EXPECT_TRUE(std::signbit(decode_result(encode_result(other)).value().equity[0]));
}

TEST(Result, AnEmptyResultReadsBack) {
  const Bytes bytes = encode_result(RunResult{});
  EXPECT_EQ(encode_result(decode_result(bytes).value()), bytes);
}

TEST(Result, RefusesBytesThatEndEarlyOrLate) {
  Bytes bytes = encode_result(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_result(ByteView(bytes).first(size)).has_value()) << size;
  }
  bytes.push_back(0);
  EXPECT_FALSE(decode_result(bytes).has_value());
}

TEST(Result, SaysWhenANewerVersionWroteIt) {
  Bytes bytes = encode_result(example());
  bytes[18] = '2';
  const auto read = decode_result(bytes);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::unsupported);
}

TEST(Result, RefusesCountsThatAreNotThoseOfTheBytes) {
  Bytes bytes = encode_result(example());
  for (std::size_t at = 48; at < 88; at += 8) {
    Bytes huge = bytes;
    for (std::size_t i = 0; i < 8; ++i) huge[at + i] = 0xff;
    EXPECT_EQ(decode_result(huge).error().code, ErrorCode::damaged);
  }
}

// Whatever is read was written so: no byte can change and still be read as something that encodes
// to other bytes, and every bar and order id is in range.
RC_GTEST_PROP(Result, ChangedBytesAreRefusedOrReadExactly, ()) {
  Bytes bytes = encode_result(example());
  const int changes = *rc::gen::inRange(1, 4);
  for (int i = 0; i < changes; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] = *rc::gen::arbitrary<std::uint8_t>();
  }
  const auto read = decode_result(bytes);
  if (!read) return;
  RC_ASSERT(encode_result(*read) == bytes);
  const std::size_t bars = read->equity.size();
  for (const OrderRecord& order : read->orders) {
    RC_ASSERT(order.bar < bars && order.outcome_bar < bars);
  }
  for (const FillRecord& fill : read->fills) {
    RC_ASSERT(fill.bar < bars && fill.order_id <= read->orders.size());
  }
  for (const TradeRecord& trade : read->trades) {
    RC_ASSERT(trade.entry_bar < bars && trade.exit_bar.value_or(0) < bars);
  }
}

}  // namespace
}  // namespace runledger::test
