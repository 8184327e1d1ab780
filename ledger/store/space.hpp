#pragma once

#include <cstdint>

#include <runledger/base/result.hpp>

#include "layout.hpp"

namespace runledger::ledger {

// Below this much free space nothing is recorded: what is there must stay readable and repairable.
inline constexpr std::uint64_t kFreeBytesMin = 64u << 20;

// What our user can still write on the ledger's file system. Error: io.
Result<std::uint64_t> free_bytes(const Layout& layout);

// Error: write_failed, naming the ledger and what is free.
Status check_space(const Layout& layout);

}  // namespace runledger::ledger
