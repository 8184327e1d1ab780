#include "look_ahead.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "chance.hpp"
#include "decisions.hpp"
#include "other_bars.hpp"

namespace runledger::worker {
namespace {

using schema::CheckVerdict;
using schema::FutureShown;
using schema::OtherFuture;

struct ShownBehindEveryBar {
  FutureShown shown;
  OtherFuture future;
};
constexpr std::array kBehindEveryBar{
    ShownBehindEveryBar{FutureShown::scrambled, OtherFuture::scrambled},
    ShownBehindEveryBar{FutureShown::rising, OtherFuture::rising},
    ShownBehindEveryBar{FutureShown::falling, OtherFuture::falling}};
constexpr std::array kBehindACut{OtherFuture::cut, OtherFuture::rising, OtherFuture::falling};
static_assert(kLookAheadRunsMax ==
              kBehindEveryBar.size() + kBehindACut.size() * (kCutsNearDecisions + kCutsAnywhere));

// `count` of the numbers below `end`, one from each of as many equal parts; all when there are no
// more.
std::vector<std::uint64_t> draw(std::uint64_t end, std::uint64_t count, Chance& chance) {
  std::vector<std::uint64_t> drawn;
  for (std::uint64_t part = 0; part < count; ++part) {
    const std::uint64_t from = end * part / count;
    const std::uint64_t to = end * (part + 1) / count;
    if (from < to) drawn.push_back(from + chance.below(to - from));
  }
  return drawn;
}

// The bars with decisions and those right before them, of those below `end`.
std::vector<std::uint64_t> bars_near_decisions(const RunResult& real, std::uint64_t end) {
  std::set<std::uint64_t> near;
  for (const std::uint64_t bar : decision_bars(real)) {
    if (bar < end) near.insert(bar);
    if (bar > 0 && bar - 1 < end) near.insert(bar - 1);
  }
  return {near.begin(), near.end()};
}

std::vector<std::uint64_t> choose_cuts(const RunResult& real, std::uint64_t bars, Chance& chance) {
  const std::uint64_t end = bars - 1;  // something has to lie behind a cut
  const std::vector<std::uint64_t> near = bars_near_decisions(real, end);
  std::set<std::uint64_t> cuts;
  for (const std::uint64_t index : draw(near.size(), kCutsNearDecisions, chance))
    cuts.insert(near[index]);
  for (const std::uint64_t bar : draw(end, kCutsAnywhere, chance)) cuts.insert(bar);
  return {cuts.begin(), cuts.end()};
}

// Whether the strategy itself failed while it was told of a bar up to `last`.
bool failed_by(const RunFailure& failure, std::uint64_t last) {
  using schema::FailureReason;
  using schema::PluginCall;
  constexpr std::array kReasons{FailureReason::crashed, FailureReason::exited, FailureReason::threw,
                                FailureReason::broke_contract, FailureReason::reported};
  constexpr std::array kCalls{PluginCall::on_bar, PluginCall::on_fill, PluginCall::on_refusal};
  return failure.bar && *failure.bar <= last &&
         std::ranges::find(kReasons, failure.reason) != kReasons.end() &&
         std::ranges::find(kCalls, failure.call) != kCalls.end();
}

class Comparison {
 public:
  Comparison(const RunCall& call, const RunResult& real, const CheckRuns& runs, LookAhead& found)
      : call_(call), real_(real), runs_(runs), found_(found) {}

  // Neither does anything once something differs.
  Status change_behind_every_bar(const ShownBehindEveryBar& other) {
    if (done()) return {};
    return compare(call_, other.shown, other.future, std::nullopt);
  }
  Status change_behind(std::uint64_t cut, OtherFuture future) {
    if (done()) return {};
    RL_TRY(const SharedBars bars, bars_with_future(*call_.bars, cut, future, found_.seed + cut));
    RunCall changed = call_;
    changed.bars = &bars;
    return compare(changed, FutureShown::real, future, cut);
  }
  // Why a run could not be compared, the first time; empty: all could.
  [[nodiscard]] const std::string& unclear() const { return unclear_; }

 private:
  [[nodiscard]] bool done() const { return found_.difference.has_value(); }

  Status compare(const RunCall& changed, FutureShown shown, OtherFuture future,
                 std::optional<std::uint64_t> cut) {
    runs_.refresh();
    RL_TRY(const RunOutcome outcome, runs_.run(changed, shown));
    const std::uint64_t last = cut.value_or(kNoBar - 1);
    LookAheadDifference difference{.future = future, .cut = cut};
    if (outcome) {
      ++found_.runs;
      RL_TRY(const RunResult otherwise, decode_result(outcome->result));
      const auto bar = first_difference(real_, otherwise, last);
      if (!bar) return {};
      difference.bar = *bar;
      difference.otherwise = decisions_on(otherwise, *bar);
    } else if (failed_by(outcome.error(), last)) {
      ++found_.runs;
      difference.bar = *outcome.error().bar;
      difference.failure = outcome.error().message;
    } else {
      if (unclear_.empty()) unclear_ = outcome.error().message;
      return {};
    }
    difference.real = decisions_on(real_, difference.bar);
    found_.difference = std::move(difference);
    return {};
  }

  const RunCall& call_;
  const RunResult& real_;
  const CheckRuns& runs_;
  LookAhead& found_;
  std::string unclear_;
};

void judge(LookAhead& found, const std::string& unclear) {
  if (found.difference) {
    found.verdict = CheckVerdict::failed;
  } else if (!unclear.empty()) {
    found.why = fmt::format("a run with another future could not be compared: {}", unclear);
  } else if (found.orders_before == 0) {
    found.why = found.orders == 0 ? "it ordered nothing, so no decision was tried"
                                  : "no decision lies before the last bar, so none was tried";
  } else {
    found.verdict = CheckVerdict::passed;
  }
}

}  // namespace

Result<LookAhead> look_ahead(const RunCall& call, const RunResult& real, std::uint64_t seed,
                             const CheckRuns& runs) {
  LookAhead found;
  found.seed = seed;
  found.orders = static_cast<std::uint64_t>(std::ranges::count_if(real.orders, submitted));
  if (call.bars->size() < 2) {
    found.why = "nothing lies beyond its first bar, so no decision was tried";
    return found;
  }
  Chance chance(seed);
  found.cuts = choose_cuts(real, call.bars->size(), chance);
  found.orders_before =
      static_cast<std::uint64_t>(std::ranges::count_if(real.orders, [&](const OrderRecord& order) {
        return submitted(order) && order.bar <= found.cuts.back();
      }));
  Comparison comparison(call, real, runs, found);
  for (const ShownBehindEveryBar& other : kBehindEveryBar)
    RL_TRY_VOID(comparison.change_behind_every_bar(other));
  for (const std::uint64_t cut : found.cuts)
    for (const OtherFuture future : kBehindACut) RL_TRY_VOID(comparison.change_behind(cut, future));
  judge(found, comparison.unclear());
  return found;
}

}  // namespace runledger::worker
