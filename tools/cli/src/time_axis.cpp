

#include <algorithm>
#include <array>
#include <cstdint>

#include <runledger/base/time.hpp>
#include <runledger/cli/time_axis.hpp>

namespace runledger::cli {
namespace {

// A calendar step: marks stand where `period_of` changes.
struct Step {
  enum class Unit { hour, day, month, year } unit;
  std::int64_t every;
  std::size_t text_size;
};
using Unit = Step::Unit;

// Finest first.
constexpr std::array kSteps{
    Step{Unit::hour, 1, 16}, Step{Unit::hour, 3, 16},  Step{Unit::hour, 6, 16},
    Step{Unit::day, 1, 10},  Step{Unit::month, 1, 7},  Step{Unit::month, 3, 7},
    Step{Unit::month, 6, 7}, Step{Unit::year, 1, 4},   Step{Unit::year, 2, 4},
    Step{Unit::year, 5, 4},  Step{Unit::year, 10, 4},  Step{Unit::year, 20, 4},
    Step{Unit::year, 50, 4}, Step{Unit::year, 100, 4}, Step{Unit::year, 1000, 4}};

std::int64_t floor_division(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

std::int64_t period_of(TimeNs time, const Step& step) {
  if (step.unit == Unit::hour) return floor_division(time, kHourNs * step.every);
  const std::int64_t days = floor_division(time, kDayNs);
  if (step.unit == Unit::day) return days;
  const CivilDate date = civil_from_days(days);
  if (step.unit == Unit::year) return floor_division(date.year, step.every);
  return floor_division(date.year * std::int64_t{12} + date.month - 1, step.every);
}

std::string text_of(TimeNs time, const Step& step) {
  if (step.unit == Unit::hour) return label_text(time, true).substr(0, step.text_size);
  return format_date(time).substr(0, step.text_size);
}

// Nothing when two marks would touch.
std::vector<TimeTick> ticks_of(std::span<const TimeNs> time, std::size_t columns,
                               const Step& step) {
  std::vector<TimeTick> ticks;
  std::size_t free_from = 0;
  for (std::size_t bar = 1; bar < time.size(); ++bar) {
    if (period_of(time[bar], step) == period_of(time[bar - 1], step)) continue;
    const std::size_t column = bar * (columns - 1) / (time.size() - 1);
    if (column < free_from) return {};
    free_from = column + step.text_size + 2;
    if (column + step.text_size <= columns) ticks.push_back({column, text_of(time[bar], step)});
  }
  return ticks;
}

}  // namespace

TimeAxis time_axis(std::span<const TimeNs> time, std::size_t columns, bool intraday) {
  for (const Step& step : kSteps) {
    if (step.unit == Unit::hour && !intraday) continue;
    if (std::vector<TimeTick> ticks = ticks_of(time, columns, step); !ticks.empty()) {
      return {std::move(ticks)};
    }
  }
  // No period begins between the bars: the first one says where they are.
  return {{{0, label_text(time.front(), intraday)}}};
}

std::string label_text(TimeNs time, bool intraday) {
  std::string text = format_time(time);
  const bool midnight = text.size() == 10;
  return intraday && midnight ? text + "T00:00:00Z" : text;
}

}  // namespace runledger::cli
