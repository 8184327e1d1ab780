#include <bit>
#include <string_view>

#include "result_writer.hpp"

namespace runledger {
namespace {

constexpr std::string_view kResultFamily = "runledger/result/v";

// Reads records and remembers the first thing that encode_result would not have written.
class ResultReader {
 public:
  explicit ResultReader(ByteView bytes) : in_(bytes) {}

  Result<RunResult> read() {
    const std::string_view domain = text_of(in_.raw(kResultDomain.size()));
    if (domain != kResultDomain) return not_this_version(domain);
    RunResult result;
    result.start_cash = real();
    result.final_cash = real();
    result.final_position = real();
    const auto bankrupt = in_.number<std::uint32_t>();
    require(bankrupt <= 1);
    result.bankrupt = bankrupt == 1;
    read_sections(result);
    if (!in_.ok() || !good_ || !in_.rest().empty()) {
      return fail(ErrorCode::damaged,
                  "the bytes are not those of a run's result; run `runledger verify`");
    }
    return result;
  }

 private:
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
    if (!sizes_fit({{orders, kOrderBytes},
                    {refusals, kRefusalBytes},
                    {fills, kFillBytes},
                    {trades, kTradeBytes},
                    {bars_, sizeof(double)}})) {
      return require(false);
    }
    orders_ = orders;
    read_all(result.orders, orders, [&] { return order(result.orders.size() + 1); });
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

  OrderRecord order(std::uint64_t id) {
    OrderRecord record{};
    record.id = id;
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
    require(outcome <= static_cast<std::uint64_t>(OrderOutcome::nothing));
    record.outcome = static_cast<OrderOutcome>(outcome);
    return record;
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
    record.order_id = number();
    require(record.order_id <= orders_);
    record.bar = bar();
    record.quantity = real();
    record.price = real();
    record.fee = real();
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
  bool good_ = true;
  std::uint64_t bars_ = 0;
  std::uint64_t orders_ = 0;
};

}  // namespace

Bytes encode_result(const RunResult& result) {
  Bytes bytes;
  bytes.reserve(kResultDomain.size() + 68 + result.orders.size() * kOrderBytes +
                result.refusals.size() * kRefusalBytes + result.fills.size() * kFillBytes +
                result.trades.size() * kTradeBytes + result.equity.size() * sizeof(double));
  write_result(result,
               [&](ByteView block) { bytes.insert(bytes.end(), block.begin(), block.end()); });
  return bytes;
}

Result<RunResult> decode_result(ByteView bytes) { return ResultReader(bytes).read(); }

}  // namespace runledger
