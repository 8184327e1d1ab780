#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <runledger/app/context.hpp>
#include <runledger/base/result.hpp>
#include <runledger/cli/arguments.hpp>
#include <runledger/cli/json.hpp>
#include <runledger/cli/output.hpp>
#include <runledger/cli/progress.hpp>
#include <runledger/cli/table.hpp>
#include <runledger/cli/terminal.hpp>

namespace runledger::cli {

enum class Format { text, json, csv };

// What a command works with besides its own arguments: the streams, and the options of every
// command.
//
// Threads: one. The context's callbacks come on the thread of the operation.
class Session {
 public:
  Session(const Arguments& arguments, const Terminal& terminal, Output& out, Output& err);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] const Terminal& terminal() const { return terminal_; }
  [[nodiscard]] Format format() const { return format_; }
  [[nodiscard]] bool json() const { return format_ == Format::json; }

  // The application's context, notices and progress going to stderr. Errors: invalid_input.
  [[nodiscard]] Result<app::Context> context();

  // Data, to stdout.
  void print(std::string_view text);
  void print_json(const Json& document);
  void print_table(const Table& table);
  [[nodiscard]] Output& out() { return out_; }

  // One sentence to stderr, unless -q.
  void say(std::string_view sentence);
  // The same, -q or not.
  void warn(std::string_view sentence);
  // For -v.
  void debug(std::string_view sentence);
  // Whether a person agrees: --yes, or the answer on the terminal. Errors: invalid_input (nobody is
  // there to answer), interrupted.
  [[nodiscard]] Result<bool> confirm(std::string_view question);
  // Removes the progress line, so that what follows does not stand behind it.
  void end_progress();

 private:
  void show_progress(std::uint64_t done, std::uint64_t total, std::string_view what);

  const Arguments& arguments_;
  Terminal terminal_;
  Output& out_;
  Output& err_;
  Format format_ = Format::text;
  bool quiet_, verbose_, yes_;
  std::optional<ProgressBar> progress_;
};

}  // namespace runledger::cli
