#pragma once

#include <gtest/gtest.h>

#include "rebuild.hpp"
#include "writer.hpp"

namespace runledger::ledger {

// In how many pairs the projections of an open ledger differ from those that its events make.
inline std::uint64_t differing_from_recount(const LedgerWriter& writer) {
  const auto recount = RebuiltProjections::build(writer.view(), writer.head().size, nullptr);
  EXPECT_TRUE(recount) << recount.error().message;
  const auto compared = compare_projections(writer.view(), (*recount)->view(),
                                            [](const Change& /*change*/) { return Status(); });
  EXPECT_TRUE(compared) << compared.error().message;
  return compared->differing;
}

}  // namespace runledger::ledger
