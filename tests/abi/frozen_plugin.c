// A strategy built against the header of version 1.0 as it was released: buys on the first bar,
// sells a part of it, lists the orders that wait and cancels the last of two, through every call of
// the contract, and says in the run's log what it saw.
#include <stdio.h>
#include <stdlib.h>

#include "strategy_abi_1_0.h"

typedef struct frozen {
  const rl_host* host;
  int64_t units;
} frozen;

static void* create(const rl_host* host, const rl_value* values) {
  frozen* self = malloc(sizeof *self);
  if (self == NULL) return NULL;
  self->host = host;
  self->units = values[0].as.i;
  return self;
}

static void destroy(void* self) { free(self); }

static rl_status trade(const frozen* self, double quantity, uint32_t flags) {
  const rl_order order = {.struct_size = sizeof order,
                          .kind = RL_MARKET,
                          .size_mode = RL_SIZE_UNITS,
                          .flags = flags,
                          .quantity = quantity,
                          .reason = "as planned"};
  uint64_t order_id = 0;
  return self->host->submit(self->host, &order, &order_id);
}

static rl_status on_bar(void* instance, const rl_step* step) {
  const frozen* self = instance;
  const rl_account* account = step->account;
  for (uint32_t i = 0; i < account->open_order_count; ++i) {
    const rl_open_order* order = account->open_orders[i];
    char line[100];
    snprintf(line, sizeof line, "order %llu of kind %u, flags %u: %g units",
             (unsigned long long)order->order_id, order->kind, order->flags, order->quantity);
    self->host->log(self->host, RL_LOG_INFO, line);
  }
  if (account->open_order_count == 2)
    return self->host->cancel(self->host, account->open_orders[1]->order_id);
  return step->series[0].count == 1 ? trade(self, (double)self->units, 0) : RL_OK;
}

static rl_status on_fill(void* instance, const rl_fill* fill) {
  const frozen* self = instance;
  self->host->log(self->host, RL_LOG_INFO, fill->quantity > 0 ? "bought" : "sold");
  if (fill->quantity < 0) return RL_OK;
  const rl_status status = trade(self, -1, RL_REDUCE_ONLY);
  return status == RL_OK ? trade(self, 1, 0) : status;
}

static rl_status on_end(void* instance, const rl_step* last) {
  const frozen* self = instance;
  self->host->log(self->host, RL_LOG_INFO, last->account->equity > 0 ? "rich" : "poor");
  return RL_OK;
}

static const rl_param kUnits = {.struct_size = sizeof kUnits,
                                .type = RL_INT,
                                .name = "units",
                                .doc = "How many to buy.",
                                .unit = "units",
                                .default_value = {RL_INT, 0, {.i = 2}},
                                .min = {RL_INT, 0, {.i = 1}},
                                .max = {RL_INT, 0, {.i = 9}},
                                .sweep_min = {RL_INT, 0, {.i = 1}},
                                .sweep_max = {RL_INT, 0, {.i = 9}},
                                .sweep_step = {RL_INT, 0, {.i = 1}}};
static const rl_param* const kParams[] = {&kUnits};
static const rl_strategy kFrozen = {.struct_size = sizeof kFrozen,
                                    .param_count = 1,
                                    .name = "frozen",
                                    .title = "Frozen",
                                    .id = "com.example.frozen",
                                    .version = "1.0.0",
                                    .doc = "Buys on the first bar.",
                                    .params = kParams,
                                    .series_min = 1,
                                    .series_max = 1,
                                    .create = create,
                                    .destroy = destroy,
                                    .on_bar = on_bar,
                                    .on_fill = on_fill,
                                    .on_end = on_end};
static const rl_strategy* const kStrategies[] = {&kFrozen};

const rl_plugin* rl_plugin_v1(void) {
  static const rl_plugin plugin = {.struct_size = sizeof plugin,
                                   .abi_minor = RL_ABI_MINOR,
                                   .needs_minor = 0,
                                   .strategy_count = 1,
                                   .built_with = "a compiler of then",
                                   .strategies = kStrategies};
  return &plugin;
}
