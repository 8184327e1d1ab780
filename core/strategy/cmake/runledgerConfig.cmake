# The package that strategy libraries are built against: the target runledger::strategy (the
# headers) and the function rl_add_strategy. Needs a C or C++20 compiler, and nothing else.
include(${CMAKE_CURRENT_LIST_DIR}/runledgerTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/RunledgerStrategy.cmake)
