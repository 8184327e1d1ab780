#include "sweep_result.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

namespace runledger::app {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// `value_of` gives a metric by its key.
template <class ValueOf>
TrialRow make_row(Metric objective, ValueOf&& value_of) {
  TrialRow row;
  row.objective = value_of(objective);
  row.return_pct = value_of(Metric::return_pct);
  row.sharpe_ratio = value_of(Metric::sharpe_ratio);
  row.max_drawdown = value_of(Metric::max_drawdown);
  const double trades = value_of(Metric::total_trades);
  row.total_trades = trades >= 0 ? static_cast<std::uint32_t>(trades) : 0;
  return row;
}

// Whether a is better than b: undefined is worse than anything, and of equals the first tried wins.
class Better {
 public:
  explicit Better(bool minimize) : minimize_(minimize) {}
  [[nodiscard]] bool value(double a, double b) const {
    if (std::isnan(a) || std::isnan(b)) return !std::isnan(a) && std::isnan(b);
    return minimize_ ? a < b : a > b;
  }
  bool operator()(const TrialRow& a, const TrialRow& b) const {
    if (value(a.objective, b.objective)) return true;
    if (value(b.objective, a.objective)) return false;
    return std::pair(a.ticker, a.point) < std::pair(b.ticker, b.point);
  }

 private:
  bool minimize_;
};

SweepTrial told(const SweepRequest& request, const Points& points, const TrialRow& row) {
  SweepTrial trial;
  trial.id = row.id;
  trial.ticker = request.tickers[row.ticker];
  for (std::size_t axis = 0; axis < points.axes().size(); ++axis)
    trial.values.push_back(points.text(row.point, axis));
  trial.objective = row.objective;
  trial.return_pct = row.return_pct;
  trial.sharpe_ratio = row.sharpe_ratio;
  trial.max_drawdown = row.max_drawdown;
  trial.total_trades = row.total_trades;
  return trial;
}

using AxisIndex = std::optional<std::size_t>;

Result<AxisIndex> named_axis(const Points& points, const std::optional<std::string>& name) {
  if (!name) return AxisIndex();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < points.axes().size(); ++i) {
    if (points.axes()[i].name == *name) return AxisIndex(i);
    names.push_back(points.axes()[i].name);
  }
  return fail(ErrorCode::invalid_input,
              fmt::format("the heatmap names {}, which is not swept; expected two of {}", *name,
                          join(names, ", ")));
}

// Those that were asked for, else the first two that have several values.
Result<std::pair<AxisIndex, AxisIndex>> heatmap_axes(const SweepOptions& options,
                                                     const Points& points) {
  RL_TRY(AxisIndex x, named_axis(points, options.heatmap_x));
  RL_TRY(AxisIndex y, named_axis(points, options.heatmap_y));
  if (x || y) return std::pair(x, y);
  for (std::size_t i = 0; i < points.axes().size(); ++i) {
    if (points.axes()[i].values.size() < 2) continue;
    if (!y) {
      y = i;
    } else if (!x) {
      x = i;
    }
  }
  return std::pair(x, y);
}

// The texts of an axis in the order in which they are tried, and where each value stands.
struct Scale {
  std::vector<std::string> texts;
  std::size_t axis;

  [[nodiscard]] std::size_t place(const Points& points, std::size_t point) const {
    const auto found = std::ranges::find(texts, points.text(point, axis));
    return static_cast<std::size_t>(found - texts.begin());
  }
};

Scale scale_of(const Points& points, std::size_t axis) {
  Scale scale{.texts = {}, .axis = axis};
  const Axis& of = points.axes()[axis];
  for (const schema::ParameterValue& value : of.values) scale.texts.push_back(of.text(value));
  return scale;
}

SweepHeatmap make_heatmap(const Points& points, const std::vector<TrialRow>& rows,
                          const Better& better, std::size_t x_axis, std::size_t y_axis) {
  const Scale x = scale_of(points, x_axis);
  const Scale y = scale_of(points, y_axis);
  SweepHeatmap map{.x = points.axes()[x_axis].name,
                   .y = points.axes()[y_axis].name,
                   .x_values = x.texts,
                   .y_values = y.texts,
                   .best = std::vector<double>(x.texts.size() * y.texts.size(), kNaN)};
  for (const TrialRow& row : rows) {
    double& cell =
        map.best[y.place(points, row.point) * x.texts.size() + x.place(points, row.point)];
    if (better.value(row.objective, cell)) cell = row.objective;
  }
  return map;
}

}  // namespace

TrialRow row_of(const schema::RunReplyT& run, Metric objective) {
  return make_row(objective, [&](Metric key) {
    for (const schema::MetricValue& figure : run.metrics)
      if (static_cast<Metric>(figure.key()) == key) return figure.value();
    return kNaN;
  });
}

TrialRow row_of(const schema::RunCompleted& run, Metric objective) {
  return make_row(objective, [&](Metric key) {
    if (run.metrics() != nullptr)
      for (const schema::MetricValue* figure : *run.metrics())
        if (static_cast<Metric>(figure->key()) == key) return figure->value();
    return kNaN;
  });
}

Status check_heatmap(const SweepOptions& options, const Points& points) {
  RL_TRY([[maybe_unused]] const auto axes, heatmap_axes(options, points));
  return {};
}

Status add_results(const SweepRequest& request, const Points& points, std::vector<TrialRow>& rows,
                   SweepReport& report) {
  const Better better(request.options.minimize);
  for (const Axis& axis : points.axes()) report.parameters.push_back(axis.name);
  RL_TRY(const auto axes, heatmap_axes(request.options, points));
  if (axes.first && axes.second && !rows.empty())
    report.heatmap = make_heatmap(points, rows, better, *axes.first, *axes.second);
  const std::size_t count = std::min(rows.size(), request.options.top);
  const auto behind = rows.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(rows.begin(), behind, rows.end(), better);
  for (auto row = rows.begin(); row != behind; ++row)
    report.top.push_back(told(request, points, *row));
  return {};
}

}  // namespace runledger::app
