#include "dataset_check.hpp"

#include <optional>
#include <vector>

#include <fmt/format.h>

#include <runledger/base/time.hpp>
#include <runledger/market/dataset.hpp>
#include <runledger/market/interval.hpp>

#include "event_building.hpp"

namespace runledger::app {
namespace {

std::string time_text(std::optional<TimeNs> label) {
  return label ? format_time(*label) : std::string("no time");
}

std::optional<TimeNs> optional_time(const flatbuffers::Optional<std::int64_t>& label) {
  return label ? std::optional<TimeNs>(*label) : std::nullopt;
}

class DatasetComparison final : public ledger::DatasetCheck {
 public:
  explicit DatasetComparison(const schema::DatasetImported& imported)
      : interval_text_(text_or_empty(imported.interval())),
        digest_(digest_of(*imported.dataset())),
        bars_(imported.bars()),
        start_(optional_time(imported.start())),
        end_(optional_time(imported.end())) {
    if (imported.chunks() != nullptr)
      for (const auto* chunk : *imported.chunks()) chunk_bars_.push_back(chunk->bars());
    if (const auto interval = parse_interval(interval_text_)) scan_.emplace(*interval, bars_);
  }

  Status add(ByteView chunk) override {
    if (!scan_) return unknown_interval();
    const std::uint64_t before = scan_->bars();
    RL_TRY_VOID(scan_->add(chunk));
    const std::uint64_t bars = scan_->bars() - before;
    const std::uint64_t said = chunk_bars_.at(chunks_++);
    if (bars == said) return {};
    return fail(ErrorCode::damaged,
                fmt::format("chunk {} has {} bars, and the event says {}", chunks_, bars, said));
  }

  Status finish() override {
    if (!scan_) return unknown_interval();
    if (scan_->bars() != bars_)
      return fail(ErrorCode::damaged,
                  fmt::format("they have {} bars, and the event says {}", scan_->bars(), bars_));
    if (scan_->start() != start_ || scan_->end() != end_)
      return fail(ErrorCode::damaged,
                  fmt::format("they run from {} to {}, and the event says from {} to {}",
                              time_text(scan_->start()), time_text(scan_->end()), time_text(start_),
                              time_text(end_)));
    if (const Digest found = scan_->finish(); found != digest_)
      return fail(ErrorCode::damaged, fmt::format("their digest is {}, and the event says {}",
                                                  found.hex(), digest_.hex()));
    return {};
  }

 private:
  [[nodiscard]] Status unknown_interval() const {
    return fail(ErrorCode::damaged,
                fmt::format("this version knows no interval `{}`", interval_text_));
  }

  std::string interval_text_;
  Digest digest_;
  std::uint64_t bars_;
  std::optional<TimeNs> start_, end_;
  std::vector<std::uint32_t> chunk_bars_;
  std::size_t chunks_ = 0;
  std::optional<RowScan> scan_;  // nothing when the interval is unknown
};

}  // namespace

std::unique_ptr<ledger::DatasetCheck> compare_dataset(const ledger::StoredEvent& imported) {
  return std::make_unique<DatasetComparison>(*event_in(imported).payload_as_DatasetImported());
}

}  // namespace runledger::app
