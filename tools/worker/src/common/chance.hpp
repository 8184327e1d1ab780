#pragma once

#include <cstdint>

namespace runledger::worker {

// Numbers that look like chance and are the same for the same seed everywhere: SplitMix64
// (Steele, Lea, Flood 2014).
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31);
  }
  // At least 0 and below 1.
  double real() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
  // Below `end`, which is not zero; evenly but for one part in 2^64 / end.
  std::uint64_t below(std::uint64_t end) { return bits() % end; }

 private:
  std::uint64_t state_;
};

}  // namespace runledger::worker
