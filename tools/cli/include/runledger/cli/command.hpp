#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/result.hpp>

namespace runledger::cli {

class Session;
class Arguments;

// What a shell offers when a value is to be completed.
enum class Completes { nothing, file, folder, strategy, ticker, run };

struct Option {
  std::string name;        // `ticker`, for --ticker
  char letter = 0;         // 't', for -t
  std::string value = {};  // `T`: what stands for the value in help; empty for a flag
  std::string help = {};   // one sentence without its full stop
  bool repeatable = false;
  bool required = false;
  bool may_be_empty = false;            // an empty value says something
  std::vector<std::string> words = {};  // the only values there are; checked
  Completes completes = Completes::nothing;
};

inline constexpr std::size_t kOperandsUnlimited = 100'000;

struct Operand {
  std::string name;  // `RUN`
  std::string help = {};
  std::size_t min = 1;
  std::size_t max = 1;
  std::vector<std::string> words = {};
  Completes completes = Completes::nothing;
  std::string objection = {};  // to a value that is none of the words; {} stands for it
};

struct Example {
  std::string line;  // without the program's name
  std::string what;
};

// A word that fingers type out of habit with other tools, and the sentence that helps.
struct Habit {
  std::string word;
  std::string sentence;
};

// Carries out a command; the answer is the exit status.
using Action = Result<int> (*)(Session&, const Arguments&);

// A command as data: parsing, help, completion and the manual are made from it.
struct Command {
  std::string name;
  std::string summary = {};  // one line without a full stop
  std::string details = {};  // paragraphs separated by an empty line
  std::vector<Operand> operands = {};
  std::vector<Option> options = {};
  std::vector<Example> examples = {};
  std::vector<Habit> habits = {};
  std::vector<Command> commands = {};  // a group; it has no action
  bool hidden = false;
  bool prints_table = false;  // --csv means something
  Action action = nullptr;
};

// The program itself with everything below it; the options of the root may stand anywhere.
const Command& command_tree();

// The synopsis behind a command's path: `RUN... [OPTION]...`.
std::string synopsis(const Command& command);

// `-t, --ticker T`.
std::string option_heading(const Option& option);

}  // namespace runledger::cli
