// A strategy library that calls a function which no library has.
#include <runledger/strategy_abi.h>

const rl_plugin* function_that_nobody_has(void);

const rl_plugin* rl_plugin_v1(void) { return function_that_nobody_has(); }
