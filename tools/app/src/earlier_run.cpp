#include "earlier_run.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

#include "event_building.hpp"
#include "run_differences.hpp"

namespace runledger::app {

Result<std::optional<RunRecord>> earlier_run(const ledger::Reader& reader,
                                             const std::string& request_id) {
  if (request_id.empty()) return std::nullopt;
  RL_TRY(const std::optional<Seq> seq, reader.event_by_request(request_id));
  if (!seq) return std::nullopt;
  RL_TRY(ledger::StoredEvent event, reader.event(*seq));
  RunRecord record{std::move(event)};
  if (record.completed() != nullptr || record.failed() != nullptr) return record;
  return fail(ErrorCode::conflict,
              fmt::format("the request id {} recorded event {}, which is no run; use another id",
                          request_id, seq->value));
}

Result<RunReceipt> receipt_of_earlier(const Context& context, const RunRecord& earlier,
                                      const RunPlan& plan) {
  schema::RunSpecT recorded;
  earlier.spec().UnPackTo(&recorded);
  std::vector<std::string> changes;
  for (const schema::OverrideT& change : request_differences(recorded, plan.spec)) {
    if (change.name == "data" && !plan.data_asked) continue;
    changes.push_back(override_text(change));
  }
  const Seq id = earlier.event.seq();
  const std::string request_id = text_or_empty(event_in(earlier.event).request_id());
  if (!changes.empty())
    return fail(
        ErrorCode::conflict,
        fmt::format("the request id {} recorded run {}, which was asked for otherwise ({}); "
                    "use another id",
                    request_id, id.value, join(changes, ", ")));
  context.notice(fmt::format("the request id {} recorded run {} before; nothing was run",
                             request_id, id.value));
  return RunReceipt{
      .id = id, .completed = earlier.completed() != nullptr, .already_recorded = true};
}

}  // namespace runledger::app
