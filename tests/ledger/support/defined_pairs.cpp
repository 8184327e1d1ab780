#include "defined_pairs.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include <runledger/schemas/event_generated.h>

namespace runledger::ledger::test {
namespace {

constexpr std::uint64_t kOnes = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kLatestTime = kOnes >> 1;
constexpr std::uint64_t kBlock = 4096;

const schema::Event& content_of(const StoredEvent& event) {
  return *schema::GetEvent(event.bytes().data());
}

std::string be64(std::uint64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}
std::string little(std::uint64_t number, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i));
  return bytes;
}
std::string f64(double value) {
  return std::isnan(value) ? std::string("\0\0\0\0\0\0\xf8\x7f", 8)
                           : little(std::bit_cast<std::uint64_t>(value), 8);
}
std::string seq_value(std::uint64_t seq) { return "\x01" + little(seq, 8); }
std::string counts_value(std::uint64_t all, std::uint64_t hidden) {
  return "\x01" + little(all, 8) + little(hidden, 8);
}
std::string text_in_key(const std::string& text) {
  std::string bytes;
  for (const char c : text) bytes += c == 0 ? std::string("\x00\xff", 2) : std::string(1, c);
  return bytes + std::string("\x00\x01", 2);
}
std::string text_of_string(const flatbuffers::String* text) {
  return text == nullptr ? std::string() : text->str();
}
std::string digest_bytes(const schema::Digest* digest) {
  return {digest->bytes()->begin(), digest->bytes()->end()};
}
std::string short_text(const std::string& text) { return static_cast<char>(text.size()) + text; }

struct Hidden {
  std::uint64_t from;
  std::uint64_t until = kOnes;
};

struct Run {
  std::uint64_t seq = 0;
  std::string position;
  int group = 0;
  std::string strategy, sweep, actor, value;
  std::vector<std::string> tickers;
  std::vector<Hidden> hidden;

  [[nodiscard]] bool is_hidden_after(std::uint64_t event) const {
    return std::ranges::any_of(
        hidden, [event](const Hidden& time) { return time.from <= event && event < time.until; });
  }
};

double figure(const schema::RunCompleted* run, schema::MetricKey key) {
  if (run != nullptr && run->metrics() != nullptr)
    for (const auto* metric : *run->metrics())
      if (metric->key() == key) return metric->value();
  return std::numeric_limits<double>::quiet_NaN();
}

std::string count(double figure) {
  const double most = 4'294'967'295.0;
  const bool counts = figure > 0;
  return little(counts ? static_cast<std::uint64_t>(std::floor(std::fmin(figure, most))) : 0, 4);
}

std::string row_of(const schema::RunSpec& spec, const schema::RunCompleted* completed) {
  using Key = schema::MetricKey;
  const auto* first =
      spec.inputs() == nullptr || spec.inputs()->size() == 0 ? nullptr : spec.inputs()->Get(0);
  std::string row = "\x01";
  row += static_cast<char>(spec.parent().has_value());
  row += short_text(first == nullptr ? "" : text_of_string(first->ticker()));
  row += short_text(text_of_string(spec.strategy()));
  row += short_text(first == nullptr ? "" : text_of_string(first->interval()));
  for (const auto& time : {spec.start(), spec.end()})
    row += little(static_cast<std::uint64_t>(time.value_or(0)), 8);
  row += f64(spec.settings() == nullptr ? std::nan("")
                                        : spec.settings()->cash().value_or(std::nan("")));
  for (const Key key : {Key::pnl, Key::return_pct, Key::sharpe_ratio, Key::max_drawdown})
    row += f64(figure(completed, key));
  for (const Key key : {Key::total_trades, Key::winning_trades, Key::losing_trades})
    row += count(figure(completed, key));
  if (spec.parent()) row += little(*spec.parent(), 8);
  return row;
}

std::optional<Run> run_of(const schema::Event& event) {
  const auto* completed = event.payload_as_RunCompleted();
  const auto* failed = event.payload_as_RunFailed();
  if (completed == nullptr && failed == nullptr) return std::nullopt;
  const schema::RunSpec& spec = completed != nullptr ? *completed->spec() : *failed->spec();
  const bool trial = spec.run_class() == schema::RunClass::sweep_trial;
  Run run;
  run.seq = event.stamp()->seq();
  run.position = be64(kLatestTime - static_cast<std::uint64_t>(event.stamp()->recorded_at())) +
                 be64(kOnes - run.seq);
  run.group = (completed != nullptr ? 1 : 3) + (trial ? 1 : 0);
  run.strategy = text_of_string(spec.strategy());
  run.sweep = text_of_string(spec.sweep());
  if (event.actor() != nullptr) run.actor = text_of_string(event.actor()->name());
  std::set<std::string> tickers;
  if (spec.inputs() != nullptr)
    for (const auto* input : *spec.inputs()) tickers.insert(text_of_string(input->ticker()));
  run.tickers.assign(tickers.begin(), tickers.end());
  run.value = row_of(spec, completed);
  return run;
}

// A scope's key and whether `index` has entries of it.
std::map<std::string, bool> scopes_of(const Run& run) {
  std::map<std::string, bool> scopes;
  std::vector<std::optional<std::string>> tickers{std::nullopt};
  tickers.insert(tickers.end(), run.tickers.begin(), run.tickers.end());
  for (const auto& ticker : tickers) {
    for (const bool by_strategy : {false, true}) {
      for (const bool by_sweep : {false, true}) {
        if (by_sweep && run.sweep.empty()) continue;
        std::string key(1, static_cast<char>(run.group));
        key += static_cast<char>((ticker ? 1 : 0) + (by_strategy ? 2 : 0) + (by_sweep ? 4 : 0));
        if (by_sweep) key += text_in_key(run.sweep);
        if (ticker) key += text_in_key(*ticker);
        if (by_strategy) key += text_in_key(run.strategy);
        scopes[key] = !(by_sweep && by_strategy);
      }
    }
  }
  return scopes;
}

using Pairs = DefinedPairs::Pairs;

// Lookup rows of one event that do not depend on later ones.
void add_lookup(const schema::Event& event, Pairs& lookup) {
  const std::uint64_t seq = event.stamp()->seq();
  const auto about = [&](std::uint64_t run) {
    lookup["a" + be64(run) + be64(seq)] = seq_value(seq);
  };
  lookup["q" + event.request_id()->str()] = seq_value(seq);
  if (const auto* imported = event.payload_as_DatasetImported()) {
    const std::string digest = digest_bytes(imported->dataset());
    lookup.try_emplace("d" + digest, seq_value(seq));
    lookup["v" + text_in_key(text_of_string(imported->ticker())) +
           text_in_key(text_of_string(imported->interval())) + be64(kOnes - seq)] = "\x01" + digest;
  }
  if (const auto* plugin = event.payload_as_PluginRegistered())
    lookup.try_emplace("p" + digest_bytes(plugin->plugin()), seq_value(seq));
  if (const auto* engine = event.payload_as_EngineRegistered())
    lookup.try_emplace("r" + digest_bytes(engine->runtime()), seq_value(seq));
  if (const auto* run = event.payload_as_RunCompleted(); run != nullptr && run->spec()->parent())
    about(*run->spec()->parent());
  if (const auto* run = event.payload_as_RunFailed(); run != nullptr && run->spec()->parent())
    about(*run->spec()->parent());
  if (const auto* retracted = event.payload_as_RunRetracted()) about(retracted->run());
  if (const auto* restored = event.payload_as_RunRestored()) about(restored->run());
  if (const auto* annotated = event.payload_as_RunAnnotated()) about(annotated->run());
  if (const auto* checked = event.payload_as_CheckRecorded()) about(checked->run());
  if (const auto* reproduced = event.payload_as_RunReproduced())
    if (reproduced->verdicts() != nullptr)
      for (const auto* verdict : *reproduced->verdicts()) about(verdict->run());
}

std::map<std::uint64_t, Run> runs_of(const std::vector<StoredEvent>& log) {
  std::map<std::uint64_t, Run> runs;
  for (const StoredEvent& stored : log) {
    const schema::Event& event = content_of(stored);
    if (auto run = run_of(event)) runs[run->seq] = *std::move(run);
    if (const auto* retracted = event.payload_as_RunRetracted())
      runs[retracted->run()].hidden.push_back({event.stamp()->seq()});
    if (const auto* restored = event.payload_as_RunRestored())
      runs[restored->run()].hidden.back().until = event.stamp()->seq();
  }
  return runs;
}

void add_run(const Run& run, Pairs& index, Pairs& retracted, Pairs& lookup) {
  const bool hidden = run.is_hidden_after(kOnes - 1);
  for (const auto& [scope, indexed] : scopes_of(run)) {
    if (!indexed) continue;
    const std::string key = scope + run.position;
    if (!hidden) index[key] = run.value;
    for (const Hidden& time : run.hidden)
      retracted[key + be64(time.from)] = run.value + little(time.until, 8);
  }
  if (hidden) lookup["h" + be64(run.seq)] = seq_value(run.hidden.back().from);
  if (!hidden && (run.group == 1 || run.group == 3))
    lookup["l" + text_in_key(run.actor) + be64(kOnes - run.seq)] = seq_value(run.seq);
}

// Of the runs of one scope.
void add_counters(const std::string& scope, const std::vector<const Run*>& runs, Pairs& counters) {
  const auto counts = [&runs](std::uint64_t event) {
    const auto recorded =
        std::ranges::count_if(runs, [event](const Run* run) { return run->seq <= event; });
    const auto hidden = std::ranges::count_if(
        runs, [event](const Run* run) { return run->is_hidden_after(event); });
    return std::pair{static_cast<std::uint64_t>(recorded), static_cast<std::uint64_t>(hidden)};
  };
  const auto now = counts(kOnes - 1);
  counters[scope + "n"] = counts_value(now.first, now.second);
  for (const Run* run : runs) {
    const std::uint64_t block = run->seq / kBlock;
    const auto hidden = std::ranges::count_if(runs, [block](const Run* other) {
      return other->seq / kBlock == block && other->is_hidden_after(kOnes - 1);
    });
    counters[scope + "b" + be64(kOnes - block)] =
        counts_value(counts(block * kBlock + kBlock - 1).first, static_cast<std::uint64_t>(hidden));
    for (const Hidden& time : run->hidden) {
      for (const std::uint64_t change : {time.from, time.until}) {
        if (change == kOnes) continue;
        const auto after = counts(change);
        counters[scope + "c" + be64(kOnes - change)] = counts_value(after.first, after.second);
      }
    }
  }
}

}  // namespace

DefinedPairs::DefinedPairs(const std::vector<StoredEvent>& log) {
  Pairs& lookup = pairs_[Family::lookup];
  for (const StoredEvent& event : log) add_lookup(content_of(event), lookup);
  const auto runs = runs_of(log);
  std::map<std::string, std::vector<const Run*>> by_scope;
  for (const auto& [seq, run] : runs) {
    add_run(run, pairs_[Family::index], pairs_[Family::retracted], lookup);
    for (const auto& [scope, indexed] : scopes_of(run)) by_scope[scope].push_back(&run);
  }
  for (const auto& [scope, members] : by_scope)
    add_counters(scope, members, pairs_[Family::counters]);
}

const DefinedPairs::Pairs& DefinedPairs::of(Family family) const {
  static const Pairs kNone;
  const auto found = pairs_.find(family);
  return found == pairs_.end() ? kNone : found->second;
}

}  // namespace runledger::ledger::test
