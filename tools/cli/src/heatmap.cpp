#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include <runledger/cli/heatmap.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/text_width.hpp>

namespace runledger::cli {
namespace {

constexpr std::size_t kCellWidth = 2;
constexpr std::size_t kRowsMax = 30;
constexpr std::size_t kIndent = 2;

// From weak to strong: of the 256 colours those that go from dark blue over green to yellow.
constexpr std::array kColors{17, 18, 24, 30, 36, 35, 71, 107, 143, 185, 226};
constexpr std::array<std::string_view, 4> kBlocks{"\u2591", "\u2592", "\u2593", "\u2588"};
constexpr std::string_view kLetters = ".:-=+*#%@";
constexpr std::string_view kNone = " ";

// So many steps of a scale in so many cells.
struct Bins {
  std::size_t steps, cells;
  [[nodiscard]] std::size_t first(std::size_t cell) const { return cell * steps / cells; }
};

class Heatmap {
 public:
  Heatmap(const HeatmapData& data, const Terminal& terminal)
      : data_(data), terminal_(terminal), label_(display_width(data.y)) {
    for (const std::string& value : data.y_values) label_ = std::max(label_, display_width(value));
    const std::size_t taken = kIndent + label_ + 1;
    const std::size_t room =
        terminal.width > taken + kCellWidth ? (terminal.width - taken) / kCellWidth : 1;
    columns_ = {data.x_values.size(), std::min(room, data.x_values.size())};
    rows_ = {data.y_values.size(), std::min(kRowsMax, data.y_values.size())};
    for (const double value : data.cells) {
      if (std::isnan(value)) continue;
      low_ = std::min(low_, value);
      high_ = std::max(high_, value);
    }
  }

  [[nodiscard]] std::string render() const {
    std::string text = line(data_.y, "");
    for (std::size_t row = 0; row < rows_.cells; ++row) {
      std::string cells;
      for (std::size_t column = 0; column < columns_.cells; ++column)
        cells += cell(best(row, column));
      text += line(data_.y_values[rows_.first(row)], cells);
    }
    return text + scale() + legend();
  }

 private:
  [[nodiscard]] std::string line(std::string_view label, std::string_view cells) const {
    return fmt::format("{}{}{}{}{}\n", std::string(kIndent, ' '),
                       std::string(label_ - display_width(label), ' '), label,
                       cells.empty() ? "" : " ", cells);
  }

  [[nodiscard]] double best(std::size_t row, std::size_t column) const {
    double best = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t y = rows_.first(row); y < rows_.first(row + 1); ++y) {
      for (std::size_t x = columns_.first(column); x < columns_.first(column + 1); ++x) {
        const double value = data_.cells[y * columns_.steps + x];
        const bool better = data_.least_is_best ? value < best : value > best;
        if (std::isnan(best) || better) best = value;
      }
    }
    return best;
  }

  // 0 the worst, 1 the best.
  [[nodiscard]] double strength(double value) const {
    if (high_ == low_) return 1;
    const double share = (value - low_) / (high_ - low_);
    return data_.least_is_best ? 1 - share : share;
  }

  [[nodiscard]] std::string cell(double value) const {
    return std::isnan(value) ? std::string(kCellWidth, kNone.front()) : shade(strength(value));
  }

  [[nodiscard]] std::string shade(double strength) const {
    const auto step = [&](std::size_t count) {
      return std::min(count - 1, static_cast<std::size_t>(strength * static_cast<double>(count)));
    };
    if (terminal_.color)
      return fmt::format("\x1b[48;5;{}m{}\x1b[0m", kColors.at(step(kColors.size())),
                         std::string(kCellWidth, ' '));
    if (terminal_.utf8) {
      const std::string_view block = kBlocks.at(step(kBlocks.size()));
      return fmt::format("{}{}", block, block);
    }
    return std::string(kCellWidth, kLetters[step(kLetters.size())]);
  }

  // The first and the last value of the lower scale, and its name.
  [[nodiscard]] std::string scale() const {
    const std::string& first = data_.x_values.front();
    const std::string& last = data_.x_values.back();
    const std::size_t width = columns_.cells * kCellWidth;
    const std::size_t used = display_width(first) + display_width(last);
    std::string text = first;
    if (columns_.cells > 1 && used < width) text += std::string(width - used, ' ') + last;
    return line("", text) + line("", data_.x);
  }

  [[nodiscard]] std::string legend() const {
    if (high_ < low_) return {};
    const double worst = data_.least_is_best ? high_ : low_;
    const double finest = data_.least_is_best ? low_ : high_;
    std::string shades;
    for (const double strength : {0.0, 0.34, 0.67, 1.0}) shades += shade(strength);
    std::string text = fmt::format("{}{}: {} {} {}", std::string(kIndent, ' '), data_.what,
                                   ratio(worst), shades, ratio(finest));
    if (columns_.cells < columns_.steps || rows_.cells < rows_.steps)
      text += "; a cell shows the best of several";
    return text + '\n';
  }

  const HeatmapData& data_;
  const Terminal& terminal_;
  std::size_t label_;
  Bins columns_{}, rows_{};
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

}  // namespace

std::string heatmap(const HeatmapData& data, const Terminal& terminal) {
  if (data.x_values.empty() || data.y_values.empty()) return {};
  return Heatmap(data, terminal).render();
}

}  // namespace runledger::cli
