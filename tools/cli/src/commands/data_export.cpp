#include <fmt/format.h>

#include "commands.hpp"

namespace runledger::cli {
namespace {

// The disk is full, say; a reader that went away is no error, and the end of the program knows it.
std::unexpected<Error> stopped(const Output& out) {
  return fail(ErrorCode::write_failed,
              fmt::format("the output could not be written ({})", out.reason()));
}

Result<int> data_export(Session& session, const Arguments& arguments) {
  if (session.json()) {
    return fail(ErrorCode::invalid_input, "`runledger data export` writes CSV; leave --json out");
  }
  RL_TRY(const app::Context context, session.context());
  Output& out = session.out();
  const auto write = [&](std::string_view text) -> Status {
    out.write(text);
    if (out.state() != Output::State::open) return stopped(out);
    return {};
  };
  RL_TRY_VOID(app::export_dataset(
      context, {arguments.operands().front(), arguments.value("interval")}, write));
  return 0;
}

}  // namespace

Command data_export_command() {
  return {.name = "export",
          .summary = "write a dataset as CSV",
          .details =
              "Columns time, open, high, low, close, volume; numbers read back bit for bit, "
              "so that importing the output gives the same dataset.",
          .operands = {{.name = "T[@DIGEST]",
                        .help = "A ticker, or one version by 6 or more digits of its digest",
                        .completes = Completes::ticker}},
          .options = {{.name = "interval",
                       .letter = 'i',
                       .value = "I",
                       .help = "Which, when the ticker has several"}},
          .examples = {{"data export AAPL > AAPL.csv", "the newest version, into a file"}},
          .prints_table = true,
          .action = data_export};
}

}  // namespace runledger::cli
