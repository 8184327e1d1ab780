#include "episodes.hpp"

#include <algorithm>

namespace runledger {

std::vector<Episode> episodes_of(std::span<const double> curve) {
  std::vector<Episode> episodes;
  std::size_t peak = 0;
  bool below = false;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    if (curve[i] >= curve[peak]) {
      if (below) {
        episodes.back().end = i;
        episodes.back().recovered = true;
      }
      below = false;
      peak = i;
      continue;
    }
    if (!below) episodes.push_back({.peak = peak});
    below = true;
    Episode& now = episodes.back();
    now.end = now.last_below = i;
    now.depth = std::max(now.depth, (curve[peak] - curve[i]) / curve[peak]);
  }
  return episodes;
}

double deepest(std::span<const Episode> episodes) {
  double depth = 0;
  for (const Episode& episode : episodes) depth = std::max(depth, episode.depth);
  return depth;
}

}  // namespace runledger
