#pragma once

#include <runledger/schemas/event_generated.h>
#include <runledger/schemas/worker_generated.h>

namespace runledger::app {

// What runs execute in, as events record it: this machine, and the C library and the compiler of
// the worker that describes itself.
schema::EnvironmentT this_environment(const schema::DescribeReplyT& worker);

}  // namespace runledger::app
