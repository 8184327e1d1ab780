#pragma once

#include <memory>

#include <runledger/base/result.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/ledger/view.hpp>

#include "database.hpp"
#include "layout.hpp"
#include "lock.hpp"
#include "rebuild.hpp"
#include "standing.hpp"

namespace runledger::ledger {

// A database opened read-only while nobody could delete its files: the committer held them, or
// there was none and we held the lock. So its view is of one moment, and whole.
//
// Errors: damaged, rolled_back, unsupported, locked (patience ended), io.
Result<std::unique_ptr<Database>> open_pinned(const Layout& layout, Patience& patience);

// Everything acknowledged at one moment, and nothing else: what a reader reads.
class FrozenLedger {
 public:
  // Waits until HEAD covers what the database holds. When no committer lives to see to it, it
  // becomes one for an instant; where nothing can be written, it hides what is beyond HEAD.
  static Result<FrozenLedger> open(const Layout& layout, Patience& patience);

  [[nodiscard]] const View& view() const { return rebuilt_ ? rebuilt_->view() : *database_; }
  [[nodiscard]] const LogHead& head() const { return head_; }
  [[nodiscard]] Status verify_checksums() const { return database_->verify_checksums(); }

 private:
  explicit FrozenLedger(std::unique_ptr<Database> database) : database_(std::move(database)) {}
  // Takes over what the database holds up to `size`, with projections of its own if need be.
  Status settle(LogSize size, bool projections_match);

  std::unique_ptr<Database> database_;
  std::unique_ptr<RebuiltProjections> rebuilt_;  // when the stored projections are of another state
  LogHead head_;
};

}  // namespace runledger::ledger
