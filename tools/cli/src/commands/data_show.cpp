#include <fmt/format.h>

#include <runledger/base/time.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/run_view.hpp>
#include <runledger/cli/time_axis.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

constexpr std::size_t kShownGaps = 10;
constexpr std::size_t kShownBadRows = 10;

Listing gap_listing(const std::vector<app::DatasetGap>& gaps, bool intraday) {
  Listing listing({{"after", {"after"}},
                   {"before", {"before"}},
                   {"missing", {"missing bars", Align::right}},
                   {"holiday", {"probably"}}});
  for (const app::DatasetGap& gap : gaps) {
    const std::string after = label_text(gap.after, intraday);
    const std::string before = label_text(gap.before, intraday);
    listing.add({{after, {after}},
                 {before, {before}},
                 {gap.missing, {count(gap.missing)}},
                 {gap.holiday, {gap.holiday ? "holiday" : ""}}});
  }
  return listing;
}

Json detail_json(const app::DatasetDetail& detail) {
  const app::DatasetSummary& d = detail.versions.front();
  Json bad_rows = Json::array();
  for (const app::BadRowReport& row : detail.bad_rows) {
    bad_rows.add(Json::object({{"line", row.line}, {"reason", row.reason}}));
  }
  const bool intraday = is_intraday(d.interval);
  return Json::object({{"ticker", d.ticker},
                       {"interval", d.interval},
                       {"digest", d.digest.hex()},
                       {"rows", d.rows},
                       {"dropped", d.dropped},
                       {"start", label_text(d.start, intraday)},
                       {"end", label_text(d.end, intraday)},
                       {"has_volume", d.has_volume},
                       {"adjustment", d.adjustment},
                       {"applied", applied_json(d.applied)},
                       {"vendor", d.vendor},
                       {"layout", d.layout},
                       {"timezone", d.timezone},
                       {"scale", d.scale},
                       {"date_order", d.date_order},
                       {"decimal", d.decimal},
                       {"on_bad", d.on_bad},
                       {"interval_given", d.interval_given},
                       {"file_name", d.file_name},
                       {"raw_digest", d.raw_digest.hex()},
                       {"raw_kept", d.raw_kept},
                       {"versions", dataset_listing(detail.versions, true).json()},
                       {"calendar", detail.calendar.empty() ? Json() : Json(detail.calendar)},
                       {"gaps", gap_listing(detail.gaps, intraday).json()},
                       {"bad_rows", std::move(bad_rows)}});
}

std::string facts(const app::DatasetSummary& d, const Terminal& terminal) {
  const bool intraday = is_intraday(d.interval);
  std::string from_file = fmt::format("{} ({} layout", d.file_name, d.layout);
  const bool zoned = !d.timezone.empty() && d.timezone != "none";
  if (zoned) from_file += fmt::format(", times in {}", d.timezone);
  if (d.scale != 1) from_file += fmt::format(", prices divided by {}", quantity(d.scale));
  if (d.date_order) from_file += ", dates read as " + *d.date_order;
  if (d.decimal) from_file += ", decimal " + *d.decimal;
  from_file += d.raw_kept ? "; the file is kept)" : ")";
  std::vector<std::pair<std::string, Cell>> pairs{
      {"dataset", {d.ticker + "@" + d.digest.hex(), Tone::strong}},
      {"bars",
       {fmt::format("{} of {}, {} to {}{}", count(d.rows), d.interval,
                    label_text(d.start, intraday), label_text(d.end, intraday),
                    d.has_volume ? "" : ", no volume")}},
      {"prices",
       {d.adjustment.value_or("adjustment not said") +
        (d.applied.empty() ? "" : ", applied " + applied_text(d.applied)) +
        (d.vendor.empty() ? "" : ", from " + d.vendor)}},
      {"file", {from_file}},
      {"imported",
       {fmt::format("{} by event {}", format_created_at(d.imported_at).substr(0, 19),
                    d.imported.value)}}};
  if (d.dropped > 0) {
    pairs.push_back({"dropped", {counted(d.dropped, "bad row"), Tone::notice}});
  }
  return render_pairs(pairs, terminal);
}

std::string holidays_text(std::size_t more) {
  if (more == 0) return {};
  return more == 1 ? "; 1 more is probably a holiday"
                   : fmt::format("; {} more are probably holidays", count(more));
}

// Holidays are not what somebody looks for: they are counted, and listed only with the rest.
void print_gaps(Session& session, const app::DatasetDetail& detail, bool all_gaps) {
  if (!detail.calendar.empty())
    session.print(fmt::format("\ntrades {}, inferred from its bars\n", detail.calendar));
  std::vector<app::DatasetGap> gaps = detail.gaps;
  if (!all_gaps) std::erase_if(gaps, [](const app::DatasetGap& gap) { return gap.holiday; });
  const std::size_t shown = all_gaps ? gaps.size() : std::min(gaps.size(), kShownGaps);
  const std::string first =
      shown < gaps.size() ? fmt::format(", the first {} of them", shown) : std::string();
  session.print(fmt::format("\n{}{}{}\n", gaps.empty() ? "no gaps" : counted(gaps.size(), "gap"),
                            first, holidays_text(detail.gaps.size() - gaps.size())));
  gaps.resize(shown);
  if (!gaps.empty())
    session.print_table(gap_listing(gaps, is_intraday(detail.versions.front().interval)).table());
  if (shown < detail.gaps.size()) session.say("--gaps shows all");
}

void print_text(Session& session, const app::DatasetDetail& detail, bool all_gaps) {
  const app::DatasetSummary& d = detail.versions.front();
  session.print(facts(d, session.terminal()));
  for (std::size_t i = 0; i < detail.bad_rows.size() && i < kShownBadRows; ++i) {
    session.print(
        fmt::format("  line {}: {}\n", detail.bad_rows[i].line, detail.bad_rows[i].reason));
  }
  if (detail.versions.size() > 1) {
    session.print("\n");
    session.print_table(dataset_listing(detail.versions, true).table());
  }
  print_gaps(session, detail, all_gaps);
}

Result<int> data_show(Session& session, const Arguments& arguments) {
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const app::DatasetDetail detail,
         app::show_dataset(context, {arguments.operands().front(), arguments.value("interval")}));
  switch (session.format()) {
    case Format::json:
      session.print_json(detail_json(detail));
      break;
    case Format::csv:
      session.print(dataset_listing(detail.versions, true).csv());
      break;
    case Format::text:
      print_text(session, detail, arguments.has("gaps"));
      break;
  }
  return 0;
}

}  // namespace

Command data_show_command() {
  return {.name = "show",
          .summary = "describe a dataset: range, origin, versions, gaps",
          .operands = {{.name = "T[@DIGEST]",
                        .help = "A ticker, or one version by 6 or more digits of its digest",
                        .completes = Completes::ticker}},
          .options = {{.name = "interval",
                       .letter = 'i',
                       .value = "I",
                       .help = "Which, when the ticker has several"},
                      {.name = "gaps", .help = "Every gap, not the first ten, and holidays too"}},
          .examples = {{"data show AAPL", "the newest version"},
                       {"data show AAPL@3fa9c1", "an older one"}},
          .prints_table = true,
          .action = data_show};
}

}  // namespace runledger::cli
