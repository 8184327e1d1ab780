#pragma once

#include <optional>
#include <string>

#include <runledger/host/plugin.hpp>
#include <runledger/schemas/worker_generated.h>

#include "status.hpp"

namespace runledger::worker {

// The one plugin that this process holds.
class HeldPlugin {
 public:
  explicit HeldPlugin(WorkerStatus& status) : status_(status) {}

  // Loads `path`, unless it is loaded. Null when another one is: a process holds no two.
  const LoadedPlugin* load(const std::string& path);
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  WorkerStatus& status_;
  std::string path_;
  std::optional<LoadedPlugin> plugin_;
};

// What is in the plugin, or why it cannot be used.
schema::DescribeReplyT describe_plugin(const LoadedPlugin& loaded, const std::string& path);

}  // namespace runledger::worker
