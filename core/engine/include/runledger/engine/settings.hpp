#pragma once

#include <cstdint>
#include <optional>

#include <runledger/base/result.hpp>

namespace runledger {

enum class SizingKind : std::uint8_t { cash_pct = 1, equity_pct = 2, units = 3, value = 4 };

// How much an order that leaves its size to the run trades.
struct Sizing {
  SizingKind kind = SizingKind::cash_pct;
  double amount = 95;  // percent, units, or quote currency
};

// What trading costs. Shares of the price are fractions: 0.001 is 0.1 percent.
struct Costs {
  double commission_rate = 0;      // of notional
  double commission_fixed = 0;     // quote currency a fill
  double commission_per_unit = 0;  // quote currency a unit
  double commission_min = 0;       // quote currency a fill, when the rest comes to less
  // Of notional, instead of commission_rate, for a limit order that had to wait in the book.
  std::optional<double> commission_maker_rate = std::nullopt;
  double spread = 0;          // from bid to ask, a share of the price; bars are in between
  double slippage_rate = 0;   // a share of the price
  double slippage_ticks = 0;  // in Settings::tick_size
  // A share of the price at the whole volume of the bar; falls with the square of the share traded.
  double slippage_volume = 0;
};

// The version of core/engine/FILLS.md, the rules by which a run is carried out. Raised when the
// same inputs may give another result by intention; a build that differs otherwise keeps it.
inline constexpr std::uint32_t kRulesVersion = 2;

// The rules of cash and refusal: core/engine/FILLS.md.
enum class AccountKind : std::uint8_t { standard = 1, reference = 2 };

// With the strategy, its parameters and the bars, everything that decides a result.
struct Settings {
  double cash = 10'000;
  Sizing sizing;
  Costs costs;
  AccountKind account = AccountKind::standard;
  double leverage = 1;
  double lot_size = 0;   // 0: fractional units
  double tick_size = 0;  // the least step of a price; 0: none is known
  // A new entry cancels other entries that wait, and closes what is open before it opens.
  bool one_position = false;
  // Equity below this share of the position's value is a margin call. 0: never.
  double maintenance_margin = 0;
  // A year, as fractions, by the time between closes in years of 365 days.
  double borrow_rate = 0;  // paid on what a short position is worth
  double cash_rate = 0;    // earned on cash that is the account's own
  double margin_rate = 0;  // paid on cash that is owed
  std::uint64_t seed = 0;
};

// Whether a run can be made of these numbers; the sentence says what is wrong with which.
Status check_settings(const Settings& settings);

}  // namespace runledger
