#include <algorithm>
#include <exception>
#include <new>

#include <fmt/format.h>
#include <unistd.h>

#include <runledger/base/check.hpp>
#include <runledger/cli/command.hpp>
#include <runledger/cli/help.hpp>
#include <runledger/cli/parser.hpp>
#include <runledger/cli/program.hpp>
#include <runledger/cli/sentence.hpp>
#include <runledger/cli/session.hpp>
#include <runledger/cli/signals.hpp>
#include <runledger/cli/text_width.hpp>

namespace runledger::cli {
namespace {

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

struct Streams {
  Output out{STDOUT_FILENO};
  Output err{STDERR_FILENO};
};

int report(const Error& error, bool json, const Terminal& terminal, Streams& streams) {
  const std::string message = as_said(error.message);
  if (json) {
    const Json body =
        Json::object({{"code", std::string(error_name(error.code))}, {"message", message}});
    streams.out.write(Json::object({{"error", body}}).text() + '\n');
  }
  streams.out.flush();
  Terminal err_terminal = terminal;
  err_terminal.color = terminal.color && terminal.err;
  streams.err.write(paint("runledger:", Tone::bad, err_terminal) + " " + printable(message, true) +
                    '\n');
  streams.err.flush();
  return exit_status(error.code);
}

Status check_formats(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (!arguments.has("csv")) return {};
  if (arguments.has("json")) {
    return fail(ErrorCode::invalid_input, "--json and --csv exclude each other; choose one");
  }
  if (invocation.command().prints_table) return {};
  return fail(ErrorCode::invalid_input,
              fmt::format("`{}` has no table for --csv; use --json", path_text(invocation.path)));
}

Result<int> carry_out(const Invocation& invocation, const Terminal& terminal, Streams& streams) {
  RL_TRY_VOID(check_formats(invocation));
  RL_CHECK(invocation.command().action != nullptr);
  Session session(invocation.arguments, terminal, streams.out, streams.err);
  try {
    return invocation.command().action(session, invocation.arguments);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::internal,
                "the memory ran out; nothing was recorded by this command; close other programs "
                "or give it less to do");
  } catch (const std::exception&) {
    return fail(ErrorCode::internal,
                fmt::format("`{}` met an error that nobody foresaw; run `runledger doctor`, and "
                            "report this with the command line",
                            path_text(invocation.path)));
  }
}

// Help for a group without a command goes to stderr: what was asked for is missing.
int help_for_group(const Invocation& invocation, const Terminal& terminal, Streams& streams) {
  streams.err.write(help_text(invocation.path, terminal));
  streams.err.flush();
  return exit_status(ErrorCode::invalid_input);
}

int finish(int status, Streams& streams) {
  if (streams.out.flush() != Output::State::failed) return status;
  streams.err.write(
      fmt::format("runledger: the output could not be written ({}); what the command "
                  "recorded is recorded\n",
                  streams.out.reason()));
  streams.err.flush();
  return exit_status(ErrorCode::write_failed);
}

}  // namespace

int run_program(const std::vector<std::string>& words) {
  prepare_process();
  const Terminal terminal = detect_terminal(holds(words, "--no-color"));
  Streams streams;
  // `runledger help runs ls` is `runledger runs ls --help`.
  std::vector<std::string> asked = words;
  if (!asked.empty() && asked.front() == "help") {
    asked.erase(asked.begin());
    asked.emplace_back("--help");
  }
  const Result<Invocation> invocation = parse(command_tree(), asked);
  if (!invocation) return report(invocation.error(), holds(words, "--json"), terminal, streams);
  if (invocation->wants_help) {
    streams.out.write(help_text(invocation->path, terminal));
    return finish(0, streams);
  }
  if (invocation->arguments.has("version")) {
    streams.out.write("runledger " RUNLEDGER_VERSION "\n");
    return finish(0, streams);
  }
  if (!invocation->command().commands.empty()) {
    return help_for_group(*invocation, terminal, streams);
  }
  const Result<int> status = carry_out(*invocation, terminal, streams);
  if (status) return finish(*status, streams);
  // A reader that left early, as `head` does, has what it wanted.
  if (streams.out.state() == Output::State::reader_gone) return 0;
  return report(status.error(), invocation->arguments.has("json"), terminal, streams);
}

}  // namespace runledger::cli
