// What a user expects of data: a calendar.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workplace.hpp"

namespace runledger::e2e {
namespace {

using testing::HasSubstr;

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
