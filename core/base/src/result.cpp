#include <array>
#include <cstdio>
#include <cstdlib>

#include <runledger/base/check.hpp>
#include <runledger/base/result.hpp>

namespace runledger {
namespace {

struct CodeRow {
  ErrorCode code;
  std::string_view name;
  int exit_status;
  int http_status;
};

constexpr std::array kCodes{
    CodeRow{ErrorCode::invalid_input, "invalid_input", 2, 400},
    CodeRow{ErrorCode::too_large, "too_large", 2, 413},
    CodeRow{ErrorCode::not_found, "not_found", 4, 404},
    CodeRow{ErrorCode::conflict, "conflict", 2, 409},
    CodeRow{ErrorCode::unsupported, "unsupported", 2, 400},
    CodeRow{ErrorCode::run_failed, "run_failed", 1, 500},
    CodeRow{ErrorCode::timeout, "timeout", 1, 504},
    CodeRow{ErrorCode::differs, "differs", 1, 409},
    CodeRow{ErrorCode::damaged, "damaged", 3, 500},
    CodeRow{ErrorCode::rolled_back, "rolled_back", 3, 500},
    CodeRow{ErrorCode::io, "io", 5, 500},
    CodeRow{ErrorCode::write_failed, "write_failed", 5, 500},
    CodeRow{ErrorCode::unknown, "unknown", 5, 500},
    CodeRow{ErrorCode::locked, "locked", 75, 503},
    CodeRow{ErrorCode::interrupted, "interrupted", 130, 503},
    CodeRow{ErrorCode::internal, "internal", 70, 500},
};

const CodeRow& row_of(ErrorCode code) {
  for (const CodeRow& row : kCodes) {
    if (row.code == code) return row;
  }
  return kCodes.back();
}

}  // namespace

std::string_view error_name(ErrorCode code) { return row_of(code).name; }
int exit_status(ErrorCode code) { return row_of(code).exit_status; }
int http_status(ErrorCode code) { return row_of(code).http_status; }

namespace detail {

void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "runledger: broken invariant `%s` at %s:%d; please report this\n",
               expression, file, line);
  std::abort();
}

}  // namespace detail
}  // namespace runledger
