#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/base/time.hpp>
#include <runledger/engine/settings.hpp>

namespace runledger::app {

// What people type as values of options, and the same values as text. Every error is
// invalid_input and says what was found and what is expected.

inline constexpr std::size_t kTagBytesMax = 255;
inline constexpr std::size_t kTagsMax = 64;
inline constexpr std::size_t kNoteBytesMax = 16'384;

// A decimal number; `what` names it in the error: "the cash".
Result<double> parse_number(std::string_view what, std::string_view text);

Result<Sizing> parse_sizing(std::string_view text);  // `cash_pct:95`
std::string sizing_text(const Sizing& sizing);

// Sets what the text names, and the rest of the commission to none: `0.001+fixed:1.5+min:1`.
Status set_commission(Costs& costs, std::string_view text);
std::string commission_text(const Costs& costs);
// Likewise: `0.0005+ticks:1+volume:0.1`.
Status set_slippage(Costs& costs, std::string_view text);
std::string slippage_text(const Costs& costs);

Result<bool> parse_positions(std::string_view text);  // true: `one`; false: `many`
std::string_view positions_text(bool one_position);

Result<AccountKind> parse_account(std::string_view text);
std::string_view account_text(AccountKind kind);

Result<std::uint64_t> parse_seed(std::string_view text);
Result<std::chrono::milliseconds> parse_timeout(std::string_view text);  // seconds
Result<std::uint64_t> parse_memory(std::string_view text);               // `2g`, `512m`, bytes

// An instant, or with `end_of_day` the last nanosecond of a day that the text names.
// `what` names it in the error: "--from".
Result<TimeNs> parse_moment(std::string_view what, std::string_view text, bool end_of_day);

using TagList = std::vector<std::pair<std::string, std::string>>;
Result<TagList> parse_tags(const std::vector<std::string>& texts);

// Names that people choose (tickers, sweeps): printable, 1 to 255 bytes, without blanks at the
// ends.
Status check_name(std::string_view what, std::string_view text);
Status check_note(std::string_view text);

}  // namespace runledger::app
