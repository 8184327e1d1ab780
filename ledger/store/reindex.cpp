#include <runledger/ledger/ledger.hpp>

#include "check_log.hpp"
#include "lock.hpp"
#include "writer.hpp"

namespace runledger::ledger {

Result<Reindexed> reindex(const std::filesystem::path& ledger, const AppendOptions& options,
                          const ProgressFn& progress) {
  const Layout layout{ledger};
  RL_TRY_VOID(check_format(layout));
  RL_TRY(auto lock, take_lock(layout, options));
  RL_TRY(const auto writer, LedgerWriter::open(layout, std::move(lock)));
  RL_TRY_VOID(writer->writable());
  Findings findings;
  (void)check_log(
      writer->view(),
      {.size = writer->head().size, .head = writer->head(), .on_event = {}, .progress = progress},
      findings);
  if (!findings.empty()) {
    const Finding first = findings.take().front();
    return fail(ErrorCode::damaged,
                "The ledger " + ledger.string() +
                    " is damaged, and indexes made from damaged events would hide it: " +
                    first.message + " Run `runledger verify`, and restore a backup.");
  }
  return writer->rebuild_projections(progress);
}

}  // namespace runledger::ledger
