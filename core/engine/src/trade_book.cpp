#include "trade_book.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <runledger/base/check.hpp>

#include "account.hpp"

namespace runledger {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kCompactAbove = 1'024;

}  // namespace

void TradeBook::open(const Fill& fill) {
  lots_.push_back({fill.bar, fill.units, fill.price, fill.fee});
}

void TradeBook::close(const Fill& fill, double position_after) {
  RL_CHECK(first_ < lots_.size());
  const double total = std::abs(fill.units);
  double rest = total;
  double fee_rest = fill.fee;
  while (first_ < lots_.size()) {
    Lot& lot = lots_[first_];
    const bool last = first_ + 1 == lots_.size();
    const double held = std::abs(lot.units);
    // The lots sum to the position but for rounding: the last one takes up the difference.
    const bool whole = position_after == 0 || (!last && held <= rest);
    const double taken = whole ? held : std::min(held, rest);
    const double entry_fee = whole ? lot.fee : lot.fee * (taken / held);
    const bool ends = last || (position_after != 0 && rest - taken <= kDust * total);
    const double exit_fee = ends ? fee_rest : fill.fee * (taken / total);
    const double size = std::copysign(taken, lot.units);
    const double commission = entry_fee + exit_fee;
    closed_.push_back({.entry_bar = lot.bar,
                       .entry_price = lot.price,
                       .size = size,
                       .exit_bar = fill.bar,
                       .exit_price = fill.price,
                       .pnl = size * (fill.price - lot.price) - commission,
                       .commission = commission});
    rest -= taken;
    fee_rest -= exit_fee;
    if (whole) {
      ++first_;
    } else {
      lot.fee -= entry_fee;
      lot.units = last ? position_after : lot.units - size;
    }
    if (ends) break;
  }
  drop_closed_lots();
}

void TradeBook::drop_closed_lots() {
  if (first_ == lots_.size()) {
    lots_.clear();
    first_ = 0;
  } else if (first_ >= kCompactAbove && first_ * 2 >= lots_.size()) {
    lots_.erase(lots_.begin(), lots_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void TradeBook::finish() {
  for (std::size_t i = first_; i < lots_.size(); ++i) {
    const Lot& lot = lots_[i];
    closed_.push_back({.entry_bar = lot.bar,
                       .entry_price = lot.price,
                       .size = lot.units,
                       .exit_bar = std::nullopt,
                       .exit_price = kNaN,
                       .pnl = kNaN,
                       .commission = lot.fee});
  }
}

}  // namespace runledger
