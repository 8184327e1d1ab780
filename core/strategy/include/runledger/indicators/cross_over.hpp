#pragma once

#include <cmath>

namespace runledger {

// Whether one line crosses another: +1 on the bar where `a` comes to lie above `b` having last lain
// below, -1 the other way round, else 0. Touching is remembered through: below, equal, above is a
// cross on the third bar; lines that start equal have not crossed when they part.
//
// Warm-up: the first bar on which both lines are defined sets the memory; a cross is possible from
//          the next one on. A bar on which a line is NaN changes nothing and gives 0.
class CrossOver {
 public:
  // Takes the next values and returns value().
  int update(double a, double b) {
    const double difference = a - b;
    value_ = 0;
    if (std::isnan(difference)) return value_;
    ready_ = started_;
    started_ = true;
    if (last_ < 0 && a > b) value_ = 1;
    if (last_ > 0 && a < b) value_ = -1;
    if (difference != 0) last_ = difference;
    return value_;
  }
  [[nodiscard]] int value() const { return value_; }
  // Whether both lines have been defined on two bars.
  [[nodiscard]] bool ready() const { return ready_; }

 private:
  bool started_ = false, ready_ = false;
  double last_ = 0;  // the last difference that was not zero
  int value_ = 0;
};

}  // namespace runledger
