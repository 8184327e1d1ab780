#pragma once

#include <cstdint>

#include <runledger/base/result.hpp>

namespace runledger {

enum class SizingKind : std::uint8_t { cash_pct = 1, equity_pct = 2, units = 3, value = 4 };

// How much an order that leaves its size to the run trades.
struct Sizing {
  SizingKind kind = SizingKind::cash_pct;
  double amount = 95;  // percent, units, or quote currency
};

struct Costs {
  double commission_rate = 0;      // of notional: 0.001 is 0.1 percent
  double commission_fixed = 0;     // quote currency a fill
  double commission_per_unit = 0;  // quote currency a unit
};

// The version of core/engine/FILLS.md, the rules by which a run is carried out. Raised when the
// same inputs may give another result by intention; a build that differs otherwise keeps it.
inline constexpr std::uint32_t kRulesVersion = 1;

// The rules of cash and refusal: core/engine/FILLS.md.
enum class AccountKind : std::uint8_t { standard = 1, reference = 2 };

// With the strategy, its parameters and the bars, everything that decides a result.
struct Settings {
  double cash = 10'000;
  Sizing sizing;
  Costs costs;
  AccountKind account = AccountKind::standard;
  double leverage = 1;
  double lot_size = 0;  // 0: fractional units
  std::uint64_t seed = 0;
};

// Whether a run can be made of these numbers; the sentence says what is wrong with which.
Status check_settings(const Settings& settings);

}  // namespace runledger
