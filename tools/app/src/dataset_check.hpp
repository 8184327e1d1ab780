#pragma once

#include <memory>

#include <runledger/ledger/ledger.hpp>

namespace runledger::app {

// Compares a dataset with the event that imported it: the chunks' bars, the count, the times, and
// the digest over its canonical bytes (core/market/DATASET.md).
std::unique_ptr<ledger::DatasetCheck> compare_dataset(const ledger::StoredEvent& imported);

}  // namespace runledger::app
