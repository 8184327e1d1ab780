// The binary contract as the compiler lays it out, against the layout that was released.
#include <cstddef>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include <runledger/strategy_abi.h>

namespace runledger::test {
namespace {

std::string layout() {
  std::ostringstream out;
#define RL_STRUCT(type) \
  out << #type << " size " << sizeof(type) << " align " << alignof(type) << '\n'
#define RL_FIELD(type, field)                                                                 \
  out << "  " << #field << " at " << offsetof(type, field) << " size " << sizeof(type::field) \
      << '\n'
  RL_STRUCT(rl_value);
  RL_FIELD(rl_value, type);
  RL_FIELD(rl_value, reserved);
  RL_FIELD(rl_value, as);
  RL_STRUCT(rl_param);
  RL_FIELD(rl_param, struct_size);
  RL_FIELD(rl_param, type);
  RL_FIELD(rl_param, name);
  RL_FIELD(rl_param, doc);
  RL_FIELD(rl_param, unit);
  RL_FIELD(rl_param, default_value);
  RL_FIELD(rl_param, min);
  RL_FIELD(rl_param, max);
  RL_FIELD(rl_param, sweep_min);
  RL_FIELD(rl_param, sweep_max);
  RL_FIELD(rl_param, sweep_step);
  RL_FIELD(rl_param, choices);
  RL_STRUCT(rl_series);
  RL_FIELD(rl_series, count);
  RL_FIELD(rl_series, close_time_ns);
  RL_FIELD(rl_series, open);
  RL_FIELD(rl_series, high);
  RL_FIELD(rl_series, low);
  RL_FIELD(rl_series, close);
  RL_FIELD(rl_series, volume);
  RL_FIELD(rl_series, position);
  RL_STRUCT(rl_open_order);
  RL_FIELD(rl_open_order, struct_size);
  RL_FIELD(rl_open_order, series);
  RL_FIELD(rl_open_order, order_id);
  RL_FIELD(rl_open_order, kind);
  RL_FIELD(rl_open_order, flags);
  RL_FIELD(rl_open_order, quantity);
  RL_FIELD(rl_open_order, limit_price);
  RL_FIELD(rl_open_order, stop_price);
  RL_STRUCT(rl_account);
  RL_FIELD(rl_account, struct_size);
  RL_FIELD(rl_account, open_order_count);
  RL_FIELD(rl_account, cash);
  RL_FIELD(rl_account, equity);
  RL_FIELD(rl_account, average_price);
  RL_FIELD(rl_account, unrealised_pnl);
  RL_FIELD(rl_account, open_orders);
  RL_STRUCT(rl_step);
  RL_FIELD(rl_step, struct_size);
  RL_FIELD(rl_step, series_count);
  RL_FIELD(rl_step, series);
  RL_FIELD(rl_step, now_ns);
  RL_FIELD(rl_step, account);
  RL_STRUCT(rl_fill);
  RL_FIELD(rl_fill, order_id);
  RL_FIELD(rl_fill, time_ns);
  RL_FIELD(rl_fill, quantity);
  RL_FIELD(rl_fill, price);
  RL_FIELD(rl_fill, fee);
  RL_FIELD(rl_fill, series);
  RL_FIELD(rl_fill, reserved);
  RL_STRUCT(rl_refusal);
  RL_FIELD(rl_refusal, struct_size);
  RL_FIELD(rl_refusal, series);
  RL_FIELD(rl_refusal, order_id);
  RL_FIELD(rl_refusal, time_ns);
  RL_FIELD(rl_refusal, quantity);
  RL_FIELD(rl_refusal, reason);
  RL_STRUCT(rl_order);
  RL_FIELD(rl_order, struct_size);
  RL_FIELD(rl_order, series);
  RL_FIELD(rl_order, kind);
  RL_FIELD(rl_order, size_mode);
  RL_FIELD(rl_order, time_in_force);
  RL_FIELD(rl_order, expire_bars);
  RL_FIELD(rl_order, flags);
  RL_FIELD(rl_order, reserved);
  RL_FIELD(rl_order, quantity);
  RL_FIELD(rl_order, limit_price);
  RL_FIELD(rl_order, stop_price);
  RL_FIELD(rl_order, trail);
  RL_FIELD(rl_order, stop_loss);
  RL_FIELD(rl_order, take_profit);
  RL_FIELD(rl_order, reason);
  RL_STRUCT(rl_host);
  RL_FIELD(rl_host, struct_size);
  RL_FIELD(rl_host, abi_minor);
  RL_FIELD(rl_host, context);
  RL_FIELD(rl_host, seed);
  RL_FIELD(rl_host, submit);
  RL_FIELD(rl_host, cancel);
  RL_FIELD(rl_host, log);
  RL_FIELD(rl_host, explain);
  RL_FIELD(rl_host, extension);
  RL_STRUCT(rl_publish);
  RL_FIELD(rl_publish, struct_size);
  RL_FIELD(rl_publish, reserved);
  RL_FIELD(rl_publish, value);
  RL_STRUCT(rl_strategy);
  RL_FIELD(rl_strategy, struct_size);
  RL_FIELD(rl_strategy, param_count);
  RL_FIELD(rl_strategy, name);
  RL_FIELD(rl_strategy, title);
  RL_FIELD(rl_strategy, id);
  RL_FIELD(rl_strategy, version);
  RL_FIELD(rl_strategy, doc);
  RL_FIELD(rl_strategy, params);
  RL_FIELD(rl_strategy, series_min);
  RL_FIELD(rl_strategy, series_max);
  RL_FIELD(rl_strategy, flags);
  RL_FIELD(rl_strategy, reserved);
  RL_FIELD(rl_strategy, create);
  RL_FIELD(rl_strategy, destroy);
  RL_FIELD(rl_strategy, on_bar);
  RL_FIELD(rl_strategy, on_fill);
  RL_FIELD(rl_strategy, on_refusal);
  RL_FIELD(rl_strategy, on_end);
  RL_FIELD(rl_strategy, extension);
  RL_STRUCT(rl_source);
  RL_FIELD(rl_source, struct_size);
  RL_FIELD(rl_source, dirty);
  RL_FIELD(rl_source, commit);
  RL_FIELD(rl_source, remote);
  RL_FIELD(rl_source, flags);
  RL_STRUCT(rl_plugin);
  RL_FIELD(rl_plugin, struct_size);
  RL_FIELD(rl_plugin, abi_minor);
  RL_FIELD(rl_plugin, needs_minor);
  RL_FIELD(rl_plugin, strategy_count);
  RL_FIELD(rl_plugin, built_with);
  RL_FIELD(rl_plugin, strategies);
  RL_FIELD(rl_plugin, source);
#undef RL_FIELD
#undef RL_STRUCT
  return out.str();
}

TEST(Layout, OfEveryStructIsTheReleasedOne) {
  std::ifstream file(RL_SOURCE_DIR "/tests/golden/abi/layout_1_0.txt");
  const std::string released(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(layout(), released)
      << "a field may be added at the end of a struct that begins with struct_size; then raise "
         "RL_ABI_MINOR, add a line to core/ABI.md and bring the golden file up to date";
}

}  // namespace
}  // namespace runledger::test
