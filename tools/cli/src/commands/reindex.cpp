#include <fmt/format.h>

#include <runledger/app/maintenance.hpp>
#include <runledger/cli/numbers.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

Result<int> reindex(Session& session, const Arguments& /*arguments*/) {
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const app::Reindexed done, app::reindex(context));
  if (session.json()) {
    session.print_json(Json::object(
        {{"events", done.events}, {"pairs", done.pairs}, {"differing", done.differing}}));
    return 0;
  }
  session.print(fmt::format(
      "rebuilt {} from {}; {}\n", counted(done.pairs, "index entry", "index entries"),
      counted(done.events, "event"),
      done.differing == 0
          ? std::string("all were as they should be")
          : counted(done.differing, "was wrong and is mended", "were wrong and are mended")));
  return 0;
}

}  // namespace

Command reindex_command() {
  return {.name = "reindex",
          .summary = "rebuild everything that is derived from the events",
          .details =
              "Verifies the events first, and does nothing when they are damaged. The "
              "events themselves are not touched.",
          .examples = {{"reindex", "after `verify` found an index that differs"}},
          .action = reindex};
}

}  // namespace runledger::cli
