#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include <runledger/base/time.hpp>
#include <runledger/market/dataset.hpp>

namespace runledger {
namespace {

constexpr std::string_view kDomain = "runledger/dataset/v1\n";
constexpr std::size_t kHashBatchBars = 4096;  // bounds the memory that hashing takes

struct Row {
  TimeNs label;
  double open, high, low, close, volume;
};
static_assert(sizeof(Row) == kRowBytes);

void store(std::uint8_t*& out, std::uint64_t bits) {
  std::memcpy(out, &bits, sizeof bits);
  out += sizeof bits;
}

// Why no import makes such a row, else nothing.
const char* objection(const Row& row, std::optional<TimeNs> label_before) {
  for (const double price : {row.open, row.high, row.low, row.close}) {
    if (!std::isfinite(price) || price <= 0) return "a price is not finite and positive";
  }
  if (row.low > std::min(row.open, row.close) || row.high < std::max(row.open, row.close)) {
    return "high and low do not enclose open and close";
  }
  if (std::isinf(row.volume) || row.volume < 0) return "the volume is negative or infinite";
  if (row.label < kLabelMin || row.label >= kLabelMax) return "the time is out of range";
  if (label_before && row.label <= *label_before) return "the times do not ascend";
  return nullptr;
}

// Hands on row after row; tells what is wrong with the first one that no import makes.
std::optional<std::string> read_rows(ByteView rows, std::optional<TimeNs> label_before,
                                     const auto& take) {
  if (rows.size() % kRowBytes != 0)
    return fmt::format("a stored chunk of bars has {} bytes, which is no multiple of {}",
                       rows.size(), kRowBytes);
  for (std::size_t offset = 0; offset < rows.size(); offset += kRowBytes) {
    Row row;
    std::memcpy(&row, rows.data() + offset, sizeof row);
    if (const char* why = objection(row, label_before))
      return fmt::format("row {} of a stored chunk of bars is wrong: {}", offset / kRowBytes, why);
    take(row);
    label_before = row.label;
  }
  return std::nullopt;
}

Bytes header(const Interval& interval, std::uint64_t bars) {
  ByteWriter writer;
  writer.raw(kDomain).text(interval.text()).number(bars);
  return writer.take();
}

void push(const Row& row, Bars& bars) {
  bars.label.push_back(row.label);
  bars.open.push_back(row.open);
  bars.high.push_back(row.high);
  bars.low.push_back(row.low);
  bars.close.push_back(row.close);
  bars.volume.push_back(row.volume);
}

}  // namespace

Bytes encode_rows(const Bars& bars, ChunkRange range) {
  Bytes bytes(range.count * kRowBytes);
  std::uint8_t* out = bytes.data();
  for (std::size_t i = range.first; i < range.first + range.count; ++i) {
    store(out, static_cast<std::uint64_t>(bars.label[i]));
    store(out, canonical_bits(bars.open[i]));
    store(out, canonical_bits(bars.high[i]));
    store(out, canonical_bits(bars.low[i]));
    store(out, canonical_bits(bars.close[i]));
    store(out, canonical_bits(bars.volume[i]));
  }
  return bytes;
}

Digest dataset_digest(const Bars& bars) {
  Sha256 hasher;
  hasher.update(header(bars.interval, bars.size()));
  for (std::size_t first = 0; first < bars.size(); first += kHashBatchBars) {
    const std::size_t count = std::min(kHashBatchBars, bars.size() - first);
    hasher.update(encode_rows(bars, {first, count}));
  }
  return hasher.finish();
}

std::vector<ChunkRange> chunk_ranges(std::size_t bars) {
  std::vector<ChunkRange> ranges;
  std::size_t first = 0;
  for (const std::size_t size : kChunkBars) {
    for (; bars - first >= size; first += size) ranges.push_back({first, size});
  }
  if (first < bars) ranges.push_back({first, bars - first});
  return ranges;
}

Status append_rows(ByteView rows, Bars& bars) {
  const std::size_t before = bars.size();
  const auto label_before = before == 0 ? std::nullopt : std::optional(bars.label.back());
  const auto wrong = read_rows(rows, label_before, [&bars](const Row& row) { push(row, bars); });
  if (!wrong) return {};
  bars.truncate(before);
  return fail(ErrorCode::damaged, *wrong + "; run `runledger verify`");
}

Status check_digest(const Bars& bars, const Digest& expected) {
  const Digest found = dataset_digest(bars);
  if (found == expected) return {};
  return fail(ErrorCode::damaged,
              fmt::format("the stored bars of dataset {} hash to {}; run `runledger verify`",
                          expected.hex().substr(0, 12), found.hex().substr(0, 12)));
}

RowScan::RowScan(const Interval& interval, std::uint64_t bars) {
  hasher_.update(header(interval, bars));
}

Status RowScan::add(ByteView rows) {
  const auto wrong = read_rows(rows, end_, [this](const Row& row) {
    if (!start_) start_ = row.label;
    end_ = row.label;
  });
  if (wrong) return fail(ErrorCode::damaged, *wrong);
  bars_ += rows.size() / kRowBytes;
  hasher_.update(rows);
  return {};
}

}  // namespace runledger
