#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/types.hpp>
#include <runledger/ledger/ledger.hpp>

namespace runledger::app {

using ledger::RunGroup;

// ---- Which run ------------------------------------------------------------------------------

enum class RunUse : std::uint8_t { read, change };  // `change` takes ids only

// `text` is an id, or `latest` / `-1`: the newest run of the context's actor.
// Errors: invalid_input (not an id; `latest` where an id is needed), not_found (also for an event
//         that is no run: says what it is).
Result<Seq> resolve_run(const Context& context, const std::string& text, RunUse use);

// ---- Lists ----------------------------------------------------------------------------------

inline constexpr std::uint64_t kRunsAtOnceMax = ledger::kPageRunsMax;

// What a list shows, as texts as typed (CLI.md, `runs ls`). Absent: no restriction.
struct RunQuery {
  std::optional<std::string> ticker, strategy, sweep;
  std::optional<std::string> since, until;  // when it was recorded; a date as `until` includes it
  std::optional<std::string> status;        // `completed`, `failed`
  std::optional<std::string> as_of;         // an event's number, or a time
  bool retracted = false;                   // the hidden runs instead
  bool all = false;                         // every class, failed ones too
  std::uint64_t limit = 100, offset = 0;    // at most kRunsAtOnceMax
  std::optional<std::string> cursor;
};
// A line of a list.
struct RunRow : ledger::RunRow {
  std::string failure = {};          // what read_failures() says
  std::vector<double> figures = {};  // what read_figures() says
};
struct RunPage {
  std::vector<RunRow> runs;  // newest first
  std::optional<std::string> next_cursor;
};
Result<RunPage> list_runs(const Context& context, const RunQuery& query);
// Sets why each failed run of them failed, in a few words: `crashed: SIGSEGV at bar 12`. The index
// does not hold it, so each failed run's event is read.
Status read_failures(const Context& context, std::vector<RunRow>& runs);

struct FigureName {
  std::string name, label, unit;
};
// Every figure that a run records, by its key and in order of display.
std::vector<FigureName> figure_names();
// Sets each run's figures, one for each of figure_names(): NaN where it is undefined, and where the
// run has none. The index does not hold them, so each run's event is read.
Status read_figures(const Context& context, std::vector<RunRow>& runs);
Result<std::uint64_t> count_runs(const Context& context, const RunQuery& query);

// ---- One run --------------------------------------------------------------------------------

using Value = std::variant<std::int64_t, double, bool, std::string>;

struct NamedValue {
  std::string name;
  Value value;
};
struct NamedText {
  std::string name, text;
};
struct OverrideDetail {
  std::string name, from, to;  // texts; empty: absent
};
// `fast 10 -> 20`, `size none -> units:5`; digests are shortened.
std::string override_text(const OverrideDetail& change);

struct MetricDetail {
  std::string name;            // `sharpe_ratio`
  std::string label;           // `Sharpe Ratio`
  std::string unit;            // "", "%", "$", "s", "bars"
  double value = 0;            // NaN when undefined
  std::string undefined = {};  // why, in words; empty when defined
  std::string group = {};      // `risk`; empty when this program does not know the figure
};

struct FailureDetail {
  std::string reason;                 // `crashed`, `timed_out`, ... as in schema::FailureReason
  std::string message;                // one sentence for people
  std::optional<std::string> signal;  // SIGSEGV
  std::optional<std::int64_t> exit_status;
  std::string call;  // `on_bar`; empty outside any
  std::optional<std::uint64_t> bar;
  std::optional<TimeNs> bar_time;   // label
  std::vector<std::string> frames;  // innermost first
  std::string log;                  // the last lines
  std::uint64_t log_dropped = 0;    // bytes
};

struct RetractionDetail {
  Seq event{};
  TimeNs at = 0;
  std::string actor, reason;
};

// What the last check of a run for looking ahead found, as it is recorded. Bars count from the
// run's first.
struct LookAheadDetail {
  Seq event{};
  TimeNs at = 0;
  std::string verdict;  // passed, failed, inconclusive
  std::string detail;   // one sentence: what was exercised, how it failed, or why nothing is known
  bool repeatable = false;          // it gave the recorded result, and gave it again
  std::uint64_t seed = 0;           // of the cuts and the other futures
  std::vector<std::uint64_t> cuts;  // the last bars before data that was cut or changed
  std::uint64_t runs = 0;           // with another future, and compared
  std::uint64_t orders = 0;         // of the run
  std::uint64_t orders_before = 0;  // of them, those on a bar up to the last cut
  // The first difference, when it failed.
  std::string future;                // scrambled, cut, rising, falling; else empty
  std::optional<std::uint64_t> cut;  // absent: behind every bar
  std::optional<std::uint64_t> bar;
  std::optional<TimeNs> bar_time;  // its label
  std::string real, otherwise;     // what was decided on that bar, in words
  // How long the decisions depend on where the data begins.
  std::vector<std::uint64_t> starts;  // the first bars of the later starts; empty: not tried
  std::optional<std::uint64_t> warm_up_bars;  // until the decisions agree for good; absent: never
};
// `its decisions hang on where the data begins for 59 bars at most (4 later starts)`; empty when
// that was not tried.
std::string warm_up_text(const LookAheadDetail& check);

// A run as its events tell it: the JSON of `runs show --json`, field by field.
struct RunDetail {
  Seq id{};
  std::string kind;    // backtest, replay, sweep, imported
  std::string status;  // completed, failed
  TimeNs created_at = 0;
  std::string actor, request_id;

  std::string ticker, interval;
  std::optional<std::string> resampled_from;  // the dataset's interval, when it is another
  std::string strategy, strategy_id, strategy_version, strategy_title;
  std::vector<NamedValue> parameters;
  std::optional<TimeNs> start_date, end_date;  // labels of the first and the last bar used

  double cash = 0;
  std::optional<std::string> size;  // `cash_pct:95`; absent: the strategy sizes its orders
  std::string commission;           // `0`, `0.001+fixed:1.5`
  std::string slippage;             // `0`, `0.0005+ticks:1`
  double spread = 0;                // share of the price
  std::string account;
  std::string positions;  // `one` or `many`
  double leverage = 1, lot = 0, tick = 0;
  double maintenance_margin = 0;                           // share of the position's value
  double borrow_rate = 0, cash_rate = 0, margin_rate = 0;  // a year
  std::uint64_t seed = 0;

  // Completed runs only.
  double pnl = 0, return_pct = 0, sharpe_ratio = 0, max_drawdown = 0;  // NaN: undefined
  std::uint64_t total_trades = 0, winning_trades = 0, losing_trades = 0;
  std::vector<MetricDetail> metrics;
  std::uint32_t metrics_version = 0;
  std::uint32_t rules_version = 0;  // of core/engine/FILLS.md
  std::uint64_t bars = 0, orders = 0, fills = 0, refusals = 0, log_lines = 0;
  // "0 trades: 37 orders refused (100 x 212.30 is more than cash 10000)"; empty when none was.
  std::string refusal_summary;
  bool bankrupt = false;
  std::uint64_t ambiguities = 0;  // decisions for which a bar's four prices leave two answers
  std::uint64_t margin_calls = 0;
  double borrow_fees = 0;  // quote currency, paid
  double interest = 0;     // quote currency, earned less paid

  std::optional<FailureDetail> failure;  // failed runs only

  std::optional<Digest> result_digest, decision_digest, plugin_digest, dataset_digest,
      runtime_digest;
  std::string engine;
  std::string kernel, cpu_class, libc, compiler;
  std::string source_commit, source_remote, source_flags, built_with;
  bool source_dirty = false;

  std::optional<Seq> parent;
  std::vector<OverrideDetail> overrides;
  std::vector<Seq> replays;  // runs made from this one
  std::optional<RetractionDetail> retracted;
  std::optional<LookAheadDetail> look_ahead;  // absent: it was never checked
  std::string sweep, note;
  std::vector<NamedText> tags;
  std::uint64_t timeout_ms = 0, memory_limit = 0;
  std::int64_t wall_ns = 0;
};
// Errors: not_found; for an event that is no run, says what event it is.
Result<RunDetail> read_run(const Context& context, Seq id);

// ---- Evidence -------------------------------------------------------------------------------

struct TradeDetail {
  TimeNs entry_time = 0;  // label of the bar
  double entry_price = 0;
  std::optional<TimeNs> exit_time;  // absent: open at the end
  double exit_price = 0;            // NaN while open
  double size = 0;                  // signed
  double pnl = 0;                   // net of commission; NaN while open
  double commission = 0;
};
struct OrderDetail {
  std::uint64_t id = 0;  // from 1; 0: no order, the account closed the position by itself
  TimeNs time = 0;       // label of the bar it was submitted on
  std::string kind;      // market, limit, ...; margin_call, bankrupt
  std::string size;      // `10 units, limit 9`, `buy, sized by the run`, `close`, ...
  // filled, refused, waiting, cancelled, expired, nothing, cancelled_by_engine
  std::string outcome;
  TimeNs outcome_time = 0;
  double fill_quantity = 0, fill_price = 0, fee = 0;  // NaN unless filled
};
struct RefusalDetail {
  std::uint64_t order = 0;
  TimeNs time = 0;
  double quantity = 0;
  std::string reason;  // one sentence
};
struct LogLineDetail {
  TimeNs time = 0;
  std::string level;  // debug, info, warn, error
  std::string text;
};

// What a run did, from the ledger alone, and equal to the recorded digest.
struct Evidence {
  std::vector<TradeDetail> trades;
  std::vector<OrderDetail> orders;
  std::vector<RefusalDetail> refusals;
  std::vector<TimeNs> time;        // label of each bar that was run
  std::vector<double> equity;      // at each of their closes
  std::vector<double> close;       // the traded prices, for charts
  std::vector<LogLineDetail> log;  // when it was asked for
  std::uint64_t log_lines = 0;     // with those over the cap
  double final_cash = 0, final_position = 0;
};

struct EvidenceRequest {
  bool log = false;  // what the strategy logged too; it is never kept, so the run executes again
};
// The run's canonical result: executed again with the plugin and the dataset in the ledger's
// blobs, compared with the recorded digest, and from then on kept as a blob.
//
// Errors: run_failed (the run failed: there is nothing to show), differs (other bytes came out; the
//         sentence says whether processor, libc or engine differ), damaged (an input is missing).
Result<Evidence> recompute(const Context& context, Seq id, const EvidenceRequest& request);

// ---- History and visibility -----------------------------------------------------------------

struct HistoryEntry {
  Seq event{};
  TimeNs at = 0;
  std::string actor;
  std::string what;  // `recorded`, `replayed`, `retracted`, `restored`, `annotated`, `reproduced`,
                     // `checked`
  std::string text;  // one sentence
  std::vector<OverrideDetail> changes;  // of a replay, against its parent
};
// The run's ancestors (oldest first), the run, and everything said about it since.
Result<std::vector<HistoryEntry>> history(const Context& context, Seq id);

struct VisibilityChange {
  std::vector<Seq> runs;
  std::vector<Seq> events;  // one a run
};
// Hides runs from lists; their events stay. All or none. Errors: conflict (is retracted),
// not_found.
Result<VisibilityChange> retract(const Context& context, const std::vector<Seq>& runs,
                                 const std::string& reason);
// Shows retracted runs again. Errors: conflict (is not retracted), not_found.
Result<VisibilityChange> restore(const Context& context, const std::vector<Seq>& runs,
                                 const std::string& reason);

}  // namespace runledger::app
