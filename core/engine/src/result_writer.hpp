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

inline constexpr std::uint64_t kNoBar = ~std::uint64_t{0};  // of an exit or a cancel that is none

// One version of core/engine/RESULT.md: its first line and the sizes of what follows.
struct ResultFormat {
  int version;
  std::string_view domain;
  std::size_t head_bytes;  // with the first line
  std::size_t order_bytes, fill_bytes;
};
inline constexpr ResultFormat kResultV1{1, "runledger/result/v1\n", 88, 96, 40};
inline constexpr ResultFormat kResultV2{2, "runledger/result/v2\n", 104, 112, 48};
inline constexpr std::size_t kRefusalBytes = 32;
inline constexpr std::size_t kTradeBytes = 56;

// What version 1 has no place for.
inline bool beyond_v1(const OrderRecord& order) {
  return order.role != OrderRole::plain || order.outcome == OrderOutcome::cancelled_by_engine;
}
inline bool beyond_v1(const FillRecord& fill) { return fill.cause == FillCause::margin_call; }
bool has_flows_beyond_v1(const RunResult& result);
bool beyond_v1(const RunResult& result);

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

template <class Writer>
void write_order(Writer& out, const ResultFormat& format, std::span<const OrderRecord> orders,
                 const OrderRecord& order) {
  write_request(out, order);
  out.number(order.outcome_bar).number(static_cast<std::uint64_t>(order.outcome));
  if (format.version == 1) return;
  out.number(entry_of(orders, order)).number(static_cast<std::uint64_t>(order.role));
}

template <class Writer>
void write_fill(Writer& out, const ResultFormat& format, const FillRecord& fill) {
  out.number(fill.order_id).number(fill.bar);
  out.real(fill.quantity).real(fill.price).real(fill.fee);
  if (format.version > 1) out.number(static_cast<std::uint64_t>(fill.cause));
}

template <class Writer>
void write_head(Writer& out, const ResultFormat& format, const RunResult& result) {
  out.text(format.domain);
  out.real(result.start_cash).real(result.final_cash).real(result.final_position);
  if (format.version > 1) out.real(result.borrow_fees).real(result.interest);
  out.number32(result.bankrupt ? 1 : 0);
  out.number(result.orders.size()).number(result.refusals.size()).number(result.fills.size());
  out.number(result.trades.size()).number(result.equity.size());
}

// False, with a part of the bytes written, when the format cannot hold the result.
template <class Sink>
bool write_result(const RunResult& result, const ResultFormat& format, Sink&& sink) {
  const bool first = format.version == 1;
  if (first && has_flows_beyond_v1(result)) return false;
  BlockWriter<Sink> out(sink);
  write_head(out, format, result);
  for (const OrderRecord& order : result.orders) {
    if (first && beyond_v1(order)) return false;
    write_order(out, format, result.orders, order);
  }
  for (const RefusalRecord& refusal : result.refusals) {
    out.number(refusal.order_id).number(refusal.bar).real(refusal.quantity);
    out.number(static_cast<std::uint64_t>(refusal.code));
  }
  for (const FillRecord& fill : result.fills) {
    if (first && beyond_v1(fill)) return false;
    write_fill(out, format, fill);
  }
  for (const TradeRecord& trade : result.trades) {
    out.number(trade.entry_bar).number(trade.exit_bar.value_or(kNoBar));
    out.real(trade.size).real(trade.entry_price).real(trade.exit_price);
    out.real(trade.pnl).real(trade.commission);
  }
  out.reals(result.equity);
  out.flush();
  return true;
}

}  // namespace runledger
