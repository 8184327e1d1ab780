#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include <runledger/app/strategies.hpp>
#include <runledger/base/count.hpp>
#include <runledger/market/sample.hpp>
#include <runledger/worker/run_settings.hpp>
#include <runledger/worker/worker.hpp>

#include "catalog.hpp"
#include "look_ahead.hpp"
#include "parameters.hpp"

namespace runledger::app {
namespace {

using Verdict = CheckFinding::Verdict;

constexpr std::string_view kLoads = "loads and keeps the contract";
constexpr std::string_view kRuns = "runs";
constexpr std::string_view kSizes = "declares the size of its orders";
constexpr std::string_view kRepeats = "gives the same result in another process";
constexpr std::string_view kNoState = "keeps no state outside its instance";
constexpr std::string_view kNoPeeking = "does not look ahead";
constexpr std::string_view kForgets = "forgets where its data began";

CheckFinding told(std::string_view check, const worker::CheckFinding& finding) {
  return {std::string(check), finding.same ? Verdict::passed : Verdict::failed, finding.message};
}

void skip_rest(CheckReport& report, const std::string& why) {
  for (const std::string_view check : {kSizes, kRepeats, kNoState, kNoPeeking, kForgets})
    report.findings.push_back({std::string(check), Verdict::skipped, why});
}

CheckFinding told_sizes(bool declared, schema::OrderSizes sizes) {
  CheckFinding finding{std::string(kSizes), Verdict::passed, ""};
  if (declared) {
    finding.detail = "it sizes its orders itself, so --size is refused";
  } else if (sizes == schema::OrderSizes::run) {
    finding.detail = "it leaves the size to the run, so --size decides";
  } else if (sizes == schema::OrderSizes::strategy) {
    finding.verdict = Verdict::warning;
    finding.detail =
        "every order carried a size of its own, so --size has no effect; declare it: "
        ".sizes_orders() in C++, RL_SIZES_ORDERS in C";
  } else {
    finding.verdict = Verdict::skipped;
    finding.detail = "it opened no position on these bars";
  }
  return finding;
}

CheckFinding told_look_ahead(const worker::CheckReport& report, const BarColumns& bars) {
  CheckFinding finding{std::string(kNoPeeking), Verdict::inconclusive,
                       told_check(report, bars).detail};
  if (report.look_ahead.verdict == schema::CheckVerdict::passed) finding.verdict = Verdict::passed;
  if (report.look_ahead.verdict == schema::CheckVerdict::failed) finding.verdict = Verdict::failed;
  return finding;
}

CheckFinding told_warm_up(const worker::WarmUp& found) {
  CheckFinding finding{std::string(kForgets), Verdict::passed, ""};
  if (found.starts.empty()) {
    finding.verdict = Verdict::skipped;
    finding.detail = found.why;
  } else if (found.bars) {
    finding.detail =
        fmt::format("started later, it decides alike after {} at most ({} after that, {})",
                    counted(*found.bars, "bar"), counted(found.orders_after, "order"),
                    counted(found.starts.size(), "start"));
  } else {
    finding.verdict = Verdict::warning;
    finding.detail = fmt::format(
        "started at bar {}, it does not come to decide as it does from the first bar on",
        count(found.start));
  }
  return finding;
}

Result<CheckReport> check_one(const Context& context, worker::Worker& worker,
                              const DescribedPlugin& plugin,
                              const schema::StrategyDescriptionT& strategy,
                              const worker::SharedBars& bars) {
  CheckReport report;
  report.strategy = summary_of(plugin, strategy);
  report.findings.push_back({std::string(kLoads), Verdict::passed, ""});
  worker::RunCall call;
  call.plugin = plugin.content.copy;
  call.plugin_name = plugin.content.name;
  call.strategy = strategy.name;
  call.parameters = default_parameters(strategy);
  call.settings = worker::stored_settings(Settings{});
  call.bars = &bars;
  call.cancelled = context.interrupted;
  RL_TRY(const worker::CheckOutcome outcome,
         worker.check(call, [&](std::uint64_t done, std::uint64_t total) {
           context.progress(done, total, "runs");
         }));
  if (!outcome) {
    report.findings.push_back({std::string(kRuns), Verdict::failed, outcome.error().message});
    skip_rest(report, "it does not run");
    return report;
  }
  report.findings.push_back({std::string(kRuns), Verdict::passed,
                             fmt::format("{}, {}", counted(bars.size(), "invented daily bar"),
                                         counted(outcome->run.orders, "order"))});
  report.findings.push_back(told_sizes(strategy.sizes_orders, outcome->run.order_sizes));
  report.findings.push_back(told(kRepeats, outcome->repeat));
  report.findings.push_back(told(kNoState, outcome->warm));
  report.findings.push_back(told_look_ahead(*outcome, bars.columns()));
  report.findings.push_back(told_warm_up(outcome->warm_up));
  return report;
}

CheckReport refused(const std::vector<std::string>& reasons) {
  CheckReport report;
  for (const std::string& reason : reasons)
    report.findings.push_back({std::string(kLoads), Verdict::failed, reason});
  return report;
}

// The plugin that a name or a file means, described anew.
Result<DescribedPlugin> plugin_of(const Context& context, const std::string& strategy,
                                  worker::Worker& worker) {
  if (names_a_file(strategy))
    return describe_file(context, split_file_and_name(strategy).first, worker, true);
  RL_TRY(const ChosenStrategy chosen, choose_strategy(context, strategy, worker));
  return describe_file(context, chosen.plugin->file, worker, true);
}

}  // namespace

bool CheckReport::ok() const {
  return std::ranges::none_of(
      findings, [](const CheckFinding& finding) { return finding.verdict == Verdict::failed; });
}

Result<std::vector<CheckReport>> check_strategy(const Context& context,
                                                const std::string& strategy) {
  worker::Worker worker = make_worker(context);
  RL_TRY(const DescribedPlugin plugin, plugin_of(context, strategy, worker));
  std::vector<CheckReport> reports;
  if (!plugin.usable()) {
    reports.push_back(refused(plugin.description.refusals));
    return reports;
  }
  RL_TRY(const Sample sample, make_sample({}));
  RL_TRY(const worker::SharedBars bars, worker::SharedBars::make(sample.bars));
  const std::string name = names_a_file(strategy) ? split_file_and_name(strategy).second : strategy;
  const auto meant = [&](const schema::StrategyDescriptionT& one) {
    return name.empty() || one.name == name;
  };
  for (const auto& one : plugin.description.strategies) {
    if (!meant(*one)) continue;
    RL_TRY(CheckReport report, check_one(context, worker, plugin, *one, bars));
    reports.push_back(std::move(report));
  }
  for (const auto& one : plugin.unserved) {
    if (!meant(*one)) continue;
    reports.push_back(refused(one->refusals));
    reports.back().strategy = summary_of(plugin, *one);
  }
  if (reports.empty())
    return fail(ErrorCode::not_found,
                fmt::format("{} holds no strategy of that name", plugin.file.string()));
  return reports;
}

}  // namespace runledger::app
