#include "grid.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include <fmt/format.h>

#include <runledger/base/count.hpp>
#include <runledger/base/text.hpp>

#include "constraint.hpp"

namespace runledger::app {
namespace {

using schema::ParameterInfoT;
using schema::ParameterType;
using schema::ParameterValue;

// Beyond it a grid is not walked through to choose from it.
constexpr std::uint64_t kWalkedMax = 10'000'000;
constexpr std::uint64_t kDrawsForOne = 1'000;

std::unexpected<Error> wrong(std::string message) {
  return fail(ErrorCode::invalid_input, std::move(message));
}

// ---- Texts ----------------------------------------------------------------------------------

// How many digits after the point a decimal text has; nothing when it is written otherwise.
std::optional<int> decimals(std::string_view text) {
  if (text.find_first_of("eEnN") != std::string_view::npos) return std::nullopt;
  const std::size_t point = text.find('.');
  return point == std::string_view::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

// The values of FROM:TO:STEP. Decimal fractions are counted in units of their last digit, so that
// 0.1:0.5:0.1 has 0.3 in it and not 0.30000000000000004.
Result<std::vector<double>> range_values(std::string_view name, std::string_view text,
                                         std::array<std::string_view, 3> parts) {
  constexpr int kDecimalsMax = 12;
  constexpr double kWholeMax = 0x1p53;
  std::array<double, 3> numbers{};
  int digits = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = parse_double(trim(parts.at(i)));
    if (!number || !std::isfinite(*number))
      return wrong(fmt::format("the range `{}` of {} is none; expected FROM:TO:STEP such as 5:50:5",
                               text, name));
    numbers.at(i) = *number;
    digits = std::max(digits, decimals(trim(parts.at(i))).value_or(kDecimalsMax + 1));
  }
  const auto [from, to, step] = numbers;
  if (!(step > 0) || from > to)
    return wrong(
        fmt::format("the range `{}` of {} goes nowhere; expected FROM:TO:STEP with FROM "
                    "at most TO and a STEP above 0",
                    text, name));
  const double steps = std::floor((to - from) / step + 1e-9);
  if (!(steps < static_cast<double>(kPointsMax)))
    return fail(ErrorCode::too_large,
                fmt::format("the range `{}` of {} has more than {} values; use a larger step", text,
                            name, kPointsMax));
  const double unit = std::pow(10.0, digits);
  const bool exact =
      digits <= kDecimalsMax && std::abs(from) * unit < kWholeMax && to * unit < kWholeMax;
  std::vector<double> values(static_cast<std::size_t>(steps) + 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto count = static_cast<double>(i);
    values[i] = exact ? (std::round(from * unit) + count * std::round(step * unit)) / unit
                      : from + count * step;
  }
  return values;
}

// The values of one parameter, each once, in the order in which they are named.
class Values {
 public:
  Status add(const ParameterInfoT& info, std::string_view text) {
    RL_TRY(const schema::ParameterT parsed, parse_parameter(info, text));
    if (known_.emplace(parsed.value->i(), parsed.value->f()).second)
      values_.push_back(*parsed.value);
    return {};
  }
  std::vector<ParameterValue> take() { return std::move(values_); }

 private:
  std::vector<ParameterValue> values_;
  std::set<std::pair<std::int64_t, double>> known_;
};

Status add_range(const ParameterInfoT& info, std::string_view text, Values& values) {
  const std::vector<std::string_view> parts = split(text, ':');
  const ParameterType type = info.default_value->type();
  if (type != ParameterType::integer && type != ParameterType::real)
    return wrong(
        fmt::format("{} is `{}`, and only numbers have ranges; expected values joined by "
                    "commas",
                    info.name, text));
  if (parts.size() > 3 || (parts.size() == 2 && type == ParameterType::real))
    return wrong(fmt::format("the range `{}` of {} is none; expected FROM:TO:STEP such as 5:50:5",
                             text, info.name));
  RL_TRY(const std::vector<double> numbers,
         range_values(info.name, text,
                      {parts[0], parts[1], parts.size() == 3 ? parts[2] : std::string_view("1")}));
  for (const double number : numbers) RL_TRY_VOID(values.add(info, format_double(number)));
  return {};
}

Status add_suggested(const ParameterInfoT& info, Values& values) {
  const ParameterSummary summary = summary_of(info);
  if (summary.kind == ParameterKind::choice) {
    for (const std::string& choice : summary.choices) RL_TRY_VOID(values.add(info, choice));
    return {};
  }
  if (summary.kind == ParameterKind::boolean) {
    for (const char* value : {"false", "true"}) RL_TRY_VOID(values.add(info, value));
    return {};
  }
  const auto step = parse_double(summary.sweep_step);
  if (!step || !(*step > 0))
    return wrong(
        fmt::format("the strategy suggests no values of {}; expected {}=FROM:TO:STEP or "
                    "{}=A,B,C",
                    info.name, info.name, info.name));
  return add_range(
      info, fmt::format("{}:{}:{}", summary.sweep_min, summary.sweep_max, summary.sweep_step),
      values);
}

Result<std::vector<Axis>> parse_axes(const schema::StrategyDescriptionT& strategy,
                                     const std::vector<std::string>& texts) {
  std::vector<Axis> axes;
  for (const std::string& text : texts) {
    Axis axis;
    axis.name = parameter_name(text);
    RL_TRY(axis.parameter, find_parameter(strategy, axis.name));
    if (std::ranges::find(axes, axis.parameter, &Axis::parameter) != axes.end())
      return wrong(fmt::format("the parameter {} is given twice", axis.name));
    const ParameterInfoT& info = *strategy.parameters[axis.parameter];
    axis.choices = info.choices;
    Values values;
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      RL_TRY_VOID(add_suggested(info, values));
    } else {
      for (const std::string_view piece : split(std::string_view(text).substr(equals + 1), ',')) {
        const std::string_view value = trim(piece);
        RL_TRY_VOID(value.find(':') == std::string_view::npos ? values.add(info, value)
                                                              : add_range(info, value, values));
      }
    }
    axis.values = values.take();
    axes.push_back(std::move(axis));
  }
  return axes;
}

// ---- Constraints ----------------------------------------------------------------------------

ConstraintValue constraint_value(const ParameterValue& value, std::string_view choice) {
  const Value plain = value_of(value, choice);
  if (const auto* whole = std::get_if<std::int64_t>(&plain)) return static_cast<double>(*whole);
  if (const auto* truth = std::get_if<bool>(&plain)) return *truth;
  if (const auto* real = std::get_if<double>(&plain)) return *real;
  return std::get<std::string>(plain);
}

// Whether a set of values is wanted.
class Wanted {
 public:
  static Result<Wanted> make(const schema::StrategyDescriptionT& strategy,
                             const std::vector<Axis>& axes, const std::vector<std::string>& texts) {
    Wanted wanted(axes);
    std::vector<std::string> names;
    for (const schema::ParameterT& parameter : default_parameters(strategy)) {
      names.push_back(parameter.name);
      wanted.values_.push_back(constraint_value(*parameter.value, parameter.choice));
    }
    for (const std::string& text : texts) {
      RL_TRY(Constraint constraint, Constraint::parse(text, names, wanted.values_));
      wanted.constraints_.push_back(std::move(constraint));
    }
    return wanted;
  }

  [[nodiscard]] bool all() const { return constraints_.empty(); }
  bool operator()(const std::vector<ParameterValue>& values) {
    if (all()) return true;
    for (std::size_t i = 0; i < axes_.size(); ++i) {
      values_[axes_[i].parameter] = constraint_value(values[i], axes_[i].label(values[i]));
    }
    return std::ranges::all_of(
        constraints_, [&](const Constraint& constraint) { return constraint.holds(values_); });
  }

 private:
  explicit Wanted(const std::vector<Axis>& axes) : axes_(axes) {}

  const std::vector<Axis>& axes_;
  std::vector<Constraint> constraints_;
  std::vector<ConstraintValue> values_;  // of all parameters
};

std::unexpected<Error> nothing_wanted() {
  return wrong("no combination of the parameters satisfies the constraints; nothing to try");
}

// ---- Choosing -------------------------------------------------------------------------------

// How many combinations there are; nothing when that is beyond 64 bits.
std::optional<std::uint64_t> combinations(const std::vector<Axis>& axes) {
  std::uint64_t count = 1;
  for (const Axis& axis : axes)
    if (__builtin_mul_overflow(count, axis.values.size(), &count)) return std::nullopt;
  return count;
}

std::vector<ParameterValue> combination(const std::vector<Axis>& axes, std::uint64_t index) {
  std::vector<ParameterValue> values(axes.size());
  for (std::size_t i = axes.size(); i-- > 0;) {
    values[i] = axes[i].values[index % axes[i].values.size()];
    index /= axes[i].values.size();
  }
  return values;
}

// Uniform in 0 .. bound - 1: draws as many bits as that has until they are below it.
std::uint64_t below(std::mt19937_64& chance, std::uint64_t bound) {
  const int unused = std::countl_zero(bound - 1);
  for (;;) {
    const std::uint64_t value = unused == 64 ? 0 : chance() >> unused;
    if (value < bound) return value;
  }
}

std::vector<std::uint64_t> all_wanted(const std::vector<Axis>& axes, std::uint64_t count,
                                      Wanted& wanted) {
  if (wanted.all()) {
    std::vector<std::uint64_t> indices(count);
    std::iota(indices.begin(), indices.end(), 0);
    return indices;
  }
  std::vector<std::uint64_t> indices;
  for (std::uint64_t index = 0; index < count; ++index)
    if (wanted(combination(axes, index))) indices.push_back(index);
  return indices;
}

// `count` of `indices`, in the order in which they stand there.
void keep_by_chance(std::vector<std::uint64_t>& indices, std::uint64_t count, std::uint64_t seed) {
  if (count >= indices.size()) return;
  std::mt19937_64 chance(seed);
  for (std::size_t i = 0; i < count; ++i)
    std::swap(indices[i], indices[i + below(chance, indices.size() - i)]);
  indices.resize(count);
  std::ranges::sort(indices);
}

// For grids that are too large to walk through.
Result<std::vector<std::uint64_t>> draw(const std::vector<Axis>& axes, std::uint64_t total,
                                        std::uint64_t count, std::uint64_t seed, Wanted& wanted) {
  std::mt19937_64 chance(seed);
  std::set<std::uint64_t> drawn;
  for (std::uint64_t draws = 0; drawn.size() < count; ++draws) {
    if (draws >= count * kDrawsForOne)
      return wrong(
          fmt::format("of {} combinations drawn by chance only {} satisfy the constraints; "
                      "ask for fewer, or for smaller ranges",
                      draws, drawn.size()));
    const std::uint64_t index = below(chance, total);
    if (wanted(combination(axes, index))) drawn.insert(index);
  }
  return std::vector<std::uint64_t>(drawn.begin(), drawn.end());
}

std::unexpected<Error> too_many(const std::string& count) {
  return fail(ErrorCode::too_large,
              fmt::format("the ranges have {} combinations, and a sweep tries at most {}; use "
                          "larger steps, or --random N for a sample",
                          count, kPointsMax));
}

Result<std::vector<std::uint64_t>> choose_indices(const std::vector<Axis>& axes,
                                                  const PointsRequest& request, Wanted& wanted) {
  const auto total = combinations(axes);
  if (!total) return too_many("more than 2^64");
  if (request.random > kPointsMax)
    return fail(ErrorCode::too_large, fmt::format("--random is {}; a sweep tries at most {}",
                                                  *request.random, kPointsMax));
  if (*total > kWalkedMax) {
    if (!request.random) return too_many(std::to_string(*total));
    return draw(axes, *total, *request.random, request.seed, wanted);
  }
  std::vector<std::uint64_t> indices = all_wanted(axes, *total, wanted);
  if (indices.empty()) return nothing_wanted();
  if (request.random) keep_by_chance(indices, *request.random, request.seed);
  if (indices.size() > kPointsMax) return too_many(std::to_string(indices.size()));
  return indices;
}

}  // namespace

std::string Axis::label(const ParameterValue& value) const {
  if (value.type() != ParameterType::choice) return {};
  return choices.at(static_cast<std::size_t>(value.i()));
}

Parameters Points::at(std::size_t point) const {
  Parameters parameters = base_;
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    schema::ParameterT& parameter = parameters[axes_[i].parameter];
    *parameter.value = values_[point * axes_.size() + i];
    parameter.choice = axes_[i].label(*parameter.value);
  }
  return parameters;
}

Result<Points> choose_points(const schema::StrategyDescriptionT& strategy,
                             const PointsRequest& request) {
  RL_TRY(std::vector<Axis> axes, parse_axes(strategy, request.parameters));
  RL_TRY(Wanted wanted, Wanted::make(strategy, axes, request.constraints));
  RL_TRY(const std::vector<std::uint64_t> indices, choose_indices(axes, request, wanted));
  Points points(default_parameters(strategy), axes);
  for (const std::uint64_t index : indices) points.add(combination(axes, index));
  return points;
}

}  // namespace runledger::app
