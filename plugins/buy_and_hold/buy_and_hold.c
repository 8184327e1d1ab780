// Buy and hold: enter long on the first bar, never leave. The yardstick for every other strategy.
//
// Parameters: none. Size: the run's own (--size).
// In plain C, to show that the contract asks for nothing else.
#include <stdlib.h>

#include <runledger/plugin_source.h>

typedef struct buy_and_hold {
  const rl_host* host;
} buy_and_hold;

static void* create(const rl_host* host, const rl_value* values) {
  (void)values;
  buy_and_hold* self = malloc(sizeof *self);
  if (self == NULL) {
    host->explain(host, "memory ran out");
    return NULL;
  }
  self->host = host;
  return self;
}

static void destroy(void* self) { free(self); }

static rl_status on_bar(void* instance, const rl_step* step) {
  const rl_host* host = ((const buy_and_hold*)instance)->host;
  if (step->series[0].count != 1) return RL_OK;
  const rl_order order = {
      .struct_size = sizeof order,
      .kind = RL_MARKET,
      .size_mode = RL_SIZE_RUN,
      .quantity = 1,
      .reason = "first bar",
  };
  uint64_t order_id = 0;
  // An order that is refused is told in the run; there is nothing else to do about it.
  const rl_status status = host->submit(host, &order, &order_id);
  return status == RL_REJECTED ? RL_OK : status;
}

static const rl_strategy kBuyAndHold = {
    .struct_size = sizeof kBuyAndHold,
    .name = "buy_and_hold",
    .title = "Buy and hold",
    .id = "org.runledger.buy_and_hold",
    .version = "1.0.0",
    .doc = "Buys on the first bar and holds to the last.",
    .series_min = 1,
    .series_max = 1,
    .create = create,
    .destroy = destroy,
    .on_bar = on_bar,
};

static const rl_strategy* const kStrategies[] = {&kBuyAndHold};

const rl_plugin* rl_plugin_v1(void) {
  static const rl_plugin plugin = {
      .struct_size = sizeof plugin,
      .abi_minor = RL_ABI_MINOR,
      .needs_minor = 0,
      .strategy_count = 1,
      .built_with = RL_BUILT_WITH,
      .strategies = kStrategies,
      .source = RL_SOURCE,
  };
  return &plugin;
}
