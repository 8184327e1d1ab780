#include <fmt/format.h>

#include <runledger/app/strategies.hpp>
#include <runledger/ledger/blobs.hpp>

#include "execution.hpp"
#include "ledger_access.hpp"
#include "run_subject.hpp"

namespace runledger::app {

Result<CheckFinding> check_look_ahead(const Context& context, Seq run) {
  RL_TRY(const ledger::Reader reader, open_reader(context));
  const ledger::BlobStore blobs(context.ledger);
  RL_TRY(const Subject subject, open_subject(reader, blobs, run));
  RL_TRY(const PluginFile plugin, plugin_of(context, blobs, subject));
  worker::Worker worker = make_worker(context);
  RL_TRY(const worker::CheckOutcome outcome,
         worker.check(call_of(context, subject.spec, plugin, subject.bars, {})));
  CheckFinding finding{"does not look ahead", CheckFinding::Verdict::passed, ""};
  if (!outcome) {
    finding.verdict = CheckFinding::Verdict::failed;
    finding.detail = fmt::format("run {} completed when it was recorded and failed now: {}",
                                 run.value, outcome.error().message);
  } else if (!outcome->repeat.same) {
    finding.verdict = CheckFinding::Verdict::failed;
    finding.detail = outcome->repeat.message + " Nothing can be said of the future then.";
  } else if (!outcome->look_ahead.same) {
    finding.verdict = CheckFinding::Verdict::failed;
    finding.detail = outcome->look_ahead.message;
  }
  return finding;
}

}  // namespace runledger::app
