#pragma once

#include <array>
#include <map>

#include <runledger/ledger/view.hpp>

namespace runledger::ledger::test {

// Families in memory: a View without a database.
class MemoryView final : public View {
 public:
  using Pairs = std::map<std::string, std::string, std::less<>>;

  void apply(const Changes& changes) {
    for (const Change& change : changes) {
      Pairs& pairs = pairs_of(change.family);
      if (change.value)
        pairs.insert_or_assign(change.key, *change.value);
      else
        pairs.erase(change.key);
    }
  }
  Pairs& pairs_of(Family family) { return families_[static_cast<std::size_t>(family)]; }
  [[nodiscard]] const Pairs& pairs_of(Family family) const {
    return families_[static_cast<std::size_t>(family)];
  }

  [[nodiscard]] Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const override {
    const Pairs& pairs = pairs_of(family);
    const auto found = pairs.find(key);
    return found == pairs.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::unique_ptr<Scan> scan(Family family, std::string_view from,
                                           std::string_view to) const override {
    const Pairs& pairs = pairs_of(family);
    if (from >= to) return std::make_unique<MemoryScan>(pairs.end(), pairs.end());
    return std::make_unique<MemoryScan>(pairs.lower_bound(from), pairs.lower_bound(to));
  }

 private:
  class MemoryScan final : public Scan {
   public:
    MemoryScan(Pairs::const_iterator at, Pairs::const_iterator end) : at_(at), end_(end) {}
    [[nodiscard]] bool valid() const override { return at_ != end_; }
    [[nodiscard]] std::string_view key() const override { return at_->first; }
    [[nodiscard]] std::string_view value() const override { return at_->second; }
    void next() override { ++at_; }
    [[nodiscard]] Status status() const override { return {}; }

   private:
    Pairs::const_iterator at_, end_;
  };

  std::array<Pairs, kFamilyCount> families_;
};

}  // namespace runledger::ledger::test
