#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <runledger/app/import.hpp>
#include <runledger/base/text.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/market/csv.hpp>
#include <runledger/market/dataset.hpp>

#include "dataset_loading.hpp"
#include "event_building.hpp"
#include "import_options.hpp"
#include "ledger_access.hpp"
#include "option_text.hpp"
#include "version_changes.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

// One append takes this much at most; a file's events are never split.
constexpr std::size_t kBatchEvents = 256;
constexpr std::size_t kBatchBytes = 2u << 20;

std::string ticker_of_file(const std::string& file) {
  fs::path name = fs::path(file).filename();
  if (to_lower(name.extension().string()) == ".gz") name = name.stem();
  return name.stem().string();
}

// Imports files into one ledger.
class Importer {
 public:
  Importer(const Context& context, fs::path ledger, const ledger::Reader& reader,
           const ImportRequest& request, const ImportOptions& options, ImportOutcome& outcome)
      : context_(context),
        ledger_(std::move(ledger)),
        reader_(reader),
        blobs_(ledger_),
        request_(request),
        options_(options),
        outcome_(outcome) {}

  // Errors that concern this file alone are `refused`; the others end the import.
  Status add(const std::string& file, const CsvSource& source);
  // Records what add() prepared.
  Status flush();

 private:
  struct Prepared {
    ImportedDataset report;
    std::optional<ledger::PendingEvent> event;  // none when the bars are already there
  };
  // The version before: recorded, or prepared by a file before this one.
  struct Newest {
    Digest dataset{};
    std::optional<Seq> event;  // recorded
    Bars bars;                 // empty when they could not be read
    std::string unread;        // why; else empty
    std::set<Digest> lost;     // its chunks that are missing or damaged
    std::optional<std::string> adjustment;
    std::vector<AppliedReport> applied;
  };
  using Key = std::pair<std::string, std::string>;

  Result<std::string> ticker_of(const std::string& file, const CsvSeries& series) const;
  Result<std::optional<Newest>> newest(const Key& key);
  [[nodiscard]] std::set<Digest> lost_chunks(const schema::DatasetImported& imported) const;
  Result<Prepared> prepare(const std::string& file, const CsvSource& source,
                           const CsvSeries& series);
  // Counts those of `lost` that are stored again.
  Status store_chunks(const Bars& bars, const std::set<Digest>& lost,
                      schema::DatasetImportedT& event, ImportedDataset& report);
  [[nodiscard]] schema::DatasetImportedT event_for(const CsvSource& source, const CsvSeries& series,
                                                   ImportedDataset& report) const;

  const Context& context_;
  fs::path ledger_;
  const ledger::Reader& reader_;
  ledger::BlobStore blobs_;
  const ImportRequest& request_;
  const ImportOptions& options_;
  ImportOutcome& outcome_;
  std::map<Key, Newest> newest_;
  std::vector<ledger::PendingEvent> pending_;
  std::vector<std::size_t> pending_datasets_;  // their places in outcome_.datasets
  std::size_t pending_bytes_ = 0;
};

Result<std::string> Importer::ticker_of(const std::string& file, const CsvSeries& series) const {
  std::string ticker = series.ticker;
  if (request_.ticker)
    ticker = *request_.ticker;
  else if (ticker.empty() && file != "-")
    ticker = ticker_of_file(file);
  if (ticker.empty())
    return fail(ErrorCode::invalid_input,
                "standard input has no name to take the ticker from; give it with --ticker");
  RL_TRY_VOID(check_name(fmt::format("the ticker of {}", file), ticker));
  if (ticker.find('@') != std::string::npos)
    return fail(ErrorCode::invalid_input,
                fmt::format("the ticker {} has an `@`, which separates it from a digest; give "
                            "another with --ticker",
                            ticker));
  return ticker;
}

Result<std::optional<Importer::Newest>> Importer::newest(const Key& key) {
  if (const auto known = newest_.find(key); known != newest_.end()) return known->second;
  RL_TRY(const auto versions, reader_.datasets(key.first));
  const auto found = std::ranges::find(versions, key.second, &ledger::DatasetVersion::interval);
  if (found == versions.end()) return std::nullopt;
  RL_TRY(const ChosenDataset chosen, recorded_dataset(reader_, found->dataset, key.first));
  Newest before{.dataset = found->dataset,
                .event = found->imported,
                .bars = {},
                .unread = {},
                .lost = {},
                .adjustment = adjustment_text(chosen.imported().adjustment()),
                .applied = applied_reports(chosen.imported())};
  if (auto bars = load_bars(blobs_, chosen.imported())) {
    before.bars = std::move(*bars);
  } else {
    before.unread = bars.error().message;
    before.lost = lost_chunks(chosen.imported());
  }
  return before;
}

std::set<Digest> Importer::lost_chunks(const schema::DatasetImported& imported) const {
  std::set<Digest> lost;
  if (imported.chunks() == nullptr) return lost;
  for (const schema::Chunk* chunk : *imported.chunks())
    if (const auto name = digest_of(chunk->digest()); name && !blobs_.get(*name))
      lost.insert(*name);
  return lost;
}

Status Importer::store_chunks(const Bars& bars, const std::set<Digest>& lost,
                              schema::DatasetImportedT& event, ImportedDataset& report) {
  for (const ChunkRange& range : chunk_ranges(bars.size())) {
    const Bytes rows = encode_rows(bars, range);
    const Digest name = sha256(rows);
    ++(blobs_.contains(name) ? report.chunks_shared : report.chunks_new);
    RL_TRY([[maybe_unused]] const Digest stored_name, blobs_.put(rows));
    if (lost.contains(name)) ++report.chunks_restored;
    auto chunk = std::make_unique<schema::ChunkT>();
    chunk->digest = stored(name);
    chunk->bars = static_cast<std::uint32_t>(range.count);
    event.chunks.push_back(std::move(chunk));
  }
  return {};
}

schema::DatasetImportedT Importer::event_for(const CsvSource& source, const CsvSeries& series,
                                             ImportedDataset& report) const {
  schema::DatasetImportedT event;
  event.ticker = report.ticker;
  event.interval = report.interval;
  event.dataset = stored(report.digest);
  event.bars = report.rows;
  event.dropped = series.dropped;
  for (const BadRowReport& bad : report.bad_rows) {
    auto row = std::make_unique<schema::BadRowT>();
    row->line = bad.line;
    row->reason = bad.reason;
    event.bad_rows.push_back(std::move(row));
  }
  event.start = report.start;
  event.end = report.end;
  event.has_volume = series.has_volume;
  event.file_name = source.file_name();
  event.raw_digest = stored(source.raw_digest);
  event.raw_size = source.raw().size();
  event.raw_kept = request_.keep_raw;
  event.layout = series.layout;
  event.timezone = series.timezone;
  event.scale = series.scale;
  store_options(options_, event);
  store_applied(series, event);
  event.vendor = request_.vendor.value_or("");
  if (report.previous) event.previous = stored(*report.previous);
  return event;
}

Result<Importer::Prepared> Importer::prepare(const std::string& file, const CsvSource& source,
                                             const CsvSeries& series) {
  Prepared prepared;
  ImportedDataset& report = prepared.report;
  report.file = file;
  RL_TRY(report.ticker, ticker_of(file, series));
  report.interval = series.bars.interval.text();
  report.digest = dataset_digest(series.bars);
  report.rows = series.bars.size();
  report.dropped = series.dropped;
  for (const BadRow& bad : series.bad_rows)
    report.bad_rows.push_back({bad.line, (bad.column.empty() ? "" : "column " + bad.column + ": ") +
                                             (bad.value.empty() ? "" : bad.value + " ") +
                                             bad.reason});
  report.start = series.bars.label.front();
  report.end = series.bars.label.back();
  report.layout = series.layout;
  report.timezone = series.timezone;
  report.timezone_assumed = series.timezone_assumed;
  report.has_volume = series.has_volume;
  report.adjusted_close_differs = series.adjusted_close_differs;

  const Key key{report.ticker, report.interval};
  RL_TRY(const std::optional<Newest> before, newest(key));
  report.already_present = before && before->dataset == report.digest;
  if (before && !report.already_present) {
    if (!before->unread.empty())
      context_.notice("the version before cannot be compared: " + before->unread);
    report.previous = before->dataset;
    const VersionChanges changes = compare_versions(before->bars, series.bars);
    report.rows_added = changes.added;
    report.rows_changed = changes.changed;
    report.rows_removed = changes.removed;
  }
  schema::DatasetImportedT event = event_for(source, series, report);
  RL_TRY_VOID(store_chunks(series.bars, before ? before->lost : std::set<Digest>(), event, report));
  if (report.already_present) {
    if (before->event) report.event = *before->event;
    report.adjustment = before->adjustment;
    report.applied = before->applied;
    return prepared;
  }
  report.adjustment = adjustment_text(event.adjustment);
  report.applied = applied_reports(series);
  prepared.event = make_event(new_request_id(), context_.actor, std::move(event));
  newest_[key] = Newest{.dataset = report.digest,
                        .event = std::nullopt,
                        .bars = series.bars,
                        .unread = {},
                        .lost = {},
                        .adjustment = report.adjustment,
                        .applied = report.applied};
  return prepared;
}

Status Importer::add(const std::string& file, const CsvSource& source) {
  auto all = parse_csv(source, options_.csv);
  if (!all) {
    outcome_.refused.push_back({file, std::move(all).error()});
    return {};
  }
  std::vector<Prepared> prepared;
  for (const CsvSeries& series : *all) {
    auto one = prepare(file, source, series);
    if (!one && one.error().code != ErrorCode::invalid_input &&
        one.error().code != ErrorCode::too_large)
      return std::unexpected(std::move(one).error());
    if (!one) {
      outcome_.refused.push_back({file, std::move(one).error()});
      return {};
    }
    prepared.push_back(std::move(*one));
  }
  if (request_.keep_raw) {
    RL_TRY([[maybe_unused]] const Digest raw, blobs_.put(bytes_of(source.raw())));
  }
  for (Prepared& one : prepared) {
    if (one.event) {
      pending_bytes_ += one.event->size();
      pending_.push_back(std::move(*one.event));
      pending_datasets_.push_back(outcome_.datasets.size());
    }
    outcome_.datasets.push_back(std::move(one.report));
  }
  return pending_.size() >= kBatchEvents || pending_bytes_ >= kBatchBytes ? flush() : Status{};
}

Status Importer::flush() {
  if (pending_.empty()) return {};
  RL_TRY(const ledger::Recorded recorded,
         ledger::append(ledger_, std::move(pending_), append_options(context_)));
  for (std::size_t i = 0; i < pending_datasets_.size(); ++i)
    outcome_.datasets[pending_datasets_[i]].event = recorded.seqs.at(i);
  pending_.clear();
  pending_datasets_.clear();
  pending_bytes_ = 0;
  return {};
}

// The files of one import. Standard input is read once, although a ledger may be tried twice.
class Sources {
 public:
  Result<CsvSource> read(const std::string& file) {
    if (file != "-") return read_source(file);
    if (!standard_input_) {
      RL_TRY(standard_input_, read_source(file));
    }
    return *standard_input_;
  }

 private:
  std::optional<CsvSource> standard_input_;
};

Status check_request(const std::vector<std::string>& files, const ImportRequest& request) {
  if (files.empty())
    return fail(ErrorCode::invalid_input,
                "no file is given; name CSV files, or `-` for standard "
                "input");
  if (request.ticker && files.size() > 1)
    return fail(
        ErrorCode::invalid_input,
        fmt::format("--ticker {} is given for {} files; import them one by one, or let each "
                    "file's name be its ticker",
                    *request.ticker, files.size()));
  if (std::ranges::count(files, "-") > 1)
    return fail(ErrorCode::invalid_input, "standard input (`-`) is given twice");
  return {};
}

Result<bool> import_into(const Context& context, const fs::path& ledger,
                         const std::vector<std::string>& files, const ImportRequest& request,
                         const ImportOptions& options, Sources& sources, ImportOutcome& outcome) {
  outcome = {};
  RL_TRY(const ledger::Reader reader,
         ledger::Reader::open(ledger, {context.lock_timeout, context.on_notice}));
  Importer importer(context, ledger, reader, request, options, outcome);
  std::uint64_t done = 0;
  for (const std::string& file : files) {
    if (context.stop_wanted())
      return fail(ErrorCode::interrupted,
                  fmt::format("interrupted after {} of {} files; import them again to go on", done,
                              files.size()));
    context.progress(done++, files.size(), "files");
    auto source = sources.read(file);
    if (!source) {
      outcome.refused.push_back({file, std::move(source).error()});
      continue;
    }
    RL_TRY_VOID(importer.add(file, *source));
  }
  RL_TRY_VOID(importer.flush());
  context.progress(done, files.size(), "files");
  return !outcome.datasets.empty();
}

}  // namespace

Result<ImportOutcome> import_files(const Context& context, const std::vector<std::string>& files,
                                   const ImportRequest& request) {
  RL_TRY_VOID(check_request(files, request));
  RL_TRY(const ImportOptions options, parse_import_options(request));
  Sources sources;
  ImportOutcome outcome;
  RL_TRY_VOID(with_ledger(context, [&](const fs::path& ledger) {
    return import_into(context, ledger, files, request, options, sources, outcome);
  }));
  return outcome;
}

}  // namespace runledger::app
