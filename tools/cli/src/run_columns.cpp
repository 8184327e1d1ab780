#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/parser.hpp>
#include <runledger/cli/run_columns.hpp>
#include <runledger/cli/run_view.hpp>
#include <runledger/cli/time_axis.hpp>

#include "metric_text.hpp"

namespace runledger::cli {
namespace {

using app::RunGroup;
using app::RunRow;

// `crashed: SIGSEGV at bar 1234` stays whole, and other columns go first.
constexpr std::size_t kReasonWidthMin = 28;

bool failed(const RunRow& row) {
  return row.group == RunGroup::failed || row.group == RunGroup::failed_trial;
}

std::string kind_of(const RunRow& row) {
  if (row.group == RunGroup::sweep_trial || row.group == RunGroup::failed_trial) return "sweep";
  return row.replay ? "replay" : "backtest";
}

// A failed run has no figures.
template <class T>
Json figure(const RunRow& row, T value) {
  return failed(row) ? Json() : Json(value);
}

Cell figure_cell(const RunRow& row, std::string text) {
  return failed(row) ? Cell{"-", Tone::faint} : Cell{std::move(text), Tone::plain};
}

Cell change_cell(const RunRow& row, double value, std::string text) {
  if (failed(row)) return {"-", Tone::faint};
  return {std::move(text), value > 0 ? Tone::good : value < 0 ? Tone::bad : Tone::plain};
}

Cell plain(std::string text) { return {std::move(text), Tone::plain}; }

std::string date(const RunRow& row, TimeNs time) {
  return label_text(time, is_intraday(row.interval));
}

std::vector<RunColumn> index_columns() {
  return {
      {"id",
       {"id", Align::right},
       [](const RunRow& r) { return Json(r.id.value); },
       [](const RunRow& r) { return Cell{fmt::to_string(r.id.value), Tone::strong}; },
       true},
      {"kind",
       {"kind", Align::left, false, 5},
       [](const RunRow& r) { return Json(kind_of(r)); },
       [](const RunRow& r) { return plain(kind_of(r)); },
       true},
      {"status",
       {"status", Align::left},
       [](const RunRow& r) { return Json(failed(r) ? "failed" : "completed"); },
       [](const RunRow& r) {
         return failed(r) ? Cell{"failed", Tone::bad} : Cell{"completed", Tone::plain};
       },
       false},
      {"reason",
       {"reason", Align::left, true, 0, kReasonWidthMin},
       [](const RunRow& r) { return failed(r) ? Json(r.failure) : Json(); },
       [](const RunRow& r) { return failed(r) ? plain(r.failure) : Cell{"-", Tone::faint}; },
       false},
      {"ticker",
       {"ticker", Align::left, true},
       [](const RunRow& r) { return Json(r.ticker); },
       [](const RunRow& r) { return plain(r.ticker); },
       true},
      {"strategy",
       {"strategy", Align::left, true},
       [](const RunRow& r) { return Json(r.strategy); },
       [](const RunRow& r) { return plain(r.strategy); },
       true},
      {"start_date",
       {"from", Align::left, false, 3},
       [](const RunRow& r) { return Json(date(r, r.start)); },
       [](const RunRow& r) { return plain(date(r, r.start)); },
       true},
      {"end_date",
       {"to", Align::left, false, 3},
       [](const RunRow& r) { return Json(date(r, r.end)); },
       [](const RunRow& r) { return plain(date(r, r.end)); },
       true},
      {"interval",
       {"bars", Align::left, false, 4},
       [](const RunRow& r) { return Json(r.interval); },
       [](const RunRow& r) { return plain(r.interval); },
       true},
      {"cash",
       {"cash [$]", Align::right},
       [](const RunRow& r) { return Json(r.cash); },
       [](const RunRow& r) { return plain(money(r.cash)); },
       false},
      {"pnl",
       {"pnl [$]", Align::right, false, 2},
       [](const RunRow& r) { return figure(r, r.pnl); },
       [](const RunRow& r) { return change_cell(r, r.pnl, money(r.pnl)); },
       true,
       true},
      {"return_pct",
       {"return [%]", Align::right},
       [](const RunRow& r) { return figure(r, r.return_pct); },
       [](const RunRow& r) { return change_cell(r, r.return_pct, percent_change(r.return_pct)); },
       true,
       true},
      {"sharpe_ratio",
       {"sharpe", Align::right},
       [](const RunRow& r) { return figure(r, r.sharpe_ratio); },
       [](const RunRow& r) { return figure_cell(r, column_ratio(r.sharpe_ratio)); },
       true,
       true},
      {"max_drawdown",
       {"max dd [%]", Align::right, false, 1},
       [](const RunRow& r) { return figure(r, r.max_drawdown); },
       [](const RunRow& r) { return figure_cell(r, percent(r.max_drawdown)); },
       true,
       true},
      {"total_trades",
       {"trades", Align::right, false, 1},
       [](const RunRow& r) { return figure(r, r.total_trades); },
       [](const RunRow& r) { return figure_cell(r, count(r.total_trades)); },
       true,
       true},
      {"winning_trades",
       {"won", Align::right},
       [](const RunRow& r) { return figure(r, r.winning_trades); },
       [](const RunRow& r) { return figure_cell(r, count(r.winning_trades)); },
       false,
       true},
      {"losing_trades",
       {"lost", Align::right},
       [](const RunRow& r) { return figure(r, r.losing_trades); },
       [](const RunRow& r) { return figure_cell(r, count(r.losing_trades)); },
       false,
       true},
      {"created_at",
       {"recorded (UTC)", Align::left, false, 6},
       [](const RunRow& r) { return Json(format_created_at(r.recorded_at)); },
       [](const RunRow& r) {
         std::string text = format_created_at(r.recorded_at).substr(0, 16);
         text[10] = ' ';
         return plain(text);
       },
       true},
      {"parent",
       {"parent", Align::right},
       [](const RunRow& r) { return r.parent ? Json(r.parent->value) : Json(); },
       [](const RunRow& r) { return plain(r.parent ? fmt::to_string(r.parent->value) : "-"); },
       false}};
}

// The figure at `place` of a row's figures.
RunColumn recorded_column(const app::FigureName& figure, std::size_t place) {
  const auto value = [place](const RunRow& row) {
    return place < row.figures.size() ? row.figures[place]
                                      : std::numeric_limits<double>::quiet_NaN();
  };
  const app::MetricDetail shown{.name = figure.name, .label = figure.label, .unit = figure.unit};
  return {.name = figure.name,
          .column = {to_lower(metric_label(shown)), Align::right},
          .value = [value](const RunRow& row) { return Json(value(row)); },
          .cell =
              [value, shown](const RunRow& row) {
                if (failed(row)) return Cell{"-", Tone::faint};
                app::MetricDetail metric = shown;
                metric.value = value(row);
                return std::isnan(metric.value) ? Cell{"n/a", Tone::faint} : metric_cell(metric);
              },
          .usual = false,
          .figure = true,
          .recorded = true};
}

const std::vector<RunColumn>& all_columns() {
  static const std::vector<RunColumn> columns = [] {
    std::vector<RunColumn> all = index_columns();
    const std::vector<app::FigureName> figures = app::figure_names();
    for (std::size_t i = 0; i < figures.size(); ++i) {
      if (std::ranges::find(all, figures[i].name, &RunColumn::name) == all.end())
        all.push_back(recorded_column(figures[i], i));
    }
    return all;
  }();
  return columns;
}

}  // namespace

std::span<const RunColumn> run_columns() { return all_columns(); }

const RunColumn* find_column(std::string_view name) {
  const auto at = std::ranges::find(all_columns(), name, &RunColumn::name);
  return at == all_columns().end() ? nullptr : &*at;
}

std::string columns_there_are(std::string_view instead_of) {
  std::vector<std::string> known;
  std::vector<std::string> of_index;
  for (const RunColumn& column : all_columns()) {
    known.push_back(column.name);
    if (!column.recorded) of_index.push_back(column.name);
  }
  return fmt::format("{}; there are {}, and every figure of `runs show --json`",
                     suggestion(instead_of, known), join(of_index, ", "));
}

Result<std::vector<const RunColumn*>> choose_columns(const std::string& names) {
  std::vector<const RunColumn*> chosen;
  for (const std::string_view part : split(names, ',')) {
    const std::string_view name = trim(part);
    const RunColumn* column = find_column(name);
    if (column == nullptr) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("--columns names `{}`, and there is no such column{}", name,
                              columns_there_are(name)));
    }
    if (std::ranges::find(chosen, column) != chosen.end()) {
      return fail(ErrorCode::invalid_input, fmt::format("--columns names `{}` twice", name));
    }
    chosen.push_back(column);
  }
  return chosen;
}

}  // namespace runledger::cli
