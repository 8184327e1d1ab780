#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <runledger/base/bytes.hpp>
#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>

namespace runledger {

// What became of an order.
enum class OrderOutcome : std::uint8_t {
  waiting = 0,    // the run ended before its turn came
  filled = 1,     // a reversal whose opening part was refused counts as filled
  refused = 2,    // see the refusal of the same id
  cancelled = 3,  // by the strategy
  expired = 4,
  nothing = 5,  // there was nothing to trade: closing when flat, a target that is already held
  cancelled_by_engine = 6,  // attached, and its entry or position is gone; or by a margin call, ...
};

// What an order is to another.
enum class OrderRole : std::uint8_t {
  plain = 0,        // the strategy submitted it
  stop_loss = 1,    // attached to an entry, of which it leaves what the entry opened
  take_profit = 2,  // likewise
};

// One request of the strategy, as submitted, or an order that was attached to one. `bar` counts
// from the run's first bar; ids count from 1 without gaps, so order `id` is orders[id - 1]. An
// attached order has its price, the quantity zero, and all else of its entry's bar; what it traded
// is its fill.
struct OrderRecord {
  std::uint64_t id;
  std::uint64_t bar;
  std::uint32_t kind;  // RL_MARKET ...
  std::uint32_t size_mode;
  double quantity;
  double limit_price, stop_price, trail, stop_loss, take_profit;
  std::uint32_t time_in_force, expire_bars, flags;
  OrderOutcome outcome;
  OrderRole role = OrderRole::plain;
  std::uint64_t outcome_bar;  // the order's own bar while it waits
  std::string reason;         // not part of any digest
};

// The order that an attached one leaves; 0 for others. `orders` holds both: an attached order
// stands right behind its entry, the stop-loss first.
std::uint64_t entry_of(std::span<const OrderRecord> orders, const OrderRecord& order);

// The bar on which the strategy took the order back, if it did: a decision as much as the order.
std::optional<std::uint64_t> cancel_bar(const OrderRecord& order);

// Why something was traded.
enum class FillCause : std::uint8_t {
  order = 0,
  bankrupt = 1,     // the account was closed; order_id is 0
  margin_call = 2,  // likewise the position
};

// Forty bytes: a run may have as many as orders.
struct FillRecord {
  std::uint32_t order_id;  // 0: the account closed the position, see the cause
  FillCause cause = FillCause::order;
  std::uint64_t bar;
  double quantity;  // signed
  double price;
  double fee;
};

enum class RefusalCode : std::uint8_t {
  cost_above_cash = 1,     // standard: cost > cash x leverage at the fill
  short_above_equity = 2,  // standard: short notional > equity x leverage
  submit_check = 3,        // reference: cash after the order, at the signal close, is negative
  fill_check = 4,          // reference: cash after a purchase, at the open, is negative
  size_zero = 5,           // the size is zero after sizing and rounding
  size_not_finite = 6,     // not a number, or beyond kUnitsMax or kNotionalMax
  bankrupt = 7,            // the account is closed
  not_supported = 8,       // an order kind, validity or flag that this engine does not serve
};

struct RefusalRecord {
  std::uint64_t order_id;
  std::uint64_t bar;  // the bar at whose open it was refused, or on which it was submitted
  double quantity;    // signed units that were asked for
  RefusalCode code;
  std::string reason;  // one sentence; not part of any digest
};

// From entry to exit, first in first out: each fill that opens makes a trade, each fill that closes
// takes the oldest first and splits the last one it reaches. Open trades have no exit.
struct TradeRecord {
  std::uint64_t entry_bar;
  double entry_price;
  double size;  // signed
  std::optional<std::uint64_t> exit_bar;
  double exit_price;  // NaN while open
  double pnl;         // net of commission; NaN while open
  double commission;  // of the entry, and of the exit once there is one
};

struct LogRecord {
  std::uint64_t bar;
  std::uint8_t level;
  std::string text;
};

// Everything that came out of one run.
struct RunResult {
  std::vector<OrderRecord> orders;
  std::vector<FillRecord> fills;
  std::vector<RefusalRecord> refusals;
  std::vector<TradeRecord> trades;
  std::vector<double> equity;  // at each bar's close; a bankrupt run ends before its bars do
  double start_cash = 0;
  double final_cash = 0;
  double final_position = 0;
  double borrow_fees = 0;  // paid, in all
  double interest = 0;     // earned less paid, in all
  bool bankrupt = false;
  // Decisions for which another path through a bar's four prices may have given another answer:
  // FILLS.md, section 11. Not part of any digest.
  std::uint64_t ambiguities = 0;
  std::vector<LogRecord> log;   // capped
  std::uint64_t log_lines = 0;  // with those over the cap
};

// How often a position was closed by a margin call.
std::uint64_t margin_calls(const RunResult& result);

// The canonical bytes of a result: orders, refusals, fills, trades, equity, cash; no texts, no log.
//
// Format: core/engine/RESULT.md, version 1 for what that can hold, else version 2.
Bytes encode_result(const RunResult& result);

// The result that `bytes` encode, without texts, log and ambiguities. Accepts nothing that
// encode_result would not have written, so encoding the answer gives the same bytes again, and
// every bar and order id in it is in range. Errors: damaged, unsupported (made by a newer version).
Result<RunResult> decode_result(ByteView bytes);

// SHA-256 of encode_result(result), without making those bytes.
Digest result_digest(const RunResult& result);

// SHA-256 of what was asked for: the orders in sequence and which of them the strategy cancelled,
// without what else became of them.
Digest decision_digest(const RunResult& result);

}  // namespace runledger
