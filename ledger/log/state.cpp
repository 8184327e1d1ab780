#include "state.hpp"

#include <runledger/base/bytes.hpp>

namespace runledger::ledger {
namespace {

constexpr std::uint32_t kVersion = 1;

}  // namespace

std::string encode_state(const LogState& state) {
  ByteWriter writer;
  writer.number(kVersion).number(state.projections).number(state.generation);
  writer.number(state.size.value).number(state.recorded_at);
  return std::string(text_of(writer.bytes()));
}

std::optional<LogState> decode_state(std::string_view bytes) {
  ByteReader reader(bytes_of(bytes));
  if (reader.number<std::uint32_t>() != kVersion) return std::nullopt;
  LogState state;
  state.projections = reader.number<std::uint32_t>();
  state.generation = reader.number<std::uint64_t>();
  state.size = LogSize(reader.number<std::uint64_t>());
  state.recorded_at = reader.number<TimeNs>();
  if (!reader.ok() || !reader.rest().empty()) return std::nullopt;
  return state;
}

}  // namespace runledger::ledger
