#include "dataset_loading.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/market/dataset.hpp>
#include <runledger/market/interval.hpp>
#include <runledger/market/resample.hpp>

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
  std::string interval = version.interval;
  return ChosenDataset{std::move(version), std::move(event), std::move(interval)};
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

bool makes_up(const std::string& smaller, const std::string& larger) {
  const auto from = parse_interval(smaller);
  const auto to = parse_interval(larger);
  return from && to && divides(*from, *to);
}

// The longest interval of which bars make up bars of `wanted`.
std::optional<std::string> best_to_resample(const std::vector<std::string>& intervals,
                                            const std::string& wanted) {
  std::optional<std::string> best;
  for (const std::string& interval : intervals)
    if (makes_up(interval, wanted) && (!best || makes_up(*best, interval))) best = interval;
  return best;
}

Error no_such_interval(const std::string& wanted, const DatasetChoice& choice,
                       const std::vector<std::string>& intervals) {
  const std::string there = join(intervals, ", ");
  if (choice.may_resample)
    return {ErrorCode::not_found,
            fmt::format("there is no {} data for {}, and it cannot be made from what it has ({}), "
                        "for bars are made from shorter ones that fill them: choose with "
                        "--interval, or import it",
                        wanted, choice.ticker, there)};
  return {ErrorCode::not_found,
          fmt::format("there is no {} data for {}; it has {}: choose with --interval, or import it",
                      wanted, choice.ticker, there)};
}

// Leaves the versions of one interval.
Status keep_interval(Versions& versions, const DatasetChoice& choice) {
  const std::vector<std::string> intervals = intervals_of(versions);
  std::string wanted = choice.interval.value_or("1d");
  const bool present = std::ranges::find(intervals, wanted) != intervals.end();
  if (!present && !choice.interval && intervals.size() == 1)
    wanted = intervals.front();
  else if (!present && choice.interval) {
    const auto best = choice.may_resample ? best_to_resample(intervals, wanted) : std::nullopt;
    if (!best) return std::unexpected(no_such_interval(wanted, choice, intervals));
    wanted = *best;
  } else if (!present)
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
    const bool other = choice.interval && versions.front().interval != *choice.interval;
    if (other && !(choice.may_resample && makes_up(versions.front().interval, *choice.interval)))
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
  RL_TRY(ChosenDataset chosen, with_event(reader, std::move(versions.front())));
  if (choice.interval) chosen.interval = *choice.interval;
  return chosen;
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

Result<ChosenDataset> recorded_dataset(const ledger::Reader& reader, const schema::InputT& input) {
  RL_TRY(ChosenDataset data, recorded_dataset(reader, digest_of(*input.dataset), input.ticker));
  const std::string& stored_interval =
      input.resampled_from.empty() ? input.interval : input.resampled_from;
  if (data.version.interval != stored_interval)
    return fail(ErrorCode::damaged,
                fmt::format("a run names the dataset {} of {} as one of {} bars, and it was "
                            "imported as one of {}; run `runledger verify`",
                            short_digest(data.version.dataset), input.ticker, stored_interval,
                            data.version.interval));
  data.interval = input.interval;
  return data;
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

Result<WantedBars> load_wanted_bars(const ledger::BlobStore& blobs, const ChosenDataset& data) {
  RL_TRY(Bars stored_bars, load_bars(blobs, data.imported()));
  if (!data.resampled()) return WantedBars{std::move(stored_bars)};
  const auto interval = parse_interval(data.interval);
  if (!interval)
    return fail(ErrorCode::damaged, fmt::format("this version knows no interval `{}`; run "
                                                "`runledger verify`",
                                                data.interval));
  auto bars = resample(stored_bars, *interval);
  if (!bars)
    return fail(bars.error().code,
                fmt::format("{}: {}", data.version.ticker, bars.error().message));
  return WantedBars{std::move(*bars), ends_complete(stored_bars, *interval)};
}

}  // namespace runledger::app
