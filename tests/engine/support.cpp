#include "support.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <stdexcept>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>

namespace runledger::test {
namespace {

Script* current = nullptr;

void* create(const rl_host* host, const rl_value* /*values*/) {
  current->host = host;
  current->calls.emplace_back("create");
  if (current->on_create) current->on_create(*current);
  return current->refuse_to_start ? nullptr : current;
}

void destroy(void* self) {
  auto& script = *static_cast<Script*>(self);
  ++script.destroyed;
  script.calls.emplace_back("destroy");
  if (script.on_destroy) script.on_destroy(script);
}

rl_status on_bar(void* self, const rl_step* step) {
  auto& script = *static_cast<Script*>(self);
  script.calls.push_back("on_bar " + std::to_string(step->series[0].count - 1));
  return script.on_bar ? script.on_bar(script, *step) : RL_OK;
}

rl_status on_fill(void* self, const rl_fill* fill) {
  auto& script = *static_cast<Script*>(self);
  script.calls.push_back("on_fill " + std::to_string(fill->order_id));
  return script.on_fill ? script.on_fill(script, *fill) : RL_OK;
}

rl_status on_refusal(void* self, const rl_refusal* refusal) {
  auto& script = *static_cast<Script*>(self);
  script.calls.push_back("on_refusal " + std::to_string(refusal->order_id));
  return script.on_refusal ? script.on_refusal(script, *refusal) : RL_OK;
}

rl_status on_end(void* self, const rl_step* step) {
  auto& script = *static_cast<Script*>(self);
  script.calls.emplace_back("on_end");
  return script.on_end ? script.on_end(script, *step) : RL_OK;
}

}  // namespace

rl_status Script::submit(const rl_order& order) {
  submitted = host->submit(host, &order, &last_id);
  return submitted;
}

rl_status Script::close() { return submit(order_of(1, RL_SIZE_CLOSE)); }

rl_order Script::order_of(double quantity, std::uint32_t size_mode, std::uint32_t flags) {
  rl_order order{};
  order.struct_size = sizeof order;
  order.kind = RL_MARKET;
  order.size_mode = size_mode;
  order.flags = flags;
  order.quantity = quantity;
  order.reason = "because";
  return order;
}

Outcome run(Script& script, const PaddedBars& bars, const Settings& settings,
            const std::function<void(RunInputs&)>& adjust) {
  rl_strategy strategy{};
  strategy.struct_size = sizeof strategy;
  strategy.name = "script";
  strategy.series_min = strategy.series_max = 1;
  strategy.flags = script.flags;
  strategy.create = &create;
  strategy.destroy = &destroy;
  strategy.on_bar = &on_bar;
  strategy.on_fill = &on_fill;
  strategy.on_refusal = &on_refusal;
  strategy.on_end = &on_end;
  RunInputs inputs{.strategy = &strategy,
                   .values = {},
                   .bars = bars.columns(),
                   .interval = bars.interval(),
                   .settings = settings,
                   .progress = nullptr,
                   .publish = {}};
  if (adjust) adjust(inputs);
  current = &script;
  return run_strategy(inputs);
}

Outcome run_plan(const OrderPlan& plan, const PaddedBars& bars, const Settings& settings) {
  Script script;
  script.on_bar = [&](Script& self, const rl_step& step) {
    const std::uint64_t bar = step.series[0].count - 1;
    if (bar >= plan.size()) return RL_OK;
    for (const rl_order& order : plan[bar]) self.submit(order);
    return RL_OK;
  };
  return run(script, bars, settings);
}

PaddedBars candles(const std::vector<Candle>& made) {
  Bars bars;
  constexpr TimeNs kStart = 10'957 * kDayNs;  // 2000-01-01
  for (const Candle& candle : made) {
    bars.label.push_back(kStart + static_cast<TimeNs>(bars.label.size()) * kDayNs);
    bars.open.push_back(candle.open);
    bars.high.push_back(candle.high);
    bars.low.push_back(candle.low);
    bars.close.push_back(candle.close);
    bars.volume.push_back(candle.volume);
  }
  return PaddedBars(bars);
}

PaddedBars daily(const std::vector<OpenClose>& prices) {
  std::vector<Candle> made;
  for (const auto& [open, close] : prices)
    made.push_back({open, std::max(open, close), std::min(open, close), close});
  return candles(made);
}

PaddedBars daily(const std::vector<double>& prices) {
  std::vector<OpenClose> both;
  for (const double price : prices) both.push_back({price, price});
  return daily(both);
}

Bars read_daily_csv(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error("cannot read " + path.string());
  Bars bars;
  while (std::getline(file, line)) {
    const auto cells = split(line, ',');
    bars.label.push_back(parse_time(cells.at(0)).value().time);
    bars.open.push_back(parse_double(cells.at(1)).value());
    bars.high.push_back(parse_double(cells.at(2)).value());
    bars.low.push_back(parse_double(cells.at(3)).value());
    bars.close.push_back(parse_double(cells.at(4)).value());
    bars.volume.push_back(parse_double(cells.at(5)).value());
  }
  return bars;
}

}  // namespace runledger::test
