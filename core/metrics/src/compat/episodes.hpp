#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace runledger {

// A time under water: from the last value at a peak to the value that reaches it again.
struct Episode {
  std::size_t peak = 0;        // where it left the peak
  std::size_t end = 0;         // where it reached it again; the last value when it did not
  std::size_t last_below = 0;  // the last value below the peak
  double depth = 0;            // (peak - lowest) / peak
  bool recovered = false;
};

// Every one of a curve that starts at its first value.
std::vector<Episode> episodes_of(std::span<const double> curve);
// The greatest depth; 0 when there is none.
double deepest(std::span<const Episode> episodes);

}  // namespace runledger
