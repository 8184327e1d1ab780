#include "support.hpp"

#include <cmath>
#include <span>

#include <runledger/base/digest.hpp>
#include <runledger/base/time.hpp>

namespace runledger::test {

Bars wavy_bars(std::size_t count) {
  constexpr TimeNs kFirst = 1'230'768'000 * kSecondNs;  // 2009-01-01
  Bars bars;
  bars.interval = *parse_interval("1d");
  for (std::size_t i = 0; i < count; ++i) {
    const double open = 100 + static_cast<double>(i * 7919 % 97) / 4;
    const double close = 100 + static_cast<double>(i * 6101 % 89) / 4;
    bars.label.push_back(kFirst + static_cast<TimeNs>(i) * kDayNs);
    bars.open.push_back(open);
    bars.high.push_back(std::max(open, close) + 1);
    bars.low.push_back(std::min(open, close) - 1);
    bars.close.push_back(close);
    bars.volume.push_back(1000 + static_cast<double>(i));
  }
  return bars;
}

const worker::SharedBars& hundred_bars() {
  static const worker::SharedBars bars = value_of(worker::SharedBars::make(wavy_bars(100)));
  return bars;
}

worker::WorkerOptions worker_options() { return {.program = WORKER_PROGRAM}; }

worker::RunCall call_of(const char* plugin, std::string strategy) {
  worker::RunCall call;
  call.plugin = plugin;
  call.strategy = std::move(strategy);
  call.settings = worker::stored_settings({});
  call.bars = &hundred_bars();
  return call;
}

worker::RunFailure failure_of(worker::Worker& worker, const worker::RunCall& call) {
  auto outcome = value_of(worker.run(call));
  if (outcome) {
    ADD_FAILURE() << call.strategy << " completed";
    return {};
  }
  return std::move(outcome).error();
}

schema::RunReplyT completed(worker::Worker& worker, const worker::RunCall& call) {
  auto outcome = value_of(worker.run(call));
  if (!outcome) {
    ADD_FAILURE() << outcome.error().message << "\n" << outcome.error().output;
    return {};
  }
  return std::move(*outcome);
}

std::string hex(const schema::Digest& digest) {
  return to_hex({digest.bytes()->data(), digest.bytes()->size()});
}

}  // namespace runledger::test
