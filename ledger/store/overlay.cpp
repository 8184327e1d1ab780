#include "overlay.hpp"

#include <utility>

namespace runledger::ledger {
namespace {

// Merges the scan below with the changed pairs of the same range.
class OverlayScan final : public Scan {
 public:
  OverlayScan(std::unique_ptr<Scan> below, Overlay::Pairs::const_iterator from,
              Overlay::Pairs::const_iterator to)
      : below_(std::move(below)), changed_(from), end_(to) {
    settle();
  }
  [[nodiscard]] bool valid() const override {
    return below_->status().has_value() && (on_changed_ || below_->valid());
  }
  [[nodiscard]] std::string_view key() const override {
    return on_changed_ ? std::string_view(changed_->first) : below_->key();
  }
  [[nodiscard]] std::string_view value() const override {
    return on_changed_ ? std::string_view(*changed_->second) : below_->value();
  }
  void next() override {
    if (on_changed_)
      ++changed_;
    else
      below_->next();
    settle();
  }
  [[nodiscard]] Status status() const override { return below_->status(); }

 private:
  // Moves past erased pairs and past pairs below that are hidden by a change.
  void settle() {
    on_changed_ = false;
    while (changed_ != end_) {
      const bool below_first = below_->valid() && below_->key() < changed_->first;
      if (below_first) return;
      if (below_->valid() && below_->key() == changed_->first) below_->next();
      if (changed_->second) {
        on_changed_ = true;
        return;
      }
      ++changed_;
    }
  }

  std::unique_ptr<Scan> below_;
  Overlay::Pairs::const_iterator changed_, end_;
  bool on_changed_ = false;
};

}  // namespace

void Overlay::add(Changes changes) {
  for (Change& change : changes) {
    bytes_ += change.key.size() + (change.value ? change.value->size() : 0);
    families_[static_cast<std::size_t>(change.family)].insert_or_assign(std::move(change.key),
                                                                        std::move(change.value));
  }
}

void Overlay::absorb(Overlay& other) {
  for (std::size_t i = 0; i < kFamilyCount; ++i) {
    Pairs& mine = families_[i];
    Pairs& newer = other.families_[i];
    if (mine.empty()) mine.swap(newer);
    while (!newer.empty()) {
      auto placed = mine.insert(newer.extract(newer.begin()));
      if (!placed.inserted) placed.position->second = std::move(placed.node.mapped());
    }
  }
  bytes_ += std::exchange(other.bytes_, 0);
}

Changes Overlay::take() {
  Changes changes;
  std::size_t count = 0;
  for (const Pairs& pairs : families_) count += pairs.size();
  changes.reserve(count);
  for (std::size_t i = 0; i < kFamilyCount; ++i) {
    while (!families_[i].empty()) {
      auto node = families_[i].extract(families_[i].begin());
      changes.push_back({static_cast<Family>(i), std::move(node.key()), std::move(node.mapped())});
    }
  }
  bytes_ = 0;
  return changes;
}

Result<std::optional<std::string>> Overlay::get(Family family, std::string_view key) const {
  const Pairs& pairs = families_[static_cast<std::size_t>(family)];
  if (const auto found = pairs.find(key); found != pairs.end()) return found->second;
  return below_.get(family, key);
}

std::unique_ptr<Scan> Overlay::scan(Family family, std::string_view from,
                                    std::string_view to) const {
  const Pairs& pairs = families_[static_cast<std::size_t>(family)];
  const auto end = from < to ? pairs.lower_bound(to) : pairs.lower_bound(from);
  return std::make_unique<OverlayScan>(below_.scan(family, from, to), pairs.lower_bound(from), end);
}

}  // namespace runledger::ledger
