#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <runledger/engine/result.hpp>

namespace runledger::app {

// The engine's numbers in words, as tables and JSON show them.
std::string_view order_kind_text(std::uint32_t kind);   // market, limit, ...
std::string order_size_text(const OrderRecord& order);  // `10 units`, `close`
std::string_view outcome_text(OrderOutcome outcome);
std::string refusal_reason(RefusalCode code);
std::string_view log_level_text(std::uint8_t level);

}  // namespace runledger::app
