#pragma once

#include <runledger/app/context.hpp>
#include <runledger/ledger/doctor.hpp>

namespace runledger::app {

// ledger::try_opening() of the context's ledger in a child process, so that damage cannot bring
// this one down.
Result<ledger::Opening> try_opening(const Context& context);

}  // namespace runledger::app
