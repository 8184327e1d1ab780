#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/table.hpp>
#include <runledger/cli/text_width.hpp>

namespace runledger::cli {
namespace {

constexpr Terminal kPipe{.utf8 = true};

Terminal terminal_of(std::size_t width, bool color = false) {
  return {.out = true, .err = true, .width = width, .color = color, .utf8 = true};
}

Table sample() {
  Table table({{"id", Align::right},
               {"strategy", Align::left, true},
               {"from", Align::left, false, 2},
               {"return [%]", Align::right}});
  table.add({{"7"}, {"sma_cross"}, {"2010-01-04"}, {"+3.14", Tone::good}});
  table.add({{"1234"}, {"bollinger_bands_strategy"}, {"2011-01-03"}, {"-12.00"}});
  return table;
}

TEST(Table, AlignsColumnsUnderTheirHeads) {
  EXPECT_EQ(sample().render(kPipe),
            "  id  strategy                  from        return [%]\n"
            "   7  sma_cross                 2010-01-04       +3.14\n"
            "1234  bollinger_bands_strategy  2011-01-03      -12.00\n");
}

TEST(Table, IsTheSameOnAWideTerminalWithoutColour) {
  EXPECT_EQ(sample().render(terminal_of(200)), sample().render(kPipe));
}

TEST(Table, CutsTextsThatMayShrinkBeforeItLeavesColumnsOut) {
  EXPECT_EQ(sample().render(terminal_of(45)),
            "  id  strategy         from        return [%]\n"
            "   7  sma_cross        2010-01-04       +3.14\n"
            "1234  bollinger_band…  2011-01-03      -12.00\n");
}

TEST(Table, LeavesColumnsOutRatherThanCutATextBelowItsWidth) {
  Table table({{"id", Align::right},
               {"reason", Align::left, true, 0, 10},
               {"from", Align::left, false, 1}});
  table.add({{"7"}, {"timed out at bar 12"}, {"2010-01-04"}});
  EXPECT_EQ(table.render(terminal_of(26)), "id  reason      from\n 7  timed out…  2010-01-04\n");
  EXPECT_EQ(table.render(terminal_of(24)),
            "id  reason\n 7  timed out at bar 12\n(left out for width: from)\n");
}

TEST(Table, SaysWhichColumnsItLeftOut) {
  EXPECT_EQ(sample().render(terminal_of(30)),
            "  id  strategy      return [%]\n"
            "   7  sma_cross          +3.14\n"
            "1234  bollinger_b…      -12.00\n"
            "(left out for width: from)\n");
}

RC_GTEST_PROP(Table, FitsAnyTerminalThatItsLastColumnsFit, ()) {
  const auto width = *rc::gen::inRange<std::size_t>(30, 120);
  const std::string text = sample().render(terminal_of(width));
  for (const std::string_view line : split(text, '\n')) RC_ASSERT(display_width(line) <= width);
}

TEST(Table, ColoursCellsOnlyWhenTheTerminalTakesIt) {
  EXPECT_THAT(sample().render(terminal_of(200, true)), testing::HasSubstr("\x1b[32m"));
  EXPECT_THAT(sample().render(terminal_of(200, false)), testing::Not(testing::HasSubstr("\x1b")));
}

TEST(Table, WithoutAnyHeadHasNoLineForIt) {
  Table table({{""}, {""}});
  table.add({{"a"}, {"b"}});
  EXPECT_EQ(table.render(kPipe), "a  b\n");
}

TEST(Table, ShowsControlCharactersInsteadOfObeyingThem) {
  Table table({{"note"}});
  table.add({{"red \x1b[31m\n\xff"}});
  EXPECT_EQ(table.render(kPipe), "note\nred \\x1b[31m\\x0a\\xff\n");
}

TEST(Table, CountsWideAndCombiningCharactersAsTerminalsDo) {
  Table table({{"ticker"}, {"n", Align::right}});
  table.add({{"日本"}, {"1"}});
  table.add({{"e\xcc\x81t\xc3\xa9"}, {"2"}});
  EXPECT_EQ(table.render(kPipe),
            "ticker  n\n"
            "日本    1\n"
            "e\xcc\x81t\xc3\xa9     2\n");
}

TEST(CutToWidth, NeverSplitsACharacter) {
  EXPECT_EQ(cut_to_width("日本語", 5, true), "日本…");
  EXPECT_EQ(cut_to_width("日本語", 4, true), "日…");
  EXPECT_EQ(cut_to_width("abcdef", 4, false), "abc~");
  EXPECT_EQ(cut_to_width("abc", 3, true), "abc");
}

TEST(Wrap, BreaksAtBlanksAndIndentsEveryLine) {
  EXPECT_EQ(wrap("one two three four", 9, 0), "one two\nthree\nfour");
  EXPECT_EQ(wrap("one two three", 9, 2), "  one two\n  three");
  EXPECT_EQ(wrap("incomprehensible", 5, 0), "incomprehensible");
}

TEST(Pairs, AlignTheirValues) {
  EXPECT_EQ(render_pairs({{"id", {"7"}}, {"strategy", {"x"}}}, kPipe),
            "id        7\n"
            "strategy  x\n");
}

}  // namespace
}  // namespace runledger::cli
