#include <gtest/gtest.h>

#include <runledger/app/maintenance.hpp>

// The checks of verify and reindex run in a child process, which is this program again.
int main(int argc, char** argv) {
  if (const auto status = runledger::app::run_child_task(argc, argv)) return *status;
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
