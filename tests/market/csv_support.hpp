#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/market/csv.hpp>

#include "bars_support.hpp"

namespace runledger::test {

inline CsvSource source_of(std::string_view text, const std::string& name = "prices.csv") {
  CsvSource source;
  source.name = source.path = name;
  source.bytes = text;
  return source;
}

inline Result<std::vector<CsvSeries>> parse(std::string_view text, const CsvOptions& options = {},
                                            const std::string& name = "prices.csv") {
  return parse_csv(source_of(text, name), options);
}

// The only series of a text that is read without objection.
inline CsvSeries read_one(std::string_view text, const CsvOptions& options = {},
                          const std::string& name = "prices.csv") {
  auto all = parse(text, options, name);
  if (!all) {
    ADD_FAILURE() << all.error().message;
    return {};
  }
  EXPECT_EQ(all->size(), 1u);
  return std::move(all->front());
}

// The sentence that a text is refused with; empty when it is not.
inline std::string refusal(std::string_view text, const CsvOptions& options = {},
                           const std::string& name = "prices.csv") {
  const auto all = parse(text, options, name);
  return all ? std::string() : all.error().message;
}

// `2024-01-02 100 104 96 101 5000`
inline std::string bar_text(const Bars& bars, std::size_t i) {
  std::string text = format_time(bars.label[i]);
  for (const auto* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume}) {
    text += ' ' + format_double((*column)[i]);
  }
  return text;
}

inline std::string first_bar(const CsvSeries& series) {
  return series.bars.size() == 0 ? "" : bar_text(series.bars, 0);
}
inline std::string last_bar(const CsvSeries& series) {
  return series.bars.size() == 0 ? "" : bar_text(series.bars, series.bars.size() - 1);
}

}  // namespace runledger::test
