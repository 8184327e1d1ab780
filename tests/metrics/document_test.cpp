// core/metrics/METRICS.md names every figure.
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include <runledger/metrics/compat.hpp>

namespace runledger {
namespace {

std::string document() {
  std::ifstream file(RL_SOURCE_DIR "/core/metrics/METRICS.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(MetricsDocument, ExplainsEveryFigure) {
  const std::string text = document();
  for (const MetricInfo& info : metric_table())
    EXPECT_NE(text.find("`" + std::string(info.name) + "`"), std::string::npos) << info.name;
}

TEST(MetricsDocument, IsOfTheVersionThatIsComputed) {
  EXPECT_NE(document().find("`metrics_version` " + std::to_string(kMetricsVersion) + "."),
            std::string::npos);
}

TEST(MetricsDocument, SaysWhereEachToolDiffers) {
  const std::string text = document();
  const auto section = text.find("## The same run as other tools measure it");
  ASSERT_NE(section, std::string::npos);
  for (const std::string_view name : convention_names()) {
    const std::string shown = name == "lean" ? "LEAN" : std::string(name);
    EXPECT_NE(text.find("| " + shown + " |", section), std::string::npos) << name;
  }
}

TEST(Undefined, EveryReasonHasWords) {
  for (int why = 1; why <= static_cast<int>(Undefined::trade_lost_everything); ++why)
    EXPECT_FALSE(undefined_text(static_cast<Undefined>(why)).empty()) << why;
  EXPECT_EQ(undefined_text(static_cast<Undefined>(200)), "");
}

}  // namespace
}  // namespace runledger
