#include "dataset_loading.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/market/dataset.hpp>
#include <runledger/market/interval.hpp>

#include "event_building.hpp"
#include "ledger_access.hpp"

namespace runledger::app {
namespace {

using Versions = std::vector<ledger::DatasetVersion>;

Result<ChosenDataset> with_event(const ledger::Reader& reader, ledger::DatasetVersion version) {
  RL_TRY(ledger::StoredEvent event, reader.event(version.imported));
  if (event_in(event).payload_as_DatasetImported() == nullptr)
    return fail(ErrorCode::damaged,
                fmt::format("event {} should import a dataset and does not; run `runledger verify`",
                            version.imported.value));
  return ChosenDataset{std::move(version), std::move(event)};
}

Result<ChosenDataset> no_such_ticker(const ledger::Reader& reader, const std::string& ticker) {
  RL_TRY(const Versions all, reader.datasets(std::nullopt));
  std::vector<std::string> tickers;
  for (const auto& version : all) tickers.push_back(version.ticker);
  std::ranges::sort(tickers);
  tickers.erase(std::ranges::unique(tickers).begin(), tickers.end());
  std::string message = fmt::format("there is no data for {}", ticker);
  if (const auto near = nearest(ticker, tickers))
    message += fmt::format("; did you mean {}?", *near);
  else
    message += fmt::format("; import it with `runledger data import {}.csv`", ticker);
  return fail(ErrorCode::not_found, std::move(message));
}

std::vector<std::string> intervals_of(const Versions& versions) {
  std::vector<std::string> intervals;
  for (const auto& version : versions)
    if (std::ranges::find(intervals, version.interval) == intervals.end())
      intervals.push_back(version.interval);
  return intervals;
}

// Leaves the versions of one interval.
Status keep_interval(Versions& versions, const DatasetChoice& choice) {
  const std::vector<std::string> intervals = intervals_of(versions);
  std::string wanted = choice.interval.value_or("1d");
  const bool present = std::ranges::find(intervals, wanted) != intervals.end();
  if (!present && !choice.interval && intervals.size() == 1)
    wanted = intervals.front();
  else if (!present && choice.interval)
    return fail(ErrorCode::not_found,
                fmt::format("there is no {} data for {}; it has {}: choose with --interval, or "
                            "import it",
                            wanted, choice.ticker, join(intervals, ", ")));
  else if (!present)
    return fail(ErrorCode::invalid_input,
                fmt::format("{} has data of several intervals ({}); choose "
                            "with --interval",
                            choice.ticker, join(intervals, ", ")));
  std::erase_if(versions, [&](const auto& version) { return version.interval != wanted; });
  return {};
}

}  // namespace

const schema::DatasetImported& ChosenDataset::imported() const {
  return *event_in(event).payload_as_DatasetImported();
}

Result<std::string> parse_interval_option(std::string_view text) {
  const auto interval = parse_interval(text);
  if (!interval)
    return fail(
        ErrorCode::invalid_input,
        fmt::format("the interval is `{}`; expected 1m to 1mo, such as 5m, 1h, 1d or 1w", text));
  return interval->text();
}

Result<DatasetChoice> parse_dataset_choice(std::string_view text,
                                           const std::optional<std::string>& interval) {
  DatasetChoice choice;
  const std::size_t at = text.rfind('@');
  choice.ticker = text.substr(0, at);
  if (at != std::string_view::npos) choice.digest = text.substr(at + 1);
  if (choice.ticker.empty() && !choice.digest)
    return fail(ErrorCode::invalid_input,
                "the dataset is empty text; expected TICKER or "
                "TICKER@DIGEST");
  if (interval) {
    RL_TRY(choice.interval, parse_interval_option(*interval));
  }
  return choice;
}

Result<ChosenDataset> choose_dataset(const ledger::Reader& reader, const DatasetChoice& choice) {
  const bool any_ticker = choice.ticker.empty();
  RL_TRY(Versions versions,
         reader.datasets(any_ticker ? std::nullopt : std::optional(choice.ticker)));
  if (versions.empty() && !any_ticker) return no_such_ticker(reader, choice.ticker);
  if (choice.digest) {
    std::vector<Digest> digests;
    for (const auto& version : versions) digests.push_back(version.dataset);
    RL_TRY(const Digest digest, unique_digest("dataset", *choice.digest, digests));
    std::erase_if(versions, [&](const auto& version) { return version.dataset != digest; });
    if (choice.interval && versions.front().interval != *choice.interval)
      return fail(ErrorCode::invalid_input,
                  fmt::format("the dataset {} has the interval {}, not {}", short_digest(digest),
                              versions.front().interval, *choice.interval));
    if (any_ticker && std::ranges::any_of(versions, [&](const auto& version) {
          return version.ticker != versions.front().ticker;
        }))
      return fail(ErrorCode::invalid_input,
                  fmt::format("several tickers have the dataset {}; name one with --ticker",
                              short_digest(digest)));
  } else {
    RL_TRY_VOID(keep_interval(versions, choice));
  }
  return with_event(reader, std::move(versions.front()));
}

Result<ChosenDataset> recorded_dataset(const ledger::Reader& reader, const Digest& dataset,
                                       const std::string& ticker) {
  RL_TRY(Versions versions, reader.datasets(ticker));
  const auto found = std::ranges::find(versions, dataset, &ledger::DatasetVersion::dataset);
  if (found == versions.end())
    return fail(ErrorCode::damaged,
                fmt::format("the event that imported the dataset {} of {} is not in the index; run "
                            "`runledger reindex`",
                            short_digest(dataset), ticker));
  return with_event(reader, *found);
}

Result<Bars> load_bars(const ledger::BlobStore& blobs, const schema::DatasetImported& imported) {
  const std::string ticker = text_or_empty(imported.ticker());
  const auto interval = parse_interval(text_or_empty(imported.interval()));
  const auto dataset = digest_of(imported.dataset());
  if (!interval || !dataset || imported.chunks() == nullptr)
    return fail(ErrorCode::damaged, "the event that imported data for " + ticker +
                                        " is incomplete; run `runledger verify`");
  Bars bars;
  bars.interval = *interval;
  for (const schema::Chunk* chunk : *imported.chunks()) {
    const auto name = digest_of(chunk->digest());
    auto rows =
        name ? blobs.get(*name)
             : Result<Bytes>(fail(ErrorCode::damaged, "the event that imported data for " + ticker +
                                                          " names a chunk without its digest; run "
                                                          "`runledger verify`"));
    if (!rows && rows.error().code == ErrorCode::not_found)
      return fail(ErrorCode::damaged,
                  fmt::format("the blob {} with data of {} is missing from the ledger; restore it "
                              "from a backup, or import the file again",
                              name->hex(), ticker));
    if (!rows) return std::unexpected(std::move(rows).error());
    RL_TRY_VOID(append_rows(*rows, bars));
  }
  RL_TRY_VOID(check_digest(bars, *dataset));
  return bars;
}

}  // namespace runledger::app
