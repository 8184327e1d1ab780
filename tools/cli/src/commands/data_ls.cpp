#include "commands.hpp"

namespace runledger::cli {
namespace {

Result<int> data_ls(Session& session, const Arguments& arguments) {
  RL_TRY(const app::Context context, session.context());
  const bool all = arguments.has("all");
  RL_TRY(const auto datasets, app::list_datasets(context, all));
  dataset_listing(datasets, all).print(session, "datasets");
  if (datasets.empty()) session.say("no prices yet; import some: runledger data import FILE");
  return 0;
}

}  // namespace

Command data_ls_command() {
  return {.name = "ls",
          .summary = "list the datasets",
          .details =
              "The newest version of every ticker and interval; older versions stay, and "
              "runs can be made from them.",
          .options = {{.name = "all", .letter = 'a', .help = "Older versions too"}},
          .examples = {{"data ls", "what there is to run on"},
                       {"data ls --all --json", "every version, for a script"}},
          .prints_table = true,
          .action = data_ls};
}

}  // namespace runledger::cli
