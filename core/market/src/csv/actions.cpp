#include "actions.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

namespace runledger::csv {
namespace {

// A split that changes the price by less than this share cannot be told from a move of the market.
constexpr double kPlainSplit = 1.2;

std::array<std::vector<double>*, 3> values_of(Actions& actions) {
  return {&actions.adjusted_close, &actions.split, &actions.dividend};
}

// Multiplying keeps the order of prices: rounding is monotonic.
bool scale_prices(Bars& bars, std::size_t i, double factor) {
  for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close}) (*column)[i] *= factor;
  return bars.low[i] > 0 && std::isfinite(bars.high[i]);
}

std::optional<ActionObjection> apply_adjusted_close(const Actions& actions, Bars& bars,
                                                    std::uint64_t& count) {
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double adjusted = actions.adjusted_close[i];
    if (adjusted == bars.close[i]) continue;
    ++count;
    if (!scale_prices(bars, i, adjusted / bars.close[i]))
      return ActionObjection{actions.line[i], Role::adjusted_close,
                             "makes prices that are no numbers above 0"};
    bars.close[i] = adjusted;
    bars.high[i] = std::max(bars.high[i], adjusted);
    bars.low[i] = std::min(bars.low[i], adjusted);
  }
  return std::nullopt;
}

// Vendors such as Yahoo list splits beside prices from which they are out already.
std::optional<ActionObjection> find_splits_in_prices(const Actions& actions, const Bars& bars) {
  std::size_t plain = 0;
  std::optional<std::size_t> first;
  std::size_t unseen = 0;
  for (std::size_t i = 1; i < actions.split.size(); ++i) {
    const double size = std::abs(std::log(actions.split[i]));
    if (size < std::log(kPlainSplit)) continue;
    ++plain;
    const double jump = std::log(bars.open[i] / bars.close[i - 1]);
    if (std::abs(jump) > std::abs(jump + std::log(actions.split[i]))) continue;
    ++unseen;
    if (!first) first = i;
  }
  if (unseen == 0 || 2 * unseen < plain) return std::nullopt;
  return ActionObjection{
      actions.line[*first], Role::split,
      fmt::format("a split of {} is not seen in the prices, {} before and {} behind it: they are "
                  "adjusted for splits already, so leave splits out of --apply",
                  format_double(actions.split[*first]), format_double(bars.close[*first - 1]),
                  format_double(bars.open[*first]))};
}

// From the last bar back: what a bar is multiplied by is the product of all that came after it.
std::optional<ActionObjection> apply_backwards(const Actions& actions, Bars& bars,
                                               std::uint64_t& splits, std::uint64_t& dividends) {
  double price_factor = 1;
  double volume_factor = 1;
  for (std::size_t i = bars.size(); i-- > 0;) {
    const double split = actions.split.empty() ? 1 : actions.split[i];
    const double dividend = actions.dividend.empty() ? 0 : actions.dividend[i];
    const double close_before = i > 0 ? bars.close[i - 1] / split : 0;
    if (!scale_prices(bars, i, price_factor))
      return ActionObjection{actions.line[i], split != 1 ? Role::split : Role::dividend,
                             "makes prices that are no numbers above 0"};
    const bool has_volume = !std::isnan(bars.volume[i]);
    if (has_volume) bars.volume[i] *= volume_factor;
    if (has_volume && !std::isfinite(bars.volume[i]))
      return ActionObjection{actions.line[i], Role::split,
                             "makes a volume that is larger than a number holds"};
    if (split != 1) {
      ++splits;
      price_factor /= split;
      volume_factor *= split;
    }
    if (dividend == 0) continue;
    ++dividends;
    if (i == 0) continue;
    if (dividend >= close_before)
      return ActionObjection{actions.line[i], Role::dividend,
                             fmt::format("{} is not below the close before it, {}",
                                         format_double(dividend), format_double(close_before))};
    price_factor *= 1 - dividend / close_before;
  }
  return std::nullopt;
}

}  // namespace

void Actions::reverse() {
  for (auto* values : values_of(*this)) std::ranges::reverse(*values);
  std::ranges::reverse(line);
}

void Actions::move_row(std::size_t from, std::size_t to) {
  if (empty()) return;
  for (auto* values : values_of(*this))
    if (!values->empty()) (*values)[to] = (*values)[from];
  line[to] = line[from];
}

void Actions::truncate(std::size_t count) {
  if (empty()) return;
  for (auto* values : values_of(*this))
    if (!values->empty()) values->resize(count);
  line.resize(count);
}

std::optional<ActionObjection> apply_actions(const Actions& actions, Bars& bars,
                                             std::vector<AppliedColumn>& applied) {
  std::uint64_t closes = 0;
  std::uint64_t splits = 0;
  std::uint64_t dividends = 0;
  auto objection = actions.adjusted_close.empty() ? find_splits_in_prices(actions, bars)
                                                  : apply_adjusted_close(actions, bars, closes);
  if (!objection && actions.adjusted_close.empty())
    objection = apply_backwards(actions, bars, splits, dividends);
  for (AppliedColumn& one : applied)
    one.count = one.kind == AppliedKind::adjusted_close ? closes
                : one.kind == AppliedKind::splits       ? splits
                                                        : dividends;
  return objection;
}

}  // namespace runledger::csv
