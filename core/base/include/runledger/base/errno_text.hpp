#pragma once

#include <string>

namespace runledger {

// What a failed system call means, in words for people that follow a colon: "permission denied".
std::string errno_text(int error);

}  // namespace runledger
