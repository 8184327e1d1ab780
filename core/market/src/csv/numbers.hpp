#pragma once

#include <cstdint>
#include <string_view>

#include <runledger/market/csv.hpp>

namespace runledger::csv {

enum class NumberState : std::uint8_t { good, missing, not_finite, unreadable };

struct Number {
  double value = 0;
  NumberState state = NumberState::unreadable;
};

// Reads a field as a number: blanks around it, a plus or a currency sign before it, separators of
// thousands, and at its end K, M or B (volumes are exported so). Empty, `null`, `N/A` and `-` are
// missing.
Number read_number(std::string_view field, DecimalMark decimal);

// What one field says about the decimal mark of its file.
enum class MarkEvidence : std::uint8_t {
  none,       // no mark, or a point before three digits
  point,      // 1,234.5 or 1,234,567 or 12.5
  comma,      // 1.234,5 or 1.234.567 or 12,5
  undecided,  // 1,234
};
MarkEvidence mark_evidence(std::string_view field);

}  // namespace runledger::csv
