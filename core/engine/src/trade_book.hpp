#pragma once

#include <cstdint>
#include <vector>

#include <runledger/engine/result.hpp>

namespace runledger {

// Makes trades of fills, first in first out.
class TradeBook {
 public:
  explicit TradeBook(std::vector<TradeRecord>& closed) : closed_(closed) {}

  struct Fill {
    std::uint64_t bar;
    double units;  // signed
    double price;
    double fee;
  };
  void open(const Fill& fill);
  // `position_after`: what the account holds afterwards; zero closes every lot.
  void close(const Fill& fill, double position_after);
  // Appends the lots that are still open.
  void finish();

 private:
  struct Lot {
    std::uint64_t bar;
    double units;
    double price;
    double fee;
  };
  void drop_closed_lots();

  std::vector<TradeRecord>& closed_;
  std::vector<Lot> lots_;
  std::size_t first_ = 0;  // the oldest open lot
};

}  // namespace runledger
