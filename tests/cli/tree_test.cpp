// The commands as they are declared.
#include <algorithm>
#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runledger/cli/help.hpp>
#include <runledger/cli/parser.hpp>

namespace runledger::cli {
namespace {

using Path = std::vector<const Command*>;

void visit(Path& path, const std::function<void(const Path&)>& act) {
  act(path);
  for (const Command& child : path.back()->commands) {
    path.push_back(&child);
    visit(path, act);
    path.pop_back();
  }
}

void for_each_command(const std::function<void(const Path&)>& act) {
  Path path{&command_tree()};
  visit(path, act);
}

// Words as a shell would make them; a redirection ends them.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '>' || c == '<' || c == '|')) {
      break;
    } else if (!quoted && c == ' ') {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

TEST(CommandTree, HasOnlyExamplesThatParse) {
  for_each_command([](const Path& path) {
    for (const Example& example : path.back()->examples) {
      const auto invocation = parse(command_tree(), words_of(example.line));
      EXPECT_TRUE(invocation) << example.line << ": "
                              << (invocation ? "" : invocation.error().message);
    }
  });
}

TEST(CommandTree, GivesEachCommandASummaryAnActionAndAnExampleOfItself) {
  for_each_command([](const Path& path) {
    const Command& command = *path.back();
    const std::string name = path_text(path);
    EXPECT_FALSE(command.summary.empty()) << name;
    EXPECT_FALSE(command.summary.ends_with('.')) << name;
    EXPECT_NE(command.commands.empty(), command.action == nullptr) << name;
    if (command.hidden || !command.commands.empty()) return;
    ASSERT_FALSE(command.examples.empty()) << name;
    const std::string own = name.substr(path.front()->name.size() + 1);
    for (const Example& example : command.examples) {
      EXPECT_THAT(example.line, testing::HasSubstr(own)) << name;
    }
  });
}

TEST(CommandTree, NeverDeclaresAnOptionTwice) {
  for_each_command([](const Path& path) {
    std::set<std::string> names;
    std::vector<const Command*> declaring{path.back()};
    if (path.size() > 1) declaring.push_back(path.front());
    for (const Command* command : declaring) {
      for (const Option& option : command->options) {
        EXPECT_TRUE(names.insert(option.name).second) << path_text(path) << " --" << option.name;
        if (option.letter == 0) continue;
        EXPECT_TRUE(names.insert(std::string(1, option.letter)).second)
            << path_text(path) << " -" << option.letter;
      }
    }
  });
}

TEST(CommandTree, ExplainsEveryOptionWithoutAFullStop) {
  for_each_command([](const Path& path) {
    for (const Option& option : path.back()->options) {
      EXPECT_FALSE(option.help.empty()) << option.name;
      EXPECT_FALSE(option.help.ends_with('.')) << option.name;
    }
  });
}

TEST(CommandTree, FitsItsHelpIntoEightyColumnsExceptExamples) {
  for_each_command([](const Path& path) {
    const std::string help = help_text(path, {});
    for (std::size_t at = 0; at < help.size();) {
      const std::size_t end = help.find('\n', at);
      const std::string line = help.substr(at, end - at);
      const bool example = line.starts_with("  runledger ") || line.starts_with("  # ");
      EXPECT_TRUE(example || line.size() <= 80) << line;
      at = end + 1;
    }
  });
}

TEST(CommandTree, DoesNotOfferCommandsOfTheFuture) {
  for (const char* name : {"sql", "export", "import", "prove", "serve", "reproduce", "summary"}) {
    const auto invocation = parse(command_tree(), {name});
    ASSERT_FALSE(invocation) << name;
    EXPECT_THAT(invocation.error().message, testing::HasSubstr("there is no command `"));
  }
}

TEST(CommandTree, SendsHabitsToCommandsThatAreThere) {
  for_each_command([](const Path& path) {
    for (const Habit& habit : path.back()->habits) {
      const auto taken = [&](const Command& command) { return command.name == habit.word; };
      EXPECT_FALSE(std::ranges::any_of(path.back()->commands, taken)) << habit.word;
      EXPECT_THAT(habit.sentence, testing::HasSubstr("`runledger ")) << habit.word;
    }
  });
}

}  // namespace
}  // namespace runledger::cli
