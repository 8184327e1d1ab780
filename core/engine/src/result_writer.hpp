#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include <runledger/base/bytes.hpp>
#include <runledger/engine/result.hpp>

namespace runledger {

inline constexpr std::string_view kResultDomain = "runledger/result/v1\n";
inline constexpr std::string_view kDecisionsDomain = "runledger/decisions/v1\n";
inline constexpr std::uint64_t kNoBar = ~std::uint64_t{0};  // of an exit or a cancel that is none

// The sizes of the records of core/engine/RESULT.md.
inline constexpr std::size_t kOrderBytes = 96;
inline constexpr std::size_t kRefusalBytes = 32;
inline constexpr std::size_t kFillBytes = 40;
inline constexpr std::size_t kTradeBytes = 56;

// Collects bytes in a block and hands full blocks to `Sink`, a callable that takes a ByteView.
template <class Sink>
class BlockWriter {
 public:
  explicit BlockWriter(Sink& sink) : sink_(sink) { block_.resize(kBlockBytes); }

  BlockWriter& number(std::uint64_t value) { return put(&value, sizeof value); }
  BlockWriter& number32(std::uint32_t value) { return put(&value, sizeof value); }
  BlockWriter& real(double value) { return number(canonical_bits(value)); }
  BlockWriter& text(std::string_view value) { return put(value.data(), value.size()); }

  // A whole column: as it lies in memory, unless a NaN has to be made canonical.
  void reals(std::span<const double> values) {
    bool any_nan = false;
    for (const double value : values) any_nan |= std::isnan(value);
    if (any_nan) {
      for (const double value : values) real(value);
      return;
    }
    flush();
    sink_(ByteView(reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()));
  }

  void flush() {
    if (used_ > 0) sink_(ByteView(block_).first(used_));
    used_ = 0;
  }

 private:
  static constexpr std::size_t kBlockBytes = 1u << 16;

  BlockWriter& put(const void* bytes, std::size_t size) {
    if (block_.size() - used_ < size) flush();
    std::memcpy(block_.data() + used_, bytes, size);
    used_ += size;
    return *this;
  }

  Sink& sink_;
  std::vector<std::uint8_t> block_;
  std::size_t used_ = 0;
};

// An order as submitted.
template <class Writer>
void write_request(Writer& out, const OrderRecord& order) {
  out.number(order.bar).number32(order.kind).number32(order.size_mode);
  out.number32(order.time_in_force).number32(order.expire_bars).number32(order.flags).number32(0);
  out.real(order.quantity).real(order.limit_price).real(order.stop_price).real(order.trail);
  out.real(order.stop_loss).real(order.take_profit);
}

template <class Sink>
void write_result(const RunResult& result, Sink&& sink) {
  BlockWriter<Sink> out(sink);
  out.text(kResultDomain);
  out.real(result.start_cash).real(result.final_cash).real(result.final_position);
  out.number32(result.bankrupt ? 1 : 0);
  out.number(result.orders.size()).number(result.refusals.size()).number(result.fills.size());
  out.number(result.trades.size()).number(result.equity.size());
  for (const OrderRecord& order : result.orders) {
    write_request(out, order);
    out.number(order.outcome_bar).number(static_cast<std::uint64_t>(order.outcome));
  }
  for (const RefusalRecord& refusal : result.refusals) {
    out.number(refusal.order_id).number(refusal.bar).real(refusal.quantity);
    out.number(static_cast<std::uint64_t>(refusal.code));
  }
  for (const FillRecord& fill : result.fills) {
    out.number(fill.order_id).number(fill.bar);
    out.real(fill.quantity).real(fill.price).real(fill.fee);
  }
  for (const TradeRecord& trade : result.trades) {
    out.number(trade.entry_bar).number(trade.exit_bar.value_or(kNoBar));
    out.real(trade.size).real(trade.entry_price).real(trade.exit_price);
    out.real(trade.pnl).real(trade.commission);
  }
  out.reals(result.equity);
  out.flush();
}

}  // namespace runledger
