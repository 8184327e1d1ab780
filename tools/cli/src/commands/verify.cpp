#include <fmt/format.h>

#include <runledger/app/maintenance.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/text_width.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

Json findings_json(const std::vector<app::Finding>& findings) {
  Json array = Json::array();
  for (const app::Finding& finding : findings) {
    array.add(
        Json::object({{"where", finding.where},
                      {"message", finding.message},
                      {"first_seq", finding.first_seq ? Json(finding.first_seq->value) : Json()}}));
  }
  return array;
}

Json verification_json(const app::Verification& v) {
  return Json::object({{"ok", v.ok},
                       {"size", v.head.size.value},
                       {"root", v.head.root.hex()},
                       {"events_checked", v.events_checked},
                       {"blobs_checked", v.blobs_checked},
                       {"findings", findings_json(v.findings)}});
}

std::string verification_text(const app::Verification& v, const Terminal& terminal) {
  std::string text = render_pairs({{"size", {counted(v.head.size.value, "event")}},
                                   {"root", {v.head.root.hex()}},
                                   {"checked",
                                    {fmt::format("{}, {}", counted(v.events_checked, "event"),
                                                 counted(v.blobs_checked, "file"))}}},
                                  terminal);
  for (const app::Finding& finding : v.findings) {
    text += paint("damage", Tone::bad, terminal) + "  " + printable(finding.where) + ": " +
            printable(finding.message) + '\n';
  }
  text +=
      v.ok ? paint("the ledger is whole", Tone::good, terminal) + '\n'
           : paint(fmt::format("the ledger is damaged: {}", counted(v.findings.size(), "finding")),
                   Tone::bad, terminal) +
                 '\n';
  return text;
}

Result<int> verify(Session& session, const Arguments& arguments) {
  RL_TRY(app::Context context, session.context());
  if (!arguments.operands().empty()) {
    RL_TRY(context.ledger,
           app::locate_ledger({.option = arguments.operands().front(),
                               .environment = {},
                               .working_directory = std::filesystem::current_path()}));
  }
  RL_TRY(const app::Verification verification, app::verify(context));
  if (session.json()) {
    session.print_json(verification_json(verification));
  } else {
    session.print(verification_text(verification, session.terminal()));
  }
  return verification.ok ? 0 : exit_status(ErrorCode::damaged);
}

}  // namespace

Command verify_command() {
  return {.name = "verify",
          .summary = "check that every byte of the ledger is what was recorded",
          .details =
              "Hashes of all events, their sequence and times, the tree and its root, what "
              "was acknowledged, the projections, and every file. Exits with 3 when "
              "something is damaged.",
          .operands = {{.name = "LEDGER",
                        .help = "A ledger; else the usual one",
                        .min = 0,
                        .completes = Completes::folder}},
          .examples = {{"verify", "check the ledger"}, {"verify /backup/ledger", "check a copy"}},
          .action = verify};
}

}  // namespace runledger::cli
