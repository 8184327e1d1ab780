#include "host_calls.hpp"

#include <algorithm>
#include <cstddef>
#include <new>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "order_check.hpp"
#include "plugin_text.hpp"

namespace runledger {
namespace {

constexpr std::size_t kOrderSizeMin = offsetof(rl_order, reason) + sizeof(void*);  // 1.0
constexpr std::size_t kOrderSizeMax = 4'096;

}  // namespace

const rl_publish HostCalls::kPublish{
    .struct_size = sizeof(rl_publish), .reserved = 0, .value = &HostCalls::publish};

HostCalls::HostCalls(const RunInputs& inputs, Broker& broker, RunResult& result)
    : inputs_(inputs),
      broker_(broker),
      result_(result),
      host_{.struct_size = sizeof(rl_host),
            .abi_minor = RL_ABI_MINOR,
            .context = this,
            .seed = inputs.settings.seed,
            .submit = &HostCalls::submit,
            .cancel = &HostCalls::cancel,
            .log = &HostCalls::log,
            .explain = &HostCalls::explain,
            .extension = &HostCalls::extension},
      progress_(inputs.progress != nullptr ? inputs.progress : &own_progress_) {}

rl_status HostCalls::submit(const rl_host* host, const rl_order* order, std::uint64_t* order_id) {
  HostCalls& self = of(host);
  try {
    return self.submit_order(order, order_id);
  } catch (const std::bad_alloc&) {
    if (!self.fault_)
      self.fault_ = self.make_fault(RunFault::Kind::out_of_memory, "memory ran out");
    return RL_ERROR;
  }
}

rl_status HostCalls::submit_order(const rl_order* order, std::uint64_t* order_id) {
  if (order == nullptr || order_id == nullptr) return invalid("submit was given a null pointer");
  *order_id = 0;
  if (!trading()) return invalid("an order was submitted outside the bars of the run");
  if (order->struct_size < kOrderSizeMin || order->struct_size > kOrderSizeMax) {
    return invalid(fmt::format("an order's struct_size is {}, not within {} and {}",
                               order->struct_size, kOrderSizeMin, kOrderSizeMax));
  }
  OrderCheck check = check_order(*order, (inputs_.strategy->flags & RL_SIZES_ORDERS) != 0);
  if (check.verdict == OrderVerdict::invalid) return invalid(std::move(check.reason));
  if (!broker_.has_room_for(*order)) {
    return invalid(fmt::format("more than {} orders in a run, or {} at a time", kOrdersMax,
                               kWaitingOrdersMax));
  }
  if (broker_.bankrupt()) {
    broker_.reject(*order, bar_, RefusalCode::bankrupt, "the account is bankrupt and closed");
    return RL_REJECTED;
  }
  if (check.verdict == OrderVerdict::rejected) {
    if (!std::exchange(told_not_supported_, true)) note(RL_LOG_WARN, check.reason);
    broker_.reject(*order, bar_, RefusalCode::not_supported, std::move(check.reason));
    return RL_REJECTED;
  }
  *order_id = broker_.submit(*order, bar_);
  return RL_OK;
}

rl_status HostCalls::invalid(std::string reason) {
  if (!fault_) fault_ = make_fault(RunFault::Kind::broke_contract, std::move(reason));
  return RL_INVALID;
}

rl_status HostCalls::cancel(const rl_host* host, std::uint64_t order_id) {
  HostCalls& self = of(host);
  if (!self.trading()) return RL_REJECTED;
  return self.broker_.cancel(order_id, self.bar_) ? RL_OK : RL_REJECTED;
}

void HostCalls::log(const rl_host* host, std::int32_t level, const char* text) {
  HostCalls& self = of(host);
  try {
    // Over the cap a line costs nothing but its count.
    if (self.result_.log.size() >= kLogLinesMax || self.log_bytes_ >= kLogBytesMax) {
      ++self.result_.log_lines;
      return;
    }
    self.note(
        static_cast<std::uint8_t>(std::clamp<std::int32_t>(level, RL_LOG_DEBUG, RL_LOG_ERROR)),
        plugin_text(text, kLogLineBytesMax));
  } catch (const std::bad_alloc&) {
    if (!self.fault_)
      self.fault_ = self.make_fault(RunFault::Kind::out_of_memory, "memory ran out");
  }
}

void HostCalls::note(std::uint8_t level, std::string text) {
  ++result_.log_lines;
  if (result_.log.size() >= kLogLinesMax || log_bytes_ + text.size() > kLogBytesMax) return;
  log_bytes_ += text.size();
  result_.log.push_back({bar_, level, std::move(text)});
  if (inputs_.log) inputs_.log(result_.log.back());
}

void HostCalls::explain(const rl_host* host, const char* text) {
  HostCalls& self = of(host);
  try {
    self.explanation_ = plugin_text(text, kExplanationBytesMax);
  } catch (const std::bad_alloc&) {
    self.explanation_.clear();
  }
}

const void* HostCalls::extension(const rl_host* host, const char* id) {
  if (id == nullptr || std::string_view(id) != RL_EXT_PUBLISH) return nullptr;
  return of(host).inputs_.publish ? &kPublish : nullptr;
}

void HostCalls::publish(const rl_host* host, const char* name, double value) {
  HostCalls& self = of(host);
  if (name == nullptr || !self.inputs_.publish) return;
  try {
    self.inputs_.publish(self.bar_, name, value);
  } catch (const std::bad_alloc&) {
    if (!self.fault_)
      self.fault_ = self.make_fault(RunFault::Kind::out_of_memory, "memory ran out");
  }
}

}  // namespace runledger
