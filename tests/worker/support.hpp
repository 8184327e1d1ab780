#pragma once

#include <string>

#include <gtest/gtest.h>

#include <runledger/worker/run_settings.hpp>
#include <runledger/worker/worker.hpp>

namespace runledger::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// `count` daily bars from 2009-01-01 on whose prices rise and fall.
Bars wavy_bars(std::size_t count);
// The same in shared memory, made once.
const worker::SharedBars& hundred_bars();

worker::WorkerOptions worker_options();
// A run over hundred_bars() with the standard settings.
worker::RunCall call_of(const char* plugin, std::string strategy);

// The value of a Result, or the test fails with its message.
template <class T>
T value_of(Result<T> result) {
  EXPECT_TRUE(result.has_value()) << result.error().message;
  return std::move(result).value();
}

// Runs it and expects a failure.
worker::RunFailure failure_of(worker::Worker& worker, const worker::RunCall& call);
// Runs it and expects it to complete.
schema::RunReplyT completed(worker::Worker& worker, const worker::RunCall& call);

std::string hex(const schema::Digest& digest);

}  // namespace runledger::test
