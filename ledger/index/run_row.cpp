#include "run_row.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include <runledger/base/bytes.hpp>

#include "event.hpp"
#include "leaf.hpp"

namespace runledger::ledger {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint8_t kHasParent = 1;
constexpr std::size_t kUsualRowBytes = 160;

std::string text_or_empty(const flatbuffers::String* text) {
  return text == nullptr ? std::string() : text->str();
}

RunGroup group_of(schema::RunClass run_class, bool completed) {
  if (run_class == schema::RunClass::sweep_trial)
    return completed ? RunGroup::sweep_trial : RunGroup::failed_trial;
  return completed ? RunGroup::listed : RunGroup::failed;
}

double metric(const schema::RunCompleted& run, schema::MetricKey key) {
  if (run.metrics() == nullptr) return kUndefined;
  for (const schema::MetricValue* value : *run.metrics())
    if (value->key() == key) return value->value();
  return kUndefined;
}

std::uint32_t count_metric(const schema::RunCompleted& run, schema::MetricKey key) {
  const double value = metric(run, key);
  if (!(value >= 0)) return 0;
  return static_cast<std::uint32_t>(
      std::min(value, static_cast<double>(std::numeric_limits<std::uint32_t>::max())));
}

void fill_figures(RunRow& row, const schema::RunCompleted& run) {
  row.pnl = metric(run, schema::MetricKey::pnl);
  row.return_pct = metric(run, schema::MetricKey::return_pct);
  row.sharpe_ratio = metric(run, schema::MetricKey::sharpe_ratio);
  row.max_drawdown = metric(run, schema::MetricKey::max_drawdown);
  row.total_trades = count_metric(run, schema::MetricKey::total_trades);
  row.winning_trades = count_metric(run, schema::MetricKey::winning_trades);
  row.losing_trades = count_metric(run, schema::MetricKey::losing_trades);
}

void fill_spec(RunFacts& facts, const schema::RunSpec& spec) {
  RunRow& row = facts.row;
  row.strategy = text_or_empty(spec.strategy());
  row.start = spec.start().value_or(0);
  row.end = spec.end().value_or(0);
  row.cash = spec.settings() == nullptr ? kUndefined : spec.settings()->cash().value_or(kUndefined);
  if (const auto parent = spec.parent(); parent.has_value()) row.parent = Seq(*parent);
  row.replay = row.parent.has_value();
  facts.sweep = text_or_empty(spec.sweep());
  if (spec.inputs() == nullptr) return;
  for (const schema::Input* input : *spec.inputs()) {
    std::string ticker = text_or_empty(input->ticker());
    if (facts.tickers.empty()) {
      row.ticker = ticker;
      row.interval = text_or_empty(input->interval());
    }
    if (std::ranges::find(facts.tickers, ticker) == facts.tickers.end())
      facts.tickers.push_back(std::move(ticker));
  }
}

void write_short_text(ByteWriter& writer, std::string_view text) {
  writer.number(static_cast<std::uint8_t>(text.size())).raw(text);
}
std::string read_short_text(ByteReader& reader) {
  return std::string(text_of(reader.raw(reader.number<std::uint8_t>())));
}

}  // namespace

std::vector<Scope> RunFacts::scopes() const {
  std::vector<Scope> scopes;
  scopes.reserve((1 + tickers.size()) * (sweep.empty() ? 2 : 4));
  scopes.push_back({.group = row.group});
  const auto with = [&scopes](auto member, std::span<const std::string> texts) {
    const std::size_t without = scopes.size();
    for (const std::string& text : texts) {
      for (std::size_t i = 0; i < without; ++i) {
        Scope scope = scopes[i];
        scope.*member = text;
        scopes.push_back(scope);
      }
    }
  };
  with(&Scope::ticker, tickers);
  with(&Scope::strategy, {&row.strategy, 1});
  if (!sweep.empty()) with(&Scope::sweep, {&sweep, 1});
  return scopes;
}

std::optional<RunFacts> run_facts(const schema::Event& event) {
  const auto* spec = run_spec(event);
  if (spec == nullptr) return std::nullopt;
  const auto* completed = event.payload_as_RunCompleted();
  RunFacts facts;
  RunRow& row = facts.row;
  row.id = Seq(event.stamp()->seq());
  row.recorded_at = event.stamp()->recorded_at();
  row.group = group_of(spec->run_class(), completed != nullptr);
  fill_spec(facts, *spec);
  if (completed != nullptr)
    fill_figures(row, *completed);
  else
    row.pnl = row.return_pct = row.sharpe_ratio = row.max_drawdown = kUndefined;
  if (event.actor() != nullptr) facts.actor = text_or_empty(event.actor()->name());
  return facts;
}

Result<RunFacts> read_run_facts(const View& view, Seq id) {
  const auto stored = load_event(view, id);
  if (!stored && stored.error().code == ErrorCode::not_found)
    return fail(ErrorCode::not_found, "There is no run " + std::to_string(id.value) +
                                          "; see `runledger runs ls` for the runs.");
  if (!stored) return std::unexpected(stored.error());
  const schema::Event& event = event_in(stored->bytes());
  auto facts = run_facts(event);
  if (!facts)
    return fail(ErrorCode::conflict, "Event " + std::to_string(id.value) + " is no run but " +
                                         std::string(kind_name(event.payload_type())) +
                                         "; see `runledger runs ls` for the runs.");
  return *std::move(facts);
}

std::string encode_run_row(const RunRow& row) {
  ByteWriter writer(kUsualRowBytes);
  writer.number(kValueVersion).number(row.parent ? kHasParent : std::uint8_t{0});
  write_short_text(writer, row.ticker);
  write_short_text(writer, row.strategy);
  write_short_text(writer, row.interval);
  writer.number(row.start).number(row.end).real(row.cash).real(row.pnl).real(row.return_pct);
  writer.real(row.sharpe_ratio).real(row.max_drawdown);
  writer.number(row.total_trades).number(row.winning_trades).number(row.losing_trades);
  if (row.parent) writer.number(row.parent->value);
  return std::string(text_of(writer.bytes()));
}

std::optional<RunRow> decode_run_row(RunGroup group, RunPosition position, std::string_view value,
                                     std::string_view& rest) {
  ByteReader reader(bytes_of(value));
  if (reader.number<char>() != kValueVersion) return std::nullopt;
  const auto flags = reader.number<std::uint8_t>();
  RunRow row;
  row.id = position.seq;
  row.group = group;
  row.recorded_at = position.recorded_at;
  row.ticker = read_short_text(reader);
  row.strategy = read_short_text(reader);
  row.interval = read_short_text(reader);
  row.start = reader.number<TimeNs>();
  row.end = reader.number<TimeNs>();
  for (double* figure :
       {&row.cash, &row.pnl, &row.return_pct, &row.sharpe_ratio, &row.max_drawdown})
    *figure = reader.real();
  for (std::uint32_t* count : {&row.total_trades, &row.winning_trades, &row.losing_trades})
    *count = reader.number<std::uint32_t>();
  row.replay = (flags & kHasParent) != 0;
  if (row.replay) row.parent = Seq(reader.number<std::uint64_t>());
  if (!reader.ok()) return std::nullopt;
  rest = text_of(reader.rest());
  return row;
}

}  // namespace runledger::ledger
