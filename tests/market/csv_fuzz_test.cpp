// Mutated price files: whatever the bytes are, reading ends with bars that keep the rules or with a
// sentence. The sanitizer build looks for what else may go wrong.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include <runledger/market/dataset.hpp>
#include <runledger/market/sample.hpp>

#include "csv_support.hpp"

namespace runledger {
namespace {

constexpr int kMutationsPerSeed = 400;
constexpr int kEditsMax = 6;

std::vector<std::string> seeds() {
  std::vector<std::string> texts{
      "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,2,1,1,1,5\n2024-01-03,1,2,1,1,1,5\n",
      "Price,Close,High,Low,Open,Volume\nTicker,A,A,A,A,A\nDate,,,,,\n2024-01-02,1,1,1,1,5\n",
      "\"Date\";\"Open\";\"High\";\"Low\";\"Close\"\n\"01/13/2024\";\"1,5\";2;1;1\n01/14/"
      "2024;1;2;1;1\n",
      "14400000,1674100,1674100,1672500,1672700,3197\n14460000,1672500,1672500,1672500,1672500,1\n",
      "time,open,high,low,close\n2024-11-03 01:30,1,1,1,1\n2024-11-03 01:30,1,1,1,1\n",
      "2024-03-10T02:30:00-05:00;1;1;1;1\n2024-03-10T02:31:00+05:30;1;1;1;1\n",
  };
  SampleOptions options;
  options.bars = 12;
  for (const Interval interval : {Interval{1, IntervalUnit::day}, {5, IntervalUnit::minute}}) {
    options.interval = interval;
    const auto sample = make_sample(options);
    for (const SampleLayoutName& one : sample_layouts()) {
      auto text = write_sample(*sample, "DEMO", one.layout);
      if (text) texts.push_back(std::move(*text));
    }
  }
  return texts;
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : bits_(seed) {}

  std::string mutate(std::string text) {
    const auto edits = 1 + below(kEditsMax);
    for (std::size_t i = 0; i < edits; ++i) edit(text);
    return text;
  }

  std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(bits_() % n); }

 private:
  void edit(std::string& text) {
    static constexpr std::string_view kPieces[] = {",",
                                                   ";",
                                                   "\t",
                                                   "\"",
                                                   "\n",
                                                   "\r\n",
                                                   "\r",
                                                   ".",
                                                   "-",
                                                   "+",
                                                   ":",
                                                   "e999",
                                                   "-0",
                                                   "NaN",
                                                   "inf",
                                                   "null",
                                                   "99999999999999999999",
                                                   "0000",
                                                   "9999",
                                                   "2261-12-31",
                                                   "1678-01-01",
                                                   "0x1p3",
                                                   "1,234",
                                                   "1.234,5",
                                                   "\xEF\xBB\xBF",
                                                   "\xFF\xFE",
                                                   "AM",
                                                   "Z",
                                                   "+14:00",
                                                   "<PER>",
                                                   "Date",
                                                   "time",
                                                   "Close",
                                                   "1e-320",
                                                   "#",
                                                   "|",
                                                   "0",
                                                   "00:00",
                                                   "K",
                                                   "$"};
    const std::size_t at = below(text.size() + 1);
    switch (below(6)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(at, 1 + below(12));
        break;
      case 2:
        text.insert(at, kPieces[below(std::size(kPieces))]);
        break;
      case 3:
        text.insert(at, text.substr(below(text.size() + 1), below(60)));
        break;
      case 4:
        text.resize(at);
        break;
      default:
        text.insert(at, std::string(below(40), static_cast<char>(below(256))));
        break;
    }
  }

  std::mt19937_64 bits_;
};

CsvOptions some_options(Mutator& mutator) {
  CsvOptions options;
  if (mutator.below(2) == 0) options.on_bad = OnBad::drop;
  if (mutator.below(4) == 0) options.interval = Interval{5, IntervalUnit::minute};
  if (mutator.below(4) == 0) options.timezone = "America/New_York";
  if (mutator.below(6) == 0) options.scale = 10'000;
  if (mutator.below(6) == 0) options.decimal = DecimalMark::comma;
  if (mutator.below(6) == 0) options.date_order = DateOrder::month_first;
  return options;
}

// Storing the bars and reading them again checks every rule.
void expect_valid(const CsvSeries& series) {
  ASSERT_GT(series.bars.size(), 0u);
  const Bytes rows = encode_rows(series.bars, {0, series.bars.size()});
  Bars stored;
  stored.interval = series.bars.interval;
  const auto status = append_rows(rows, stored);
  EXPECT_TRUE(status) << status.error().message;
  EXPECT_LE(series.bad_rows.size(), kCsvBadRowsKept);
  for (const BadRow& row : series.bad_rows) EXPECT_GT(row.line, 0u);
}

TEST(CsvFuzz, MutatedFilesGiveValidBarsOrASentence) {
  std::uint64_t seed = 20'240'102;
  std::size_t imported = 0;
  std::size_t refused = 0;
  for (const std::string& text : seeds()) {
    for (int i = 0; i < kMutationsPerSeed; ++i, ++seed) {
      SCOPED_TRACE(seed);
      Mutator mutator(seed);
      const CsvSource source =
          test::source_of(mutator.mutate(text), "equity_20240102_fuzz_trade.csv");
      const auto all = parse_csv(source, some_options(mutator));
      if (!all) {
        ++refused;
        EXPECT_TRUE(is_printable_utf8(all.error().message)) << all.error().message;
        EXPECT_NE(all.error().code, ErrorCode::internal);
        continue;
      }
      ++imported;
      ASSERT_FALSE(all->empty());
      for (const CsvSeries& series : *all) expect_valid(series);
    }
  }
  // The mutations are neither all harmless nor all fatal.
  EXPECT_GT(imported, 1000u);
  EXPECT_GT(refused, 1000u);
}

TEST(CsvFuzz, MutatedSplitsAndDividendsGiveValidBarsOrASentence) {
  constexpr int kMutations = 4000;
  const std::string text =
      "Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits\n"
      "2024-01-02,100,110,90,100,45,10,0,0\n2024-01-03,50,50,50,50,45,20,0,2\n"
      "2024-01-04,45,45.5,44,45,45,0,5,1\n2024-01-05,46,47,45,46,46,,0.1,1e300\n";
  constexpr CsvApply kApply[] = {{.adjusted_close = true},
                                 {.splits = true},
                                 {.dividends = true},
                                 {.splits = true, .dividends = true}};
  std::size_t imported = 0;
  for (std::uint64_t seed = 1; seed <= kMutations; ++seed) {
    SCOPED_TRACE(seed);
    Mutator mutator(seed);
    const CsvSource source = test::source_of(mutator.mutate(text));
    CsvOptions options = some_options(mutator);
    options.apply = kApply[mutator.below(std::size(kApply))];
    const auto all = parse_csv(source, options);
    if (!all) {
      EXPECT_TRUE(is_printable_utf8(all.error().message)) << all.error().message;
      EXPECT_NE(all.error().code, ErrorCode::internal);
      continue;
    }
    ++imported;
    for (const CsvSeries& series : *all) expect_valid(series);
  }
  EXPECT_GT(imported, 200u);
}

}  // namespace
}  // namespace runledger
