#include <filesystem>

#include <fmt/format.h>

#include "commands.hpp"

namespace runledger::cli {
namespace {

Result<int> strategies_new(Session& session, const Arguments& arguments) {
  RL_TRY(const app::Context context, session.context());
  const std::string& name = arguments.operands().front();
  const std::filesystem::path directory = arguments.value("dir").value_or(name);
  RL_TRY(const auto files, app::new_strategy(context, name, directory));
  if (session.json()) {
    Json array = Json::array();
    for (const auto& file : files) array.add(file.string());
    session.print_json(Json::object({{"name", name}, {"files", std::move(array)}}));
    return 0;
  }
  for (const auto& file : files) session.print(file.string() + '\n');
  session.say(fmt::format("next: cmake -S {0} -B {0}/build && cmake --build {0}/build",
                          directory.string()));
  return 0;
}

}  // namespace

Command strategies_new_command() {
  return {.name = "new",
          .summary = "start a strategy: a small project that builds out of tree",
          .operands = {{.name = "NAME", .help = "Its name: small letters, digits and _"}},
          .options = {{.name = "dir",
                       .value = "DIR",
                       .help = "Where to write it; else a folder of that name",
                       .completes = Completes::folder}},
          .examples = {{"strategies new my_strategy", "write ./my_strategy"}},
          .action = strategies_new};
}

}  // namespace runledger::cli
