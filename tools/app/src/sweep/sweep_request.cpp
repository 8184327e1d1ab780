#include "sweep_request.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <thread>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>

#include "../event_building.hpp"
#include "../ledger_access.hpp"
#include "../option_text.hpp"
#include "../run_reading.hpp"

namespace runledger::app {
namespace {

constexpr std::size_t kIdBytesMax = 120;  // so that it fits into the request ids of its trials
constexpr std::uint64_t kJobsMax = 256;
constexpr std::size_t kTickersMax = 10'000;

std::unexpected<Error> wrong(std::string message) {
  return fail(ErrorCode::invalid_input, std::move(message));
}

std::string today() {
  return format_date(std::chrono::duration_cast<std::chrono::nanoseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count());
}

// `sma_cross-2026-11-25-3f9a1c`
std::string new_sweep_id(const SweepOptions& options) {
  std::array<std::uint8_t, 3> chance{};
  fill_random(chance);
  std::string strategy = options.run.strategy.value_or("sweep");
  if (const auto slash = strategy.rfind('/'); slash != std::string::npos)
    strategy.erase(0, slash + 1);
  if (const auto end = strategy.find(".so"); end != std::string::npos) strategy.erase(end);
  return fmt::format("{}-{}-{}", strategy.substr(0, kIdBytesMax / 2), today(), to_hex(chance));
}

ledger::RunFilter trials_of(const std::string& id) {
  ledger::RunFilter filter;
  filter.groups = {ledger::RunGroup::sweep_trial, ledger::RunGroup::failed_trial};
  filter.sweep = id;
  return filter;
}

// A trial of the sweep, on `ticker` if one is named.
Result<std::optional<RunRecord>> any_trial(const ledger::Reader& reader, const std::string& id,
                                           const std::optional<std::string>& ticker) {
  ledger::RunFilter filter = trials_of(id);
  filter.ticker = ticker;
  RL_TRY(const ledger::RunPage page,
         reader.list(filter, {.limit = 1, .offset = 0, .cursor = std::nullopt}));
  if (page.runs.empty()) return std::nullopt;
  RL_TRY(RunRecord record, read_record(reader, page.runs.front().id));
  return record;
}

Status choose_id(const ledger::Reader& reader, SweepRequest& request) {
  const SweepOptions& options = request.options;
  if (options.name && options.resume)
    return wrong("--name is for a new sweep and --resume for one that was begun; give one of them");
  request.id = options.resume ? *options.resume : options.name.value_or(new_sweep_id(options));
  RL_TRY_VOID(check_name("the sweep's id", request.id));
  if (request.id.size() > kIdBytesMax)
    return fail(ErrorCode::too_large,
                fmt::format("the sweep's id has {} bytes; at most {} are kept", request.id.size(),
                            kIdBytesMax));
  RL_TRY(const auto begun, any_trial(reader, request.id, std::nullopt));
  request.resumes = options.resume.has_value();
  if (begun && !request.resumes)
    return fail(
        ErrorCode::conflict,
        fmt::format("there is a sweep {} already; go on with --resume {}, or choose another "
                    "--name",
                    request.id, request.id));
  if (!begun && request.resumes)
    return fail(ErrorCode::not_found,
                fmt::format("there is no sweep {} with a recorded run; start it without --resume",
                            request.id));
  if (begun) request.plugin = digest_of(begun->spec().plugin());
  return {};
}

Status choose_tickers(const ledger::Reader& reader, SweepRequest& request) {
  for (const std::string& text : request.options.tickers)
    for (const std::string_view ticker : split(text, ',')) {
      if (trim(ticker).empty())
        return wrong(fmt::format("the tickers are `{}`; one is empty", text));
      if (std::ranges::find(request.tickers, trim(ticker)) == request.tickers.end())
        request.tickers.emplace_back(trim(ticker));
    }
  if (request.tickers.empty())
    return wrong("no ticker is given; name one with --ticker (see `runledger data ls`)");
  if (request.tickers.size() > kTickersMax)
    return fail(ErrorCode::too_large, fmt::format("{} tickers are given; a sweep takes at most {}",
                                                  request.tickers.size(), kTickersMax));
  if (request.tickers.size() > 1 && request.options.run.data)
    return wrong("--data names the data of one ticker, and several are given; leave it out");
  request.datasets.resize(request.tickers.size());
  if (!request.resumes) return {};
  for (std::size_t i = 0; i < request.tickers.size(); ++i) {
    RL_TRY(const auto trial, any_trial(reader, request.id, request.tickers[i]));
    if (trial && trial->spec().inputs() != nullptr && trial->spec().inputs()->size() > 0)
      request.datasets[i] = digest_of(trial->spec().inputs()->Get(0)->dataset());
  }
  return {};
}

Status choose_objective(SweepRequest& request) {
  std::vector<std::string> names;
  for (const MetricInfo& info : metric_table()) {
    if (info.name == request.options.objective) {
      request.objective = info.key;
      return {};
    }
    names.emplace_back(info.name);
  }
  std::string message = fmt::format("`{}` is no metric", request.options.objective);
  if (const auto near = nearest(request.options.objective, names))
    message += fmt::format("; did you mean `{}`?", *near);
  return wrong(message + "; expected a key such as sharpe_ratio or return_pct");
}

Result<std::uint64_t> parse_count(std::string_view option, const std::string& text,
                                  std::uint64_t most) {
  const auto value = parse_uint(text);
  if (!value || *value == 0 || *value > most)
    return wrong(
        fmt::format("{} is `{}`; expected a whole number from 1 to {}", option, text, most));
  return *value;
}

// Chance that is the same whenever the sweep is resumed.
std::uint64_t seed_of(const std::string& id) {
  const Digest digest = Sha256().update("runledger/sweep-sample/v1\n").update(id).finish();
  std::uint64_t seed = 0;
  std::memcpy(&seed, digest.bytes.data(), sizeof seed);
  return seed;
}

}  // namespace

RunOptions SweepRequest::options_for(std::size_t ticker) const {
  RunOptions run = options.run;
  run.ticker = tickers[ticker];
  run.parameters.clear();
  run.sweep = id;
  run.request_id.clear();
  if (const auto& dataset = datasets[ticker])
    run.data = fmt::format("{}@{}", tickers[ticker], dataset->hex());
  return run;
}

Result<Points> SweepRequest::points(const schema::StrategyDescriptionT& strategy) const {
  PointsRequest wanted{.parameters = options.parameters,
                       .constraints = options.constraints,
                       .random = std::nullopt,
                       .seed = seed_of(id)};
  if (options.random) {
    RL_TRY(wanted.random, parse_count("--random", *options.random, kPointsMax));
  }
  return choose_points(strategy, wanted);
}

Status SweepRequest::check_plugin(const schema::RunSpecT& spec) const {
  if (!plugin || !spec.plugin || digest_of(*spec.plugin) == *plugin) return {};
  return fail(
      ErrorCode::conflict,
      fmt::format("the sweep {} was begun with another build of {} ({}, and now {}); its "
                  "trials would not compare: start a new sweep",
                  id, spec.strategy, short_digest(*plugin), short_digest(digest_of(*spec.plugin))));
}

Result<SweepRequest> read_request(const ledger::Reader& reader, const SweepOptions& options) {
  SweepRequest request;
  request.options = options;
  RL_TRY_VOID(choose_id(reader, request));
  RL_TRY_VOID(choose_tickers(reader, request));
  RL_TRY_VOID(choose_objective(request));
  request.jobs = std::max(1U, std::thread::hardware_concurrency());
  if (options.jobs) {
    RL_TRY(request.jobs, parse_count("--jobs", *options.jobs, kJobsMax));
  }
  return request;
}

}  // namespace runledger::app
