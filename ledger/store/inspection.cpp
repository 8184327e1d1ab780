#include "inspection.hpp"

#include "frozen.hpp"

namespace runledger::ledger {
namespace {

// A file that is missing looks like one in which no slot counts.
Result<HeadLook> look_at_head(const Layout& layout) {
  auto look = HeadFile::look(layout.head());
  if (!look && look.error().code == ErrorCode::damaged) return HeadLook{};
  return look;
}

// Looks at HEAD until it covers the state, or nobody is there who would see to it.
Status wait_for_head(const Layout& layout, Patience& patience, Inspection& inspection) {
  const std::uint64_t generation = inspection.state->generation;
  for (;;) {
    // While this lock is held nobody writes, so that what HEAD says then is final.
    RL_TRY(auto waiter, LedgerLock::Waiter::open(layout, LedgerLock::Kind::shared));
    RL_TRY(const auto lock, waiter.attempt());
    RL_TRY(const HeadLook look, look_at_head(layout));
    inspection.acknowledged = look.newest;
    inspection.shape = look.shape;
    const bool one_behind =
        inspection.acknowledged && inspection.acknowledged->generation + 1 == generation;
    const bool nobody_writes = lock && lock->kept_writers_out();
    inspection.unfinished = one_behind && nobody_writes;
    if (!one_behind || nobody_writes) return {};
    if (patience.over()) return std::unexpected(locked_error(layout, patience.timeout()));
    patience.pause();
  }
}

}  // namespace

Result<Inspection> inspect(const Layout& layout, Patience& patience) {
  Inspection inspection;
  RL_TRY(const HeadLook look, look_at_head(layout));
  inspection.head = inspection.acknowledged = look.newest;
  inspection.shape = look.shape;
  RL_TRY(inspection.database, open_pinned(layout, patience));
  RL_TRY(const auto row, inspection.database->get(Family::meta, kStateKey));
  if (row) inspection.state = decode_state(*row);
  if (!inspection.state) return inspection;
  RL_TRY_VOID(wait_for_head(layout, patience, inspection));
  return inspection;
}

}  // namespace runledger::ledger
