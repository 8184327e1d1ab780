#include <runledger/app/maintenance.hpp>
#include <runledger/cli/program.hpp>

int main(int argc, char** argv) {
  if (const auto status = runledger::app::run_child_task(argc, argv)) return *status;
  return runledger::cli::run_program({argv + 1, argv + argc});
}
