// The binary contract between a host and a strategy plugin. C11 or C++; includes nothing of ours.
//
// Version:   the symbol name is the major version. A host resolves rl_plugin_v1 or refuses.
// Growth:    a struct that begins with struct_size grows only at the end; test RL_HAS before
//            reading a field added after 1.0. All other structs are frozen, byte for byte.
// Ownership: nothing changes owner. A pointer passed to a call is valid until that call returns;
//            what rl_plugin_v1 returns is valid until the process exits.
// Threads:   [any] any thread, concurrently. [run] one thread at a time per instance, not always
//            the same one. Instances share nothing: a plugin has no mutable globals.
// Purity:    same library, parameters, seed and bars: same orders, bit for bit. A plugin reads no
//            clock, file, environment or other source of chance.
// Units:     time is int64 nanoseconds since 1970-01-01T00:00:00Z, quantity is double in units of
//            the instrument, price is double in quote currency. Text is UTF-8, NUL-terminated,
//            never NULL unless said.
//
// core/ABI.md explains the rules and how a plugin stays compatible.
#ifndef RL_STRATEGY_ABI_H
#define RL_STRATEGY_ABI_H

#include <stddef.h>
#include <stdint.h>

// NOLINTBEGIN(modernize-use-using, performance-enum-size): this is C

#ifdef __cplusplus
#define RL_STATIC_ASSERT static_assert
extern "C" {
#else
#define RL_STATIC_ASSERT _Static_assert
#endif
#define RL_EXPORT __attribute__((visibility("default")))

#define RL_ABI_MINOR 0  // raised when a struct grows or an extension id is added

// True when the sender's *p is large enough to hold `field`.
#ifdef __cplusplus
#define RL_HAS(p, type, field) ((p)->struct_size >= offsetof(type, field) + sizeof(type::field))
#else
#define RL_HAS(p, type, field) \
  ((p)->struct_size >= offsetof(type, field) + sizeof(((type*)0)->field))
#endif

typedef int32_t rl_status;
enum {
  RL_OK = 0,
  RL_ERROR = 1,     // the callee failed; the run ends
  RL_INVALID = 2,   // the arguments break this contract; the run ends
  RL_REJECTED = 3,  // understood and refused, e.g. an order kind not known here; the run goes on
};

// ---- Parameters -----------------------------------------------------------------------------

enum { RL_INT = 1, RL_REAL = 2, RL_BOOL = 3, RL_CHOICE = 4 };

typedef struct rl_value {  // Frozen. RL_REAL is in f, all other types are in i.
  uint32_t type;
  uint32_t reserved;  // zero
  union {
    int64_t i;  // RL_INT: the number; RL_BOOL: 0 or 1; RL_CHOICE: index into choices
    double f;
  } as;
} rl_value;
RL_STATIC_ASSERT(sizeof(rl_value) == 16, "rl_value is frozen");

typedef struct rl_param {
  uint32_t struct_size;
  uint32_t type;
  const char* name;        // [a-z][a-z0-9_]*; its identity in every stored run
  const char* doc;         // one sentence
  const char* unit;        // "bars", "percent", "units"; "" when there is none
  rl_value default_value;  // within min..max
  // Closed range of what is possible; checked before create. RL_BOOL: 0 and 1. RL_CHOICE: 0 and
  // the index of the last label.
  rl_value min, max;
  // What a sweep tries unless told: a hint, never a bound. A step of zero: no hint.
  rl_value sweep_min, sweep_max, sweep_step;
  const char* const* choices;  // RL_CHOICE: NULL-terminated labels; otherwise NULL
} rl_param;

// ---- What a strategy sees -------------------------------------------------------------------

// One instrument's closed bars, oldest first, one array per column. Frozen. Element count-1 is
// the bar that has just closed; reading element `count` or later is looking into the future (the
// host pads every column with 4,096 elements of NaN, so that peeking gives a verdict, not a crash).
// volume is NaN where the data has none.
typedef struct rl_series {
  uint64_t count;
  const int64_t* close_time_ns;
  const double* open;
  const double* high;
  const double* low;
  const double* close;
  const double* volume;
  double position;  // signed units, after all fills so far
} rl_series;
RL_STATIC_ASSERT(sizeof(rl_series) == 64, "rl_series is frozen");

typedef struct rl_open_order {  // An order that still waits.
  uint32_t struct_size;
  uint32_t series;
  uint64_t order_id;
  uint32_t kind;
  uint32_t flags;      // as submitted
  double quantity;     // signed units still to fill; NaN while its size is not known yet
  double limit_price;  // NaN where the kind has none
  double stop_price;   // the present trigger; NaN where the kind has none
} rl_open_order;

typedef struct rl_account {
  uint32_t struct_size;
  uint32_t open_order_count;
  double cash;                              // after all fills so far
  double equity;                            // cash + positions at the last close
  double average_price;                     // of series 0's open position; NaN when flat
  double unrealised_pnl;                    // of series 0's open position, at the last close
  const rl_open_order* const* open_orders;  // in order of submission
} rl_account;

typedef struct rl_step {
  uint32_t struct_size;
  uint32_t series_count;
  const rl_series* series;
  int64_t now_ns;             // close time of the bar that has just closed
  const rl_account* account;  // filled in before every call
} rl_step;

typedef struct rl_fill {  // Frozen.
  // The order, or the attached stop_loss or take_profit by its own id; 0: the host closed the
  // position of a bankrupt account, or after a margin call.
  uint64_t order_id;
  int64_t time_ns;  // open time of the bar that it happened in
  double quantity;  // signed: bought is positive
  double price;
  double fee;
  uint32_t series;
  uint32_t reserved;  // zero
} rl_fill;
RL_STATIC_ASSERT(sizeof(rl_fill) == 48, "rl_fill is frozen");

typedef struct rl_refusal {  // An accepted order that could not be carried out; it is gone.
  uint32_t struct_size;
  uint32_t series;
  uint64_t order_id;
  int64_t time_ns;
  double quantity;     // signed units that were asked for
  const char* reason;  // one sentence
} rl_refusal;

// ---- What a strategy may ask of the host ----------------------------------------------------

enum {
  RL_MARKET = 1,           // at the next bar's open
  RL_LIMIT = 2,            // limit_price
  RL_STOP = 3,             // stop_price
  RL_STOP_LIMIT = 4,       // both
  RL_TRAILING_STOP = 5,    // trail: distance from the best price since submission
  RL_MARKET_ON_CLOSE = 6,  // at the next bar's close
};

enum {
  RL_GTC = 0,   // until cancelled
  RL_DAY = 1,   // until the end of the next bar's UTC day
  RL_BARS = 2,  // for expire_bars bars
};

// What `quantity` of an order means. Its sign is always the side: positive buys.
enum {
  RL_SIZE_UNITS = 0,       // units of the instrument
  RL_SIZE_RUN = 1,         // +1 or -1; how much is the run's own sizing (--size)
  RL_SIZE_VALUE = 2,       // quote currency, at the fill price
  RL_SIZE_EQUITY_PCT = 3,  // percent of equity, at the fill price
  RL_SIZE_CASH_PCT = 4,    // percent of cash, at the signal bar's close
  RL_SIZE_CLOSE = 5,       // quantity is ignored: exactly minus the position at submission
  // Trade to the target from the position held when the order is carried out; the sign is the
  // side of the target, and zero is flat.
  RL_SIZE_TARGET_UNITS = 6,
  RL_SIZE_TARGET_VALUE = 7,
  RL_SIZE_TARGET_EQUITY_PCT = 8,
};

enum {
  RL_REDUCE_ONLY = 1u,    // never opens or turns a position
  RL_TRAIL_PERCENT = 2u,  // trail is percent of the price, else quote currency
};

enum { RL_LOG_DEBUG = 0, RL_LOG_INFO = 1, RL_LOG_WARN = 2, RL_LOG_ERROR = 3 };

// A host answers RL_REJECTED to a kind, size mode, validity or flag that it does not serve or does
// not know, and to a field that it does not know unless that is zero.
typedef struct rl_order {
  uint32_t struct_size;
  uint32_t series;
  uint32_t kind;
  uint32_t size_mode;
  uint32_t time_in_force;
  uint32_t expire_bars;  // RL_BARS; otherwise zero
  uint32_t flags;
  uint32_t reserved;  // zero
  double quantity;
  double limit_price;  // RL_LIMIT, RL_STOP_LIMIT; otherwise zero
  double stop_price;   // RL_STOP, RL_STOP_LIMIT; otherwise zero
  double trail;        // RL_TRAILING_STOP; otherwise zero
  // Prices at which what it opened is left again once the order has filled; zero for none. Each is
  // an order of its own with the next id after this one's, stop_loss first; one cancels the other.
  double stop_loss;
  double take_profit;
  const char* reason;  // why, for the audit trail; the host keeps at most 120 bytes
} rl_order;

typedef struct rl_host {
  uint32_t struct_size;
  uint32_t abi_minor;
  void* context;  // the host's own
  uint64_t seed;  // the run's only source of chance
  // Copies the order. Ids rise, not always by one. Unless RL_OK, *order_id is zero. [run]
  rl_status (*submit)(const struct rl_host* host, const rl_order* order, uint64_t* order_id);
  // Cancels one waiting order, or with id 0 all of them. RL_REJECTED: no such order. [run]
  rl_status (*cancel)(const struct rl_host* host, uint64_t order_id);
  // Adds a line to the run, stamped with bar time. Lines over the limit are only counted. [run]
  void (*log)(const struct rl_host* host, int32_t level, const char* text);
  // Says why the current call is about to fail. The last text wins. [run]
  void (*explain)(const struct rl_host* host, const char* text);
  // Returns an optional interface by its id, or NULL. [any]
  const void* (*extension)(const struct rl_host* host, const char* id);
} rl_host;

// Extension "runledger.publish/1": named values per bar, for charts. NULL when nobody asks.
#define RL_EXT_PUBLISH "runledger.publish/1"
typedef struct rl_publish {
  uint32_t struct_size;
  uint32_t reserved;  // zero
  // Sets `name` for the bar that has just closed; the last value wins. [run]
  void (*value)(const rl_host* host, const char* name, double value);
} rl_publish;

// ---- What a plugin provides -----------------------------------------------------------------

enum {
  RL_SIZES_ORDERS = 1u,  // the strategy sizes its own orders: never RL_SIZE_RUN
};

typedef struct rl_strategy {
  uint32_t struct_size;
  uint32_t param_count;
  const char* name;                 // [a-z][a-z0-9_]*: what people type
  const char* title;                // what people read
  const char* id;                   // reverse DNS; its identity in every stored run
  const char* version;              // semantic; changes whenever the orders could change
  const char* doc;                  // one paragraph
  const rl_param* const* params;    // param_count of them; NULL when that is zero
  uint32_t series_min, series_max;  // how many instruments it takes
  uint32_t flags;
  uint32_t reserved;  // zero
  // Returns an instance, or NULL after explain. `values` has param_count entries in declared
  // order, already range-checked. `host` outlives the instance; it takes no orders yet. [any]
  void* (*create)(const rl_host* host, const rl_value* values);
  void (*destroy)(void* self);  // [run]
  // These return RL_OK, or RL_ERROR after explain, which ends the run.
  rl_status (*on_bar)(void* self, const rl_step* step);            // once per closed bar [run]
  rl_status (*on_fill)(void* self, const rl_fill* fill);           // before on_bar; or NULL [run]
  rl_status (*on_refusal)(void* self, const rl_refusal* refusal);  // likewise; or NULL [run]
  rl_status (*on_end)(void* self, const rl_step* last);            // or NULL [run]
  const void* (*extension)(const char* id);                        // or NULL [any]
} rl_strategy;

// Where the library was built from; rl_add_strategy fills it in. "" where not known.
typedef struct rl_source {
  uint32_t struct_size;
  uint32_t dirty;      // 1 when the working tree differed from the commit
  const char* commit;  // 40 hex digits
  const char* remote;  // as git names it, without credentials
  const char* flags;   // compiler flags
} rl_source;

typedef struct rl_plugin {
  uint32_t struct_size;
  uint32_t abi_minor;    // RL_ABI_MINOR when it was built
  uint32_t needs_minor;  // the oldest host minor that can serve it
  uint32_t strategy_count;
  const char* built_with;  // compiler; recorded, never compared
  const rl_strategy* const* strategies;
  const rl_source* source;  // or NULL
} rl_plugin;

// The one exported symbol: returns static data and does nothing else. [any]
RL_EXPORT const rl_plugin* rl_plugin_v1(void);
#define RL_PLUGIN_SYMBOL "rl_plugin_v1"

#ifdef __cplusplus
}
#endif
// NOLINTEND(modernize-use-using, performance-enum-size)
#endif  // RL_STRATEGY_ABI_H
