#include <exception>
#include <limits>
#include <new>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <runledger/engine/run.hpp>

#include "broker.hpp"
#include "host_calls.hpp"
#include "plugin_text.hpp"

namespace runledger {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view kOutOfMemory = "memory ran out";

std::string_view call_name(PluginCall call) {
  switch (call) {
    case PluginCall::create:
      return "create";
    case PluginCall::on_bar:
      return "on_bar";
    case PluginCall::on_fill:
      return "on_fill";
    case PluginCall::on_refusal:
      return "on_refusal";
    case PluginCall::on_end:
      return "on_end";
    case PluginCall::destroy:
      return "destroy";
    default:
      return "a call";
  }
}

// What it means that create returned NULL. The SDK explains a bad_alloc with these words.
RunFault::Kind kind_of_refusal(std::string_view why) {
  if (why.empty()) return RunFault::Kind::broke_contract;
  return why == kOutOfMemory ? RunFault::Kind::out_of_memory : RunFault::Kind::refused_to_start;
}

// One run, from create to destroy.
class Run {
 public:
  explicit Run(const RunInputs& inputs)
      : inputs_(inputs),
        strategy_(*inputs.strategy),
        broker_(inputs.settings, inputs.bars, result_),
        host_(inputs, broker_, result_) {
    const BarColumns& bars = inputs.bars;
    series_ = {.count = 0,
               .close_time_ns = bars.close_time.data(),
               .open = bars.open.data(),
               .high = bars.high.data(),
               .low = bars.low.data(),
               .close = bars.close.data(),
               .volume = bars.volume.data(),
               .position = 0};
    account_ = {.struct_size = sizeof(rl_account),
                .open_order_count = 0,
                .cash = inputs.settings.cash,
                .equity = inputs.settings.cash,
                .average_price = kNaN,
                .unrealised_pnl = 0,
                .open_orders = nullptr};
    step_ = {.struct_size = sizeof(rl_step),
             .series_count = 1,
             .series = &series_,
             .now_ns = 0,
             .account = &account_};
  }

  std::expected<RunResult, RunFault> execute() {
    if (create()) {
      try {
        if (run_bars()) end();
      } catch (const std::bad_alloc&) {
        fail(RunFault::Kind::out_of_memory, std::string(kOutOfMemory));
      }
      destroy();
    }
    if (fault_) return std::unexpected(std::move(*fault_));
    if (broker_.rounded_to_lots()) {
      host_.note(RL_LOG_INFO, fmt::format("order sizes are rounded toward zero to lots of {}",
                                          inputs_.settings.lot_size));
    }
    if (broker_.volume_missed()) {
      host_.note(RL_LOG_WARN,
                 "the data has bars without volume, on which slippage by volume is not charged");
    }
    broker_.finish();
    result_.equity.resize(bars_run_);
    return std::move(result_);
  }

 private:
  bool create() {
    const rl_value* const values = inputs_.values.data();
    const bool returned = call(PluginCall::create, 0, [&] {
      self_ = strategy_.create(host_.host(), values);
      return RL_OK;
    });
    if (returned && self_ == nullptr) {
      std::string why = host_.take_explanation();
      const RunFault::Kind kind = kind_of_refusal(why);
      if (why.empty()) why = "create returned NULL without saying why";
      fault_ = host_.make_fault(kind, std::move(why));
    }
    return self_ != nullptr;
  }

  // False when a call failed.
  bool run_bars() {
    const std::size_t count = fault_ ? 0 : inputs_.bars.size();
    for (std::size_t bar = 0; bar < count; ++bar) {
      if (broker_.has_work()) broker_.carry_out(bar);
      const double equity = broker_.close_bar(bar);
      bars_run_ = bar + 1;
      show(bar, equity);
      if (!broker_.notices().empty() && !tell(bar)) return false;
      if (broker_.bankrupt()) break;
      if (broker_.has_waiting()) show_open_orders();
      if (!call(PluginCall::on_bar, bar, [&] { return strategy_.on_bar(self_, &step_); })) {
        return false;
      }
      account_.open_order_count = 0;
    }
    return !fault_;
  }

  // Lets the strategy see the account as it is at the close of `bar`.
  void show(std::size_t bar, double equity) {
    const Holdings& holdings = broker_.holdings();
    series_.count = bar + 1;
    series_.position = holdings.units;
    account_.cash = holdings.cash;
    account_.equity = equity;
    const bool flat = holdings.units == 0;
    account_.average_price = flat ? kNaN : holdings.average_price;
    account_.unrealised_pnl =
        flat ? 0 : holdings.units * (inputs_.bars.close[bar] - holdings.average_price);
    step_.now_ns = inputs_.bars.close_time[bar];
  }

  void show_open_orders() {
    const auto orders = broker_.open_orders();
    account_.open_orders = orders.data();
    account_.open_order_count = static_cast<std::uint32_t>(orders.size());
  }

  // Tells fills and refusals of `bar`, in the order in which they happened.
  bool tell(std::size_t bar) {
    const std::int64_t time = inputs_.bars.label[bar];
    for (const Execution::Notice& notice : broker_.notices()) {
      if (!(notice.refusal ? tell_refusal(result_.refusals[notice.index], time)
                           : tell_fill(result_.fills[notice.index], time))) {
        return false;
      }
    }
    broker_.clear_notices();
    return true;
  }

  bool tell_fill(const FillRecord& record, std::int64_t time) {
    if (strategy_.on_fill == nullptr) return true;
    const rl_fill fill{.order_id = record.order_id,
                       .time_ns = time,
                       .quantity = record.quantity,
                       .price = record.price,
                       .fee = record.fee,
                       .series = 0,
                       .reserved = 0};
    return call(PluginCall::on_fill, record.bar, [&] { return strategy_.on_fill(self_, &fill); });
  }

  bool tell_refusal(const RefusalRecord& record, std::int64_t time) {
    if (strategy_.on_refusal == nullptr) return true;
    // A copy: an order submitted during the call may be refused, which moves the records.
    const std::string reason = record.reason;
    const rl_refusal refusal{.struct_size = sizeof(rl_refusal),
                             .series = 0,
                             .order_id = record.order_id,
                             .time_ns = time,
                             .quantity = record.quantity,
                             .reason = reason.c_str()};
    return call(PluginCall::on_refusal, record.bar,
                [&] { return strategy_.on_refusal(self_, &refusal); });
  }

  void end() {
    if (strategy_.on_end == nullptr || bars_run_ == 0) return;
    if (broker_.has_waiting()) show_open_orders();
    call(PluginCall::on_end, bars_run_ - 1, [&] { return strategy_.on_end(self_, &step_); });
  }

  void destroy() {
    call(PluginCall::destroy, bars_run_ == 0 ? 0 : bars_run_ - 1, [&] {
      strategy_.destroy(self_);
      return RL_OK;
    });
  }

  // Calls into the plugin. False when that ended the run; the first fault is the one that counts.
  template <class Body>
  bool call(PluginCall which, std::uint64_t bar, Body&& body) {
    host_.enter(which, bar);
    rl_status status = RL_ERROR;
    try {
      status = body();
    } catch (const std::bad_alloc&) {
      return fail(RunFault::Kind::out_of_memory, std::string(kOutOfMemory));
    } catch (const std::exception& exception) {
      return fail(RunFault::Kind::threw, plugin_text(exception.what(), kExplanationBytesMax));
    } catch (...) {
      return fail(RunFault::Kind::threw, "an exception that is no std::exception");
    }
    if (status == RL_OK && !host_.fault()) [[likely]]
      return true;
    return fail_status(which, status);
  }

  bool fail_status(PluginCall which, rl_status status) {
    if (host_.fault()) {
      if (!fault_) fault_ = host_.fault();
      return false;
    }
    if (status != RL_ERROR && status != RL_INVALID) {
      return fail(RunFault::Kind::broke_contract,
                  fmt::format("{} returned {}, which is no status that ends or continues a run",
                              call_name(which), status));
    }
    std::string why = host_.take_explanation();
    if (why.empty()) why = fmt::format("{} failed without saying why", call_name(which));
    return fail(RunFault::Kind::reported, std::move(why));
  }

  bool fail(RunFault::Kind kind, std::string message) {
    if (!fault_ && host_.fault()) fault_ = host_.fault();
    if (!fault_) fault_ = host_.make_fault(kind, std::move(message));
    return false;
  }

  const RunInputs& inputs_;
  const rl_strategy& strategy_;
  RunResult result_;
  Broker broker_;
  HostCalls host_;
  rl_series series_{};
  rl_account account_{};
  rl_step step_{};
  void* self_ = nullptr;
  std::size_t bars_run_ = 0;
  std::optional<RunFault> fault_;
};

}  // namespace

std::expected<RunResult, RunFault> run_strategy(const RunInputs& inputs) {
  try {
    return Run(inputs).execute();
  } catch (const std::bad_alloc&) {
    return std::unexpected(RunFault{.kind = RunFault::Kind::out_of_memory,
                                    .call = static_cast<std::uint32_t>(PluginCall::none),
                                    .bar = 0,
                                    .message = std::string(kOutOfMemory)});
  }
}

}  // namespace runledger
