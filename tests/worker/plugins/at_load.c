// Misbehaves before anything is asked of it: AT_LOAD is a statement.
#include <stdlib.h>
#include <unistd.h>

#include <runledger/strategy_abi.h>

__attribute__((constructor)) static void at_load(void) { AT_LOAD; }

const rl_plugin* rl_plugin_v1(void) { return NULL; }
