// What a user expects of data: longer bars from shorter ones, adjusted prices, a calendar.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workplace.hpp"

namespace runledger::e2e {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Data, WeeksAreMadeFromDaysAndTheRunSaysSo) {
  const Workplace place;
  place.import_prices();
  const Outcome made = place.run({"backtest", "-s", "sma_cross", "-t", "STRESS", "-i", "1w"});
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_THAT(made.err, StartsWith("1w bars of STRESS are made from its 1d bars\n"));
  EXPECT_THAT(made.out, HasSubstr("sma_cross on STRESS 1w (made from 1d), 2001-01-01 to "));
  const json shown = place.good_json({"runs", "show", "latest", "--equity"});
  EXPECT_EQ(shown.at("interval"), "1w");
  EXPECT_EQ(shown.at("resampled_from"), "1d");
  EXPECT_EQ(shown.at("equity").at("time").size(), shown.at("bars").get<std::size_t>());
  const json again = place.good_json({"replay", "latest"});
  EXPECT_EQ(again.at("digests"), shown.at("digests"));
  EXPECT_EQ(again.at("resampled_from"), "1d");
  EXPECT_EQ(place.good_json({"backtest", "-s", "sma_cross", "-t", "STRESS"}).at("resampled_from"),
            nullptr);
  EXPECT_THAT(place.good({"verify"}), HasSubstr("the ledger is whole"));

  const Outcome shorter = place.run({"backtest", "-s", "sma_cross", "-t", "STRESS", "-i", "1h"});
  EXPECT_EQ(shorter.status, 4);
  EXPECT_THAT(shorter.err, HasSubstr("there is no 1h data for STRESS"));
}

TEST(Data, ColumnsAreAppliedOnRequestAndRecorded) {
  const Workplace place;
  place.write("ACME.csv",
              "Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits\n"
              "2024-01-02,100,100,100,100,45,10,0,0\n"
              "2024-01-03,50,50,50,50,45,20,0,2\n"
              "2024-01-04,45,45,45,45,45,20,5,0\n");
  const Outcome import =
      place.run({"data", "import", "ACME.csv", "--apply", "splits,dividends", "-q"});
  EXPECT_EQ(import.status, 0) << import.err;
  EXPECT_THAT(import.out, HasSubstr("adjustment full"));
  EXPECT_THAT(place.good({"data", "export", "ACME"}), HasSubstr("2024-01-02,45,45,45,45,20\n"));
  EXPECT_THAT(place.good({"data", "show", "ACME"}),
              HasSubstr("full, applied Stock Splits (1 split) and Dividends (1 dividend)"));
  const json applied = place.good_json({"data", "show", "ACME"}).at("applied");
  EXPECT_EQ(applied, json::parse(R"([{"what":"splits","column":"Stock Splits","count":1},
                                     {"what":"dividends","column":"Dividends","count":1}])"));
  EXPECT_THAT(
      place.run({"data", "import", "ACME.csv", "-t", "A", "--apply", "adjclose"}).err,
      HasSubstr("ACME.csv: applied Adj Close (2 changed closes); prices are fully adjusted"));
  const Outcome refused = place.run({"data", "import", "ACME.csv", "--apply", "adjclose,splits"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("expected one or the other"));
}

TEST(Data, GapsAreToldByAnInferredCalendar) {
  const Workplace place;
  std::string text = "Date,Open,High,Low,Close\n";
  for (int day = 1; day <= 28; ++day) {
    const bool weekend = day % 7 == 0 || day % 7 == 6;  // 1 January 2024 was a Monday
    if (weekend || day == 1 || day == 15) continue;
    text += "2024-01-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + ",1,1,1,1\n";
  }
  place.write("ACME.csv", "Date,Open,High,Low,Close\n2023-12-28,1,1,1,1\n2023-12-29,1,1,1,1\n" +
                              text.substr(text.find('\n') + 1));
  (void)place.good({"data", "import", "ACME.csv"});
  const std::string shown = place.good({"data", "show", "ACME"});
  EXPECT_THAT(shown, HasSubstr("trades Monday to Friday, inferred from its bars"));
  EXPECT_THAT(shown, HasSubstr("1 gap; 1 more is probably a holiday"));
  EXPECT_THAT(shown, HasSubstr("2024-01-12"));
  EXPECT_THAT(place.good({"data", "show", "ACME", "--gaps"}), HasSubstr("2023-12-29"));
  const json detail = place.good_json({"data", "show", "ACME"});
  EXPECT_EQ(detail.at("calendar"), "Monday to Friday");
  EXPECT_EQ(detail.at("gaps").size(), 2u);
  EXPECT_EQ(detail.at("gaps").at(0).at("holiday"), true);
  EXPECT_EQ(detail.at("gaps").at(1).at("holiday"), false);
}

}  // namespace
}  // namespace runledger::e2e
