#include <algorithm>
#include <map>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/parser.hpp>

namespace runledger::cli {
namespace {

// The nearest candidate, when it is near enough to be what was meant.
std::optional<std::string> suggestion_word(std::string_view word,
                                           std::span<const std::string> candidates) {
  constexpr std::size_t kShort = 3;  // so short a word is two edits from anything
  if (word.empty()) return std::nullopt;
  auto near = nearest(word, candidates);
  if (near && word.size() <= kShort && near->front() != word.front()) return std::nullopt;
  return near;
}

// A command with what CLI11 collects for it.
struct Node {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::vector<std::pair<const Option*, CLI::Option*>> options;
  CLI::Option* operands = nullptr;
  std::vector<Node> children;
};

Node attach(const Command& command, CLI::App& app) {
  app.set_help_flag();
  app.fallthrough();
  app.allow_extras();
  app.require_subcommand(0, 1);
  Node node{&command, &app, {}, nullptr, {}};
  for (const Option& option : command.options) {
    std::string names = "--" + option.name;
    if (option.letter != 0) names += fmt::format(",-{}", option.letter);
    CLI::Option* const added = option.value.empty() ? app.add_flag(names) : app.add_option(names);
    added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
    if (!option.value.empty()) added->expected(1);
    node.options.emplace_back(&option, added);
  }
  if (command.commands.empty()) {
    node.operands = app.add_option("operands");
    node.operands->expected(static_cast<int>(kOperandsUnlimited))
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  }
  for (const Command& child : command.commands) {
    node.children.push_back(attach(child, *app.add_subcommand(child.name)));
  }
  return node;
}

// CLI11 takes `--name=` for an option without a value; `--name ''` says what is meant.
std::vector<std::string> spell_out_empty_values(const std::vector<std::string>& words) {
  std::vector<std::string> spelt;
  bool options_ended = false;
  for (const std::string& word : words) {
    options_ended |= word == "--";
    const bool empty_value =
        !options_ended && word.starts_with("--") && word.find('=') == word.size() - 1;
    spelt.push_back(empty_value ? word.substr(0, word.size() - 1) : word);
    if (empty_value) spelt.emplace_back();
  }
  return spelt;
}

std::vector<std::string> option_names(std::span<const Command* const> path) {
  std::vector<std::string> names;
  for (const Command* command : path) {
    for (const Option& option : command->options) names.push_back("--" + option.name);
  }
  return names;
}

std::vector<std::string> command_names(const Command& group) {
  std::vector<std::string> names;
  for (const Command& command : group.commands) {
    if (!command.hidden) names.push_back(command.name);
  }
  return names;
}

// Every command by its words, behind its last one.
void collect_paths(const Command& group, const std::string& before,
                   std::map<std::string, std::string>& by_name) {
  for (const Command& command : group.commands) {
    if (command.hidden) continue;
    const std::string path = before.empty() ? command.name : before + " " + command.name;
    by_name.emplace(command.name, path);
    collect_paths(command, path, by_name);
  }
}

// A hint at a command of another group: `import` is meant to be `data import`.
std::string suggestion_elsewhere(const Command& root, const std::string& word, bool exact) {
  std::map<std::string, std::string> by_name;
  collect_paths(root, {}, by_name);
  if (const auto at = by_name.find(word); at != by_name.end()) {
    return fmt::format("; did you mean `{} {}`?", root.name, at->second);
  }
  if (exact) return {};
  std::vector<std::string> names;
  for (const auto& [name, path] : by_name) names.push_back(name);
  const auto near = suggestion_word(word, names);
  return near ? fmt::format("; did you mean `{} {}`?", root.name, by_name.at(*near))
              : std::string();
}

std::unexpected<Error> refuse(std::string sentence) {
  return fail(ErrorCode::invalid_input, std::move(sentence));
}

std::unexpected<Error> unknown_command(std::span<const Command* const> path,
                                       const std::string& word) {
  const Command& group = *path.back();
  for (const Habit& habit : group.habits) {
    if (habit.word == word) return refuse(habit.sentence);
  }
  const std::string typed = path_text(path).substr(path.front()->name.size());
  const std::string name(trim(typed + " " + word));
  std::string hint = suggestion_elsewhere(*path.front(), word, true);
  if (hint.empty()) hint = suggestion(word, command_names(group), path_text(path));
  if (hint.empty()) hint = suggestion_elsewhere(*path.front(), word, false);
  if (hint.empty()) hint = fmt::format("; `{} --help` lists the commands", path_text(path));
  return refuse(fmt::format("there is no command `{}`{}", name, hint));
}

bool declares(const Command& command, std::string_view word) {
  return std::ranges::any_of(command.options, [&](const Option& option) {
    return word == "--" + option.name ||
           (option.letter != 0 && word == std::string{'-', option.letter});
  });
}

std::unexpected<Error> unknown_option(std::span<const Command* const> path,
                                      const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (declares(*path.back(), name)) {
    return refuse(fmt::format("{} belongs to `{}` and stands behind it", name, path_text(path)));
  }
  std::string hint = suggestion(name, option_names(path));
  if (hint.empty()) hint = fmt::format("; `{} --help` lists the options", path_text(path));
  return refuse(fmt::format("`{}` has no option {}{}", path_text(path), name, hint));
}

// CLI11 stops only at an option whose value is missing: the last word of the line.
std::unexpected<Error> missing_value(std::span<const Command* const> path,
                                     const std::string& word) {
  for (const Command* command : path) {
    for (const Option& option : command->options) {
      const bool in_letters = option.letter != 0 && !word.starts_with("--");
      if (word == "--" + option.name || (in_letters && word.ends_with(option.letter))) {
        return refuse(
            fmt::format("--{} needs a value: --{} {}", option.name, option.name, option.value));
      }
    }
  }
  return refuse(fmt::format("`{}` could not be read; see `{} --help`", word, path_text(path)));
}

Status check_words(const std::string& what, const std::string& value,
                   const std::vector<std::string>& words) {
  if (words.empty() || std::ranges::find(words, value) != words.end()) return {};
  return refuse(fmt::format("{} is `{}`; it takes {}{}", what, value, join(words, ", "),
                            suggestion(value, words)));
}

Status check_option(const Option& option, const std::vector<std::string>& results) {
  const bool flag = option.value.empty();
  if (flag && std::ranges::any_of(results, [](const std::string& r) { return r != "true"; })) {
    return refuse(fmt::format("--{} takes no value", option.name));
  }
  if (!flag && !option.repeatable && results.size() > 1) {
    return refuse(
        fmt::format("--{} was given {} times; it takes one value", option.name, results.size()));
  }
  for (const std::string& value : results) {
    if (!flag && value.empty() && !option.may_be_empty)
      return refuse(fmt::format("--{} is empty text; it takes {}", option.name, option.value));
    RL_TRY_VOID(check_words("--" + option.name, value, option.words));
    if (value.find('\0') != std::string::npos) {
      return refuse(fmt::format("--{} holds a zero byte", option.name));
    }
  }
  return {};
}

Status check_operand(const Operand& operand, const std::string& value) {
  Status status = check_words(operand.name, value, operand.words);
  if (status || operand.objection.empty()) return status;
  return refuse(fmt::format(fmt::runtime(operand.objection), value));
}

Status check_operands(std::span<const Command* const> path, const std::vector<std::string>& given) {
  const Command& command = *path.back();
  std::size_t least = 0;
  std::size_t most = 0;
  for (const Operand& operand : command.operands) {
    if (given.size() < least + operand.min) {
      return refuse(fmt::format("`{}` needs {}: {}; usage: {} {}", path_text(path), operand.name,
                                operand.help, path_text(path), synopsis(command)));
    }
    const std::size_t end = std::min(given.size(), most + operand.max);
    for (std::size_t i = least; i < end; ++i) {
      RL_TRY_VOID(check_operand(operand, given[i]));
    }
    least += operand.min;
    most += operand.max;
  }
  if (given.size() > most) {
    return refuse(fmt::format("`{}` does not take `{}`; usage: {} {}", path_text(path), given[most],
                              path_text(path), synopsis(command)));
  }
  return {};
}

}  // namespace

std::string path_text(std::span<const Command* const> path) {
  std::string text;
  for (const Command* command : path) text += (text.empty() ? "" : " ") + command->name;
  return text;
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates,
                       std::string_view before) {
  const auto near = suggestion_word(word, candidates);
  if (!near) return {};
  return before.empty() ? fmt::format("; did you mean {}?", *near)
                        : fmt::format("; did you mean `{} {}`?", before, *near);
}

Result<Invocation> parse(const Command& root, const std::vector<std::string>& words) {
  CLI::App app;
  const Node tree = attach(root, app);
  std::vector<std::string> rest = spell_out_empty_values(words);
  std::ranges::reverse(rest);
  bool value_missing = false;
  try {
    app.parse(rest);
  } catch (const CLI::Error&) {
    value_missing = true;
  }

  Invocation invocation;
  std::map<std::string, std::vector<std::string>, std::less<>> options;
  const Node* node = &tree;
  for (const Node* next = node; next != nullptr;) {
    node = next;
    invocation.path.push_back(node->command);
    for (const auto& [option, parsed] : node->options) {
      if (parsed->count() > 0) options.emplace(option->name, parsed->results());
    }
    next = nullptr;
    for (const Node& child : node->children) {
      if (child.app->parsed()) next = &child;
    }
  }
  invocation.wants_help = options.contains("help");
  if (invocation.wants_help) return invocation;
  if (value_missing) return missing_value(invocation.path, words.back());
  for (const std::string& extra : app.remaining(true)) {
    if (extra == "--") continue;
    if (extra.size() > 1 && extra.front() == '-') return unknown_option(invocation.path, extra);
    if (node->operands == nullptr) return unknown_command(invocation.path, extra);
  }
  for (const Command* command : invocation.path) {
    for (const Option& option : command->options) {
      const auto given = options.find(option.name);
      if (given != options.end()) RL_TRY_VOID(check_option(option, given->second));
      if (given == options.end() && option.required) {
        return refuse(fmt::format("`{}` needs --{} {}: {}", path_text(invocation.path), option.name,
                                  option.value, option.help));
      }
    }
  }
  std::vector<std::string> operands;
  if (node->operands != nullptr) {
    operands = node->operands->results();
    RL_TRY_VOID(check_operands(invocation.path, operands));
  }
  invocation.arguments = Arguments(std::move(options), std::move(operands));
  return invocation;
}

}  // namespace runledger::cli
