// core/metrics/METRICS.md names every figure.
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include <runledger/metrics/metrics.hpp>

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

TEST(Undefined, EveryReasonHasWords) {
  for (int why = 1; why <= static_cast<int>(Undefined::trade_lost_everything); ++why)
    EXPECT_FALSE(undefined_text(static_cast<Undefined>(why)).empty()) << why;
  EXPECT_EQ(undefined_text(static_cast<Undefined>(200)), "");
}

}  // namespace
}  // namespace runledger
