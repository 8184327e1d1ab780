#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <runledger/base/bytes.hpp>
#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>

namespace runledger {

// One request of the strategy, as submitted. `bar` counts from the run's first bar.
struct OrderRecord {
  std::uint64_t id;
  std::uint64_t bar;
  std::uint32_t kind;  // RL_MARKET ...
  std::uint32_t size_mode;
  double quantity;
  double limit_price, stop_price, trail, stop_loss, take_profit;
  std::uint32_t time_in_force, expire_bars, flags;
  std::string reason;  // not part of any digest
};

struct FillRecord {
  std::uint64_t order_id;
  std::uint64_t bar;
  double quantity;  // signed
  double price;
  double fee;
};

enum class RefusalCode : std::uint8_t {
  cost_above_cash = 1,     // standard: cost > cash x leverage at the fill
  short_above_equity = 2,  // standard: short notional > equity x leverage
  submit_check = 3,        // reference 3.2
  fill_check = 4,          // reference 3.3
  size_zero = 5,           // the size is zero after sizing and rounding
  size_not_finite = 6,
  bankrupt = 7,  // the account is closed
};

struct RefusalRecord {
  std::uint64_t order_id;
  std::uint64_t bar;  // the bar at whose open it was refused
  double quantity;    // signed units that were asked for
  RefusalCode code;
  std::string reason;  // one sentence; not part of any digest
};

// From entry to exit; open trades have no exit.
struct TradeRecord {
  std::uint64_t entry_bar;
  double entry_price;
  double size;  // signed
  std::optional<std::uint64_t> exit_bar;
  double exit_price;  // NaN while open
  double pnl;         // net of commission; NaN while open
  double commission;
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
  std::vector<double> equity;  // at each bar's close
  double start_cash = 0;
  double final_cash = 0;
  double final_position = 0;
  bool bankrupt = false;
  std::vector<LogRecord> log;   // capped
  std::uint64_t log_lines = 0;  // with those over the cap
};

// The canonical bytes of a result and their digests: layout in ledger/FORMAT.md, "Results".
// Domain strings `runledger/result/v1\n` and `runledger/decisions/v1\n`.
Bytes encode_result(const RunResult& result);
Result<RunResult> decode_result(ByteView bytes);
Digest result_digest(const RunResult& result);
Digest decision_digest(const RunResult& result);

}  // namespace runledger
