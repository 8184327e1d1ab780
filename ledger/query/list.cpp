#include <algorithm>

#include "cursor.hpp"
#include "query.hpp"
#include "question.hpp"

namespace runledger::ledger {
namespace {

// The runs of several groups as one list, newest first.
class MergedScan {
 public:
  static Result<MergedScan> open(const View& view, const std::vector<Selection>& selections) {
    MergedScan merged;
    for (const Selection& selection : selections) {
      RL_TRY(RunScan scan, RunScan::open(view, selection));
      if (scan.valid()) merged.scans_.push_back(std::move(scan));
    }
    return merged;
  }
  [[nodiscard]] bool valid() const { return !scans_.empty(); }
  [[nodiscard]] Result<RunRow> row() const { return newest()->row(); }
  Status next() {
    const auto scan = scans_.begin() + (newest() - scans_.cbegin());
    RL_TRY_VOID(scan->next());
    if (!scan->valid()) scans_.erase(scan);
    return {};
  }

 private:
  [[nodiscard]] std::vector<RunScan>::const_iterator newest() const {
    return std::ranges::max_element(scans_, {}, &RunScan::position);
  }
  std::vector<RunScan> scans_;  // those that have not ended
};

}  // namespace

Result<RunPage> list_runs(const View& view, const RunFilter& filter, const PageRequest& page) {
  if (page.limit == 0 || page.limit > kPageRunsMax)
    return fail(ErrorCode::invalid_input, "A page of " + std::to_string(page.limit) +
                                              " runs was asked for; expected 1 to " +
                                              std::to_string(kPageRunsMax) + ".");
  RL_TRY(Question question, ask(view, filter));
  if (page.cursor) {
    RL_TRY(const TimeNs after, decode_cursor(*page.cursor, filter));
    for (Selection& selection : question.selections)
      selection.range.until = std::min(selection.range.until, after - 1);
  }
  RL_TRY(MergedScan scan, MergedScan::open(view, question.selections));
  for (std::uint64_t i = 0; i < page.offset && scan.valid(); ++i) RL_TRY_VOID(scan.next());
  RunPage result;
  while (scan.valid() && result.runs.size() < page.limit) {
    RL_TRY(RunRow row, scan.row());
    result.runs.push_back(std::move(row));
    RL_TRY_VOID(scan.next());
  }
  if (scan.valid()) result.next_cursor = encode_cursor(result.runs.back().recorded_at, filter);
  return result;
}

}  // namespace runledger::ledger
