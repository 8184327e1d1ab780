#include <fmt/format.h>

#include "commands.hpp"

namespace runledger::cli {
namespace {

Result<int> runs_count(Session& session, const Arguments& arguments) {
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const std::uint64_t count, app::count_runs(context, read_filter(arguments)));
  if (session.json()) {
    session.print_json(Json::object({{"count", count}}));
  } else {
    session.print(fmt::format("{}\n", count));
  }
  return 0;
}

}  // namespace

Command runs_count_command() {
  return {.name = "count",
          .summary = "count runs",
          .options = filter_options(),
          .examples = {{"runs count --ticker AAPL --strategy sma_cross", "how many there are"}},
          .action = runs_count};
}

}  // namespace runledger::cli
