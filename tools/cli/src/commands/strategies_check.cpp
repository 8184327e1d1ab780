#include <algorithm>

#include <fmt/format.h>

#include "commands.hpp"

namespace runledger::cli {
namespace {

using Verdict = app::CheckFinding::Verdict;

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "passed";
    case Verdict::failed:
      return "failed";
    case Verdict::skipped:
      return "skipped";
    case Verdict::warning:
      return "warning";
    case Verdict::inconclusive:
      return "inconclusive";
  }
  return "";
}

Tone verdict_tone(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return Tone::good;
    case Verdict::failed:
      return Tone::bad;
    case Verdict::warning:
    case Verdict::inconclusive:
      return Tone::notice;
    case Verdict::skipped:
      break;
  }
  return Tone::faint;
}

Json report_json(const app::CheckReport& report) {
  Json findings = Json::array();
  for (const app::CheckFinding& finding : report.findings) findings.add(finding_json(finding));
  return Json::object({{"ok", report.ok()},
                       {"strategy", report.strategy ? strategy_json(*report.strategy) : Json()},
                       {"findings", std::move(findings)}});
}

void print_report(Session& session, const app::CheckReport& report) {
  const Terminal& terminal = session.terminal();
  if (report.strategy) {
    session.print(fmt::format("{} {}\n", report.strategy->name, report.strategy->version));
    if (!report.strategy->parameters.empty()) {
      session.print(parameter_table(*report.strategy, terminal));
    }
  }
  Table table({{"verdict"}, {"check"}, {"detail"}});
  for (const app::CheckFinding& finding : report.findings) {
    table.add({{std::string(verdict_name(finding.verdict)), verdict_tone(finding.verdict)},
               {finding.check},
               {finding.detail}});
  }
  Terminal unlimited = terminal;  // sentences are not cut
  unlimited.out = false;
  session.print("\n" + table.render(unlimited));
}

Result<int> strategies_check(Session& session, const Arguments& arguments) {
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const auto reports, app::check_strategy(context, arguments.operands().front()));
  const bool ok = std::ranges::all_of(reports, &app::CheckReport::ok);
  if (session.json()) {
    Json array = Json::array();
    for (const app::CheckReport& report : reports) array.add(report_json(report));
    session.print_json(Json::object({{"ok", ok}, {"reports", std::move(array)}}));
  } else {
    for (const app::CheckReport& report : reports) print_report(session, report);
  }
  return ok ? 0 : exit_status(ErrorCode::differs);
}

}  // namespace

Json finding_json(const app::CheckFinding& finding) {
  return Json::object({{"check", finding.check},
                       {"verdict", verdict_name(finding.verdict)},
                       {"detail", finding.detail}});
}

Command strategies_check_command() {
  return {.name = "check",
          .summary = "test that a strategy keeps the contract of plugins",
          .details =
              "Loads it in a process of its own and runs it on sample bars: twice, in a fresh "
              "process, with other prices behind every bar, and with the data cut off and changed "
              "after 16 bars near its orders and anywhere. Each must give the same orders up to "
              "there. Later starts of the data tell how long it depends on where the data begins. "
              "Exits with 1 when a check fails; a warning, or an inconclusive check (it ordered "
              "nothing, say), is no failure. Nothing is recorded.",
          .operands = {{.name = "STRATEGY",
                        .help = "A name, or a file such as ./my.so",
                        .completes = Completes::strategy}},
          .examples = {{"strategies check ./build/my_strategy.so", "before a strategy is used"}},
          .action = strategies_check};
}

}  // namespace runledger::cli
