#include <cmath>
#include <csignal>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/base/bytes.hpp>
#include <runledger/base/text.hpp>

namespace runledger {
namespace {

TEST(FormatDouble, IsTheShortestTextThatReadsBack) {
  EXPECT_EQ(format_double(0.1), "0.1");
  EXPECT_EQ(format_double(1e21), "1e+21");
  EXPECT_EQ(format_double(0.0005), "0.0005");
  EXPECT_EQ(format_double(-1.5e-6), "-0.0000015");
  EXPECT_EQ(format_double(9e-7), "9e-07");
  EXPECT_EQ(format_double(-0.0), "-0");
  EXPECT_EQ(format_double(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(format_double(-std::numeric_limits<double>::quiet_NaN()), "NaN");
}

RC_GTEST_PROP(FormatDouble, ReadsBackBitForBit, (std::uint64_t bits)) {
  const double value = std::bit_cast<double>(bits);
  RC_PRE(std::isfinite(value));
  RC_ASSERT(std::bit_cast<std::uint64_t>(parse_double(format_double(value)).value()) == bits);
}

TEST(ParseNumbers, TakeTheWholeTextOrNothing) {
  EXPECT_EQ(parse_double("+1.5e3"), 1500.0);
  EXPECT_EQ(parse_int("-42"), -42);
  EXPECT_EQ(parse_int("+42"), 42);
  EXPECT_EQ(parse_uint("18446744073709551615"), 18446744073709551615ULL);
}

TEST(ParseNumbers, RefuseBlanksLettersSignsAndOverflow) {
  for (const char* text : {"", " 1", "1 ", "1x", "+", "-", "+-1", "++1", "0x10", "1e999"}) {
    EXPECT_FALSE(parse_double(text)) << text;
  }
  EXPECT_FALSE(parse_int("+-1"));
  EXPECT_FALSE(parse_int("9223372036854775808"));
  EXPECT_FALSE(parse_uint("-1"));
  EXPECT_FALSE(parse_uint("+1"));
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
}

RC_GTEST_PROP(Join, UndoesSplit, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::element(',', 'a', 'b'));
  std::vector<std::string> parts;
  for (const std::string_view part : split(text, ',')) parts.emplace_back(part);
  RC_ASSERT(join(parts, ",") == text);
}

TEST(Trim, TakesBlanksFromBothEnds) {
  EXPECT_EQ(trim(" \ta b\r\n"), "a b");
  EXPECT_EQ(trim(" \n "), "");
}

TEST(Nearest, FindsASlipAndRefusesAnotherWord) {
  const std::vector<std::string> names{"sma_cross", "buy_and_hold", "bollinger_bands_strategy"};
  EXPECT_EQ(nearest("sma_corss", names), "sma_cross");
  EXPECT_EQ(nearest("SMA_CROSS", names), "sma_cross");
  EXPECT_FALSE(nearest("keltner", names));
  EXPECT_FALSE(nearest("x", {}));
}

TEST(Nearest, CompletesAWordAndDoesNotInventAnother) {
  const std::vector<std::string> tickers{"GOOGL_LONG_NAME", "GOOG_OTHER_NAME_2", "AAPL"};
  EXPECT_EQ(nearest("GOO", tickers), "GOOGL_LONG_NAME");
  EXPECT_EQ(nearest("aa", tickers), "AAPL");
  EXPECT_FALSE(nearest("A", tickers));
  EXPECT_FALSE(nearest("B", std::vector<std::string>{"A"}));
  EXPECT_EQ(nearest("a", std::vector<std::string>{"A"}), "A");
  EXPECT_FALSE(nearest("XYZ", std::vector<std::string>{"ABZ"}));
}

TEST(PrintableText, IsCutBetweenCharactersAndHasNoOther) {
  EXPECT_EQ(printable_text("plain", 100), "plain");
  EXPECT_EQ(printable_text("plain", 3), "pla");
  EXPECT_EQ(printable_text("\xe2\x82\xac\xe2\x82\xac", 5), "\xe2\x82\xac");
  EXPECT_EQ(printable_text("a\nb\x7f\xff\xe2\x82", 100), "a b ???");
  EXPECT_EQ(printable_text("", 0), "");
}

TEST(SignalName, IsTheShortOneOrTheNumber) {
  EXPECT_EQ(signal_name(SIGSEGV), "SIGSEGV");
  EXPECT_EQ(signal_name(4'000), "signal 4000");
}

TEST(PrintableUtf8, TakesTextAndRefusesControlAndMalformedBytes) {
  EXPECT_TRUE(is_printable_utf8("SPX \xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\x88"));
  EXPECT_TRUE(is_printable_utf8(""));
  for (const char* text : {"\n", "\x7f", "\xc2\x85", "\xc3", "\x80", "\xc0\x80", "\xe0\x80\x80",
                           "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "a\xe2\x82"}) {
    EXPECT_FALSE(is_printable_utf8(text));
  }
}

// Eight bytes are looked at together when they may all be ASCII.
TEST(PrintableUtf8, LooksAtEveryByteOfAWord) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (std::size_t place = 0; place < 9; ++place) {
      std::string text = "~ a-word ";
      text[place] = static_cast<char>(byte);
      EXPECT_EQ(is_printable_utf8(text), byte >= 0x20 && byte < 0x7f) << byte << " at " << place;
    }
  }
}

}  // namespace
}  // namespace runledger
