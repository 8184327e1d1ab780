#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/ledger/view.hpp>

namespace runledger::ledger {

// Questions to the projections. Everything here is a function of the view.
//
// Errors: invalid_input = a cursor or a filter that means nothing. damaged = a row that is not as
//         ledger/FORMAT.md says. io.

// Runs that match, newest first: one range scan for each group. A cursor continues after the last
// run of its page, whatever was appended since; it belongs to its filter.
Result<RunPage> list_runs(const View& view, const RunFilter& filter, const PageRequest& page);

// Constant time, whatever ticker, strategy and sweep. With `since`, `until` or `as_of`: at most the
// entries of two blocks of 4,096 events, and one row for each block between them that holds
// matching runs; `as_of` with `since` or an earlier `until` also reads the retractions in between.
Result<std::uint64_t> count_runs(const View& view, const RunFilter& filter);

// The event that hides the run now.
Result<std::optional<Seq>> retracted_by(const View& view, Seq run);
// Replays, retractions, restorations, annotations and reproductions of a run, oldest first.
Result<std::vector<Seq>> events_about(const View& view, Seq run);

// By ticker and interval, the newest version first.
Result<std::vector<DatasetVersion>> find_datasets(const View& view,
                                                  const std::optional<std::string>& ticker);
// The first event that imported the dataset, or registered the plugin or the runtime.
Result<std::optional<Seq>> dataset_event(const View& view, const Digest& dataset);
Result<std::optional<Seq>> plugin_event(const View& view, const Digest& plugin);
Result<std::optional<Seq>> runtime_event(const View& view, const Digest& runtime);

// The event that was recorded with this request id.
Result<std::optional<Seq>> find_request(const View& view, std::string_view request_id);
// The newest run that this actor asked for singly and that is shown.
Result<std::optional<Seq>> latest_run(const View& view, std::string_view actor);

}  // namespace runledger::ledger
