#pragma once

#include <memory>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/options.h>

namespace runledger::ledger {

// The settings of every opener; the reasons are in ledger/DECISIONS.md.
rocksdb::DBOptions database_options();
std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors();
rocksdb::WriteOptions synced_write();

}  // namespace runledger::ledger
