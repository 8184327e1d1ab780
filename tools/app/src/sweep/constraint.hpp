#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <runledger/base/result.hpp>

namespace runledger::app {

// What a parameter is in a constraint: integers and reals are numbers, choices are texts.
using ConstraintValue = std::variant<double, bool, std::string>;

// A condition on the parameters of a trial: `fast < slow`, `slow >= 2 * fast and side != 'short'`.
//
//   condition  = both { ("or" | "||") both }
//   both       = negation { ("and" | "&&") negation }
//   negation   = ("not" | "!") negation | comparison
//   comparison = sum [ ("<" | "<=" | ">" | ">=" | "=" | "==" | "!=") sum ]
//   sum        = product { ("+" | "-") product }
//   product    = factor { ("*" | "/") factor }
//   factor     = "-" factor | number | name | "true" | "false" | 'text' | "(" condition ")"
//
// Numbers are compared with numbers, texts and truth values with = and != only; a comparison with
// what is no number (0 / 0) is false.
class Constraint {
 public:
  // `examples` has a value of each parameter, in the order of `names`; only its type counts.
  // Errors: invalid_input; the sentence says at which character what was expected.
  static Result<Constraint> parse(std::string_view text, std::span<const std::string> names,
                                  std::span<const ConstraintValue> examples);

  Constraint(Constraint&&) noexcept;
  Constraint& operator=(Constraint&&) noexcept;
  ~Constraint();

  [[nodiscard]] bool holds(std::span<const ConstraintValue> values) const;

  struct Node;

 private:
  explicit Constraint(std::unique_ptr<const Node> root);
  std::unique_ptr<const Node> root_;
};

}  // namespace runledger::app
