#include "check.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include <runledger/base/time.hpp>
#include <runledger/engine/result.hpp>

#include "decisions.hpp"
#include "look_ahead.hpp"
#include "warm_up.hpp"

namespace runledger::worker {
namespace {

using schema::FutureShown;

constexpr std::uint64_t kPurityRuns = 4;

class Check {
 public:
  Check(RunCall call, const CheckRuns& runs, const CheckProgress& progress)
      : call_(std::move(call)), runs_(runs), progress_(progress) {
    call_.want_result = true;
    call_.progress = {};
    counted_.run = [this](const RunCall& run, FutureShown future) { return count(run, future); };
    counted_.renew = runs.renew;
    counted_.refresh = runs.refresh;
  }

  Result<CheckOutcome> execute() {
    CheckReport report;
    counted_.renew();
    RL_TRY(auto first, counted_.run(call_, FutureShown::as_is));
    if (!first) return CheckOutcome(std::unexpected(std::move(first).error()));
    report.run = std::move(*first);
    RL_TRY(report.warm, compare(report.run,
                                "Run again in the same process, the result is another: the "
                                "strategy keeps something outside of its instance"));
    counted_.renew();
    RL_TRY(report.repeat,
           compare(report.run,
                   "Run again with the same inputs, the result is another: the strategy uses "
                   "chance, a clock or an address"));
    if (!report.repeat.same) {
      report.look_ahead.why = report.repeat.message;
      report.warm_up.why = "it is not repeatable";
      return report;
    }
    // Without on_end, which has no bar beyond it.
    counted_.refresh();
    RL_TRY(auto outcome, counted_.run(call_, FutureShown::real));
    if (!outcome) return CheckOutcome(std::unexpected(std::move(outcome).error()));
    RL_TRY(const RunResult real, decode_result(outcome->result));
    RL_TRY(report.look_ahead, look_ahead(call_, real, seed_of(report.run), counted_));
    RL_TRY(report.warm_up, compare_starts(call_, real, counted_));
    return report;
  }

 private:
  // The same run has the same seed, and so the same verdict.
  static std::uint64_t seed_of(const schema::RunReplyT& run) {
    std::uint64_t seed = 0;
    std::memcpy(&seed, run.result_digest->bytes()->data(), sizeof seed);
    return seed;
  }

  Result<RunOutcome> count(const RunCall& run, FutureShown future) {
    auto outcome = runs_.run(run, future);
    if (progress_) progress_(++done_, kPurityRuns + kLookAheadRunsMax + kLaterStarts);
    return outcome;
  }

  // Runs it again and compares the results.
  Result<CheckFinding> compare(const schema::RunReplyT& before, std::string_view otherwise) {
    RL_TRY(auto again, counted_.run(call_, FutureShown::as_is));
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
    finding.same = !finding.bar && std::ranges::equal(*before.result_digest->bytes(),
                                                      *again->result_digest->bytes());
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
  const CheckProgress& progress_;
  CheckRuns counted_;
  std::uint64_t done_ = 0;
};

}  // namespace

Result<CheckOutcome> check_purity(const RunCall& call, const CheckRuns& runs,
                                  const CheckProgress& progress) {
  return Check(call, runs, progress).execute();
}

}  // namespace runledger::worker
