#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <runledger/base/check.hpp>
#include <runledger/base/time.hpp>
#include <runledger/cli/canvas.hpp>
#include <runledger/cli/chart.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/text_width.hpp>
#include <runledger/cli/time_axis.hpp>

namespace runledger::cli {
namespace {

constexpr std::size_t kEquityRows = 14;
constexpr std::size_t kDrawdownRows = 5;
constexpr std::size_t kPlotWidthMin = 10;

// The characters of frames, in UTF-8 or ASCII.
struct Glyphs {
  std::string_view axis, tick, corner, floor, floor_tick, arrow, both, only_long, only_short;
};
constexpr Glyphs kUnicode{"│", "┤", "└", "─", "┬", "→", "█", "▀", "▄"};
constexpr Glyphs kAscii{"|", "+", "+", "-", "+", "->", "#", "^", "_"};

struct Extremes {
  std::size_t low = 0, high = 0;  // bars
};

Extremes extremes_of(std::span<const double> values) {
  const auto [low, high] = std::ranges::minmax_element(values);
  return {static_cast<std::size_t>(low - values.begin()),
          static_cast<std::size_t>(high - values.begin())};
}

// Percent below the highest equity so far, the start included.
std::vector<double> drawdowns_of(const ChartData& data) {
  std::vector<double> drawdowns;
  drawdowns.reserve(data.equity.size());
  double peak = data.start_cash;
  for (const double equity : data.equity) {
    peak = std::max(peak, equity);
    drawdowns.push_back((peak - equity) / peak * 100);
  }
  return drawdowns;
}

struct Range {
  double low, high;
  bool logarithmic = false;
};

// Maps values to dots from the bottom up, bars to dots from left to right.
class Scale {
 public:
  Scale(Range range, const Canvas& canvas, std::size_t bars)
      : range_(range), across_(canvas.dots_across()), down_(canvas.dots_down()), bars_(bars) {}

  [[nodiscard]] std::size_t y(double value) const {
    const double share = range_.logarithmic
                             ? std::log(value / range_.low) / std::log(range_.high / range_.low)
                             : (value - range_.low) / (range_.high - range_.low);
    const double dot = std::round(share * static_cast<double>(down_ - 1));
    return down_ - 1 -
           static_cast<std::size_t>(std::clamp(dot, 0.0, static_cast<double>(down_ - 1)));
  }
  [[nodiscard]] std::size_t x(std::size_t bar) const {
    return bars_ < 2 ? 0 : bar * (across_ - 1) / (bars_ - 1);
  }

 private:
  Range range_;
  std::size_t across_, down_, bars_;
};

std::string tick_text(double value, int decimals) {
  std::string text = money(value);  // with two decimals
  if (decimals == 0) text.resize(text.size() - 3);
  return decimals <= 2 ? text : fmt::format("{:.{}f}", value, decimals);
}

struct Frame {
  const Terminal& terminal;
  const Glyphs& glyphs;
  std::size_t gutter = 0;  // columns left of the axis
  std::size_t plot = 0;    // columns right of it
};

std::string gutter_text(const Frame& frame, const std::string& label) {
  const std::size_t used = display_width(label);
  return std::string(frame.gutter > used ? frame.gutter - used : 0, ' ') + label;
}

// The rows of a canvas behind an axis; `labels` has one text a row, empty where there is no tick.
std::string framed(const Frame& frame, const Canvas& canvas, const std::vector<std::string>& labels,
                   Tone tone) {
  std::string text;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const std::string_view edge = labels[row].empty() ? frame.glyphs.axis : frame.glyphs.tick;
    text += paint(gutter_text(frame, labels[row]) + " " + std::string(edge), Tone::faint,
                  frame.terminal);
    std::string dots = canvas.row(row);
    dots.resize(dots.find_last_not_of(' ') + 1);
    text += paint(dots, tone, frame.terminal) + '\n';
  }
  return text;
}

// One label for each tick, on the row its dot is in.
std::vector<std::string> row_labels(const Ticks& ticks, const Scale& scale, std::size_t rows,
                                    std::size_t dots_down) {
  std::vector<std::string> labels(rows);
  for (const double value : ticks.values) {
    labels[scale.y(value) * rows / dots_down] = tick_text(value, ticks.decimals);
  }
  return labels;
}

// Never empty or next to it, so that a flat curve has a scale too.
Range range_of(const ChartData& data, Extremes extremes) {
  const double low = std::min(data.equity[extremes.low], data.start_cash);
  const double high = std::max(data.equity[extremes.high], data.start_cash);
  // Equity that grew tenfold would be a flat line and a cliff on a linear scale.
  constexpr double kLinearRatioMax = 10;
  // Nothing that is printed tells values apart which are closer than this.
  constexpr double kRelativeSpanMin = 1e-9;
  if (high - low > std::abs(high) * kRelativeSpanMin)
    return {low, high, low > 0 && high / low >= kLinearRatioMax};
  const double margin = std::max(std::abs(high) * 0.01, 1e-9);
  return {low - margin, high + margin};
}

// For each column of cells whether the run was long or short in it, as one character.
std::string position_strip(const ChartData& data, const Frame& frame) {
  std::vector<unsigned char> held(frame.plot);  // bit 0: long, bit 1: short
  const auto bar_at = [&](TimeNs time) {
    const auto at = std::ranges::lower_bound(data.time, time) - data.time.begin();
    return std::min(static_cast<std::size_t>(at), data.time.size() - 1);
  };
  const auto column_of = [&](std::size_t bar) {
    return data.time.size() < 2 ? 0 : bar * (frame.plot - 1) / (data.time.size() - 1);
  };
  for (const ChartTrade& trade : data.trades) {
    const std::size_t first = column_of(bar_at(trade.entry));
    const std::size_t last = column_of(trade.exit ? bar_at(*trade.exit) : data.time.size() - 1);
    for (std::size_t column = first; column <= last; ++column) {
      held[column] |= trade.is_long ? 1U : 2U;
    }
  }
  std::string strip;
  for (const unsigned char sides : held) {
    strip += sides == 0   ? " "
             : sides == 1 ? frame.glyphs.only_long
             : sides == 2 ? frame.glyphs.only_short
                          : frame.glyphs.both;
  }
  strip.resize(strip.find_last_not_of(' ') + 1);
  return strip;
}

// The figures beside a title, on a second line when they do not fit.
std::string titled(std::string_view title, const std::string& figures, const std::string& more,
                   const Frame& frame) {
  const std::string line = fmt::format("{}  {}", title, figures);
  const bool fits = display_width(line) + 3 + display_width(more) <= frame.terminal.width;
  const std::string between = fits ? "   " : "\n" + std::string(title.size() + 2, ' ');
  return paint(title, Tone::strong, frame.terminal) + "  " + figures + between + more + '\n';
}

std::string equity_title(const ChartData& data, Extremes extremes, bool logarithmic,
                         const Frame& frame) {
  const auto when = [&](std::size_t bar) { return label_text(data.time[bar], data.intraday); };
  return titled(
      logarithmic ? "Equity [$], log scale" : "Equity [$]",
      fmt::format("{} {} {}", money(data.start_cash), frame.glyphs.arrow,
                  money(data.equity.back())),
      fmt::format("high {} on {}   low {} on {}", money(data.equity[extremes.high]),
                  when(extremes.high), money(data.equity[extremes.low]), when(extremes.low)),
      frame);
}

std::string drawdown_title(const ChartData& data, const std::vector<double>& drawdowns,
                           const Frame& frame) {
  const std::size_t deepest = extremes_of(drawdowns).high;
  std::string title = drawdowns[deepest] > 0
                          ? fmt::format("deepest {} on {}", percent(drawdowns[deepest]),
                                        label_text(data.time[deepest], data.intraday))
                          : std::string("none");
  return paint("Drawdown [%]", Tone::strong, frame.terminal) + "  " + title + '\n';
}

std::string floor_line(const Frame& frame, const TimeAxis& axis) {
  std::string line = std::string(frame.glyphs.corner);
  for (std::size_t column = 0; column < frame.plot; ++column) {
    const bool tick =
        std::ranges::any_of(axis.ticks, [&](const TimeTick& t) { return t.column == column; });
    line += tick ? frame.glyphs.floor_tick : frame.glyphs.floor;
  }
  std::string labels;
  for (const TimeTick& tick : axis.ticks) {
    labels.append(tick.column - labels.size(), ' ');
    labels += tick.text;
  }
  const std::string margin(frame.gutter + 1, ' ');
  return paint(margin + line, Tone::faint, frame.terminal) + '\n' +
         paint(margin + ' ' + labels, Tone::faint, frame.terminal) + '\n';
}

void draw_curve(Canvas& canvas, const Scale& scale, std::span<const double> values) {
  for (std::size_t bar = 0; bar < values.size(); ++bar) {
    const std::size_t before = bar == 0 ? 0 : bar - 1;
    canvas.line(scale.x(before), scale.y(values[before]), scale.x(bar), scale.y(values[bar]));
  }
}

// Fills from the top down to the value.
void draw_depth(Canvas& canvas, const Scale& scale, std::span<const double> values) {
  for (std::size_t bar = 0; bar < values.size(); ++bar) {
    if (values[bar] > 0) canvas.line(scale.x(bar), 0, scale.x(bar), scale.y(-values[bar]));
  }
}

}  // namespace

Ticks axis_ticks(double low, double high, std::size_t count_max) {
  Ticks ticks;
  const double rough = (high - low) / static_cast<double>(std::max<std::size_t>(count_max, 1));
  if (!(rough > 0) || !std::isfinite(rough)) return ticks;
  double step = std::pow(10, std::floor(std::log10(rough)));
  const double power = step;
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    step = power * factor;
    if (std::floor(high / step) - std::ceil(low / step) + 1 <= static_cast<double>(count_max))
      break;
  }
  ticks.decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step * 1.0000001))));
  if (ticks.decimals == 1) ticks.decimals = 2;  // money has cents
  const double first = std::ceil(low / step);
  for (std::size_t i = 0; i < count_max; ++i) {
    const double multiple = first + static_cast<double>(i);
    if (!(multiple * step <= high)) break;
    ticks.values.push_back(multiple == 0 ? 0.0 : multiple * step);
  }
  return ticks;
}

Ticks log_axis_ticks(double low, double high, std::size_t count_max) {
  for (const std::vector<double>& factors :
       {std::vector<double>{1, 2, 5}, std::vector<double>{1, 3}, std::vector<double>{1}}) {
    Ticks ticks;
    for (double power = std::pow(10, std::floor(std::log10(low)));
         power <= high && std::isfinite(power); power *= 10) {
      for (const double factor : factors) {
        const double value = power * factor;
        if (value >= low && value <= high) ticks.values.push_back(value);
      }
    }
    ticks.decimals = low < 10 ? 2 : 0;
    if (ticks.values.size() <= count_max) return ticks;
  }
  return {};
}

std::string render_chart(const ChartData& data, const Terminal& terminal) {
  RL_CHECK(data.time.size() == data.equity.size());
  if (data.equity.empty()) return "no bars, nothing to draw\n";
  const Extremes extremes = extremes_of(data.equity);
  const Range range = range_of(data, extremes);
  const Ticks ticks = range.logarithmic ? log_axis_ticks(range.low, range.high, 7)
                                        : axis_ticks(range.low, range.high, 5);

  Frame frame{terminal, terminal.utf8 ? kUnicode : kAscii};
  frame.gutter = display_width("trades");
  for (const double value : ticks.values) {
    frame.gutter = std::max(frame.gutter, tick_text(value, ticks.decimals).size());
  }
  const std::size_t left = frame.gutter + 2;
  frame.plot = terminal.width > left + kPlotWidthMin ? terminal.width - left : kPlotWidthMin;

  Canvas curve(frame.plot, kEquityRows, terminal.utf8);
  const Scale curve_scale(range, curve, data.equity.size());
  draw_curve(curve, curve_scale, data.equity);

  const std::vector<double> drawdowns = drawdowns_of(data);
  const double deepest = std::max(drawdowns[extremes_of(drawdowns).high], 1e-9);
  Canvas depth(frame.plot, kDrawdownRows, terminal.utf8);
  const Scale depth_scale({-deepest, 0}, depth, drawdowns.size());
  draw_depth(depth, depth_scale, drawdowns);
  std::vector<std::string> depth_labels(kDrawdownRows);
  depth_labels.front() = "0";
  if (deepest > 1e-9) depth_labels.back() = percent(deepest);

  const TimeAxis axis = time_axis(data.time, frame.plot, data.intraday);
  std::string text = equity_title(data, extremes, range.logarithmic, frame);
  text += framed(frame, curve, row_labels(ticks, curve_scale, kEquityRows, curve.dots_down()),
                 Tone::good);
  if (!data.trades.empty()) {
    text += paint(gutter_text(frame, "trades") + " " + std::string(frame.glyphs.axis), Tone::faint,
                  terminal) +
            paint(position_strip(data, frame), Tone::notice, terminal) + '\n';
  }
  text += floor_line(frame, axis);
  text += drawdown_title(data, drawdowns, frame);
  text += framed(frame, depth, depth_labels, Tone::bad);
  if (!data.trades.empty()) {
    text += paint(fmt::format("trades: {} long, {} short, {} both", frame.glyphs.only_long,
                              frame.glyphs.only_short, frame.glyphs.both),
                  Tone::faint, terminal) +
            '\n';
  }
  return text;
}

}  // namespace runledger::cli
