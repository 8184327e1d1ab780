#pragma once

#include <string>
#include <string_view>

namespace runledger::cli {

// What a command says behind `runledger:`. The libraries' errors are whole sentences; here they
// begin small and end without a full stop, as the commands' own do. A first word is made small only
// if it is one that our sentences begin with, so that names and paths stay as they are.
std::string as_said(std::string_view sentence);

}  // namespace runledger::cli
