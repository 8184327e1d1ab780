#pragma once

#include <cstdint>
#include <filesystem>

#include <runledger/base/result.hpp>

namespace runledger::ledger {

inline constexpr std::uint32_t kFormatVersion = 1;

// Where things are in a ledger directory.
struct Layout {
  std::filesystem::path root;
  [[nodiscard]] std::filesystem::path format() const { return root / "FORMAT"; }
  [[nodiscard]] std::filesystem::path head() const { return root / "HEAD"; }
  [[nodiscard]] std::filesystem::path database() const { return root / "db"; }
  [[nodiscard]] std::filesystem::path blobs() const { return root / "blobs"; }
  [[nodiscard]] std::filesystem::path keys() const { return root / "keys"; }
  [[nodiscard]] std::filesystem::path lock() const { return root / "ledger.lock"; }
  [[nodiscard]] std::filesystem::path turnstile() const { return root / "ledger.turn"; }
  [[nodiscard]] std::filesystem::path socket() const { return root / "committer.sock"; }
};

// Writes FORMAT of the current version.
Status write_format(const Layout& layout);
// Whether everything but FORMAT is there: it is made last, and of a ledger in place it cannot be
// missing.
bool lost_its_format(const Layout& layout);
// Errors: not_found (no ledger here), damaged, unsupported (a newer version).
Status check_format(const Layout& layout);
// Whether FORMAT has more lines than this version reads. Errors: io, not_found, damaged (too
// large).
Result<bool> has_more_lines(const Layout& layout);

}  // namespace runledger::ledger
