// Every indicator. All are incremental: update() takes one bar in constant time, on average, and
// knows nothing of the bars after it.
#pragma once

#include <runledger/indicators/atr.hpp>
#include <runledger/indicators/bollinger.hpp>
#include <runledger/indicators/cross_over.hpp>
#include <runledger/indicators/ema.hpp>
#include <runledger/indicators/macd.hpp>
#include <runledger/indicators/rsi.hpp>
#include <runledger/indicators/sma.hpp>
