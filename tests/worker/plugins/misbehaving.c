// A strategy for every way in which a plugin can go wrong, and one that does not: `steady`. All
// trade as steady does until the fifth bar, and misbehave there.
#define _GNU_SOURCE
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <runledger/strategy_abi.h>

enum { kBar = 5 };  // the count of bars at which it happens

typedef struct instance {
  const rl_host* host;
  uint64_t bars;
} instance;

static int one(void) {
  volatile int value = 1;
  return value;
}

static void* create(const rl_host* host, const rl_value* values) {
  (void)values;
  instance* self = calloc(1, sizeof *self);
  if (self != NULL) self->host = host;
  return self;
}

static void destroy(void* self) { free(self); }

static rl_status trade(const instance* self, double quantity) {
  const rl_order order = {
      .struct_size = sizeof order,
      .kind = RL_MARKET,
      .size_mode = RL_SIZE_UNITS,
      .quantity = quantity,
      .reason = "as always",
  };
  uint64_t id = 0;
  const rl_status status = self->host->submit(self->host, &order, &id);
  return status == RL_REJECTED ? RL_OK : status;
}

static rl_status steady(void* instance_, const rl_step* step) {
  instance* self = instance_;
  const uint64_t count = step->series[0].count;
  if (count % 4 == 1) return trade(self, 1);
  if (count % 4 == 3) return trade(self, -1);
  return RL_OK;
}

// Declares NAME_on_bar, which does what follows at the bar.
#define MISBEHAVES(name)                                                         \
  static rl_status name##_now(instance* self, const rl_step* step);              \
  static rl_status name##_on_bar(void* self, const rl_step* step) {              \
    if (step->series[0].count == kBar) return name##_now((instance*)self, step); \
    return steady(self, step);                                                   \
  }                                                                              \
  static rl_status name##_now(instance* self __attribute__((unused)),            \
                              const rl_step* step __attribute__((unused)))

// ---- Signals --------------------------------------------------------------------------------

MISBEHAVES(segv) {
  *(volatile int*)(0x10 * (uintptr_t)one()) = 1;
  return RL_OK;
}
MISBEHAVES(null_call) {
  void (*volatile nothing)(void) = NULL;
  nothing();
  return RL_OK;
}
MISBEHAVES(aborts) { abort(); }
MISBEHAVES(divides_by_zero) { return (rl_status)(7 / (one() - 1)); }
MISBEHAVES(illegal) { __builtin_trap(); }
MISBEHAVES(bus) {
  const int file = memfd_create("short", 0);
  const volatile char* memory = mmap(NULL, 8192, PROT_READ, MAP_SHARED, file, 0);
  return (rl_status)memory[4096];
}
static uint64_t recurse(volatile uint64_t* depth) {
  volatile uint64_t local[64] = {*depth + 1};
  return recurse(local) + local[1];
}
MISBEHAVES(recursion) {
  volatile uint64_t depth = 0;
  return (rl_status)recurse(&depth);
}
MISBEHAVES(smashes_stack) {
  volatile char buffer[16];
  for (volatile int i = 0; i < 4096; ++i) ((volatile char*)buffer)[i] = 'x';
  return (rl_status)buffer[0];
}
MISBEHAVES(kills_itself) {
  raise(SIGKILL);
  return RL_OK;
}
static jmp_buf left;
static void enter_and_leave(void) { (void)setjmp(left); }
MISBEHAVES(longjmps_out) {
  enter_and_leave();
  volatile char overwritten[4096];
  memset((char*)overwritten, 0, sizeof overwritten);
  longjmp(left, 1);
}

// ---- Leaving --------------------------------------------------------------------------------

MISBEHAVES(exits) { exit(0); }
MISBEHAVES(exits_7) { exit(7); }
MISBEHAVES(exits_at_once) { _exit(0); }

// ---- Never returning ------------------------------------------------------------------------

MISBEHAVES(spins) {
  for (volatile uint64_t i = 0;; ++i) {
  }
}
MISBEHAVES(sleeps) {
  for (;;) pause();
}
// The call ends early, and so does the run, when a signal is handled meanwhile.
MISBEHAVES(sleeps_once) { sleep(1000); }
MISBEHAVES(polls_once) { poll(NULL, 0, 1000000); }
MISBEHAVES(ignores_terminate) {
  signal(SIGTERM, SIG_IGN);
  for (volatile uint64_t i = 0;; ++i) {
  }
}
MISBEHAVES(stops_itself) {
  raise(SIGSTOP);
  return RL_OK;
}

// ---- Memory ---------------------------------------------------------------------------------

MISBEHAVES(allocates_checked) {
  while (malloc(1u << 20) != NULL) {
  }
  self->host->explain(self->host, "malloc returned NULL");
  return RL_ERROR;
}
MISBEHAVES(allocates_unchecked) {
  for (;;) memset(malloc(1u << 20), 1, 1u << 20);
}

MISBEHAVES(spins_without_memory) {
  while (malloc(1u << 20) != NULL) {
  }
  for (volatile uint64_t i = 0;; ++i) {
  }
}

// ---- Limits ---------------------------------------------------------------------------------

static int lift(__rlimit_resource_t resource) {
  const struct rlimit none = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  return setrlimit(resource, &none);
}
MISBEHAVES(lifts_memory_limit) { return lift(RLIMIT_AS) == 0 ? RL_OK : RL_ERROR; }
MISBEHAVES(limits_its_time) {
  const struct rlimit second = {.rlim_cur = 1, .rlim_max = 1};
  return setrlimit(RLIMIT_CPU, &second) == 0 ? RL_OK : RL_ERROR;
}
MISBEHAVES(lifts_limit_of_files_itself) {
  const struct rlimit many = {.rlim_cur = 4096, .rlim_max = 4096};
  return syscall(SYS_setrlimit, RLIMIT_NOFILE, &many) == 0 ? RL_OK : RL_ERROR;
}
MISBEHAVES(changes_limit_of_its_parent) {
  const struct rlimit second = {.rlim_cur = 1, .rlim_max = 1};
  return prlimit(getppid(), RLIMIT_CPU, &second, NULL) == 0 ? RL_OK : RL_ERROR;
}
static volatile sig_atomic_t refusals;
static void count_refusal(int signal_) {
  (void)signal_;
  ++refusals;
}
// Goes on where it is refused, and takes twice the memory that the tests give.
MISBEHAVES(lifts_limits_in_spite) {
  signal(SIGSYS, count_refusal);
  lift(RLIMIT_AS);
  lift(RLIMIT_CPU);
  lift(RLIMIT_NOFILE);
  if (refusals != 3) return RL_OK;
  for (int i = 0; i < 512; ++i) {
    if (malloc(1u << 20) != NULL) continue;
    self->host->explain(self->host, "malloc returned NULL after 3 refusals");
    return RL_ERROR;
  }
  return RL_OK;
}
MISBEHAVES(reads_its_limits) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0) return RL_ERROR;
  if (prlimit(getpid(), RLIMIT_NOFILE, NULL, &limit) != 0) return RL_ERROR;
  return steady(self, step);
}

// ---- Output ---------------------------------------------------------------------------------

static char line[1024];
static void fill_line(void) {
  memset(line, 'x', sizeof line);
  line[sizeof line - 1] = '\n';
}
MISBEHAVES(prints_64_megabytes) {
  fill_line();
  for (int i = 0; i < 65536; ++i) fwrite(line, 1, sizeof line, stdout);
  fflush(stdout);
  return RL_OK;
}
MISBEHAVES(prints_for_ever) {
  fill_line();
  for (;;) {
    if (write(STDERR_FILENO, line, sizeof line) < 0) break;
  }
  return RL_OK;
}
MISBEHAVES(logs_a_million_lines) {
  for (int i = 0; i < 1000000; ++i) self->host->log(self->host, RL_LOG_INFO, "again");
  return RL_OK;
}
MISBEHAVES(says_and_crashes) {
  self->host->log(self->host, RL_LOG_WARN, "logged before the end");
  puts("printed before the end");
  *(volatile int*)(0x10 * (uintptr_t)one()) = 1;
  return RL_OK;
}

// ---- Processes and threads ------------------------------------------------------------------

static void* idle(void* nothing) {
  for (;;) pause();
  return nothing;
}
MISBEHAVES(forks) {
  const pid_t child = fork();
  if (child == 0) idle(NULL);
  return RL_OK;
}
static void leave_in_other_session(void) {
  const pid_t child = fork();
  if (child == 0) {
    setsid();
    if (fork() == 0) idle(NULL);
    _exit(0);
  }
  waitpid(child, NULL, 0);
}
MISBEHAVES(forks_twice_and_crashes) {
  leave_in_other_session();
  abort();
}
MISBEHAVES(forks_twice_each_time_and_crashes) {
  leave_in_other_session();
  leave_in_other_session();
  abort();
}
MISBEHAVES(forks_twice_and_kills_its_parent) {
  leave_in_other_session();
  kill(getppid(), SIGKILL);
  sleep(1);
  return RL_OK;
}
MISBEHAVES(forks_for_ever) {
  for (;;) fork();
}
MISBEHAVES(starts_a_program) { return system("true") == 0 ? RL_OK : RL_ERROR; }
MISBEHAVES(opens_a_socket) { return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? RL_OK : RL_ERROR; }
MISBEHAVES(kills_its_parent) {
  kill(getppid(), SIGKILL);
  sleep(1);
  return RL_OK;
}
MISBEHAVES(leaves_a_thread) {
  pthread_t thread;
  pthread_create(&thread, NULL, idle, NULL);
  return RL_OK;
}
static void* crash(void* nothing) {
  *(volatile int*)(0x20 * (uintptr_t)one()) = 1;
  return nothing;
}
MISBEHAVES(crashes_in_a_thread) {
  pthread_t thread;
  pthread_create(&thread, NULL, crash, NULL);
  pthread_join(thread, NULL);
  return RL_OK;
}
static void* work(void* nothing) { return nothing; }
MISBEHAVES(joins_its_thread) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  pthread_join(thread, NULL);
  return steady(self, step);
}

// ---- Files ----------------------------------------------------------------------------------

MISBEHAVES(closes_everything) {
  for (int fd = 0; fd < 1024; ++fd) close(fd);
  return RL_OK;
}
MISBEHAVES(writes_everywhere) {
  for (int fd = 0; fd < 64; ++fd) {
    if (write(fd, "garbage", 7) < 0) continue;
  }
  return steady(self, step);
}
MISBEHAVES(writes_to_the_channel) {
  for (int fd = 64; fd < 1024; ++fd) {
    if (write(fd, "garbage garbage", 15) < 0) continue;
  }
  return steady(self, step);
}
MISBEHAVES(writes_a_file) {
  FILE* file = fopen("/tmp/runledger-test-written-by-a-strategy", "w");
  if (file == NULL) return RL_ERROR;
  fputs("x", file);
  fclose(file);
  return RL_OK;
}
MISBEHAVES(opens_a_file) {
  return open("/dev/null", O_RDONLY) >= 0 ? steady(self, step) : RL_ERROR;
}

// ---- State of the process -------------------------------------------------------------------

MISBEHAVES(changes_rounding) {
  fesetround(FE_TOWARDZERO);
  return steady(self, step);
}
MISBEHAVES(changes_locale) {
  setlocale(LC_ALL, "C.UTF-8");
  return steady(self, step);
}
MISBEHAVES(changes_directory) {
  if (chdir("/usr") != 0) return RL_ERROR;
  return steady(self, step);
}
MISBEHAVES(changes_signal_mask) {
  sigset_t signals;
  sigfillset(&signals);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  return steady(self, step);
}
MISBEHAVES(changes_umask) {
  umask(0777);
  return steady(self, step);
}
MISBEHAVES(changes_environment) {
  setenv("SOMETHING", "else", 1);
  return steady(self, step);
}
MISBEHAVES(changes_handlers) {
  signal(SIGSEGV, SIG_IGN);
  return steady(self, step);
}
MISBEHAVES(leaves_an_alarm) {
  alarm(1000);
  return steady(self, step);
}

MISBEHAVES(leaves_a_timer) {
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
  const struct itimerspec when = {.it_value = {.tv_sec = 1000}};
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return RL_ERROR;
  timer_settime(timer, 0, &when, NULL);
  return steady(self, step);
}

// ---- Impure ---------------------------------------------------------------------------------

static rl_status peeks_on_bar(void* self, const rl_step* step) {
  const rl_series* bars = &step->series[0];
  if (bars->count < 10) return RL_OK;
  return trade(self, bars->close[bars->count] > bars->close[bars->count - 1] ? 1 : -1);
}
// Buys on every bar, and takes the order back on some.
static rl_status buy_and_cancel_if(void* self, int cancels) {
  const rl_host* host = ((const instance*)self)->host;
  const rl_order order = {
      .struct_size = sizeof order,
      .kind = RL_MARKET,
      .size_mode = RL_SIZE_UNITS,
      .quantity = 1,
      .reason = "as always",
  };
  uint64_t id = 0;
  const rl_status status = host->submit(host, &order, &id);
  return status == RL_OK && cancels ? host->cancel(host, id) : status;
}
static rl_status cancels_after_peeking_on_bar(void* self, const rl_step* step) {
  const rl_series* bars = &step->series[0];
  if (bars->count < 10) return RL_OK;
  return buy_and_cancel_if(self, bars->close[bars->count] < bars->close[bars->count - 1]);
}
static rl_status cancels_by_the_past_on_bar(void* self, const rl_step* step) {
  const rl_series* bars = &step->series[0];
  if (bars->count < 10) return RL_OK;
  return buy_and_cancel_if(self, bars->close[bars->count - 2] < bars->close[bars->count - 1]);
}
static rl_status counts_in_a_static_on_bar(void* self, const rl_step* step) {
  static uint64_t calls;
  (void)step;
  return trade(self, (double)(++calls));
}
static rl_status throws_dice_on_bar(void* self, const rl_step* step) {
  (void)step;
  uint8_t byte = 0;
  if (getrandom(&byte, 1, 0) != 1) return RL_ERROR;
  return trade(self, 1.0 + byte);
}
static rl_status depends_on_an_address_on_bar(void* self, const rl_step* step) {
  (void)step;
  return trade(self, 1.0 + (double)((uintptr_t)self >> 12 & 0xffffff));
}
static rl_status trades_at_the_end(void* self, const rl_step* step) {
  return trade(self, step->series[0].close[step->series[0].count] > 0 ? 2 : 1);
}

static void* refuses_to_start(const rl_host* host, const rl_value* values) {
  (void)values;
  host->explain(host, "today is no day for it");
  return NULL;
}
static void* crashes_in_create(const rl_host* host, const rl_value* values) {
  (void)host;
  (void)values;
  abort();
}

#define STRATEGY_FULL(short_name, creates, bar, ends) \
  {                                                   \
      .struct_size = sizeof(rl_strategy),             \
      .name = short_name,                             \
      .title = "Misbehaving",                         \
      .id = "org.runledger.test." short_name,         \
      .version = "1.0.0",                             \
      .doc = "For tests.",                            \
      .series_min = 1,                                \
      .series_max = 1,                                \
      .flags = RL_SIZES_ORDERS,                       \
      .create = creates,                              \
      .destroy = destroy,                             \
      .on_bar = bar,                                  \
      .on_end = ends,                                 \
  }
#define STRATEGY(name) STRATEGY_FULL(#name, create, name##_on_bar, NULL)

static const rl_strategy kTable[] = {
    STRATEGY_FULL("steady", create, steady, NULL),
    STRATEGY_FULL("trades_at_the_end", create, steady, trades_at_the_end),
    {
        .struct_size = sizeof(rl_strategy),
        .name = "takes_two_instruments",
        .title = "Of a later version",
        .id = "org.runledger.test.takes_two_instruments",
        .version = "1.0.0",
        .doc = "For tests.",
        .series_min = 2,
        .series_max = 2,
        .create = create,
        .destroy = destroy,
        .on_bar = steady,
    },
    STRATEGY_FULL("refuses_to_start", refuses_to_start, steady, NULL),
    STRATEGY_FULL("crashes_in_create", crashes_in_create, steady, NULL),
    STRATEGY(segv),
    STRATEGY(null_call),
    STRATEGY(aborts),
    STRATEGY(divides_by_zero),
    STRATEGY(illegal),
    STRATEGY(bus),
    STRATEGY(recursion),
    STRATEGY(smashes_stack),
    STRATEGY(kills_itself),
    STRATEGY(longjmps_out),
    STRATEGY(exits),
    STRATEGY(exits_7),
    STRATEGY(exits_at_once),
    STRATEGY(spins),
    STRATEGY(sleeps),
    STRATEGY(sleeps_once),
    STRATEGY(polls_once),
    STRATEGY(ignores_terminate),
    STRATEGY(stops_itself),
    STRATEGY(allocates_checked),
    STRATEGY(allocates_unchecked),
    STRATEGY(spins_without_memory),
    STRATEGY(lifts_memory_limit),
    STRATEGY(limits_its_time),
    STRATEGY(lifts_limit_of_files_itself),
    STRATEGY(changes_limit_of_its_parent),
    STRATEGY(lifts_limits_in_spite),
    STRATEGY(reads_its_limits),
    STRATEGY(prints_64_megabytes),
    STRATEGY(prints_for_ever),
    STRATEGY(logs_a_million_lines),
    STRATEGY(says_and_crashes),
    STRATEGY(forks),
    STRATEGY(forks_twice_and_crashes),
    STRATEGY(forks_twice_each_time_and_crashes),
    STRATEGY(forks_twice_and_kills_its_parent),
    STRATEGY(forks_for_ever),
    STRATEGY(starts_a_program),
    STRATEGY(opens_a_socket),
    STRATEGY(kills_its_parent),
    STRATEGY(leaves_a_thread),
    STRATEGY(crashes_in_a_thread),
    STRATEGY(joins_its_thread),
    STRATEGY(closes_everything),
    STRATEGY(writes_everywhere),
    STRATEGY(writes_to_the_channel),
    STRATEGY(writes_a_file),
    STRATEGY(opens_a_file),
    STRATEGY(changes_rounding),
    STRATEGY(changes_locale),
    STRATEGY(changes_directory),
    STRATEGY(changes_signal_mask),
    STRATEGY(changes_umask),
    STRATEGY(changes_environment),
    STRATEGY(changes_handlers),
    STRATEGY(leaves_an_alarm),
    STRATEGY(leaves_a_timer),
    STRATEGY(peeks),
    STRATEGY(cancels_after_peeking),
    STRATEGY(cancels_by_the_past),
    STRATEGY(counts_in_a_static),
    STRATEGY(throws_dice),
    STRATEGY(depends_on_an_address),
};
enum { kCount = sizeof kTable / sizeof kTable[0] };

const rl_plugin* rl_plugin_v1(void) {
  static const rl_strategy* strategies[kCount];
  for (int i = 0; i < kCount; ++i) strategies[i] = &kTable[i];
  static const rl_plugin plugin = {
      .struct_size = sizeof plugin,
      .abi_minor = RL_ABI_MINOR,
      .strategy_count = kCount,
      .built_with = "a C compiler",
      .strategies = strategies,
  };
  return &plugin;
}
