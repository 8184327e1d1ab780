#pragma once

#include <runledger/base/result.hpp>
#include <runledger/ledger/view.hpp>

#include "head.hpp"
#include "layout.hpp"
#include "state.hpp"

namespace runledger::ledger {

// How the database stands to HEAD: it holds what HEAD says, and at most one commit group more,
// which was written but not acknowledged.
struct Standing {
  LogState state;
  HeadRecord head;  // as it is to be for `state`; it differs from HEAD when `ahead`
  bool ahead = false;
};

// Checks the database against HEAD at a bounded cost: the newest event and the tree as HEAD says,
// no gap among the last events, and everything beyond HEAD whole. Errors: damaged, rolled_back,
// unsupported (projections of a newer version), io.
Result<Standing> check_standing(const Layout& layout, const View& view, const HeadRecord& head);

// That the database holds what HEAD says, whatever it holds beyond: the newest event, the tree, and
// no gap from a little before HEAD to the end. Errors: damaged, rolled_back, io.
Status check_holds(const Layout& layout, const View& view, const LogState& state,
                   const HeadRecord& head);

// The error for a database and a HEAD of which one was replaced by an older copy.
Error other_generation(const Layout& layout, const LogState& state, const HeadRecord& head);

// The state row. Errors: damaged, rolled_back (there is none), unsupported (projections of a newer
// version), io.
Result<LogState> read_state(const Layout& layout, const View& view);

// What HEAD is to say for a state, from the newest event and the tree.
Result<HeadRecord> head_for(const View& view, const LogState& state);

// A key above every event's.
std::string events_end();
// A key above every one of any family: none starts with so many of the highest byte.
std::string keys_end();

}  // namespace runledger::ledger
