// A strategy whose parameter says what goes wrong on the fifth bar: 0 nothing, 1 a crash, 2 another
// rounding mode, 3 no end, 4 an error that it tells, 5 another locale, 6 not even a start. It buys
// `what` + 1 units on the first bar.
#include <fenv.h>
#include <locale.h>
#include <stdlib.h>

#include <runledger/strategy_abi.h>

typedef struct instance {
  const rl_host* host;
  int64_t what;
} instance;

static void* create(const rl_host* host, const rl_value* values) {
  if (values[0].as.i == 6) {
    host->explain(host, "six is refused");
    return NULL;
  }
  instance* self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  self->host = host;
  self->what = values[0].as.i;
  return self;
}

static rl_status buy(const instance* self) {
  const rl_order order = {.struct_size = sizeof order,
                          .kind = RL_MARKET,
                          .size_mode = RL_SIZE_UNITS,
                          .quantity = (double)(self->what + 1),
                          .reason = ""};
  uint64_t id = 0;
  return self->host->submit(self->host, &order, &id);
}

static rl_status on_bar(void* instance_, const rl_step* step) {
  const instance* self = instance_;
  const uint64_t count = step->series[0].count;
  if (count == 1) return buy(self);
  if (count != 5) return RL_OK;
  switch (self->what) {
    case 1:
      *(volatile int*)0x10 = 1;
      break;
    case 2:
      fesetround(FE_UPWARD);
      break;
    case 3:
      for (volatile uint64_t i = 0;; ++i) {
      }
    case 4:
      self->host->explain(self->host, "four is an error");
      return RL_ERROR;
    case 5:
      setlocale(LC_ALL, "C.UTF-8");
      break;
    default:
      break;
  }
  return RL_OK;
}

static const rl_param kWhat = {
    .struct_size = sizeof kWhat,
    .type = RL_INT,
    .name = "what",
    .doc = "What goes wrong.",
    .unit = "",
    .default_value = {.type = RL_INT},
    .min = {.type = RL_INT},
    .max = {.type = RL_INT, .as.i = 6},
    .sweep_min = {.type = RL_INT},
    .sweep_max = {.type = RL_INT},
    .sweep_step = {.type = RL_INT},
};
static const rl_param kPadding = {
    .struct_size = sizeof kPadding,
    .type = RL_INT,
    .name = "padding",
    .doc = "Changes nothing.",
    .unit = "",
    .default_value = {.type = RL_INT},
    .min = {.type = RL_INT},
    .max = {.type = RL_INT, .as.i = 1000},
    .sweep_min = {.type = RL_INT},
    .sweep_max = {.type = RL_INT},
    .sweep_step = {.type = RL_INT},
};
static const rl_param* const kParameters[] = {&kWhat, &kPadding};

static const rl_strategy kStrategy = {
    .struct_size = sizeof kStrategy,
    .param_count = 2,
    .name = "choosing",
    .title = "Choosing",
    .id = "org.runledger.test.choosing",
    .version = "1.0.0",
    .doc = "Goes wrong as it is told.",
    .params = kParameters,
    .series_min = 1,
    .series_max = 1,
    .flags = RL_SIZES_ORDERS,
    .create = create,
    .destroy = free,
    .on_bar = on_bar,
};
static const rl_strategy* const kStrategies[] = {&kStrategy};
static const rl_plugin kPlugin = {.struct_size = sizeof kPlugin,
                                  .strategy_count = 1,
                                  .built_with = "C",
                                  .strategies = kStrategies};

RL_EXPORT const rl_plugin* rl_plugin_v1(void) { return &kPlugin; }
