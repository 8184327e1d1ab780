// What a plugin says about its own making: RL_SOURCE for rl_plugin.source, RL_BUILT_WITH for
// rl_plugin.built_with. C11 or C++.
#ifndef RL_PLUGIN_SOURCE_H
#define RL_PLUGIN_SOURCE_H

#include <runledger/strategy_abi.h>

#if defined(__clang__)
#define RL_BUILT_WITH "clang " __clang_version__
#else
#define RL_BUILT_WITH "GCC " __VERSION__
#endif

// rl_add_strategy defines RL_HAS_SOURCE and links a file that defines rl_plugin_source.
#ifdef RL_HAS_SOURCE
#ifdef __cplusplus
extern "C"
#else
extern
#endif
    const rl_source rl_plugin_source;
#define RL_SOURCE (&rl_plugin_source)
#elif defined(__cplusplus)
#define RL_SOURCE nullptr
#else
#define RL_SOURCE NULL
#endif

#endif  // RL_PLUGIN_SOURCE_H
