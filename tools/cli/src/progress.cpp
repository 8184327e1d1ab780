#include <algorithm>

#include <fmt/format.h>

#include <runledger/cli/numbers.hpp>
#include <runledger/cli/progress.hpp>
#include <runledger/cli/text_width.hpp>

namespace runledger::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kSilence = 1s;
constexpr auto kBetween = 100ms;
constexpr std::size_t kBarWidth = 24;
constexpr std::string_view kClearLine = "\r\x1b[2K";

std::string bar(double share, bool utf8) {
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBarWidth));
  std::string text;
  for (std::size_t i = 0; i < kBarWidth; ++i) {
    text += i < filled ? (utf8 ? "█" : "#") : (utf8 ? "░" : ".");
  }
  return text;
}

}  // namespace

ProgressBar::ProgressBar(Clock::time_point start, std::size_t width, bool utf8)
    : start_(start), width_(width), utf8_(utf8) {}

std::optional<std::string> ProgressBar::update(Clock::time_point now, std::uint64_t done,
                                               std::uint64_t total, std::string_view what) {
  const auto since_start = now - start_;
  if (since_start < kSilence || (shown_ && now - *shown_ < kBetween)) return std::nullopt;
  shown_ = now;
  visible_ = true;

  const double seconds = std::chrono::duration<double>(since_start).count();
  const double rate = static_cast<double>(done) / seconds;
  const auto shown_rate = static_cast<std::uint64_t>(rate);
  std::string line;
  if (total > 0) {
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    line = fmt::format("{} {:3.0f} %  {} of {} {}", bar(share, utf8_), share * 100, count(done),
                       count(total), what);
    if (shown_rate > 0) line += fmt::format("  {}/s", count(shown_rate));
    if (done > 0 && done < total) {
      const double left = static_cast<double>(total - done) / rate;
      const auto rounded = std::chrono::seconds(static_cast<std::int64_t>(left + 0.5));
      line += fmt::format("  {} left", rounded < 1s ? "under a second" : elapsed(rounded));
    }
  } else {
    line = fmt::format("{} {}", count(done), what);
    if (shown_rate > 0) line += fmt::format("  {}/s", count(shown_rate));
  }
  return std::string(kClearLine) + cut_to_width(line, width_ - 1, utf8_);
}

std::string ProgressBar::clear() {
  if (!visible_) return {};
  visible_ = false;
  return std::string(kClearLine);
}

}  // namespace runledger::cli
