#include "cursor.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include <runledger/base/bytes.hpp>

namespace runledger::ledger {
namespace {

constexpr std::string_view kDomain = "runledger/cursor/v1\n";
constexpr std::string_view kPrefix = "c1-";
constexpr std::size_t kTimeDigits = 16;
constexpr std::size_t kCheckDigits = 16;

void write_optional(ByteWriter& writer, const std::optional<std::string>& text) {
  writer.number(static_cast<std::uint8_t>(text ? 1 : 0)).text(text.value_or(std::string()));
}

void write_optional(ByteWriter& writer, const std::optional<std::int64_t>& number) {
  writer.number(static_cast<std::uint8_t>(number ? 1 : 0)).number(number.value_or(0));
}

// The first half of a digest over the position and the filter that it belongs to.
std::string check_digits(std::string_view time, const RunFilter& filter) {
  ByteWriter writer;
  writer.raw(kDomain).text(time);
  std::vector<RunGroup> groups = filter.groups;
  std::ranges::sort(groups);
  writer.number(static_cast<std::uint32_t>(groups.size()));
  for (const RunGroup group : groups) writer.number(static_cast<std::uint8_t>(group));
  write_optional(writer, filter.ticker);
  write_optional(writer, filter.strategy);
  write_optional(writer, filter.sweep);
  write_optional(writer, filter.since);
  write_optional(writer, filter.until);
  writer.number(static_cast<std::uint8_t>(filter.retracted ? 1 : 0));
  writer.number(static_cast<std::uint8_t>(filter.as_of ? 1 : 0));
  writer.number(filter.as_of.value_or(Seq()).value);
  return sha256(writer.bytes()).hex().substr(0, kCheckDigits);
}

Error wrong_cursor(std::string_view why) {
  return {ErrorCode::invalid_input,
          "the cursor " + std::string(why) +
              "; pass `next_cursor` of the page before unchanged, with the same filters, or leave "
              "it out to begin with the newest run"};
}

std::optional<std::uint64_t> parse_hex(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char digit : digits) {
    const bool decimal = digit >= '0' && digit <= '9';
    if (!decimal && (digit < 'a' || digit > 'f')) return std::nullopt;
    value = value << 4 | static_cast<std::uint64_t>(decimal ? digit - '0' : digit - 'a' + 10);
  }
  return value;
}

}  // namespace

std::string encode_cursor(TimeNs after, const RunFilter& filter) {
  std::string key;
  append_be64(key, static_cast<std::uint64_t>(after));
  const std::string time = to_hex(bytes_of(key));
  return std::string(kPrefix) + time + check_digits(time, filter);
}

Result<TimeNs> decode_cursor(std::string_view text, const RunFilter& filter) {
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + kTimeDigits + kCheckDigits)
    return std::unexpected(wrong_cursor("is not one that runledger gave out"));
  const std::string_view time = text.substr(kPrefix.size(), kTimeDigits);
  const auto after = parse_hex(time);
  // Nothing is older than the oldest time, so no page ends there.
  if (!after || static_cast<TimeNs>(*after) == std::numeric_limits<TimeNs>::min() ||
      text.substr(kPrefix.size() + kTimeDigits) != check_digits(time, filter))
    return std::unexpected(wrong_cursor("does not belong to this list"));
  return static_cast<TimeNs>(*after);
}

}  // namespace runledger::ledger
