#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <runledger/engine/result.hpp>

namespace runledger::app {

// The engine's numbers in words, as tables and JSON show them.
std::string_view order_kind_text(std::uint32_t kind);  // market, limit, ...
// Of one of the orders of a run: `10 units, limit 9`, `close`, `stop-loss of order 3, stop 8`.
std::string order_size_text(std::span<const OrderRecord> orders, const OrderRecord& order);
std::string_view outcome_text(OrderOutcome outcome);
std::string refusal_reason(RefusalCode code);
std::string_view log_level_text(std::uint8_t level);

}  // namespace runledger::app
