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
const char* objection(const Row& row, const Bars& bars, std::size_t before) {
  for (const double price : {row.open, row.high, row.low, row.close}) {
    if (!std::isfinite(price) || price <= 0) return "a price is not finite and positive";
  }
  if (row.low > std::min(row.open, row.close) || row.high < std::max(row.open, row.close)) {
    return "high and low do not enclose open and close";
  }
  if (std::isinf(row.volume) || row.volume < 0) return "the volume is negative or infinite";
  if (row.label < kLabelMin || row.label >= kLabelMax) return "the time is out of range";
  if (before > 0 && row.label <= bars.label[before - 1]) return "the times do not ascend";
  return nullptr;
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
  ByteWriter header;
  header.raw(kDomain).text(bars.interval.text()).number(std::uint64_t{bars.size()});
  Sha256 hasher;
  hasher.update(header.bytes());
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
  if (rows.size() % kRowBytes != 0) {
    return fail(ErrorCode::damaged,
                fmt::format("a stored chunk of bars has {} bytes, which is no multiple of {}; run "
                            "`runledger verify`",
                            rows.size(), kRowBytes));
  }
  const std::size_t before = bars.size();
  for (std::size_t offset = 0; offset < rows.size(); offset += kRowBytes) {
    Row row;
    std::memcpy(&row, rows.data() + offset, sizeof row);
    if (const char* why = objection(row, bars, bars.size())) {
      bars.truncate(before);
      return fail(ErrorCode::damaged, fmt::format("row {} of a stored chunk of bars is wrong: {}; "
                                                  "run `runledger verify`",
                                                  offset / kRowBytes, why));
    }
    push(row, bars);
  }
  return {};
}

Status check_digest(const Bars& bars, const Digest& expected) {
  const Digest found = dataset_digest(bars);
  if (found == expected) return {};
  return fail(ErrorCode::damaged,
              fmt::format("the stored bars of dataset {} hash to {}; run `runledger verify`",
                          expected.hex().substr(0, 12), found.hex().substr(0, 12)));
}

}  // namespace runledger
