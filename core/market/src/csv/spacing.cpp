#include "spacing.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include <runledger/base/time.hpp>

namespace runledger::csv {
namespace {

constexpr std::size_t kLabelsMax = 65'536;
constexpr std::size_t kUsualShareMin = 50;  // one distance in so many is the commonest
constexpr std::size_t kGapsForDays = 2;     // for lengths of several days

// The distances between neighbours, ascending, without the zero ones.
std::vector<TimeNs> distances(std::span<const TimeNs> labels) {
  std::vector<TimeNs> gaps;
  const std::size_t count = std::min(labels.size(), kLabelsMax);
  gaps.reserve(count);
  for (std::size_t i = 1; i < count; ++i) {
    const TimeNs later = std::max(labels[i], labels[i - 1]);
    const TimeNs earlier = std::min(labels[i], labels[i - 1]);
    // Two times may lie further apart than 64 bits hold; such a distance is none of a bar.
    TimeNs gap = 0;
    if (!__builtin_sub_overflow(later, earlier, &gap) && gap > 0) gaps.push_back(gap);
  }
  std::ranges::sort(gaps);
  return gaps;
}

struct Commonest {
  TimeNs gap = 0;
  std::size_t count = 0;
};

Commonest commonest(std::span<const TimeNs> sorted) {
  Commonest best;
  for (std::size_t i = 0; i < sorted.size();) {
    const auto behind = std::ranges::upper_bound(sorted, sorted[i]);
    const auto count = static_cast<std::size_t>(behind - sorted.begin()) - i;
    if (count > best.count) best = {sorted[i], count};
    i += count;
  }
  return best;
}

bool about(TimeNs gap, TimeNs low, TimeNs high) { return gap >= low && gap <= high; }

Spacing spacing_of_days(std::span<const TimeNs> gaps, Commonest usual) {
  using Kind = Spacing::Kind;
  Spacing spacing{Kind::undecided, {}, usual.gap};
  if (about(usual.gap, 23 * kHourNs, 25 * kHourNs)) {
    spacing.kind = Kind::regular;
    spacing.interval = {1, IntervalUnit::day};
    return spacing;
  }
  const TimeNs median = gaps[gaps.size() / 2];
  if (median > 33 * kDayNs + kHourNs) {
    spacing.kind = Kind::too_long;
    return spacing;
  }
  if (gaps.size() < kGapsForDays) return spacing;
  const auto regular = [&](Interval interval) {
    spacing.kind = Kind::regular;
    spacing.interval = interval;
    return spacing;
  };
  if (median >= 28 * kDayNs - kHourNs) return regular({1, IntervalUnit::month});
  if (about(median, 7 * kDayNs - kHourNs, 7 * kDayNs + kHourNs)) {
    return regular({1, IntervalUnit::week});
  }
  const bool clear = usual.count * 2 > gaps.size() && usual.gap % kDayNs == 0;
  if (!clear) return spacing;
  return regular(canonical({static_cast<std::uint32_t>(usual.gap / kDayNs), IntervalUnit::day}));
}

TimeNs greatest_step(std::span<const TimeNs> labels) {
  TimeNs step = 0;
  for (const TimeNs gap : distances(labels)) step = std::gcd(step, gap);
  return step;
}

// Whether bars of `given` may be spaced so although another distance is the commonest: a thinly
// traded ticker lacks most of its bars, but those it has lie on the grid.
bool is_thin(std::span<const TimeNs> labels, const Spacing& spacing, Interval given) {
  const auto length = fixed_length(given);
  if (!length || *length > spacing.usual) return false;
  const bool by_days = spacing.kind == Spacing::Kind::regular && !spacing.interval.intraday();
  if (by_days && (spacing.interval.unit != IntervalUnit::day || given.intraday())) return false;
  return greatest_step(labels) == *length;
}

std::string length_text(TimeNs length) {
  if (length < kSecondNs) return fmt::format("{} ms", length / 1'000'000);
  if (length < kMinuteNs) return fmt::format("{} s", length / kSecondNs);
  if (length < 2 * kDayNs) return fmt::format("{} minutes", length / kMinuteNs);
  return fmt::format("{} days", length / kDayNs);
}

std::unexpected<Error> refuse(const std::string& what, const std::string& why) {
  return fail(ErrorCode::invalid_input, fmt::format("{}: {}", what, why));
}

Result<Interval> seen_interval(const std::string& what, const Spacing& spacing) {
  switch (spacing.kind) {
    case Spacing::Kind::regular:
      return spacing.interval;
    case Spacing::Kind::one_bar:
      return refuse(what, "one bar does not show its length; say it with --interval, such as 1d");
    case Spacing::Kind::too_short:
      return refuse(what,
                    fmt::format("its rows are {} apart, so they are ticks or bars of seconds; bars "
                                "of 1m to 1mo are imported",
                                length_text(spacing.usual)));
    case Spacing::Kind::too_long:
      return refuse(what, fmt::format("its rows are {} apart; bars of 1m to 1mo are imported",
                                      length_text(spacing.usual)));
    case Spacing::Kind::irregular:
      return refuse(what, fmt::format("the distances between its rows show no length of bars (the "
                                      "commonest is {}); say it with --interval, such as 1m",
                                      length_text(spacing.usual)));
    case Spacing::Kind::undecided:
      break;
  }
  return refuse(what, fmt::format("its rows are {} apart, which does not show the length of its "
                                  "bars; say it with --interval, such as 1d",
                                  length_text(spacing.usual)));
}

}  // namespace

Spacing find_spacing(std::span<const TimeNs> labels) {
  using Kind = Spacing::Kind;
  const std::vector<TimeNs> gaps = distances(labels);
  if (gaps.empty()) return {};
  const Commonest usual = commonest(gaps);
  if (usual.gap < kMinuteNs) return {Kind::too_short, {}, usual.gap};
  if (usual.count * kUsualShareMin < gaps.size()) return {Kind::irregular, {}, usual.gap};
  if (usual.gap > 12 * kHourNs) return spacing_of_days(gaps, usual);
  if (usual.gap % kMinuteNs != 0) return {Kind::irregular, {}, usual.gap};
  const auto minutes = static_cast<std::uint32_t>(usual.gap / kMinuteNs);
  return {Kind::regular, canonical({minutes, IntervalUnit::minute}), usual.gap};
}

Result<Interval> settle_interval(const std::string& what, std::span<const TimeNs> labels,
                                 std::optional<Interval> given, std::optional<Interval> stated) {
  if (given) given = canonical(*given);
  if (given && stated && *given != *stated) {
    return refuse(what, fmt::format("says that its bars are {}, --interval says {}; leave "
                                    "--interval out",
                                    stated->text(), given->text()));
  }
  const Spacing spacing = find_spacing(labels);
  const std::optional<Interval> said = given ? given : stated;
  if (!said || spacing.kind == Spacing::Kind::too_short) return seen_interval(what, spacing);
  const bool agrees = spacing.kind == Spacing::Kind::one_bar ||
                      (spacing.kind == Spacing::Kind::regular && spacing.interval == *said) ||
                      is_thin(labels, spacing, *said);
  if (agrees) return *said;
  const std::string seen =
      spacing.kind == Spacing::Kind::regular ? spacing.interval.text() : length_text(spacing.usual);
  return refuse(what,
                given ? fmt::format("its bars are {} apart, --interval says {}; leave --interval "
                                    "out, or import the file that has them",
                                    seen, given->text())
                      : fmt::format("says that its bars are {}, but they are {} apart; mend the "
                                    "file",
                                    stated->text(), seen));
}

}  // namespace runledger::csv
