#include "keys.hpp"

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace runledger::ledger {
namespace {

std::string key_of(std::string_view text) {
  std::string key;
  append_text(key, text);
  return key;
}

// Short texts of the bytes that matter, so that prefixes and ties are common.
rc::Gen<std::string> texts() {
  return rc::gen::container<std::string>(rc::gen::element('\x00', '\x01', 'a', 'b', '\xff'));
}

RC_GTEST_PROP(Keys, OfTextsSortAsTheTexts, ()) {
  const auto a = *texts();
  const auto b = *texts();
  RC_ASSERT((key_of(a) < key_of(b)) == (a < b));
  RC_ASSERT((key_of(a) == key_of(b)) == (a == b));
}

RC_GTEST_PROP(Keys, OfTextsAreNeverTheBeginningOfAnother, ()) {
  const auto a = *texts();
  const auto b = *texts();
  RC_PRE(a != b);
  RC_ASSERT(!key_of(a).starts_with(key_of(b)));
}

RC_GTEST_PROP(Keys, OfTextsAreReadBackWhateverFollows, ()) {
  const auto text = *texts();
  const auto tail = *texts();
  const std::string key = key_of(text) + tail;
  std::string_view rest = key;
  RC_ASSERT(take_text(rest) == text);
  RC_ASSERT(rest == tail);
}

TEST(Keys, OfTextsAreRefusedWhenMalformed) {
  for (const std::string_view bad : {std::string_view("abc"), std::string_view("a\0", 2),
                                     std::string_view("a\0\x02", 3), std::string_view()}) {
    std::string_view rest = bad;
    EXPECT_FALSE(take_text(rest));
  }
}

RC_GTEST_PROP(Keys, OfPositionsSortNewestFirst, ()) {
  const RunPosition a{*rc::gen::arbitrary<TimeNs>(), Seq(*rc::gen::arbitrary<std::uint64_t>())};
  const RunPosition b{*rc::gen::arbitrary<TimeNs>(), Seq(*rc::gen::arbitrary<std::uint64_t>())};
  std::string key_a;
  std::string key_b;
  append_position(key_a, a);
  append_position(key_b, b);
  RC_ASSERT((key_a < key_b) == (b < a));
  RC_ASSERT(read_position(key_a) == a);
  RC_ASSERT(key_a.size() == kRunPositionSize);
}

TEST(Keys, OfTheOldestAndTheNewestTimeAreInOrder) {
  std::string oldest;
  std::string newest;
  append_newest_first(oldest, std::numeric_limits<TimeNs>::min());
  append_newest_first(newest, std::numeric_limits<TimeNs>::max());
  EXPECT_EQ(oldest, std::string(8, '\xff'));
  EXPECT_EQ(newest, std::string(8, '\0'));
}

RC_GTEST_PROP(Keys, EndOfPrefixIsAboveAllThatBeginsWithItAndNothingElse, ()) {
  const auto prefix = "p" + *texts();
  const auto tail = *texts();
  const auto other = *texts();
  const std::string end = end_of_prefix(prefix);
  RC_ASSERT(prefix + tail < end);
  if (other >= prefix && !other.starts_with(prefix)) RC_ASSERT(other >= end);
}

RC_GTEST_PROP(Keys, OfScopesDiffer, ()) {
  const auto scope = [] {
    struct Texts {
      std::optional<std::string> ticker, strategy, sweep;
      RunGroup group = RunGroup::listed;
      bool operator==(const Texts&) const = default;
      [[nodiscard]] std::string key() const {
        return scope_key({.group = group, .ticker = ticker, .strategy = strategy, .sweep = sweep});
      }
    };
    return Texts{*rc::gen::arbitrary<bool>() ? std::optional(*texts()) : std::nullopt,
                 *rc::gen::arbitrary<bool>() ? std::optional(*texts()) : std::nullopt,
                 *rc::gen::arbitrary<bool>() ? std::optional(*texts()) : std::nullopt,
                 *rc::gen::element(RunGroup::listed, RunGroup::failed)};
  };
  const auto a = scope();
  const auto b = scope();
  RC_ASSERT((a == b) == (a.key() == b.key()));
  if (!(a == b)) RC_ASSERT(!a.key().starts_with(b.key()));
}

}  // namespace
}  // namespace runledger::ledger
