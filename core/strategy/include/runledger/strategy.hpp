// The C++ SDK: write a strategy as a plain struct, describe it, and RL_PLUGIN makes a library of
// it. Header-only, C++20. core/ABI.md is the contract underneath.
#pragma once

#include <runledger/sdk/calls.hpp>
#include <runledger/sdk/describe.hpp>
#include <runledger/sdk/order.hpp>
#include <runledger/sdk/side.hpp>
#include <runledger/sdk/step.hpp>
