#include <vector>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/run_view.hpp>
#include <runledger/cli/sentence.hpp>
#include <runledger/cli/time_axis.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

constexpr std::size_t kShownBadRows = 5;
constexpr std::size_t kShownDigits = 12;

app::ImportRequest read_request(const Arguments& arguments) {
  app::ImportRequest request;
  request.ticker = arguments.value("ticker");
  request.interval = arguments.value("interval");
  request.format = arguments.value("format");
  request.timezone = arguments.value("timezone");
  request.scale = arguments.value("scale");
  request.on_bad = arguments.value("on-bad");
  request.date_order = arguments.value("date-order");
  request.decimal = arguments.value("decimal");
  request.adjustment = arguments.value("adjustment");
  request.apply = arguments.value("apply");
  request.vendor = arguments.value("vendor");
  request.keep_raw = arguments.has("keep-raw");
  return request;
}

Json dataset_json(const app::ImportedDataset& d) {
  const bool intraday = is_intraday(d.interval);
  Json bad_rows = Json::array();
  for (const app::BadRowReport& row : d.bad_rows) {
    bad_rows.add(Json::object({{"line", row.line}, {"reason", row.reason}}));
  }
  return Json::object({{"file", d.file},
                       {"ticker", d.ticker},
                       {"interval", d.interval},
                       {"rows", d.rows},
                       {"dropped", d.dropped},
                       {"start", label_text(d.start, intraday)},
                       {"end", label_text(d.end, intraday)},
                       {"digest", d.digest.hex()},
                       {"event", d.event.value},
                       {"layout", d.layout},
                       {"timezone", d.timezone},
                       {"timezone_assumed", d.timezone_assumed},
                       {"adjustment", d.adjustment},
                       {"applied", applied_json(d.applied)},
                       {"has_volume", d.has_volume},
                       {"adjusted_close_ignored", d.adjusted_close_differs},
                       {"already_present", d.already_present},
                       {"previous", d.previous ? Json(d.previous->hex()) : Json()},
                       {"rows_added", d.rows_added},
                       {"rows_changed", d.rows_changed},
                       {"rows_removed", d.rows_removed},
                       {"chunks_new", d.chunks_new},
                       {"chunks_shared", d.chunks_shared},
                       {"chunks_restored", d.chunks_restored},
                       {"bad_rows", std::move(bad_rows)}});
}

Json outcome_json(const app::ImportOutcome& outcome) {
  Json datasets = Json::array();
  for (const app::ImportedDataset& dataset : outcome.datasets) datasets.add(dataset_json(dataset));
  Json refused = Json::array();
  for (const app::RefusedFile& file : outcome.refused) {
    const Json error = Json::object({{"code", std::string(error_name(file.error.code))},
                                     {"message", as_said(file.error.message)}});
    refused.add(Json::object({{"file", file.file}, {"error", error}}));
  }
  return Json::object({{"datasets", std::move(datasets)}, {"refused", std::move(refused)}});
}

std::string zone_text(const app::ImportedDataset& d) {
  if (d.timezone == "none" || d.timezone == "offsets") return {};
  return fmt::format(", times {} {}", d.timezone_assumed ? "taken as" : "in", d.timezone);
}

std::string remarks(const app::ImportedDataset& d) {
  return zone_text(d) + ", adjustment " + d.adjustment.value_or("not said") +
         (d.has_volume ? "" : ", no volume");
}

// `AAPL 1d: 2,516 bars, 2010-01-04 to 2019-12-31 (yahoo layout, adjustment not said)`.
std::string sentence(const app::ImportedDataset& d) {
  const bool intraday = is_intraday(d.interval);
  std::string text =
      fmt::format("{} {}: {}, {} to {} ({} layout{})", d.ticker, d.interval, counted(d.rows, "bar"),
                  label_text(d.start, intraday), label_text(d.end, intraday), d.layout, remarks(d));
  if (d.already_present) return text + "; these bars were there already, nothing was added";
  if (d.previous) {
    text += fmt::format("; a new version: {} added, {} changed", counted(d.rows_added, "bar"),
                        count(d.rows_changed));
    if (d.rows_removed > 0) text += fmt::format(", {} removed", count(d.rows_removed));
  }
  return text;
}

void warn_of_assumed_zone(Session& session, const app::ImportedDataset& d) {
  if (!d.timezone_assumed) return;
  session.say(fmt::format(
      "{}: {} name no zone and were taken as UTC{}; if they are local, import it again with "
      "--timezone, such as --timezone America/New_York",
      d.file, d.timezone == "offsets" ? "some of its times" : "its times",
      d.layout == "alpha-vantage" ? ", but Alpha Vantage's own are US/Eastern" : ""));
}

// `--adjustment full` beside such a column reads like a wish to have it applied.
void say_what_is_not_applied(Session& session, const Arguments& arguments,
                             const app::ImportedDataset& d) {
  if (!d.adjusted_close_differs) return;
  const auto told = arguments.value("adjustment");
  session.say(fmt::format(
      "{}: its Adj Close differs from Close and is not applied; prices are stored as the file's "
      "Close has them{}; --apply adjclose applies it",
      d.file,
      told ? fmt::format("; --adjustment {} notes what they are and changes none", *told)
           : std::string()));
}

void say_what_is_applied(Session& session, const app::ImportedDataset& d) {
  if (d.applied.empty() || d.already_present) return;
  session.say(fmt::format("{}: applied {}; prices are {}", d.file, applied_text(d.applied),
                          d.adjustment == "split" ? "adjusted for splits" : "fully adjusted"));
}

// A file that is cut short by accident would go unnoticed as the newest version.
void warn_of_removed(Session& session, const app::ImportedDataset& d) {
  if (d.rows_removed == 0 || !d.previous) return;
  session.warn(fmt::format(
      "{}: {} of the version before {} not in this file, which is now the newest version; the one "
      "before stays as {}@{}",
      d.file, counted(d.rows_removed, "bar"), d.rows_removed == 1 ? "is" : "are", d.ticker,
      d.previous->hex().substr(0, kShownDigits)));
}

// What would be taken for recorded otherwise.
void warn_of_unrecorded(Session& session, const Arguments& arguments,
                        const app::ImportedDataset& d) {
  if (!d.already_present) return;
  std::vector<std::string> given;
  for (const char* name : {"adjustment", "vendor", "keep-raw"})
    if (arguments.has(name)) given.push_back(fmt::format("--{}", name));
  if (arguments.has("apply") && d.applied.empty()) given.emplace_back("--apply");
  if (given.empty()) return;
  session.warn(fmt::format("{}: {} {} not recorded, because nothing was added", d.file,
                           join(given, ", "), given.size() == 1 ? "was" : "were"));
}

void say_what_was_restored(Session& session, const app::ImportedDataset& d) {
  if (d.chunks_restored == 0) return;
  session.say(fmt::format("{}: restored {} of {} {} that {} missing or damaged", d.file,
                          counted(d.chunks_restored, "piece"), d.ticker, d.interval,
                          d.chunks_restored == 1 ? "was" : "were"));
}

void warn_of_dropped(Session& session, const app::ImportedDataset& d) {
  if (d.dropped == 0) return;
  session.say(fmt::format("{}: dropped {}", d.file, counted(d.dropped, "row")));
  for (std::size_t i = 0; i < d.bad_rows.size() && i < kShownBadRows; ++i) {
    session.say(fmt::format("  line {}: {}", d.bad_rows[i].line, d.bad_rows[i].reason));
  }
  if (d.dropped > kShownBadRows) {
    session.say(fmt::format("  `runledger data show {}` lists more of them", d.ticker));
  }
}

// Each refused file is a sentence of its own; the first one is the command's error.
Result<int> refuse_rest(Session& session, const std::vector<app::RefusedFile>& refused) {
  if (refused.empty()) return 0;
  for (const app::RefusedFile& file : refused)
    session.warn("runledger: " + as_said(file.error.message));
  return exit_status(refused.front().error.code);
}

Result<int> data_import(Session& session, const Arguments& arguments) {
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const app::ImportOutcome outcome,
         app::import_files(context, arguments.operands(), read_request(arguments)));
  for (const app::ImportedDataset& dataset : outcome.datasets) {
    if (!session.json()) session.print(sentence(dataset) + '\n');
    warn_of_assumed_zone(session, dataset);
    say_what_is_not_applied(session, arguments, dataset);
    say_what_is_applied(session, dataset);
    say_what_was_restored(session, dataset);
    warn_of_removed(session, dataset);
    warn_of_unrecorded(session, arguments, dataset);
    warn_of_dropped(session, dataset);
  }
  if (session.json()) session.print_json(outcome_json(outcome));
  return refuse_rest(session, outcome.refused);
}

}  // namespace

Command data_import_command() {
  return {
      .name = "import",
      .summary = "read files of prices into the ledger",
      .details =
          "The layout of a file is detected; the options say what cannot be. A file is imported "
          "whole or not at all. A file that has grown makes a new version of its dataset, and the "
          "older version stays.",
      .operands = {{.name = "FILE",
                    .help = "A CSV file, also gzipped; - reads standard input",
                    .max = kOperandsUnlimited,
                    .completes = Completes::file}},
      .options =
          {{.name = "ticker",
            .letter = 't',
            .value = "T",
            .help = "The name of the instrument; else the file's name without its ending",
            .completes = Completes::ticker},
           {.name = "interval",
            .letter = 'i',
            .value = "I",
            .help = "The length of a bar, 1m to 1mo; else as the times are spaced"},
           {.name = "format", .value = "NAME", .help = "The layout; auto detects it"},
           {.name = "timezone",
            .value = "ZONE",
            .help = "Where times without a zone are local: America/New_York (UTC)"},
           {.name = "scale",
            .value = "N",
            .help = "What prices in the file are divided by; LEAN has 10000"},
           {.name = "on-bad",
            .value = "WHAT",
            .help = "What a bad row does to its file: refuse it, or drop the row and record that"},
           {.name = "date-order",
            .value = "ORDER",
            .help = "Of dates that read both ways: dmy or mdy"},
           {.name = "decimal", .value = "SIGN", .help = "The sign before decimals: point or comma"},
           {.name = "adjustment",
            .value = "KIND",
            .help = "What the prices of the file are, for the record: raw, split or full; changes "
                    "none"},
           {.name = "apply",
            .value = "WHAT",
            .help = "Columns of the file to apply to its prices: adjclose, splits, dividends, or "
                    "splits,dividends"},
           {.name = "vendor", .value = "NAME", .help = "Where the prices come from"},
           {.name = "keep-raw", .help = "Keep the file itself in the ledger too"}},
      .examples = {{"data import AAPL.csv MSFT.csv", "two files, tickers AAPL and MSFT"},
                   {"data import export.csv --ticker ES --interval 5m --timezone America/Chicago",
                    "intraday bars in local time"},
                   {"data import - --ticker SPY < spy.csv", "from standard input"},
                   {"data import AAPL.csv --apply adjclose", "prices adjusted as Adj Close is"},
                   {"data import dirty.csv --on-bad drop", "leave bad rows out, and record it"}},
      .action = data_import};
}

}  // namespace runledger::cli
