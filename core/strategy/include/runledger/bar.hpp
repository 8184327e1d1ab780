#pragma once

#include <limits>

namespace runledger {

// One bar. NaN stands for what is not known, such as the volume where the data has none.
struct Bar {
  double open = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double close = std::numeric_limits<double>::quiet_NaN();
  double volume = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace runledger
