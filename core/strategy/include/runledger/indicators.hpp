// Every indicator. All are incremental: update() takes one bar in constant time, on average, and
// knows nothing of the bars after it.
//
// Warm-up:  value() is NaN until warm_up() bars have been seen; ready() says whether they have.
// Sums:     the sum of a window (SMA, Bollinger, CCI, CMF, MFI, the smoothing of the stochastic) is
//           the exact sum, rounded once; a mean is that, divided once. What weighs all of the past
//           (EMA, SMMA and what is made of them, OBV) goes from bar to bar in the order stated.
// Rounding: each operation as it is written, so that a value is the same whatever the compiler, its
//           optimisation or the processor, as long as it neither contracts nor reorders
//           (rl_add_strategy sees to that).
// NaN:      what a bar's NaN, or a quotient 0 / 0, gives is said by each.
#pragma once

#include <runledger/indicators/adx.hpp>
#include <runledger/indicators/atr.hpp>
#include <runledger/indicators/bollinger.hpp>
#include <runledger/indicators/cci.hpp>
#include <runledger/indicators/cmf.hpp>
#include <runledger/indicators/cross_over.hpp>
#include <runledger/indicators/donchian.hpp>
#include <runledger/indicators/ema.hpp>
#include <runledger/indicators/keltner.hpp>
#include <runledger/indicators/macd.hpp>
#include <runledger/indicators/mfi.hpp>
#include <runledger/indicators/obv.hpp>
#include <runledger/indicators/roc.hpp>
#include <runledger/indicators/rsi.hpp>
#include <runledger/indicators/sliding_extreme.hpp>
#include <runledger/indicators/sma.hpp>
#include <runledger/indicators/stochastic.hpp>
#include <runledger/indicators/williams_r.hpp>
