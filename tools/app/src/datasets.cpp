#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <runledger/app/datasets.hpp>
#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/market/calendar.hpp>
#include <runledger/market/gaps.hpp>

#include "dataset_loading.hpp"
#include "event_building.hpp"
#include "import_options.hpp"
#include "ledger_access.hpp"

namespace runledger::app {
namespace {

DatasetSummary summary_of(const ledger::DatasetVersion& version, const ledger::StoredEvent& event,
                          const schema::DatasetImported& imported) {
  DatasetSummary summary;
  summary.ticker = version.ticker;
  summary.interval = version.interval;
  summary.digest = version.dataset;
  summary.imported = version.imported;
  summary.imported_at = event.recorded_at();
  summary.rows = imported.bars();
  summary.dropped = imported.dropped();
  summary.start = imported.start().value_or(0);
  summary.end = imported.end().value_or(0);
  summary.has_volume = imported.has_volume();
  summary.adjustment = adjustment_text(imported.adjustment());
  summary.applied = applied_reports(imported);
  summary.date_order = date_order_text(imported.date_order());
  summary.decimal = decimal_text(imported.decimal());
  summary.on_bad = on_bad_text(imported.on_bad());
  summary.interval_given = imported.interval_given();
  summary.vendor = text_or_empty(imported.vendor());
  summary.file_name = text_or_empty(imported.file_name());
  summary.layout = text_or_empty(imported.layout());
  summary.timezone = text_or_empty(imported.timezone());
  summary.scale = imported.scale().value_or(1);
  if (const auto raw = digest_of(imported.raw_digest())) summary.raw_digest = *raw;
  summary.raw_kept = imported.raw_kept();
  summary.previous = digest_of(imported.previous());
  summary.chunks = imported.chunks() != nullptr ? imported.chunks()->size() : 0;
  return summary;
}

// Summaries of versions, newest first as the reader has them.
Result<std::vector<DatasetSummary>> summaries(const ledger::Reader& reader,
                                              const std::vector<ledger::DatasetVersion>& versions,
                                              bool all_versions) {
  std::vector<DatasetSummary> found;
  std::set<std::pair<std::string, std::string>> seen;
  for (const ledger::DatasetVersion& version : versions) {
    const bool newest = seen.emplace(version.ticker, version.interval).second;
    if (!newest && !all_versions) continue;
    RL_TRY(const ledger::StoredEvent event, reader.event(version.imported));
    const auto* imported = event_in(event).payload_as_DatasetImported();
    if (imported == nullptr)
      return fail(ErrorCode::damaged,
                  fmt::format("the index names event {} as an import, which it is not; run "
                              "`runledger reindex`",
                              version.imported.value));
    found.push_back(summary_of(version, event, *imported));
    found.back().newest = newest;
  }
  return found;
}

constexpr std::array<std::string_view, 7> kWeekdays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};

// `Monday to Friday`, `Sunday to Thursday`, `every day`, `Monday, Wednesday`.
std::string week_text(const TradingWeek& week) {
  std::vector<std::string> days;
  std::size_t runs = 0;  // of trading days, around the week
  std::size_t first = 0, last = 0;
  for (std::size_t day = 0; day < kWeekdays.size(); ++day) {
    if (!week.has(day)) continue;
    days.emplace_back(kWeekdays[day]);
    if (!week.has((day + 1) % 7)) last = day;
    if (week.has((day + 6) % 7)) continue;
    first = day;
    ++runs;
  }
  if (days.size() == kWeekdays.size()) return "every day";
  return runs == 1 && days.size() > 2 ? fmt::format("{} to {}", kWeekdays[first], kWeekdays[last])
                                      : join(days, ", ");
}

std::string clock_text(TimeNs clock) {
  return fmt::format("{:02}:{:02}", clock / kHourNs, clock % kHourNs / kMinuteNs);
}

std::string calendar_text(const Bars& bars) {
  const bool daily = bars.interval == Interval{1, IntervalUnit::day};
  if (!daily && !bars.interval.intraday()) return {};
  std::string text = week_text(TradingWeek(bars.label));
  if (const auto hours = usual_hours(bars.label, bars.interval))
    text += fmt::format(", {} to {} UTC on most days", clock_text(hours->open),
                        clock_text(hours->close));
  return text;
}

// The volume is left empty where the data has none.
std::string csv_row(const Bars& bars, std::size_t i) {
  const std::string volume = bars.volume[i] == bars.volume[i] ? format_double(bars.volume[i]) : "";
  return fmt::format("{},{},{},{},{},{}\n", format_time(bars.label[i]), format_double(bars.open[i]),
                     format_double(bars.high[i]), format_double(bars.low[i]),
                     format_double(bars.close[i]), volume);
}

}  // namespace

Result<std::vector<DatasetSummary>> list_datasets(const Context& context, bool all_versions) {
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const auto versions, reader.datasets(std::nullopt));
  RL_TRY(std::vector<DatasetSummary> found, summaries(reader, versions, all_versions));
  std::ranges::stable_sort(
      found, {}, [](const DatasetSummary& one) { return std::tie(one.ticker, one.interval); });
  return found;
}

Result<DatasetDetail> show_dataset(const Context& context, const DatasetName& name) {
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const DatasetChoice choice, parse_dataset_choice(name.text, name.interval));
  RL_TRY(const ChosenDataset chosen, choose_dataset(reader, choice));
  RL_TRY(auto versions, reader.datasets(chosen.version.ticker));
  std::erase_if(versions, [&](const auto& one) { return one.interval != chosen.version.interval; });
  DatasetDetail detail;
  RL_TRY(detail.versions, summaries(reader, versions, true));
  const auto asked =
      std::ranges::find(detail.versions, chosen.version.imported, &DatasetSummary::imported);
  std::rotate(detail.versions.begin(), asked, asked + 1);
  const schema::DatasetImported& imported = chosen.imported();
  if (imported.bad_rows() != nullptr)
    for (const schema::BadRow* bad : *imported.bad_rows())
      detail.bad_rows.push_back({bad->line(), text_or_empty(bad->reason())});
  RL_TRY(const Bars bars, load_bars(ledger::BlobStore(context.ledger), imported));
  for (const Gap& gap : find_gaps(bars.label, bars.interval))
    detail.gaps.push_back({gap.after, gap.before, gap.missing, gap.holiday});
  detail.calendar = calendar_text(bars);
  return detail;
}

Status export_dataset(const Context& context, const DatasetName& name,
                      const std::function<Status(std::string_view)>& write) {
  constexpr std::size_t kPieceBytes = 1u << 16;
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const DatasetChoice choice, parse_dataset_choice(name.text, name.interval));
  RL_TRY(const ChosenDataset chosen, choose_dataset(reader, choice));
  RL_TRY(const Bars bars, load_bars(ledger::BlobStore(context.ledger), chosen.imported()));
  std::string piece = "time,open,high,low,close,volume\n";
  for (std::size_t i = 0; i < bars.size(); ++i) {
    piece += csv_row(bars, i);
    if (piece.size() < kPieceBytes) continue;
    RL_TRY_VOID(write(piece));
    piece.clear();
    if (context.stop_wanted()) return fail(ErrorCode::interrupted, "interrupted");
  }
  return write(piece);
}

}  // namespace runledger::app
