#pragma once

#include <string_view>

namespace runledger::cli {

// One line of diagnosis on stderr, with the time of day.
void log_debug(std::string_view text);

}  // namespace runledger::cli
