#include "database_options.hpp"

#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include "database.hpp"

namespace runledger::ledger {
namespace {

constexpr std::uint64_t kLogBytesMax = 16u << 20;
constexpr std::size_t kWriteBufferBytes = 16u << 20;
constexpr std::size_t kArenaBlockBytes = 128u << 10;
constexpr std::size_t kBlockCacheBytes = 32u << 20;
constexpr std::size_t kProtectionBytes = 8;
constexpr double kMemtableFilterShare = 0.01;
// Of RocksDB 7.8, whatever later versions of the library would choose: ledger/FORMAT.md.
constexpr std::uint32_t kTableFormat = 5;

// Drops RocksDB's own log: it would leave a LOG file behind at every open.
class SilentLogger final : public rocksdb::Logger {
 public:
  SilentLogger() : Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
  using Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::ColumnFamilyOptions family_options(
    const std::shared_ptr<rocksdb::TableFactory>& table_factory) {
  rocksdb::ColumnFamilyOptions options;
  options.table_factory = table_factory;
  options.write_buffer_size = kWriteBufferBytes;
  options.arena_block_size = kArenaBlockBytes;
  options.max_write_buffer_number = 2;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  options.compaction_style = rocksdb::kCompactionStyleLevel;
  options.level_compaction_dynamic_level_bytes = true;
  options.force_consistency_checks = true;
  options.paranoid_file_checks = true;
  options.memtable_protection_bytes_per_key = kProtectionBytes;
  return options;
}

}  // namespace

rocksdb::DBOptions database_options() {
  rocksdb::DBOptions options;
  options.info_log = std::make_shared<SilentLogger>();
  options.paranoid_checks = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.track_and_verify_wals_in_manifest = true;
  options.max_background_jobs = 2;
  options.max_total_wal_size = kLogBytesMax;
  options.recycle_log_file_num = 0;
  options.WAL_ttl_seconds = 0;
  options.WAL_size_limit_MB = 0;
  options.use_fsync = false;
  options.allow_mmap_reads = false;
  options.allow_mmap_writes = false;
  options.avoid_flush_during_recovery = true;
  options.avoid_flush_during_shutdown = true;
  options.max_open_files = -1;
  options.max_file_opening_threads = 1;
  options.max_bgerror_resume_count = 0;
  options.write_dbid_to_manifest = true;
  options.max_manifest_file_size = 16u << 20;
  options.skip_stats_update_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors() {
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
  table.whole_key_filtering = true;
  table.format_version = kTableFormat;
  table.block_cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  const std::shared_ptr<rocksdb::TableFactory> factory(rocksdb::NewBlockBasedTableFactory(table));
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.reserve(kFamilyCount);
  for (std::size_t i = 0; i < kFamilyCount; ++i)
    descriptors.emplace_back(std::string(family_name(static_cast<Family>(i))),
                             family_options(factory));
  // Every request id is looked for before it is recorded, and is not there as a rule.
  auto& lookup = descriptors[static_cast<std::size_t>(Family::lookup)].options;
  lookup.memtable_whole_key_filtering = true;
  lookup.memtable_prefix_bloom_size_ratio = kMemtableFilterShare;
  return descriptors;
}

rocksdb::WriteOptions synced_write() {
  rocksdb::WriteOptions options;
  options.sync = true;
  options.protection_bytes_per_key = kProtectionBytes;
  return options;
}

}  // namespace runledger::ledger
