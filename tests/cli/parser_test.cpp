#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runledger/cli/help.hpp>
#include <runledger/cli/parser.hpp>

namespace runledger::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Command& tree() {
  static const Command root{
      .name = "tool",
      .summary = "does things",
      .options = {{.name = "json", .help = "Print JSON"},
                  {.name = "quiet", .letter = 'q', .help = "Say nothing"},
                  {.name = "home", .value = "DIR", .help = "Where"},
                  {.name = "help", .letter = 'h', .help = "Explain"}},
      .habits = {{"remove", "nothing is removed; use `tool run --undo`"}},
      .commands = {
          {.name = "run",
           .summary = "run it",
           .operands = {{.name = "FILE", .help = "what to run"}},
           .options = {{.name = "param",
                        .letter = 'p',
                        .value = "N=V",
                        .help = "A value",
                        .repeatable = true},
                       {.name = "mode", .value = "MODE", .help = "How", .words = {"slow", "fast"}},
                       {.name = "sort", .value = "KEY", .help = "Order"},
                       {.name = "note", .value = "TEXT", .help = "A note", .may_be_empty = true},
                       {.name = "loop", .value = "N", .help = "How often"},
                       {.name = "undo", .help = "Backwards"}},
           .examples = {{"run x", "run x"}}},
          {.name = "list",
           .summary = "list things",
           .commands = {
               {.name = "big", .summary = "list big things"},
               {.name = "run",
                .summary = "list runs",
                .options = {
                    {.name = "reason", .value = "TEXT", .help = "why", .required = true}}}}}}};
  return root;
}

Invocation good(const std::vector<std::string>& words) {
  auto invocation = parse(tree(), words);
  EXPECT_TRUE(invocation) << (invocation ? "" : invocation.error().message);
  return invocation.value_or(Invocation());
}

std::string refusal(const std::vector<std::string>& words) {
  const auto invocation = parse(tree(), words);
  EXPECT_FALSE(invocation);
  if (invocation) return {};
  EXPECT_EQ(invocation.error().code, ErrorCode::invalid_input);
  return invocation.error().message;
}

TEST(Parser, TakesOptionsOfTheRootAnywhere) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--json", "run", "x"},
                                                {"run", "--json", "x"},
                                                {"run", "x", "--json"}}) {
    const Invocation invocation = good(words);
    EXPECT_EQ(path_text(invocation.path), "tool run");
    EXPECT_TRUE(invocation.arguments.has("json"));
    EXPECT_THAT(invocation.arguments.operands(), ElementsAre("x"));
  }
}

TEST(Parser, CollectsRepeatedOptionsInOrder) {
  EXPECT_THAT(good({"run", "x", "-p", "a=1", "--param=b=2", "-pc=3"}).arguments.values("param"),
              ElementsAre("a=1", "b=2", "c=3"));
}

TEST(Parser, TakesNegativeNumbersAndValuesThatLookLikeOptions) {
  EXPECT_THAT(good({"run", "-1"}).arguments.operands(), ElementsAre("-1"));
  EXPECT_EQ(good({"run", "x", "--sort", "-size"}).arguments.value("sort"), "-size");
  EXPECT_EQ(good({"run", "x", "--sort=-size"}).arguments.value("sort"), "-size");
}

TEST(Parser, KeepsBracketsCommasAndEmptyValues) {
  EXPECT_THAT(good({"run", "[a,b]"}).arguments.operands(), ElementsAre("[a,b]"));
  EXPECT_EQ(good({"run", "x", "--sort", "[a,b]"}).arguments.value("sort"), "[a,b]");
  EXPECT_EQ(good({"run", "x", "--note="}).arguments.value("note"), "");
  EXPECT_EQ(good({"run", "x", "--note", ""}).arguments.value("note"), "");
}

TEST(Parser, TakesEverythingBehindTwoDashesAsArguments) {
  EXPECT_THAT(good({"run", "--", "--json"}).arguments.operands(), ElementsAre("--json"));
}

TEST(Parser, DoesNotTakeAnArgumentForACommand) {
  EXPECT_EQ(path_text(good({"run", "list"}).path), "tool run");
  EXPECT_THAT(good({"run", "list"}).arguments.operands(), ElementsAre("list"));
}

TEST(Parser, AnswersHelpWhateverElseIsWrong) {
  EXPECT_TRUE(good({"run", "--help"}).wants_help);
  EXPECT_TRUE(good({"list", "-h"}).wants_help);
  EXPECT_TRUE(good({"--help"}).wants_help);
}

TEST(Parser, SuggestsTheNearestName) {
  EXPECT_THAT(refusal({"rum", "x"}),
              HasSubstr("there is no command `rum`; did you mean `tool run`?"));
  EXPECT_THAT(refusal({"list", "bigg"}),
              HasSubstr("there is no command `list bigg`; did you mean `tool list big`?"));
  EXPECT_THAT(refusal({"run", "x", "--parm", "a=1"}),
              HasSubstr("`tool run` has no option --parm; did you mean --param?"));
  EXPECT_THAT(refusal({"run", "x", "--mode", "fats"}),
              HasSubstr("--mode is `fats`; it takes slow, fast; did you mean fast?"));
}

TEST(Parser, FindsACommandThatStandsElsewhere) {
  EXPECT_THAT(refusal({"big"}), HasSubstr("did you mean `tool list big`?"));
  EXPECT_THAT(refusal({"bigg"}), HasSubstr("did you mean `tool list big`?"));
}

TEST(Parser, ExplainsTheHabitsOfOtherTools) {
  EXPECT_EQ(refusal({"remove"}), "nothing is removed; use `tool run --undo`");
}

TEST(Parser, PointsToHelpWhenNothingIsNear) {
  EXPECT_THAT(refusal({"quux"}), HasSubstr("`tool --help` lists the commands"));
  EXPECT_THAT(refusal({"run", "x", "--zzzzzz"}), HasSubstr("`tool run --help` lists the options"));
}

TEST(Parser, NamesWhatIsMissing) {
  EXPECT_THAT(refusal({"run"}), HasSubstr("needs FILE: what to run; usage: tool run FILE"));
  EXPECT_THAT(refusal({"list", "run"}), HasSubstr("`tool list run` needs --reason TEXT: why"));
  EXPECT_EQ(refusal({"run", "x", "--sort"}), "--sort needs a value: --sort KEY");
  EXPECT_EQ(refusal({"run", "x", "-p"}), "--param needs a value: --param N=V");
  EXPECT_EQ(refusal({"run", "x", "--loop"}), "--loop needs a value: --loop N");
  for (const std::vector<std::string>& empty :
       {std::vector<std::string>{"run", "x", "--sort="}, {"run", "x", "--sort", ""}})
    EXPECT_EQ(refusal(empty), "--sort is empty text; it takes KEY");
}

TEST(Parser, RefusesWhatIsTooMuch) {
  EXPECT_THAT(refusal({"run", "x", "y"}), HasSubstr("does not take `y`"));
  EXPECT_EQ(refusal({"run", "x", "--sort", "a", "--sort", "b"}),
            "--sort was given 2 times; it takes one value");
  EXPECT_EQ(refusal({"run", "x", "--json=yes"}), "--json takes no value");
  EXPECT_EQ(refusal({"run", "x", "--undo=false"}), "--undo takes no value");
}

TEST(Parser, SaysThatAnOptionStandsBehindItsCommand) {
  EXPECT_EQ(refusal({"--undo", "run", "x"}), "--undo belongs to `tool run` and stands behind it");
}

TEST(Arguments, ReadWholeNumbersAndSeconds) {
  const Arguments arguments(
      {{"limit", {"20"}}, {"bad", {"-5"}}, {"wait", {"0.5"}}, {"never", {"inf"}}}, {});
  EXPECT_EQ(arguments.whole_number("limit", 1, 100), 20U);
  EXPECT_EQ(arguments.whole_number("absent", 1, 100), 100U);
  EXPECT_EQ(arguments.whole_number("bad", 1, 100).error().message,
            "--bad is `-5`; it takes a whole number of 1 or more, for example --bad 100");
  EXPECT_EQ(arguments.seconds("wait").value(), 0.5);
  EXPECT_FALSE(arguments.seconds("never"));
}

TEST(Help, ShowsUsageOptionsAndExamples) {
  const std::vector<const Command*> path{&tree(), &tree().commands.front()};
  EXPECT_EQ(help_text(path, {.width = 60}),
            "tool run - run it\n\n"
            "Usage\n"
            "  tool run FILE [OPTION]...\n\n"
            "Arguments\n"
            "  FILE  what to run\n\n"
            "Options\n"
            "  -p, --param N=V  A value (may be repeated)\n"
            "      --mode MODE  How: slow, fast\n"
            "      --sort KEY   Order\n"
            "      --note TEXT  A note\n"
            "      --loop N     How often\n"
            "      --undo       Backwards\n\n"
            "Examples\n"
            "  # run x\n"
            "  tool run x\n\n"
            "`tool --help` tells the options that every command takes.\n");
}

TEST(Manual, NamesEveryCommandAndHidesNoHyphen) {
  const std::string page = manual_page(tree(), "1.0");
  for (const char* part :
       {".SH NAME", ".SS run FILE", ".SS list big", "\\-\\-mode", ".SH EXIT STATUS"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
}

}  // namespace
}  // namespace runledger::cli
