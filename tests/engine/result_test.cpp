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

// The second example: a bracket, whose take-profit is reached.
RunResult second_example() {
  rl_order bracket = Script::order_of(10);
  bracket.stop_loss = 9;
  bracket.take_profit = 12;
  Settings settings;
  settings.cash = 1000;
  return run_plan({{bracket}}, candles({{10, 10, 10, 10}, {10, 11, 10, 11}, {11, 13, 11, 12}}),
                  settings)
      .value();
}

// The hexadecimal bytes of the example, and the digests below it, as the document has them.
struct Document {
  std::string bytes, result_digest, decision_digest;
};

Document read_document(int version) {
  std::ifstream file(std::string(RL_SOURCE_DIR) + "/core/engine/RESULT.md");
  Document document;
  std::string line;
  bool in_block = false;
  const std::string heading = "## Example of version " + std::to_string(version);
  while (std::getline(file, line) && line != heading) {
  }
  while (std::getline(file, line) && !line.starts_with("## ")) {
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

void expect_as_documented(const RunResult& result, int version) {
  const Document document = read_document(version);
  EXPECT_EQ(to_hex(encode_result(result)), document.bytes);
  EXPECT_EQ(result_digest(result).hex(), document.result_digest);
  EXPECT_EQ(decision_digest(result).hex(), document.decision_digest);
}

TEST(Result, BytesAndDigestsOfTheExamplesAreThoseOfTheDocument) {
  expect_as_documented(example(), 1);
  expect_as_documented(second_example(), 2);
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

// ---- Version 2

bool is_version_2(const RunResult& result) { return encode_result(result)[18] == '2'; }

TEST(Result, TheLowestVersionThatCanHoldItIsWritten) {
  EXPECT_FALSE(is_version_2(example()));
  EXPECT_FALSE(is_version_2(RunResult{}));
  EXPECT_TRUE(is_version_2(second_example()));
  const auto makes_version_2 = [](auto&& change) {
    RunResult result = example();
    change(result);
    return is_version_2(result) &&
           encode_result(decode_result(encode_result(result)).value()) == encode_result(result);
  };
  EXPECT_TRUE(makes_version_2([](RunResult& r) { r.borrow_fees = 1; }));
  EXPECT_TRUE(makes_version_2([](RunResult& r) { r.interest = -1; }));
  EXPECT_TRUE(makes_version_2([](RunResult& r) { r.interest = kNaN; }));
  EXPECT_TRUE(makes_version_2(
      [](RunResult& r) { r.orders[0].outcome = OrderOutcome::cancelled_by_engine; }));
  EXPECT_TRUE(makes_version_2([](RunResult& r) {
    r.fills[0].order_id = 0;
    r.fills[0].cause = FillCause::margin_call;
  }));
  // Version 1 can say all of this.
  EXPECT_FALSE(makes_version_2([](RunResult& r) { r.ambiguities = 7; }));
  EXPECT_FALSE(makes_version_2([](RunResult& r) { r.orders[0].kind = RL_LIMIT; }));
  EXPECT_FALSE(makes_version_2([](RunResult& r) { r.orders[0].outcome = OrderOutcome::expired; }));
  EXPECT_FALSE(makes_version_2([](RunResult& r) {
    r.fills[0].order_id = 0;
    r.fills[0].cause = FillCause::bankrupt;
  }));
}

TEST(Result, TheBytesOfVersion2ReadBack) {
  RunResult result = second_example();
  result.borrow_fees = 0.25;
  result.interest = -0.5;
  const RunResult read = decode_result(encode_result(result)).value();
  EXPECT_EQ(encode_result(read), encode_result(result));
  EXPECT_EQ(read.borrow_fees, 0.25);
  EXPECT_EQ(read.interest, -0.5);
  ASSERT_EQ(read.orders.size(), 3u);
  EXPECT_EQ(read.orders[0].role, OrderRole::plain);
  EXPECT_EQ(read.orders[1].role, OrderRole::stop_loss);
  EXPECT_EQ(read.orders[1].outcome, OrderOutcome::cancelled_by_engine);
  EXPECT_EQ(read.orders[2].role, OrderRole::take_profit);
  EXPECT_EQ(entry_of(read.orders, read.orders[2]), 1u);
  EXPECT_EQ(entry_of(read.orders, read.orders[1]), 1u);
  EXPECT_EQ(entry_of(read.orders, read.orders[0]), 0u);
  EXPECT_EQ(read.orders[2].limit_price, 12);
  EXPECT_EQ(read.fills[1].order_id, 3u);
  EXPECT_EQ(read.fills[1].cause, FillCause::order);
}

TEST(Result, EveryNumberOfVersion2IsPartOfTheDigest) {
  const RunResult result = second_example();
  const auto changes = [&](auto&& change) {
    RunResult other = result;
    change(other);
    return result_digest(other) != result_digest(result);
  };
  EXPECT_TRUE(changes([](RunResult& r) { r.borrow_fees = 1; }));
  EXPECT_TRUE(changes([](RunResult& r) { r.interest = 1; }));
  EXPECT_TRUE(changes([](RunResult& r) { r.orders[2].role = OrderRole::stop_loss; }));
  EXPECT_TRUE(changes([](RunResult& r) { r.fills[1].cause = FillCause::bankrupt; }));
  EXPECT_FALSE(changes([](RunResult& r) { r.ambiguities = 9; }));
}

// Changes a number of the second example, from the start of its orders.
void expect_damaged(std::size_t at, std::uint8_t value) {
  Bytes bytes = encode_result(second_example());
  ASSERT_NE(bytes[at], value);
  bytes[at] = value;
  const auto read = decode_result(bytes);
  ASSERT_FALSE(read.has_value()) << at;
  EXPECT_EQ(read.error().code, ErrorCode::damaged);
}

TEST(Result, RefusesAttachedOrdersThatAreNot) {
  constexpr std::size_t kOrders = 104;
  constexpr std::size_t kOrder = 112;
  constexpr std::size_t kEntry = 96;
  constexpr std::size_t kRole = 104;
  expect_damaged(kOrders + kEntry, 1);               // attached without a role
  expect_damaged(kOrders + kRole, 1);                // a role without an entry
  expect_damaged(kOrders + kOrder + kEntry, 2);      // attached to itself
  expect_damaged(kOrders + kOrder + kRole, 2);       // a take-profit with a stop's price
  expect_damaged(kOrders + 2 * kOrder + kEntry, 2);  // attached to the stop-loss
  expect_damaged(kOrders + 2 * kOrder + kRole, 1);   // a second stop-loss
  expect_damaged(kOrders + 2 * kOrder + kRole, 3);   // a role that is none
  expect_damaged(kOrders + kOrder, 1);               // on another bar than its entry
  expect_damaged(kOrders + kOrder + 8, 2);           // a limit
  expect_damaged(kOrders + kOrder + 24, 0);          // not reduce-only
  expect_damaged(kOrders + kOrder + 88, 7);          // an outcome that is none
}

TEST(Result, RefusesCausesThatAreNot) {
  constexpr std::size_t kCause = 104 + 3 * 112 + 40;
  expect_damaged(kCause, 1);
  expect_damaged(kCause, 2);
  expect_damaged(kCause, 3);
  expect_damaged(kCause - 40, 0);  // no order, and caused by one
}

TEST(Result, RefusesVersion2ForWhatVersion1CanHold) {
  RunResult result = example();
  result.interest = 1;
  Bytes bytes = encode_result(result);
  ASSERT_TRUE(decode_result(bytes).has_value());
  for (std::size_t at = 52; at < 60; ++at) bytes[at] = 0;
  EXPECT_EQ(decode_result(bytes).error().code, ErrorCode::damaged);
}

TEST(Result, AttachedOrdersAreNoDecisionsUnlessTheStrategyTookThemBack) {
  RunResult result = second_example();
  RunResult bare = result;
  bare.orders.resize(1);
  bare.fills.resize(1);
  EXPECT_EQ(decision_digest(result), decision_digest(bare));
  RunResult stop = result;
  stop.orders[1].outcome = OrderOutcome::cancelled;
  RunResult target = result;
  target.orders[2].outcome = OrderOutcome::cancelled;
  EXPECT_NE(decision_digest(stop), decision_digest(result));
  EXPECT_NE(decision_digest(stop), decision_digest(target));
  RunResult later = stop;
  later.orders[1].outcome_bar = 1;
  EXPECT_NE(decision_digest(stop), decision_digest(later));
}

// The bytes of RESULT.md, put together by hand.
TEST(Result, TheDecisionsOfVersion2AreThoseOfVersion1AndTheCancelledExits) {
  RunResult result = second_example();
  result.orders[2].outcome = OrderOutcome::cancelled;
  result.orders[2].outcome_bar = 1;
  const Bytes bytes = encode_result(result);
  Bytes decisions;
  for (const char c : std::string_view("runledger/decisions/v2\n"))
    decisions.push_back(static_cast<std::uint8_t>(c));
  const auto number = [&](std::uint8_t low) {
    decisions.insert(decisions.end(), {low, 0, 0, 0, 0, 0, 0, 0});
  };
  number(1);
  decisions.insert(decisions.end(), bytes.begin() + 104, bytes.begin() + 184);
  decisions.insert(decisions.end(), 8, 0xff);
  number(1);  // one attached order
  number(1);  // its entry
  number(2);  // a take-profit
  number(1);  // on bar 1
  EXPECT_EQ(decision_digest(result), sha256(decisions));
}

// ---- Damage

TEST(Result, RefusesBytesThatEndEarlyOrLate) {
  for (Bytes bytes : {encode_result(example()), encode_result(second_example())}) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(decode_result(ByteView(bytes).first(size)).has_value()) << size;
    }
    bytes.push_back(0);
    EXPECT_FALSE(decode_result(bytes).has_value());
  }
}

TEST(Result, SaysWhenANewerVersionWroteIt) {
  Bytes bytes = encode_result(example());
  bytes[18] = '3';
  const auto read = decode_result(bytes);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::unsupported);
}

TEST(Result, RefusesCountsThatAreNotThoseOfTheBytes) {
  for (const Bytes& bytes : {encode_result(example()), encode_result(second_example())}) {
    const std::size_t counts = bytes[18] == '1' ? 48 : 64;
    for (std::size_t at = counts; at < counts + 40; at += 8) {
      Bytes huge = bytes;
      for (std::size_t i = 0; i < 8; ++i) huge[at + i] = 0xff;
      EXPECT_EQ(decode_result(huge).error().code, ErrorCode::damaged);
    }
  }
}

// Whatever is read was written so: no byte can change and still be read as something that encodes
// to other bytes, and every bar and order id is in range.
RC_GTEST_PROP(Result, ChangedBytesAreRefusedOrReadExactly, ()) {
  Bytes bytes = encode_result(*rc::gen::arbitrary<bool>() ? example() : second_example());
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
    RC_ASSERT(order.bar < bars && order.outcome_bar < bars &&
              entry_of(read->orders, order) < order.id);
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
