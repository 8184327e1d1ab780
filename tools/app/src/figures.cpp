#include <fmt/format.h>

#include <runledger/app/figures.hpp>
#include <runledger/base/text.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/metrics/compat.hpp>
#include <runledger/worker/run_settings.hpp>

#include "ledger_access.hpp"
#include "metric_detail.hpp"
#include "option_text.hpp"
#include "recorded_result.hpp"
#include "run_subject.hpp"

namespace runledger::app {
namespace {

Result<std::optional<Convention>> convention_of(const FigureRequest& request) {
  if (!request.convention) return std::nullopt;
  if (const auto convention = parse_convention(*request.convention)) return convention;
  return fail(ErrorCode::invalid_input,
              fmt::format("--metrics-compat is `{}`; expected one of {}", *request.convention,
                          join(figure_conventions(), ", ")));
}

// A yearly rate: with -1 or less nothing would be left after a year.
Result<std::optional<double>> rate_of(std::string_view option,
                                      const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  RL_TRY(const double rate, parse_number(option, *text));
  if (rate > -1 && rate < 10) return rate;
  return fail(ErrorCode::invalid_input,
              fmt::format("{} is `{}`; expected a yearly rate above -1 and below 10, such as 0.02 "
                          "for two percent",
                          option, *text));
}

Result<MetricOptions> options_of(const FigureRequest& request) {
  MetricOptions options;
  RL_TRY(const auto risk_free, rate_of("--risk-free-rate", request.risk_free_rate));
  options.risk_free_rate = risk_free.value_or(0);
  RL_TRY(options.minimum_return, rate_of("--minimum-return", request.minimum_return));
  if (!request.periods_per_year) return options;
  RL_TRY(const double periods, parse_number("--periods-per-year", *request.periods_per_year));
  if (!(periods > 0) || periods > 1e6)
    return fail(ErrorCode::invalid_input,
                fmt::format("--periods-per-year is `{}`; expected a number above 0, such as 252",
                            *request.periods_per_year));
  options.periods_per_year = periods;
  return options;
}

std::vector<MetricDetail> compat_details(const FinishedRun& run, Convention convention) {
  std::vector<MetricDetail> details;
  for (const CompatFigure& figure : compat_metrics(run, convention)) {
    details.push_back({.name = std::string(figure.label),
                       .label = std::string(figure.label),
                       .unit = std::string(figure.unit),
                       .value = figure.value,
                       .undefined = undefined_words(figure.undefined)});
  }
  return details;
}

// Who gave the periods knows where they come from.
void name_given_periods(std::vector<MetricDetail>& details) {
  for (MetricDetail& detail : details)
    if (detail.name == "periods_per_year") detail.label = "Periods/Year (given)";
}

}  // namespace

std::vector<std::string> figure_conventions() {
  return {convention_names().begin(), convention_names().end()};
}

Result<Figures> measure(const Context& context, Seq id, const FigureRequest& request) {
  RL_TRY(const auto convention, convention_of(request));
  RL_TRY(const MetricOptions options, options_of(request));
  RL_TRY(const ledger::Reader reader, open_reader(context));
  const ledger::BlobStore blobs(context.ledger);
  RL_TRY(const Subject subject, open_subject(reader, blobs, id));
  RL_TRY(const RunResult result, recorded_result(context, blobs, subject));
  const BarColumns bars = subject.bars.columns();
  const FinishedRun run{.result = result,
                        .bars = bars,
                        .interval = subject.bars.interval(),
                        .account = worker::engine_settings(*subject.spec.settings).account,
                        .options = options};
  Figures figures;
  figures.convention = request.convention.value_or("");
  figures.risk_free_rate = options.risk_free_rate;
  figures.minimum_return = options.minimum_return.value_or(options.risk_free_rate);
  figures.periods_per_year = options.periods_per_year;
  figures.buy_and_hold = metric_details(buy_and_hold_metrics(run));
  figures.figures =
      convention ? compat_details(run, *convention) : metric_details(compute_metrics(run));
  if (options.periods_per_year) {
    name_given_periods(figures.figures);
    name_given_periods(figures.buy_and_hold);
  }
  return figures;
}

Result<std::vector<MetricDetail>> buy_and_hold(const Context& context, const RunDetail& run) {
  if (run.bankrupt) {
    RL_TRY(Figures figures, measure(context, run.id, {}));
    return std::move(figures.buy_and_hold);
  }
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const Subject subject, open_subject(reader, ledger::BlobStore(context.ledger), run.id));
  const BarColumns bars = subject.bars.columns();
  RunResult held;  // only its start cash and its number of bars are looked at
  held.start_cash = run.cash;
  held.equity.resize(bars.size());
  return metric_details(
      buy_and_hold_metrics({.result = held, .bars = bars, .interval = subject.bars.interval()}));
}

}  // namespace runledger::app
