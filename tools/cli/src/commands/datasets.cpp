#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/run_view.hpp>
#include <runledger/cli/time_axis.hpp>

#include "commands.hpp"

namespace runledger::cli {

Json applied_json(const std::vector<app::AppliedReport>& applied) {
  Json columns = Json::array();
  for (const app::AppliedReport& one : applied)
    columns.add(Json::object({{"what", one.what}, {"column", one.column}, {"count", one.count}}));
  return columns;
}

std::string applied_text(const std::vector<app::AppliedReport>& applied) {
  std::vector<std::string> texts;
  for (const app::AppliedReport& one : applied) {
    const std::string what = one.what == "adjclose"    ? counted(one.count, "changed close")
                             : one.what == "splits"    ? counted(one.count, "split")
                             : one.what == "dividends" ? counted(one.count, "dividend")
                                                       : one.what;
    texts.push_back(fmt::format("{} ({})", one.column, what));
  }
  return join(texts, " and ");
}

// `with_state`: older versions are among them.
Listing dataset_listing(const std::vector<app::DatasetSummary>& datasets, bool with_state) {
  constexpr std::size_t kShownDigits = 12;
  Listing listing({{"ticker", {"ticker", Align::left, true}},
                   {"interval", {"bars"}},
                   {"rows", {"rows", Align::right}},
                   {"dropped", {"dropped", Align::right, false, 3}},
                   {"start", {"from"}},
                   {"end", {"to"}},
                   {"digest", {"digest"}},
                   {"newest", {"version", Align::left, false, 4}, with_state},
                   {"layout", {"layout", Align::left, false, 5}},
                   {"adjustment", {"adjustment", Align::left, false, 6}, false},
                   {"vendor", {"vendor"}, false},
                   {"file_name", {"file", Align::left, true, 2}},
                   {"imported_at", {"imported"}, false},
                   {"event", {"event"}, false}});
  for (const app::DatasetSummary& d : datasets) {
    const bool intraday = is_intraday(d.interval);
    const std::string start = label_text(d.start, intraday);
    const std::string end = label_text(d.end, intraday);
    listing.add({{d.ticker, {d.ticker, Tone::strong}},
                 {d.interval, {d.interval}},
                 {d.rows, {count(d.rows)}},
                 {d.dropped, {count(d.dropped), d.dropped > 0 ? Tone::notice : Tone::plain}},
                 {start, {start}},
                 {end, {end}},
                 {d.digest.hex(), {d.digest.hex().substr(0, kShownDigits)}},
                 {d.newest, {d.newest ? "newest" : "older"}},
                 {d.layout, {d.layout}},
                 {d.adjustment},
                 {d.vendor},
                 {d.file_name, {d.file_name}},
                 {format_created_at(d.imported_at)},
                 {d.imported.value}});
  }
  return listing;
}

}  // namespace runledger::cli
