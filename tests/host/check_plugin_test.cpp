#include <bit>
#include <cmath>
#include <cstddef>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runledger/host/check.hpp>
#include <runledger/host/plugin.hpp>

#include "tables.hpp"

namespace runledger::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// What is found when `spoil` has been at a plugin that is right.
template <class Spoil>
std::vector<std::string> findings_after(Spoil&& spoil) {
  Tables tables;
  tables.get();
  spoil(tables);
  return check_plugin(&tables.plugin).refusals;
}

template <class Spoil>
void expect_one(Spoil&& spoil, const char* words) {
  EXPECT_THAT(findings_after(spoil), ElementsAre(HasSubstr(words)));
}

const char* const kNoAddress = std::bit_cast<const char*>(std::uintptr_t{24});

TEST(CheckPlugin, FindsNothingInARightPlugin) {
  EXPECT_THAT(findings_after([](Tables&) {}), IsEmpty());
  EXPECT_THAT(findings_after([](Tables& t) { t.plugin.source = nullptr; }), IsEmpty());
}

TEST(CheckPlugin, FindsNothingInAStrategyWithoutParameters) {
  EXPECT_THAT(findings_after([](Tables& t) {
                t.strategy.param_count = 0;
                t.strategy.params = nullptr;
              }),
              IsEmpty());
}

TEST(CheckPlugin, RefusesNoTable) {
  EXPECT_THAT(check_plugin(nullptr).refusals, ElementsAre(HasSubstr("is NULL")));
  EXPECT_THAT(check_plugin(std::bit_cast<const rl_plugin*>(std::uintptr_t{4'099})).refusals,
              ElementsAre(HasSubstr("no address")));
}

TEST(CheckPlugin, RefusesStructsSmallerThanInVersionOne) {
  expect_one([](Tables& t) { t.plugin.struct_size = 4; }, "struct_size 4, less than the 40");
  expect_one([](Tables& t) { t.source.struct_size = 0; }, "the source record has the struct_size");
  expect_one([](Tables& t) { t.strategy.struct_size -= 8; }, "strategy 1 has the struct_size");
  expect_one([](Tables& t) { t.factor.struct_size -= 8; }, "parameter 2 of strategy 1 (good)");
}

TEST(CheckPlugin, AcceptsStructsThatHaveGrown) {
  EXPECT_THAT(findings_after([](Tables& t) {
                t.plugin.abi_minor = RL_ABI_MINOR + 3;
                for (std::uint32_t* size : {&t.plugin.struct_size, &t.strategy.struct_size,
                                            &t.factor.struct_size, &t.source.struct_size})
                  *size += 64;
              }),
              IsEmpty());
}

TEST(CheckPlugin, RefusesANewerPluginThatItCannotServe) {
  expect_one(
      [](Tables& t) {
        t.plugin.abi_minor = RL_ABI_MINOR + 2;
        t.plugin.needs_minor = RL_ABI_MINOR + 1;
      },
      "use a newer runledger");
  EXPECT_THAT(findings_after([](Tables& t) { t.plugin.needs_minor = RL_ABI_MINOR + 1; }),
              ElementsAre(HasSubstr("newer runledger"), HasSubstr("built for 1.")));
}

TEST(CheckPlugin, RefusesCountsThatAreNoneOrTooMany) {
  expect_one([](Tables& t) { t.plugin.strategy_count = 0; }, "carries no strategy");
  expect_one([](Tables& t) { t.plugin.strategy_count = 1u << 30; }, "more than 256");
  expect_one([](Tables& t) { t.strategy.param_count = 257; }, "more than 256");
  expect_one([](Tables& t) { t.plugin.strategies = nullptr; }, "list of strategies is NULL");
  expect_one([](Tables& t) { t.strategy.params = nullptr; }, "list of parameters of strategy 1");
  expect_one([](Tables& t) { t.params[1] = nullptr; }, "parameter 2 of strategy 1 (good) is NULL");
}

TEST(CheckPlugin, RefusesTextsThatCannotBeShown) {
  expect_one([](Tables& t) { t.strategy.title = nullptr; },
             "the title of strategy 1 (good) is NULL");
  expect_one([](Tables& t) { t.strategy.doc = ""; }, "the doc of strategy 1 (good) is empty");
  expect_one([](Tables& t) { t.length.doc = "\xc3\x28"; }, "not printable UTF-8");
  expect_one([](Tables& t) { t.length.unit = "\x1b[31m"; }, "not printable UTF-8");
  expect_one([](Tables& t) { t.plugin.built_with = kNoAddress; }, "no address");
  expect_one([](Tables& t) { t.source.commit = nullptr; }, "commit is NULL");
  static const std::string long_text(5'000, 'x');
  expect_one([](Tables& t) { t.length.doc = long_text.c_str(); }, "longer than 4096 bytes");
}

TEST(CheckPlugin, RefusesNamesThatCannotBeTyped) {
  expect_one([](Tables& t) { t.strategy.name = "SmaCross"; }, "is \"SmaCross\", not a lower-case");
  expect_one([](Tables& t) { t.strategy.name = "sma-cross"; }, "not a lower-case letter");
  expect_one([](Tables& t) { t.length.name = "2fast"; }, "not a lower-case letter");
  expect_one([](Tables& t) { t.strategy.id = "good"; }, "com.example.sma_cross");
  expect_one([](Tables& t) { t.strategy.id = "com..good"; }, "com.example.sma_cross");
  expect_one([](Tables& t) { t.strategy.version = "1.0"; }, "not one such as 1.0.0");
}

TEST(CheckPlugin, RefusesDuplicates) {
  EXPECT_THAT(findings_after([](Tables& t) {
                t.strategies.assign({&t.strategy, &t.second});
                t.second.name = t.strategy.name;
                t.second.id = t.strategy.id;
                t.get();
              }),
              UnorderedElementsAre("two strategies have the name good",
                                   "two strategies have the id com.example.good"));
  expect_one([](Tables& t) { t.factor.name = "length"; }, "two parameters called length");
  expect_one([](Tables& t) { t.sides[1] = "long"; }, "the choice \"long\" twice");
}

TEST(CheckPlugin, RefusesCallsThatAreMissing) {
  EXPECT_THAT(findings_after([](Tables& t) {
                t.strategy.create = nullptr;
                t.strategy.destroy = nullptr;
                t.strategy.on_bar = nullptr;
              }),
              ElementsAre(HasSubstr("create"), HasSubstr("destroy"), HasSubstr("on_bar")));
}

TEST(CheckPlugin, RefusesWhatThisHostDoesNotServe) {
  expect_one([](Tables& t) { t.strategy.series_min = t.strategy.series_max = 2; },
             "takes 2 to 2 instruments");
  expect_one([](Tables& t) { t.strategy.series_max = 0; },
             "takes 1 to 0 instruments, which is no range");
  expect_one([](Tables& t) { t.strategy.flags = 0x80; }, "flags 0x80");
  expect_one([](Tables& t) { t.strategy.reserved = 1; }, "a field that is not known here");
  expect_one([](Tables& t) { t.length.type = 9; }, "has the type 9, which is not known here");
}

// What is found when `spoil` has been at the second of two strategies.
template <class Spoil>
PluginFindings found_beside_a_neighbour(Spoil&& spoil) {
  Tables tables;
  tables.strategies.assign({&tables.strategy, &tables.second});
  tables.get();
  spoil(tables);
  return check_plugin(&tables.plugin);
}

TEST(CheckPlugin, AStrategyThatAsksForMoreDoesNotKeepItsNeighboursOut) {
  static rl_param later{};
  static const rl_param* const params[] = {&later};
  const auto expect_unserved = [](auto&& spoil, const char* words) {
    const PluginFindings findings = found_beside_a_neighbour(spoil);
    EXPECT_THAT(findings.refusals, IsEmpty());
    ASSERT_EQ(findings.unserved.size(), 1u);
    EXPECT_EQ(findings.unserved[0].name, "second");
    EXPECT_THAT(findings.unserved[0].reasons, ElementsAre(HasSubstr(words)));
  };
  expect_unserved([](Tables& t) { t.second.series_min = t.second.series_max = 2; },
                  "strategy 2 (second) takes 2 to 2 instruments");
  expect_unserved([](Tables& t) { t.second.flags = 0x80; }, "flags 0x80");
  expect_unserved([](Tables& t) { t.second.reserved = 7; }, "a field that is not known here");
  expect_unserved(
      [](Tables& t) {
        later = t.length;
        later.type = 5;
        t.second.params = params;
        t.second.param_count = 1;
      },
      "parameter 1 (length) of strategy 2 (second) has the type 5");
}

TEST(CheckPlugin, WhatALaterVersionMayAllowIsNotHeldAgainstALaterStrategy) {
  const PluginFindings findings = found_beside_a_neighbour([](Tables& t) {
    t.second.flags = 0x80;
    t.second.on_bar = nullptr;
    t.second.param_count = 10'000;
  });
  EXPECT_THAT(findings.refusals, IsEmpty());
  EXPECT_EQ(findings.unserved.size(), 1u);
}

TEST(CheckPlugin, AStrategyThatBreaksTheContractRefusesTheLibrary) {
  EXPECT_THAT(found_beside_a_neighbour([](Tables& t) { t.second.on_bar = nullptr; }).refusals,
              ElementsAre(HasSubstr("on_bar of strategy 2 (second)")));
  const PluginFindings both = found_beside_a_neighbour([](Tables& t) {
    t.strategy.on_bar = nullptr;
    t.second.flags = 0x80;
  });
  EXPECT_THAT(both.refusals, ElementsAre(HasSubstr("on_bar of strategy 1 (good)"),
                                         HasSubstr("strategy 2 (second) has the flags 0x80")));
  EXPECT_THAT(both.unserved, IsEmpty());
  EXPECT_THAT(found_beside_a_neighbour([](Tables& t) {
                t.second.flags = 0x80;
                t.second.name = t.strategy.name;
              }).refusals,
              testing::Contains("two strategies have the name good"));
}

TEST(CheckPlugin, RefusesValuesOfAnotherType) {
  expect_one([](Tables& t) { t.length.default_value = real(10); },
             "default_value of parameter 1 (length) of strategy 1 (good) has the type tag 2");
  expect_one([](Tables& t) { t.factor.sweep_step = whole(1); }, "sweep_step");
  expect_one([](Tables& t) { t.factor.max.reserved = 1; }, "reserved");
  expect_one([](Tables& t) { t.factor.max = real(std::nan("")); }, "not a finite number");
}

TEST(CheckPlugin, RefusesBoundsThatContradict) {
  expect_one([](Tables& t) { t.length.min = whole(200); }, "above its max");
  expect_one([](Tables& t) { t.length.default_value = whole(0); }, "is 0, outside 1..100");
  expect_one([](Tables& t) { t.factor.default_value = real(8.5); }, "is 8.5, outside 0.5..8");
  expect_one([](Tables& t) { t.length.sweep_step = whole(-1); }, "below zero");
  expect_one([](Tables& t) { t.length.sweep_max = whole(101); }, "no part of 1..100");
  expect_one([](Tables& t) { t.length.sweep_min = whole(101); }, "no part of 1..100");
  expect_one([](Tables& t) { t.verbose.max = whole(2, RL_BOOL); }, "not from 0 to 1");
}

TEST(CheckPlugin, RefusesChoicesThatAreNotALabelEach) {
  expect_one([](Tables& t) { t.side.choices = nullptr; }, "choices of");
  expect_one([](Tables& t) { t.sides[1] = ""; }, "choice 2 of");
  expect_one([](Tables& t) { t.side.max = whole(5, RL_CHOICE); }, "not from 0 to 2");
  expect_one([](Tables& t) { t.length.choices = t.sides.data(); }, "no RL_CHOICE");
  EXPECT_THAT(findings_after([](Tables& t) { t.sides[0] = nullptr; }),
              ElementsAre(HasSubstr("are none")));
}

TEST(CheckPlugin, GathersEveryReason) {
  const auto findings = findings_after([](Tables& t) {
    t.plugin.needs_minor = 99;
    t.strategy.title = nullptr;
    t.length.name = "Length";
    t.factor.default_value = real(99);
  });
  EXPECT_EQ(findings.size(), 5u);
}

TEST(CheckPlugin, FindsAStrategyByItsName) {
  Tables tables;
  EXPECT_EQ(find_strategy(*tables.get(), "good"), &tables.strategy);
  EXPECT_EQ(find_strategy(*tables.get(), "goo"), nullptr);
}

}  // namespace
}  // namespace runledger::test
