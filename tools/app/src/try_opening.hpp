#pragma once

#include <runledger/app/context.hpp>
#include <runledger/ledger/ledger.hpp>

namespace runledger::app {

// Opens the context's ledger for reading in a child process, so that damage cannot bring this one
// down. Errors: the reader's.
Result<ledger::LogHead> try_opening(const Context& context);

}  // namespace runledger::app
