#include <bit>
#include <string_view>
#include <utility>

#include <runledger/strategy_abi.h>

#include "result_writer.hpp"

namespace runledger {
namespace {

constexpr std::string_view kResultFamily = "runledger/result/v";

// Reads records and remembers the first thing that encode_result would not have written.
class ResultReader {
 public:
  explicit ResultReader(ByteView bytes) : in_(bytes) {}

  Result<RunResult> read() {
    const std::string_view domain = text_of(in_.raw(kResultV1.domain.size()));
    if (domain == kResultV2.domain) {
      format_ = &kResultV2;
    } else if (domain != kResultV1.domain) {
      return not_this_version(domain);
    }
    RunResult result;
    result.start_cash = real();
    result.final_cash = real();
    result.final_position = real();
    if (second()) {
      result.borrow_fees = real();
      result.interest = real();
    }
    const auto bankrupt = in_.number<std::uint32_t>();
    require(bankrupt <= 1);
    result.bankrupt = bankrupt == 1;
    read_sections(result);
    require(beyond_v1(result) == second());
    if (!in_.ok() || !good_ || !in_.rest().empty()) {
      return fail(ErrorCode::damaged,
                  "the bytes are not those of a run's result; run `runledger verify`");
    }
    return result;
  }

 private:
  [[nodiscard]] bool second() const { return format_->version == 2; }
  std::uint64_t number() { return in_.number<std::uint64_t>(); }
  std::uint32_t number32() { return in_.number<std::uint32_t>(); }
  double real() {
    const std::uint64_t bits = number();
    const auto value = std::bit_cast<double>(bits);
    require(canonical_bits(value) == bits);
    return value;
  }
  void require(bool condition) { good_ = good_ && condition; }
  std::uint64_t bar() {
    const std::uint64_t value = number();
    require(value < bars_);
    return value;
  }

  static std::unexpected<Error> not_this_version(std::string_view domain) {
    if (domain.starts_with(kResultFamily)) {
      return fail(ErrorCode::unsupported,
                  "the result was written by a newer version of runledger; use that one");
    }
    return fail(ErrorCode::damaged,
                "the bytes do not begin as a run's result does; run `runledger verify`");
  }

  void read_sections(RunResult& result) {
    const std::uint64_t orders = number();
    const std::uint64_t refusals = number();
    const std::uint64_t fills = number();
    const std::uint64_t trades = number();
    bars_ = number();
    // Before anything is made room for: the counts must be those of the bytes that follow.
    if (!sizes_fit({{orders, format_->order_bytes},
                    {refusals, kRefusalBytes},
                    {fills, format_->fill_bytes},
                    {trades, kTradeBytes},
                    {bars_, sizeof(double)}})) {
      return require(false);
    }
    orders_ = orders;
    read_all(result.orders, orders, [&] { return order(result.orders); });
    read_all(result.refusals, refusals, [&] { return refusal(); });
    read_all(result.fills, fills, [&] { return fill(); });
    read_all(result.trades, trades, [&] { return trade(); });
    read_all(result.equity, bars_, [&] { return real(); });
  }

  struct Section {
    std::uint64_t count;
    std::size_t size;
  };
  bool sizes_fit(std::initializer_list<Section> sections) {
    std::size_t rest = in_.rest().size();
    for (const auto& [count, size] : sections) {
      if (count > rest / size) return false;
      rest -= static_cast<std::size_t>(count) * size;
    }
    return in_.ok() && rest == 0;
  }

  template <class T, class Read>
  void read_all(std::vector<T>& into, std::uint64_t count, Read&& read) {
    into.reserve(count);
    for (std::uint64_t i = 0; i < count && good_; ++i) into.push_back(read());
  }

  OrderRecord order(const std::vector<OrderRecord>& before) {
    OrderRecord record{};
    record.id = before.size() + 1;
    record.bar = bar();
    record.kind = number32();
    record.size_mode = number32();
    record.time_in_force = number32();
    record.expire_bars = number32();
    record.flags = number32();
    require(number32() == 0);
    record.quantity = real();
    record.limit_price = real();
    record.stop_price = real();
    record.trail = real();
    record.stop_loss = real();
    record.take_profit = real();
    record.outcome_bar = bar();
    const std::uint64_t outcome = number();
    require(outcome <= static_cast<std::uint64_t>(second() ? OrderOutcome::cancelled_by_engine
                                                           : OrderOutcome::nothing));
    record.outcome = static_cast<OrderOutcome>(outcome);
    if (second()) read_attachment(record, before);
    return record;
  }

  // An attached order stands right behind its entry, the stop-loss first.
  void read_attachment(OrderRecord& record, const std::vector<OrderRecord>& before) {
    const std::uint64_t entry_id = number();
    const std::uint64_t role = number();
    require(role <= static_cast<std::uint64_t>(OrderRole::take_profit));
    require((entry_id == 0) == (role == 0) && entry_id < record.id);
    if (!good_ || role == 0) return;
    record.role = static_cast<OrderRole>(role);
    require(entry_id == entry_of(before, record));
    if (!good_) return;
    const OrderRecord& entry = before[entry_id - 1];
    const bool stops = record.role == OrderRole::stop_loss;
    require(entry.role == OrderRole::plain && record.bar == entry.bar);
    require(record.kind == (stops ? RL_STOP : RL_LIMIT) && record.flags == RL_REDUCE_ONLY);
    require(stops ? record.stop_price == entry.stop_loss : record.limit_price == entry.take_profit);
  }

  RefusalRecord refusal() {
    RefusalRecord record{};
    record.order_id = number();
    require(record.order_id >= 1 && record.order_id <= orders_);
    record.bar = bar();
    record.quantity = real();
    const std::uint64_t code = number();
    require(code >= 1 && code <= static_cast<std::uint64_t>(RefusalCode::not_supported));
    record.code = static_cast<RefusalCode>(code);
    return record;
  }

  FillRecord fill() {
    FillRecord record{};
    const std::uint64_t order_id = number();
    require(order_id <= orders_ && std::in_range<std::uint32_t>(order_id));
    record.order_id = static_cast<std::uint32_t>(order_id);
    record.bar = bar();
    record.quantity = real();
    record.price = real();
    record.fee = real();
    record.cause = record.order_id == 0 ? FillCause::bankrupt : FillCause::order;
    if (second()) {
      const std::uint64_t cause = number();
      require(cause <= static_cast<std::uint64_t>(FillCause::margin_call));
      require((cause == 0) == (record.order_id != 0));
      record.cause = static_cast<FillCause>(cause);
    }
    return record;
  }

  TradeRecord trade() {
    TradeRecord record{};
    record.entry_bar = bar();
    if (const std::uint64_t exit = number(); exit != kNoBar) {
      require(exit < bars_ && exit >= record.entry_bar);
      record.exit_bar = exit;
    }
    record.size = real();
    record.entry_price = real();
    record.exit_price = real();
    record.pnl = real();
    record.commission = real();
    return record;
  }

  ByteReader in_;
  const ResultFormat* format_ = &kResultV1;
  bool good_ = true;
  std::uint64_t bars_ = 0;
  std::uint64_t orders_ = 0;
};

}  // namespace

Bytes encode_result(const RunResult& result) {
  const ResultFormat& format = beyond_v1(result) ? kResultV2 : kResultV1;
  Bytes bytes;
  bytes.reserve(format.head_bytes + result.orders.size() * format.order_bytes +
                result.refusals.size() * kRefusalBytes + result.fills.size() * format.fill_bytes +
                result.trades.size() * kTradeBytes + result.equity.size() * sizeof(double));
  write_result(result, format,
               [&](ByteView block) { bytes.insert(bytes.end(), block.begin(), block.end()); });
  return bytes;
}

Result<RunResult> decode_result(ByteView bytes) { return ResultReader(bytes).read(); }

}  // namespace runledger
