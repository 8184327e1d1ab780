#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace runledger {

// What went wrong, as a closed list. The table in result.cpp gives each its name in JSON, its exit
// status (the contract in the CLI's --help) and its HTTP status.
enum class ErrorCode : std::uint8_t {
  invalid_input = 1,  // a value, option or file is wrong
  too_large = 2,      // input over a named limit
  not_found = 3,      // no such run, dataset, strategy, ledger
  conflict = 4,       // understood, but contradicts what is stored
  unsupported = 5,    // made by a newer version than this program
  run_failed = 6,     // the strategy crashed, hung, threw or was refused
  timeout = 7,        // a run or a request took longer than it may
  differs = 8,        // the answer to a check is no
  damaged = 9,        // stored bytes do not match their hash
  rolled_back = 10,   // the ledger is older than what it acknowledged
  io = 11,            // reading failed: permission, missing device
  write_failed = 12,  // nothing was recorded
  unknown = 13,       // a write may or may not have been recorded
  locked = 14,        // the ledger stayed locked for the whole waiting time
  interrupted = 15,   // Ctrl-C
  internal = 16,      // a bug of ours
};

struct [[nodiscard]] Error {
  ErrorCode code;
  std::string message;  // one sentence: what, found, expected, next step
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

// The name in `{"error":{"code":...}}`, e.g. "not_found".
std::string_view error_name(ErrorCode code);
// The process exit status: 1, 2, 3, 4, 5, 70, 75 or 130.
int exit_status(ErrorCode code);
// The HTTP status a server answers with.
int http_status(ErrorCode code);

}  // namespace runledger

// Evaluates a Result, returns its error from the enclosing function, or binds its value.
#define RL_CONCAT_INNER(a, b) a##b
#define RL_CONCAT(a, b) RL_CONCAT_INNER(a, b)
#define RL_TRY(binding, expression)                                          \
  auto RL_CONCAT(rl_try_, __LINE__) = (expression);                          \
  if (!RL_CONCAT(rl_try_, __LINE__))                                         \
    return std::unexpected(std::move(RL_CONCAT(rl_try_, __LINE__)).error()); \
  binding = std::move(*RL_CONCAT(rl_try_, __LINE__))  // NOLINT(bugprone-macro-parentheses)
#define RL_TRY_VOID(expression)                          \
  if (auto rl_try_status = (expression); !rl_try_status) \
  return std::unexpected(std::move(rl_try_status).error())
