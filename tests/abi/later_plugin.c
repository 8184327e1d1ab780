// A strategy built against a later header, in which every growing struct has a field more. With
// NEEDS_MINOR at 0 it makes do with less: it looks before it uses what a host may not have.
#include <stdlib.h>

#include <runledger/strategy_abi.h>

typedef struct later_host {
  rl_host known;
  rl_status (*later_call)(const rl_host* host);
} later_host;
typedef struct later_order {
  rl_order known;
  uint64_t later_field;
} later_order;
typedef struct later_strategy {
  rl_strategy known;
  void (*later_call)(void* self);
} later_strategy;
typedef struct later_plugin {
  rl_plugin known;
  const char* later_field;
} later_plugin;

static const rl_host* the_host;

static void* create(const rl_host* host, const rl_value* values) {
  (void)values;
  the_host = host;
  return malloc(1);
}

static void destroy(void* self) { free(self); }

static rl_status on_bar(void* self, const rl_step* step) {
  (void)self;
  if (step->series[0].count != 1) return RL_OK;
  if (the_host->struct_size >= sizeof(later_host))
    return ((const later_host*)the_host)->later_call(the_host);
  const later_order order = {.known = {.struct_size = sizeof order,
                                       .kind = RL_MARKET,
                                       .size_mode = RL_SIZE_UNITS,
                                       .quantity = 3,
                                       .reason = "without the later call"}};
  uint64_t order_id = 0;
  return the_host->submit(the_host, &order.known, &order_id);
}

static const later_strategy kLater = {.known = {.struct_size = sizeof kLater,
                                                .name = "later",
                                                .title = "Later",
                                                .id = "com.example.later",
                                                .version = "1.0.0",
                                                .doc = "Buys on the first bar.",
                                                .series_min = 1,
                                                .series_max = 1,
                                                .create = create,
                                                .destroy = destroy,
                                                .on_bar = on_bar}};
static const rl_strategy* const kStrategies[] = {&kLater.known};

const rl_plugin* rl_plugin_v1(void) {
  static const later_plugin plugin = {.known = {.struct_size = sizeof plugin,
                                                .abi_minor = RL_ABI_MINOR + 1,
                                                .needs_minor = NEEDS_MINOR,
                                                .strategy_count = 1,
                                                .built_with = "a compiler to come",
                                                .strategies = kStrategies}};
  return &plugin.known;
}
