#include "overlay.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace runledger::ledger {
namespace {

using Map = std::map<std::string, std::string, std::less<>>;

// One family in memory: the definition that the overlay is compared with.
class MapView final : public View {
 public:
  explicit MapView(Map pairs) : pairs_(std::move(pairs)) {}
  [[nodiscard]] Result<std::optional<std::string>> get(Family,
                                                       std::string_view key) const override {
    const auto found = pairs_.find(key);
    return found == pairs_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::unique_ptr<Scan> scan(Family, std::string_view from,
                                           std::string_view to) const override {
    class MapScan final : public Scan {
     public:
      MapScan(Map::const_iterator at, Map::const_iterator end) : at_(at), end_(end) {}
      [[nodiscard]] bool valid() const override { return at_ != end_; }
      [[nodiscard]] std::string_view key() const override { return at_->first; }
      [[nodiscard]] std::string_view value() const override { return at_->second; }
      void next() override { ++at_; }
      [[nodiscard]] Status status() const override { return {}; }

     private:
      Map::const_iterator at_, end_;
    };
    if (from >= to) return std::make_unique<MapScan>(pairs_.end(), pairs_.end());
    return std::make_unique<MapScan>(pairs_.lower_bound(from), pairs_.lower_bound(to));
  }

 private:
  Map pairs_;
};

Map pairs_of(const View& view, std::string_view from, std::string_view to) {
  Map pairs;
  for (auto scan = view.scan(Family::index, from, to); scan->valid(); scan->next())
    pairs.emplace_hint(pairs.end(), scan->key(), scan->value());
  return pairs;
}

std::string key_of(int number) { return std::string(1, static_cast<char>('a' + number)); }

Change put(std::string key, std::string value) {
  return {Family::index, std::move(key), std::move(value)};
}
Change erase(std::string key) { return {Family::index, std::move(key), std::nullopt}; }

TEST(Overlay, ReadsItsChangesBeforeWhatIsBelow) {
  const MapView below({{"a", "1"}, {"b", "2"}});
  Overlay overlay(&below);
  overlay.add({put("a", "9"), erase("b"), put("c", "3")});
  EXPECT_EQ(**overlay.get(Family::index, "a"), "9");
  EXPECT_FALSE(*overlay.get(Family::index, "b"));
  EXPECT_EQ(pairs_of(overlay, "a", "z"), (Map{{"a", "9"}, {"c", "3"}}));
}

TEST(Overlay, GivesItsChangesOnce) {
  const MapView below({});
  Overlay overlay(&below);
  overlay.add({put("a", "1"), put("a", "2")});
  const Changes changes = overlay.take();
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].value, "2");
  EXPECT_TRUE(overlay.take().empty());
}

RC_GTEST_PROP(OverlayProperty, ShowsWhatWritingTheChangesWouldShow, ()) {
  const auto numbers = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 26));
  Map expected;
  for (const int number : numbers) expected[key_of(number)] = "below";
  const MapView below(expected);
  Overlay first(&below);
  Overlay second(&first);
  const auto steps = *rc::gen::container<std::vector<std::pair<int, bool>>>(
      rc::gen::pair(rc::gen::inRange(0, 26), rc::gen::arbitrary<bool>()));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& [number, erases] = steps[i];
    Overlay& layer = i < steps.size() / 2 ? first : second;
    layer.add({erases ? erase(key_of(number)) : put(key_of(number), std::to_string(i))});
    if (erases)
      expected.erase(key_of(number));
    else
      expected[key_of(number)] = std::to_string(i);
  }
  const bool absorbed = *rc::gen::arbitrary<bool>();
  if (absorbed) {
    first.absorb(second);
    RC_ASSERT(second.take().empty());
  }
  const std::string from = key_of(*rc::gen::inRange(0, 26));
  const std::string to = key_of(*rc::gen::inRange(0, 27));
  RC_ASSERT((pairs_of(second, from, to) == pairs_of(MapView(expected), from, to)));
  for (int number = 0; number < 26; ++number)
    RC_ASSERT((*second.get(Family::index, key_of(number)) ==
               *MapView(expected).get(Family::index, key_of(number))));
}

}  // namespace
}  // namespace runledger::ledger
