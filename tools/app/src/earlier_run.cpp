#include "earlier_run.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

#include "catalog.hpp"
#include "event_building.hpp"
#include "run_differences.hpp"

namespace runledger::app {
namespace {

std::string request_of(const RunRecord& run) {
  return text_or_empty(event_in(run.event).request_id());
}

std::unexpected<Error> asked_otherwise(const RunRecord& earlier,
                                       const std::vector<std::string>& changes) {
  return fail(ErrorCode::conflict,
              fmt::format("the request id {} recorded run {}, which was asked for otherwise ({}); "
                          "use another id",
                          request_of(earlier), earlier.event.seq().value, join(changes, ", ")));
}

RunReceipt receipt_of(const RunRecord& earlier) {
  return {.id = earlier.event.seq(),
          .completed = earlier.completed() != nullptr,
          .already_recorded = true};
}

}  // namespace

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
  for (const schema::OverrideT& change :
       request_differences(recorded, plan.spec, plan.parameters_asked)) {
    if (change.name == "data" && !plan.data_asked) continue;
    changes.push_back(override_text(change));
  }
  if (!changes.empty()) return asked_otherwise(earlier, changes);
  context.notice(fmt::format("the request id {} recorded run {} before; nothing was run",
                             request_of(earlier), earlier.event.seq().value));
  return receipt_of(earlier);
}

Result<RunReceipt> receipt_without_plan(const Context& context, const RunRecord& earlier,
                                        const RunOptions& options, std::optional<Seq> parent,
                                        const Error& why) {
  if (why.code == ErrorCode::interrupted) return std::unexpected(why);
  const schema::RunSpec& recorded = earlier.spec();
  std::vector<std::string> changes;
  const auto compare = [&](std::string_view name, const std::string& from, const std::string& to) {
    if (from != to) changes.push_back(override_text(name, from, to));
  };
  compare("replay of", recorded.parent() ? std::to_string(*recorded.parent()) : std::string(),
          parent ? std::to_string(parent->value) : std::string());
  if (options.strategy && !names_a_file(*options.strategy))
    compare("strategy", text_or_empty(recorded.strategy()), *options.strategy);
  if (options.ticker)
    compare("ticker", text_or_empty(recorded.inputs()->Get(0)->ticker()), *options.ticker);
  if (!changes.empty()) return asked_otherwise(earlier, changes);
  context.notice(
      fmt::format("the request id {} recorded run {} before; nothing was run, and today "
                  "it could not be: {}",
                  request_of(earlier), earlier.event.seq().value, why.message));
  return receipt_of(earlier);
}

}  // namespace runledger::app
