#include <runledger/app/strategies.hpp>
#include <runledger/app/strategy_project.hpp>

namespace runledger::app {

Result<std::vector<std::filesystem::path>> new_strategy(const Context& context,
                                                        const std::string& name,
                                                        const std::filesystem::path& directory) {
  return write_strategy_project(context.layout.share / "template", directory, name);
}

}  // namespace runledger::app
