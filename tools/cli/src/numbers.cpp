#include <array>
#include <cmath>

#include <fmt/format.h>

#include <runledger/cli/numbers.hpp>

namespace runledger::cli {
namespace {

constexpr std::string_view kUndefined = "n/a";
constexpr double kGroupedMax = 1e15;  // doubles are no longer exact to the cent above

// A value that rounds to zero has no sign.
double without_negative_zero(double value, double half_unit) {
  return std::abs(value) < half_unit ? 0.0 : value;
}

std::string trimmed(std::string text, std::size_t decimals_min) {
  const std::size_t point = text.find('.');
  while (text.size() > point + 1 + decimals_min && text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string up_to_six_decimals(double value, std::size_t decimals_min) {
  if (std::isnan(value)) return std::string(kUndefined);
  if (std::abs(value) >= kGroupedMax) return fmt::format("{:.6g}", value);
  return group_digits(
      trimmed(fmt::format("{:.6f}", without_negative_zero(value, 5e-7)), decimals_min));
}

}  // namespace

std::string money(double value) {
  if (std::isnan(value)) return std::string(kUndefined);
  if (std::abs(value) >= kGroupedMax) return fmt::format("{:.6g}", value);
  return group_digits(fmt::format("{:.2f}", without_negative_zero(value, 0.005)));
}

std::string column_ratio(double value) { return money(value); }

std::string percent(double value) { return money(value); }

std::string percent_change(double value) {
  std::string text = money(value);
  return value >= 0.005 ? "+" + text : text;
}

std::string ratio(double value) {
  if (std::isnan(value)) return std::string(kUndefined);
  if (std::abs(value) >= kGroupedMax) return fmt::format("{:.6g}", value);
  if (value != 0 && std::abs(value) < 0.1) return fmt::format("{:.3g}", value);
  return group_digits(fmt::format("{:.2f}", value));
}

std::string price(double value) { return up_to_six_decimals(value, 2); }

std::string quantity(double value) { return up_to_six_decimals(value, 0); }

std::string elapsed(std::chrono::nanoseconds time) {
  const double seconds = std::chrono::duration<double>(time).count();
  if (seconds < 0.001) return "under 1 ms";
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string calendar_time(double seconds) {
  if (std::isnan(seconds)) return std::string(kUndefined);
  struct Unit {
    double seconds;
    std::string_view one;
  };
  constexpr std::array kUnits{Unit{86'400, "day"}, Unit{3'600, "hour"}, Unit{60, "minute"}};
  for (const Unit& unit : kUnits) {
    if (std::abs(seconds) < unit.seconds) continue;
    const std::string number = trimmed(fmt::format("{:.1f}", seconds / unit.seconds), 0);
    return fmt::format("{} {}{}", group_digits(number), unit.one, number == "1" ? "" : "s");
  }
  return fmt::format("{} seconds", trimmed(fmt::format("{:.1f}", seconds), 0));
}

std::string byte_size(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  constexpr std::array kUnits{"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; value >= 999.95 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace runledger::cli
