#include <algorithm>
#include <numeric>

#include "fault_fixture.hpp"

namespace runledger::test {
namespace {

constexpr std::uint64_t kAppends = 1'000;

class OneShot : public FaultTest {
 protected:
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(layout_.database()),
                      std::filesystem::directory_iterator()));
  }
  static double median_ms(std::vector<double> times) {
    std::ranges::sort(times);
    return times[times.size() / 2];
  }
};

// Each append is a process that becomes the committer for an instant, as a `backtest` is.
TEST_F(OneShot, AThousandCommittersLeaveTimeAndFileCountFlat) {
  std::vector<double> times;
  std::size_t files_max = 0;
  for (std::uint64_t i = 0; i < kAppends && !HasFailure(); ++i) {
    const auto start = Clock::now();
    const std::string id = std::to_string(i);
    const auto finished = run_program(command({"once", id}));
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    ASSERT_EQ(finished.status, 0);
    hear({"try " + id});
    hear(finished.lines);
    files_max = std::max(files_max, files());
  }
  constexpr std::size_t kTenth = kAppends / 10;
  const double first = median_ms({times.begin(), times.begin() + kTenth});
  const double last = median_ms({times.end() - kTenth, times.end()});
  std::printf(
      "%zu processes: median of the first tenth %.1f ms, of the last tenth %.1f ms, longest "
      "%.1f ms; at most %zu files, %zu at the end\n",
      times.size(), first, last, *std::ranges::max_element(times), files_max, files());
  // Other programs on the machine make single ones slow, not half of a hundred.
  EXPECT_LT(last, 3 * first + 20);
  EXPECT_LT(files_max, 150u);
  expect_promises(0);
}

}  // namespace
}  // namespace runledger::test
