#include "model.hpp"

#include <algorithm>
#include <limits>

#include <runledger/base/bytes.hpp>

namespace runledger::ledger::test {

void RunModel::record(Seq seq, TimeNs time, const RunEvent& event) {
  const bool trial = event.run_class == schema::RunClass::sweep_trial;
  RunRow row;
  row.id = seq;
  row.group = event.failed ? (trial ? RunGroup::failed_trial : RunGroup::failed)
                           : (trial ? RunGroup::sweep_trial : RunGroup::listed);
  row.recorded_at = time;
  row.ticker = event.tickers.front();
  row.interval = "1d";
  row.strategy = event.strategy;
  row.start = 1'577'836'800'000'000'000;
  row.end = 1'609'372'800'000'000'000;
  row.cash = 10000;
  const double undefined = std::numeric_limits<double>::quiet_NaN();
  row.pnl = event.failed ? undefined : event.pnl;
  row.return_pct = event.failed ? undefined : event.pnl / 100;
  row.sharpe_ratio = event.failed ? undefined : 1.5;
  row.max_drawdown = event.failed ? undefined : 12.25;
  row.total_trades = event.failed ? 0 : event.trades;
  row.winning_trades = event.failed || event.trades < 3 ? 0 : event.trades - 3;
  row.losing_trades = event.failed ? 0 : 3;
  if (event.parent) row.parent = Seq(*event.parent);
  row.replay = event.parent.has_value();
  runs_.emplace(seq.value, Run{.row = row, .event = event, .changes = {}});
}

bool RunModel::retract(Seq seq, Seq run) {
  const auto found = runs_.find(run.value);
  if (found == runs_.end() || hidden(found->second, std::nullopt)) return false;
  found->second.changes.emplace_back(seq, true);
  return true;
}

bool RunModel::restore(Seq seq, Seq run) {
  const auto found = runs_.find(run.value);
  if (found == runs_.end() || !hidden(found->second, std::nullopt)) return false;
  found->second.changes.emplace_back(seq, false);
  return true;
}

bool RunModel::hidden(const Run& run, std::optional<Seq> as_of) {
  bool result = false;
  for (const auto& [seq, hides] : run.changes)
    if (!as_of || seq <= *as_of) result = hides;
  return result;
}

bool RunModel::matches(const Run& run, const RunFilter& filter) {
  const auto has = [](const auto& range, const auto& value) {
    return std::ranges::find(range, value) != range.end();
  };
  const RunRow& row = run.row;
  return has(filter.groups, row.group) &&
         (!filter.ticker || has(run.event.tickers, *filter.ticker)) &&
         (!filter.strategy || row.strategy == *filter.strategy) &&
         (!filter.sweep || run.event.sweep == *filter.sweep) &&
         (!filter.since || row.recorded_at >= *filter.since) &&
         (!filter.until || row.recorded_at <= *filter.until) &&
         (!filter.as_of || row.id <= *filter.as_of) &&
         hidden(run, filter.as_of) == filter.retracted;
}

std::vector<RunRow> RunModel::list(const RunFilter& filter) const {
  std::vector<RunRow> rows;
  for (const auto& [seq, run] : runs_)
    if (matches(run, filter)) rows.insert(rows.begin(), run.row);
  return rows;
}

std::optional<Seq> RunModel::latest(const std::string& actor) const {
  std::optional<Seq> latest;
  for (const auto& [seq, run] : runs_) {
    const bool single = run.row.group == RunGroup::listed || run.row.group == RunGroup::failed;
    if (run.event.actor == actor && single && !hidden(run, std::nullopt)) latest = run.row.id;
  }
  return latest;
}

bool same_row(const RunRow& a, const RunRow& b) {
  const auto bits = [](const RunRow& row) {
    ByteWriter writer;
    for (const double figure :
         {row.cash, row.pnl, row.return_pct, row.sharpe_ratio, row.max_drawdown})
      writer.real(figure);
    return writer.take();
  };
  return a.id == b.id && a.group == b.group && a.recorded_at == b.recorded_at &&
         a.ticker == b.ticker && a.strategy == b.strategy && a.interval == b.interval &&
         a.start == b.start && a.end == b.end && bits(a) == bits(b) &&
         a.total_trades == b.total_trades && a.winning_trades == b.winning_trades &&
         a.losing_trades == b.losing_trades && a.parent == b.parent && a.replay == b.replay;
}

bool same_rows(const std::vector<RunRow>& a, const std::vector<RunRow>& b) {
  return std::ranges::equal(a, b, same_row);
}

}  // namespace runledger::ledger::test
