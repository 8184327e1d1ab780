#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <runledger/engine/run.hpp>
#include <runledger/strategy_abi.h>

#include "broker.hpp"

namespace runledger {

// What a run offers its strategy: the functions of rl_host, and what they leave behind.
//
// Nothing that a callback meets may leave it as an exception: it stands between frames of the
// plugin.
class HostCalls {
 public:
  HostCalls(const RunInputs& inputs, Broker& broker, RunResult& result);
  HostCalls(const HostCalls&) = delete;
  HostCalls& operator=(const HostCalls&) = delete;

  [[nodiscard]] const rl_host* host() const { return &host_; }

  // Where the run is, before every call into the plugin.
  void enter(PluginCall call, std::uint64_t bar) {
    call_ = call;
    bar_ = bar;
    progress_->bar = bar;
    progress_->call = static_cast<std::uint32_t>(call);
  }

  // What a callback found wrong; it ends the run whatever the plugin makes of it.
  [[nodiscard]] const std::optional<RunFault>& fault() const { return fault_; }
  // Takes the text of the last explain, empty when there was none.
  std::string take_explanation() { return std::exchange(explanation_, {}); }
  [[nodiscard]] RunFault make_fault(RunFault::Kind kind, std::string message) const {
    return {kind, static_cast<std::uint32_t>(call_), bar_, std::move(message)};
  }
  // Adds a line of the run's own to its log.
  void note(std::uint8_t level, std::string text);

 private:
  static HostCalls& of(const rl_host* host) { return *static_cast<HostCalls*>(host->context); }
  static rl_status submit(const rl_host* host, const rl_order* order, std::uint64_t* order_id);
  static rl_status cancel(const rl_host* host, std::uint64_t order_id);
  static void log(const rl_host* host, std::int32_t level, const char* text);
  static void explain(const rl_host* host, const char* text);
  static const void* extension(const rl_host* host, const char* id);
  static void publish(const rl_host* host, const char* name, double value);
  static const rl_publish kPublish;

  rl_status submit_order(const rl_order* order, std::uint64_t* order_id);
  rl_status invalid(std::string reason);
  [[nodiscard]] bool trading() const {
    return call_ == PluginCall::on_bar || call_ == PluginCall::on_fill ||
           call_ == PluginCall::on_refusal || call_ == PluginCall::on_end;
  }

  const RunInputs& inputs_;
  Broker& broker_;
  RunResult& result_;
  rl_host host_;
  Progress own_progress_;
  Progress* progress_;
  PluginCall call_ = PluginCall::none;
  std::uint64_t bar_ = 0;
  std::optional<RunFault> fault_;
  std::string explanation_;
  std::size_t log_bytes_ = 0;
  bool told_not_supported_ = false;
};

}  // namespace runledger
