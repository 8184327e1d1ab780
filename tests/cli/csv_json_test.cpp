#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/csv.hpp>
#include <runledger/cli/json.hpp>

namespace runledger::cli {
namespace {

// Reads RFC 4180 by its grammar, naively.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> records(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string& field = records.back().back();
    if (quoted && text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      field += text[++i];
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] == ',') {
      records.back().emplace_back();
    } else if (!quoted && text.compare(i, 2, "\r\n") == 0) {
      ++i;
      records.emplace_back(1);
    } else {
      field += text[i];
    }
  }
  records.pop_back();
  return records;
}

TEST(Csv, QuotesOnlyWhatMustBe) {
  EXPECT_EQ(csv_record(std::vector<std::string>{"a", "b c", "1,5", "say \"no\"", "", "x\ny"}),
            "a,b c,\"1,5\",\"say \"\"no\"\"\",,\"x\ny\"\r\n");
}

RC_GTEST_PROP(Csv, ReadsBackWhateverTheFieldsHold, ()) {
  const auto field =
      rc::gen::container<std::string>(rc::gen::element('a', ',', '"', '\r', '\n', ' '));
  const auto fields = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(field));
  RC_ASSERT(read_csv(csv_record(fields)) == std::vector<std::vector<std::string>>{fields});
}

TEST(Csv, LeavesUndefinedNumbersEmpty) {
  EXPECT_EQ(csv_number(std::numeric_limits<double>::quiet_NaN()), "");
  EXPECT_EQ(csv_number(0.1), "0.1");
}

TEST(Json, KeepsTheOrderOfMembers) {
  const Json json =
      Json::object({{"z", 1}, {"a", Json::array().add(true).add(nullptr)}, {"m", "x"}});
  EXPECT_EQ(json.text(), R"({"z":1,"a":[true,null],"m":"x"})");
}

TEST(Json, HasNoWordForNaNAndInfinity) {
  for (const double value : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    EXPECT_EQ(Json(value).text(), "null");
  }
}

TEST(Json, WritesWholeNumbersExactly) {
  EXPECT_EQ(Json(std::numeric_limits<std::uint64_t>::max()).text(), "18446744073709551615");
  EXPECT_EQ(Json(std::numeric_limits<std::int64_t>::min()).text(), "-9223372036854775808");
}

RC_GTEST_PROP(Json, PrintsDoublesThatReadBackBitForBit, (std::uint64_t bits)) {
  const double value = std::bit_cast<double>(bits);
  RC_PRE(std::isfinite(value));
  const std::string text = Json(value).text();
  RC_ASSERT(std::bit_cast<std::uint64_t>(parse_double(text).value()) == bits);
  // -0 reads as an integer in some readers, which then lose its sign; the text is right.
  const auto read = nlohmann::json::parse(text).get<double>();
  RC_ASSERT(read == value);
}

RC_GTEST_PROP(Json, PrintsAnyTextAsWellFormedJson, (const std::string& bytes)) {
  RC_ASSERT(nlohmann::json::accept(Json(bytes).text()));
}

RC_GTEST_PROP(Json, KeepsTextThatIsUtf8, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::inRange<char>(1, std::numeric_limits<char>::max()));
  RC_ASSERT(nlohmann::json::parse(Json(text + "é日\xc2\x85😀").text()).get<std::string>() ==
            text + "é日\xc2\x85😀");
}

TEST(Json, ShowsItselfAsAFieldOfCsv) {
  EXPECT_EQ(Json("a,b").field(), "a,b");
  EXPECT_EQ(Json().field(), "");
  EXPECT_EQ(Json(std::nan("")).field(), "");
  EXPECT_EQ(Json(1.5).field(), "1.5");
  EXPECT_EQ(Json(true).field(), "true");
}

}  // namespace
}  // namespace runledger::cli
