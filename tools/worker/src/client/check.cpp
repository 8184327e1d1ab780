#include "check.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include <runledger/base/bytes.hpp>
#include <runledger/base/time.hpp>
#include <runledger/engine/result.hpp>

namespace runledger::worker {
namespace {

using schema::FutureShown;

// An order as the strategy submitted it.
auto request(const OrderRecord& order) {
  return std::tuple(order.bar, order.kind, order.size_mode, canonical_bits(order.quantity),
                    canonical_bits(order.limit_price), canonical_bits(order.stop_price),
                    canonical_bits(order.trail), canonical_bits(order.stop_loss),
                    canonical_bits(order.take_profit), order.time_in_force, order.expire_bars,
                    order.flags);
}

// The first bar on which the orders, or what of them was cancelled, are not the same: what the
// decision digest is over.
std::optional<std::uint64_t> first_difference(const RunResult& one, const RunResult& other) {
  constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
  const std::size_t count = std::max(one.orders.size(), other.orders.size());
  std::uint64_t first = kNever;
  for (std::size_t i = 0; i < count; ++i) {
    if (i >= one.orders.size()) return std::min(first, other.orders[i].bar);
    if (i >= other.orders.size()) return std::min(first, one.orders[i].bar);
    if (request(one.orders[i]) != request(other.orders[i]))
      return std::min({first, one.orders[i].bar, other.orders[i].bar});
    const std::uint64_t cancelled = cancel_bar(one.orders[i]).value_or(kNever);
    const std::uint64_t cancelled_otherwise = cancel_bar(other.orders[i]).value_or(kNever);
    if (cancelled != cancelled_otherwise) first = std::min({first, cancelled, cancelled_otherwise});
  }
  return first == kNever ? std::nullopt : std::optional(first);
}

class Check {
 public:
  Check(const RunCall& call, const CheckRuns& runs) : call_(call), runs_(runs) {
    call_.want_result = true;
  }

  Result<CheckOutcome> execute() {
    CheckReport report;
    runs_.renew();
    RL_TRY(auto first, runs_.run(call_, FutureShown::as_is));
    if (!first) return CheckOutcome(std::unexpected(std::move(first).error()));
    report.run = std::move(*first);
    RL_TRY(report.warm,
           compare(report.run, FutureShown::as_is,
                   "Run again in the same process, the result is another: the strategy keeps "
                   "something outside of its instance"));
    runs_.renew();
    RL_TRY(
        report.repeat,
        compare(report.run, FutureShown::as_is,
                "Run again with the same inputs, the result is another: the strategy uses chance, "
                "a clock or an address"));
    runs_.renew();
    RL_TRY(auto real, runs_.run(call_, FutureShown::real));
    if (!real) return CheckOutcome(std::unexpected(std::move(real).error()));
    runs_.renew();
    RL_TRY(
        report.look_ahead,
        compare(*real, FutureShown::scrambled,
                "With other bars in the future, the strategy decides otherwise: it looks ahead"));
    return report;
  }

 private:
  // Runs it again and compares: the whole result, or only the orders when the future was changed.
  Result<CheckFinding> compare(const schema::RunReplyT& before, FutureShown future,
                               std::string_view otherwise) {
    RL_TRY(auto again, runs_.run(call_, future));
    CheckFinding finding;
    if (!again) {
      finding.same = false;
      finding.bar = again.error().bar;
      finding.message = fmt::format("{}, and it fails: {}", otherwise, again.error().message);
      return finding;
    }
    RL_TRY(const RunResult one, decode_result(before.result));
    RL_TRY(const RunResult other, decode_result(again->result));
    finding.bar = first_difference(one, other);
    const bool same_result =
        std::memcmp(before.result_digest->bytes()->data(), again->result_digest->bytes()->data(),
                    sizeof(schema::Digest)) == 0;
    finding.same = !finding.bar && (same_result || future == FutureShown::scrambled);
    if (!finding.same) finding.message = fmt::format("{}{}.", otherwise, since(finding.bar));
    return finding;
  }

  [[nodiscard]] std::string since(std::optional<std::uint64_t> bar) const {
    if (!bar || *bar >= call_.bars->size()) return {};
    return fmt::format(", for the first time at bar {} ({})", *bar,
                       format_time(call_.bars->columns().label[*bar]));
  }

  RunCall call_;
  const CheckRuns& runs_;
};

}  // namespace

Result<CheckOutcome> check_purity(const RunCall& call, const CheckRuns& runs) {
  return Check(call, runs).execute();
}

}  // namespace runledger::worker
