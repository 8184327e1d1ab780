#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include <runledger/worker/worker.hpp>

namespace runledger::worker {

class WorkerPool::Impl {
 public:
  explicit Impl(WorkerOptions options) : options_(std::move(options)) {}

  template <class Call>
  auto with_worker(const std::filesystem::path& plugin, const Call& call) {
    Worker worker = take(plugin);
    auto result = call(worker);
    give_back(std::move(worker));
    return result;
  }

 private:
  Worker take(const std::filesystem::path& plugin) {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return Worker(options_);
    auto chosen = std::ranges::find(idle_, plugin, &Worker::plugin);
    if (chosen == idle_.end()) chosen = std::prev(idle_.end());
    Worker worker = std::move(*chosen);
    idle_.erase(chosen);
    return worker;
  }

  void give_back(Worker worker) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(worker));
  }

  const WorkerOptions options_;
  std::mutex mutex_;
  std::vector<Worker> idle_;
};

WorkerPool::WorkerPool(WorkerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
WorkerPool::~WorkerPool() = default;

Result<DescribeOutcome> WorkerPool::describe(const std::filesystem::path& plugin,
                                             std::string_view name) {
  return impl_->with_worker(plugin, [&](Worker& worker) { return worker.describe(plugin, name); });
}

Result<RunOutcome> WorkerPool::run(const RunCall& call) {
  return impl_->with_worker(call.plugin, [&](Worker& worker) { return worker.run(call); });
}

Result<BatchOutcome> WorkerPool::run_batch(const RunCall& call,
                                           std::span<const TrialParameters> trials) {
  return impl_->with_worker(call.plugin,
                            [&](Worker& worker) { return worker.run_batch(call, trials); });
}

Result<CheckOutcome> WorkerPool::check(const RunCall& call, const CheckProgress& progress) {
  return impl_->with_worker(call.plugin,
                            [&](Worker& worker) { return worker.check(call, progress); });
}

}  // namespace runledger::worker
