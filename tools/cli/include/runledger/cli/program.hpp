#pragma once

#include <string>
#include <vector>

namespace runledger::cli {

// Carries out one command line, the program's name left off; the answer is the exit status.
int run_program(const std::vector<std::string>& words);

}  // namespace runledger::cli
