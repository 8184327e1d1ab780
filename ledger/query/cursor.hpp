#pragma once

#include <string>
#include <string_view>

#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>
#include <runledger/ledger/ledger.hpp>

namespace runledger::ledger {

// Where a list goes on: after the run recorded at this time. Opaque printable text that belongs to
// one filter; what was appended meanwhile does not disturb it.
//
// Format: ledger/FORMAT.md, "Cursors".
std::string encode_cursor(TimeNs after, const RunFilter& filter);
// Error: invalid_input = not a cursor of ours, or of another filter.
Result<TimeNs> decode_cursor(std::string_view text, const RunFilter& filter);

}  // namespace runledger::ledger
