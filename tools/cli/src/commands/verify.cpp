#include <fmt/format.h>

#include <runledger/app/maintenance.hpp>
#include <runledger/base/text.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/table.hpp>
#include <runledger/cli/text_width.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

using Pairs = std::vector<std::pair<std::string, Cell>>;

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

Json head_json(const std::optional<ledger::LogHead>& head) {
  if (!head) return {};
  return Json::object({{"size", head->size.value}, {"root", head->root.hex()}});
}

Json range_json(const std::optional<ledger::SeqRange>& range) {
  if (!range) return {};
  return Json::object({{"first", range->first.value}, {"last", range->last.value}});
}

Json verification_json(const app::Verification& v) {
  return Json::object({{"ok", v.ok},
                       {"size", v.head.size.value},
                       {"root", v.head.root.hex()},
                       {"acknowledged", head_json(v.acknowledged)},
                       {"missing", range_json(v.missing)},
                       {"events_checked", v.events_checked},
                       {"blobs_checked", v.blobs_checked},
                       {"findings", findings_json(v.findings)},
                       {"notes", findings_json(v.notes)}});
}

// Whether a message says itself where it belongs, so that a place before it would be said twice.
bool tells_place(const app::Finding& line) {
  const std::string message = to_lower(line.message);
  return message.starts_with("event") || message.contains(to_lower(line.where));
}

std::string lines_text(std::string_view label, Tone tone, const std::vector<app::Finding>& lines,
                       const Terminal& terminal) {
  std::string text;
  for (const app::Finding& line : lines)
    text += paint(label, tone, terminal) + "  " +
            (tells_place(line) ? std::string() : printable(line.where) + ": ") +
            printable(line.message) + '\n';
  return text;
}

// What was acknowledged, when it is not what is there.
void add_acknowledged(const app::Verification& v, Pairs& pairs) {
  if (!v.acknowledged || v.acknowledged->size == v.head.size) return;
  pairs.push_back({"acknowledged",
                   {fmt::format("{}, root {}", counted(v.acknowledged->size.value, "event"),
                                v.acknowledged->root.hex())}});
  if (!v.missing) return;
  const std::uint64_t first = v.missing->first.value;
  const std::uint64_t last = v.missing->last.value;
  pairs.push_back({"missing",
                   {first == last ? fmt::format("event {}", first)
                                  : fmt::format("events {} to {}", first, last)}});
}

std::string verification_text(const app::Verification& v, const Terminal& terminal) {
  Pairs pairs{{"size", {counted(v.head.size.value, "event")}}, {"root", {v.head.root.hex()}}};
  add_acknowledged(v, pairs);
  pairs.push_back({"checked",
                   {fmt::format("{}, {}", counted(v.events_checked, "event"),
                                counted(v.blobs_checked, "file"))}});
  std::string text = render_pairs(pairs, terminal);
  text += lines_text("damage", Tone::bad, v.findings, terminal);
  text += lines_text("note", Tone::notice, v.notes, terminal);
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
              "was acknowledged, what events say of one another, the projections, every file, and "
              "every dataset. Notes tell what is unfinished, left over or unknown and is no "
              "damage. Nothing is written. Exits with 3 when something is damaged.",
          .operands = {{.name = "LEDGER",
                        .help = "A ledger; else the usual one",
                        .min = 0,
                        .completes = Completes::folder}},
          .examples = {{"verify", "check the ledger"}, {"verify /backup/ledger", "check a copy"}},
          .action = verify};
}

}  // namespace runledger::cli
