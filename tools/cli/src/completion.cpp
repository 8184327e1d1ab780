#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/help.hpp>

namespace runledger::cli {
namespace {

// A command with the words that lead to it: `runs ls`; the root's are empty.
struct Place {
  std::string words;
  const Command* command;
};

void collect(const Command& command, const std::string& words, std::vector<Place>& places) {
  if (command.hidden) return;
  places.push_back({words, &command});
  for (const Command& child : command.commands) {
    collect(child, words.empty() ? child.name : words + " " + child.name, places);
  }
}

// The ways to write an option: `--ticker`, `-t`.
std::vector<std::string> spellings(const Option& option) {
  std::vector<std::string> names{"--" + option.name};
  if (option.letter != 0) names.push_back({'-', option.letter});
  return names;
}

// Every spelling of every option that takes a value, so that the value is not read as a command.
std::vector<std::string> spellings_with_value(const std::vector<Place>& places) {
  std::set<std::string> names;
  for (const Place& place : places) {
    for (const Option& option : place.command->options) {
      if (!option.value.empty())
        std::ranges::copy(spellings(option), std::inserter(names, names.end()));
    }
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> child_names(const Command& command) {
  std::vector<std::string> names;
  for (const Command& child : command.commands) {
    if (!child.hidden) names.push_back(child.name);
  }
  return names;
}

std::vector<std::string> option_spellings(const Command& command) {
  std::vector<std::string> names;
  for (const Option& option : command.options) names.push_back("--" + option.name);
  return names;
}

// What the program itself is asked for, to complete names that it knows.
std::string_view list_name(Completes completes) {
  switch (completes) {
    case Completes::strategy:
      return "strategies";
    case Completes::ticker:
      return "tickers";
    case Completes::run:
      return "runs";
    default:
      return {};
  }
}

// The text between single quotes of a shell.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// What a script completes.
struct Grammar {
  std::string program;
  const Command& root;
  std::vector<Place> places;
  std::vector<std::string> steps;       // the words of all places but the root's, quoted
  std::vector<std::string> with_value;  // the spellings of options that take one
};

Grammar grammar_of(const Command& root) {
  Grammar grammar{root.name, root, {}, {}, {}};
  collect(root, {}, grammar.places);
  for (const Place& place : grammar.places) {
    if (!place.words.empty()) grammar.steps.push_back(quoted(place.words));
  }
  grammar.with_value = spellings_with_value(grammar.places);
  return grammar;
}

const Operand& first_operand(const Command& command) {
  static const Operand kNone;
  return command.operands.empty() ? kNone : command.operands.front();
}

// ---- bash -----------------------------------------------------------------------------------

std::string bash_reply(const std::string& program, Completes completes,
                       const std::vector<std::string>& words) {
  if (!words.empty()) {
    return fmt::format("COMPREPLY=($(compgen -W {} -- \"$cur\"))", quoted(join(words, " ")));
  }
  if (completes == Completes::file) return "COMPREPLY=($(compgen -f -- \"$cur\"))";
  if (completes == Completes::folder) return "COMPREPLY=($(compgen -d -- \"$cur\"))";
  const std::string_view list = list_name(completes);
  if (list.empty()) return "COMPREPLY=()";
  return fmt::format("COMPREPLY=($(compgen -W \"$({} complete {} 2>/dev/null)\" -- \"$cur\"))",
                     program, list);
}

// Patterns for one option of one place; the root's options hold everywhere.
std::string bash_pattern(const Place& place, const Option& option) {
  std::vector<std::string> patterns;
  for (const std::string& name : spellings(option)) {
    patterns.push_back((place.words.empty() ? "*:" : quoted(place.words + ":")) + name);
  }
  return join(patterns, "|");
}

// Finds the place that the words before the cursor lead to.
std::string bash_head(const Grammar& grammar) {
  return fmt::format(R"(# bash completion for {0}; load it with: source <({0} completion bash)
_{0}() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
  local at="" word next skip=0 i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${{COMP_WORDS[i]}}
    if ((skip)); then skip=0; continue; fi
    case "$word" in
      {1}) skip=1 ;;
      -*) ;;
      *)
        next="${{at:+$at }}$word"
        case "$next" in
          {2}) at=$next ;;
        esac ;;
    esac
  done
)",
                     grammar.program, join(grammar.with_value, "|"), join(grammar.steps, "|"));
}

// The values of the option before the cursor.
std::string bash_values(const Grammar& grammar) {
  std::string script = "  case \"$at:$prev\" in\n";
  for (const Place& place : grammar.places) {
    for (const Option& option : place.command->options) {
      if (option.value.empty()) continue;
      script += fmt::format("    {}) {}; return ;;\n", bash_pattern(place, option),
                            bash_reply(grammar.program, option.completes, option.words));
    }
  }
  return script + "  esac\n";
}

// The commands, operands and options of the place.
std::string bash_words(const Grammar& grammar) {
  std::string script = fmt::format("  local options={}\n  case \"$at\" in\n",
                                   quoted(join(option_spellings(grammar.root), " ")));
  for (const Place& place : grammar.places) {
    script += fmt::format("    {})\n", quoted(place.words));
    if (!place.words.empty()) {
      script += fmt::format("      options=\"$options \"{}\n",
                            quoted(join(option_spellings(*place.command), " ")));
    }
    const Operand& operand = first_operand(*place.command);
    const std::string reply =
        place.command->commands.empty()
            ? bash_reply(grammar.program, operand.completes, operand.words)
            : bash_reply(grammar.program, Completes::nothing, child_names(*place.command));
    script += fmt::format("      {} ;;\n", reply);
  }
  return script + "  esac\n";
}

std::string bash_script(const Grammar& grammar) {
  return bash_head(grammar) + bash_values(grammar) + bash_words(grammar) +
         fmt::format(
             R"(  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$cur")); fi
}}
complete -o filenames -F _{0} {0}
)",
             grammar.program);
}

// ---- zsh ------------------------------------------------------------------------------------

// `name:what it does` for _describe.
std::string described(std::string name, const std::string& help) {
  for (std::size_t at = 0; (at = name.find(':', at)) != std::string::npos; at += 2) {
    name.insert(at, "\\");
  }
  return quoted(name + ":" + help);
}

std::string zsh_reply(const std::string& program, Completes completes,
                      const std::vector<std::string>& words) {
  if (!words.empty()) return "compadd -- " + join(words, " ");
  if (completes == Completes::file) return "_files";
  if (completes == Completes::folder) return "_files -/";
  const std::string_view list = list_name(completes);
  if (list.empty()) return "_message 'a value'";
  return fmt::format("compadd -- ${{(f)\"$({} complete {} 2>/dev/null)\"}}", program, list);
}

std::string zsh_head(const Grammar& grammar) {
  return fmt::format(R"(#compdef {0}
# zsh completion for {0}; put it into a folder of $fpath as _{0}
_{0}() {{
  local at="" word next skip=0
  local -a options children
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    if (( skip )); then skip=0; continue; fi
    case "$word" in
      {1}) skip=1 ;;
      -*) ;;
      *)
        next="${{at:+$at }}$word"
        case "$next" in
          {2}) at=$next ;;
        esac ;;
    esac
  done
)",
                     grammar.program, join(grammar.with_value, "|"), join(grammar.steps, "|"));
}

std::string zsh_values(const Grammar& grammar) {
  std::string script = "  case \"$at:${words[CURRENT-1]}\" in\n";
  for (const Place& place : grammar.places) {
    for (const Option& option : place.command->options) {
      if (option.value.empty()) continue;
      script += fmt::format("    {}) {}; return ;;\n", bash_pattern(place, option),
                            zsh_reply(grammar.program, option.completes, option.words));
    }
  }
  return script + "  esac\n";
}

std::string zsh_options_and_commands(const Grammar& grammar) {
  std::string script = "  options=(\n";
  for (const Option& option : grammar.root.options) {
    script += "    " + described("--" + option.name, option.help) + "\n";
  }
  script += "  )\n  case \"$at\" in\n";
  for (const Place& place : grammar.places) {
    script += fmt::format("    {})\n", quoted(place.words));
    if (!place.words.empty()) {
      for (const Option& option : place.command->options) {
        script += fmt::format("      options+=({})\n", described("--" + option.name, option.help));
      }
    }
    for (const Command& child : place.command->commands) {
      if (child.hidden) continue;
      script += fmt::format("      children+=({})\n", described(child.name, child.summary));
    }
    script += "      ;;\n";
  }
  return script + R"(  esac
  if [[ ${words[CURRENT]} == -* ]]; then _describe option options; return; fi
  if (( $#children )); then _describe command children; return; fi
)";
}

std::string zsh_operands(const Grammar& grammar) {
  std::string script = "  case \"$at\" in\n";
  for (const Place& place : grammar.places) {
    if (place.command->operands.empty()) continue;
    const Operand& operand = first_operand(*place.command);
    script += fmt::format("    {}) {} ;;\n", quoted(place.words),
                          zsh_reply(grammar.program, operand.completes, operand.words));
  }
  return script + "  esac\n";
}

std::string zsh_script(const Grammar& grammar) {
  return zsh_head(grammar) + zsh_values(grammar) + zsh_options_and_commands(grammar) +
         zsh_operands(grammar) +
         fmt::format(
             "}}\nif [[ $funcstack[1] == _{0} ]]; then _{0} \"$@\"; else compdef _{0} {0}; fi\n",
             grammar.program);
}

// ---- fish -----------------------------------------------------------------------------------

std::string fish_values(const std::string& program, Completes completes,
                        const std::vector<std::string>& words) {
  if (!words.empty()) return fmt::format(" -f -a {}", quoted(join(words, " ")));
  if (completes == Completes::file) return " -F";
  if (completes == Completes::folder) return " -f -a '(__fish_complete_directories)'";
  const std::string_view list = list_name(completes);
  if (list.empty()) return " -f";
  return fmt::format(" -f -a '({} complete {} 2>/dev/null)'", program, list);
}

std::string fish_head(const Grammar& grammar) {
  return fmt::format(R"(# fish completion for {0}; load it with: {0} completion fish | source
function __{0}_at
    set -l at ''
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case {1}
                set skip 1
            case '-*'
            case '*'
                set -l next (string trim -- "$at $word")
                if contains -- $next {2}
                    set at $next
                end
        end
    end
    test "$at" = "$argv[1]"
end
complete -c {0} -f
)",
                     grammar.program, join(grammar.with_value, " "), join(grammar.steps, " "));
}

// The options, commands and operands of one place; the root's options hold everywhere.
std::string fish_place(const Grammar& grammar, const Place& place) {
  const std::string here = fmt::format(" -n \"__{}_at '{}'\"", grammar.program, place.words);
  std::string script;
  for (const Option& option : place.command->options) {
    script += fmt::format("complete -c {}{} -l {}", grammar.program,
                          place.words.empty() ? std::string() : here, option.name);
    if (option.letter != 0) script += fmt::format(" -s {}", option.letter);
    if (!option.value.empty()) {
      script += " -r" + fish_values(grammar.program, option.completes, option.words);
    }
    script += fmt::format(" -d {}\n", quoted(option.help));
  }
  for (const Command& child : place.command->commands) {
    if (child.hidden) continue;
    script += fmt::format("complete -c {}{} -a {} -d {}\n", grammar.program, here, child.name,
                          quoted(child.summary));
  }
  for (const Operand& operand : place.command->operands) {
    script += fmt::format("complete -c {}{}{}\n", grammar.program, here,
                          fish_values(grammar.program, operand.completes, operand.words));
  }
  return script;
}

std::string fish_script(const Grammar& grammar) {
  std::string script = fish_head(grammar);
  for (const Place& place : grammar.places) script += fish_place(grammar, place);
  return script;
}

}  // namespace

std::string completion_script(const Command& root, Shell shell) {
  const Grammar grammar = grammar_of(root);
  switch (shell) {
    case Shell::bash:
      return bash_script(grammar);
    case Shell::zsh:
      return zsh_script(grammar);
    case Shell::fish:
      return fish_script(grammar);
  }
  return {};
}

}  // namespace runledger::cli
