#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/schemas/worker_generated.h>

#include "../parameters.hpp"

namespace runledger::app {

inline constexpr std::uint64_t kPointsMax = 1'000'000;  // of one sweep, for each ticker

// One parameter that a sweep sets.
struct Axis {
  std::size_t parameter = 0;  // its place among those declared
  std::string name;
  std::vector<std::string> choices;            // labels, when it is a choice
  std::vector<schema::ParameterValue> values;  // in the order in which they are tried

  // The label of a value that is a choice; else empty.
  [[nodiscard]] std::string label(const schema::ParameterValue& value) const;
  // A value as `-p` takes it.
  [[nodiscard]] std::string text(const schema::ParameterValue& value) const {
    return value_text(value, label(value));
  }
};

// The trials of a sweep: the sets of parameters in the order in which they are tried, the last axis
// first. Kept as the values of the axes alone.
class Points {
 public:
  Points(Parameters base, std::vector<Axis> axes)
      : base_(std::move(base)), axes_(std::move(axes)) {}

  [[nodiscard]] std::size_t size() const {
    return axes_.empty() ? 1 : values_.size() / axes_.size();
  }
  // All parameters of a trial, in declared order.
  [[nodiscard]] Parameters at(std::size_t point) const;
  // The value of one axis, as `-p` takes it.
  [[nodiscard]] std::string text(std::size_t point, std::size_t axis) const {
    return axes_[axis].text(values_[point * axes_.size() + axis]);
  }
  [[nodiscard]] const std::vector<Axis>& axes() const { return axes_; }
  void add(const std::vector<schema::ParameterValue>& values) {
    values_.insert(values_.end(), values.begin(), values.end());
  }

 private:
  Parameters base_;  // of all trials
  std::vector<Axis> axes_;
  std::vector<schema::ParameterValue> values_;  // one an axis for each point
};

struct PointsRequest {
  // `name=V[,V]...`, V a value or a range FROM:TO[:STEP], whole numbers without a step by 1;
  // `name` alone for what the strategy suggests.
  std::vector<std::string> parameters;
  std::vector<std::string> constraints;
  std::optional<std::uint64_t> random;  // so many of them, chosen by chance
  std::uint64_t seed = 0;               // of that chance
};

// Errors: invalid_input (what is wrong with which text; a constraint that nothing satisfies),
//         too_large (more than kPointsMax).
Result<Points> choose_points(const schema::StrategyDescriptionT& strategy,
                             const PointsRequest& request);

}  // namespace runledger::app
