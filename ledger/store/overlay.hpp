#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <runledger/ledger/view.hpp>

namespace runledger::ledger {

// A view with changes laid over it that are not written yet: an event's projections read what the
// events before it in the same commit group have changed.
//
// Threads:   one at a time. Scans are invalid after add().
// Ownership: borrows the view below.
class Overlay final : public View {
 public:
  // A pointer, because an overlay over an overlay would otherwise read as a copy of it.
  explicit Overlay(const View* below) : below_(*below) {}
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;

  void add(Changes changes);
  // Lays the changes of another over these; leaves the other empty.
  void absorb(Overlay& other);
  // All changes, the last one of each key, in key order; leaves the overlay empty.
  Changes take();
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  [[nodiscard]] Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const override;
  [[nodiscard]] std::unique_ptr<Scan> scan(Family family, std::string_view from,
                                           std::string_view to) const override;

  // Heterogeneous lookup needs the transparent comparison.
  using Pairs = std::map<std::string, std::optional<std::string>, std::less<>>;

 private:
  const View& below_;
  std::array<Pairs, kFamilyCount> families_;
  std::size_t bytes_ = 0;
};

}  // namespace runledger::ledger
