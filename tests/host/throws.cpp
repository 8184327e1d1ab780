// A strategy library whose one call throws.
#include <stdexcept>

#include <runledger/strategy_abi.h>

const rl_plugin* rl_plugin_v1() { throw std::runtime_error("no strategies today"); }
