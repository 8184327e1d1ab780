#include "constraint.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

namespace runledger::app {

enum class Operation : std::uint8_t {
  constant,
  parameter,
  negative,
  opposite,
  add,
  subtract,
  multiply,
  divide,
  less,
  at_most,
  greater,
  at_least,
  equal,
  unequal,
  both,
  either,
};

struct Constraint::Node {
  Operation operation;
  ConstraintValue constant{};
  std::size_t parameter = 0;
  std::unique_ptr<const Node> left{}, right{};
};

namespace {

using Node = Constraint::Node;
using NodePtr = std::unique_ptr<const Node>;

enum class Type : std::uint8_t { number, truth, text };

Type type_of(const ConstraintValue& value) { return static_cast<Type>(value.index()); }

std::string_view type_name(Type type) {
  constexpr std::array<std::string_view, 3> kNames{"a number", "a condition", "a text"};
  return kNames.at(static_cast<std::size_t>(type));
}

constexpr std::size_t kDepthMax = 64;

ConstraintValue evaluate(const Node& node, std::span<const ConstraintValue> values);

double number(const NodePtr& node, std::span<const ConstraintValue> values) {
  return std::get<double>(evaluate(*node, values));
}

bool truth(const NodePtr& node, std::span<const ConstraintValue> values) {
  return std::get<bool>(evaluate(*node, values));
}

ConstraintValue evaluate(const Node& node, std::span<const ConstraintValue> values) {
  switch (node.operation) {
    case Operation::constant:
      return node.constant;
    case Operation::parameter:
      return values[node.parameter];
    case Operation::negative:
      return -number(node.left, values);
    case Operation::opposite:
      return !truth(node.left, values);
    case Operation::add:
      return number(node.left, values) + number(node.right, values);
    case Operation::subtract:
      return number(node.left, values) - number(node.right, values);
    case Operation::multiply:
      return number(node.left, values) * number(node.right, values);
    case Operation::divide:
      return number(node.left, values) / number(node.right, values);
    case Operation::less:
      return number(node.left, values) < number(node.right, values);
    case Operation::at_most:
      return number(node.left, values) <= number(node.right, values);
    case Operation::greater:
      return number(node.left, values) > number(node.right, values);
    case Operation::at_least:
      return number(node.left, values) >= number(node.right, values);
    case Operation::equal:
      return evaluate(*node.left, values) == evaluate(*node.right, values);
    case Operation::unequal:
      return evaluate(*node.left, values) != evaluate(*node.right, values);
    case Operation::both:
      return truth(node.left, values) && truth(node.right, values);
    case Operation::either:
      return truth(node.left, values) || truth(node.right, values);
  }
  return false;
}

struct Typed {
  NodePtr node;
  Type type = Type::number;
};

struct Word {
  std::string_view text;
  Operation operation;
};
constexpr std::array kComparisons{Word{"<=", Operation::at_most}, Word{">=", Operation::at_least},
                                  Word{"==", Operation::equal},   Word{"!=", Operation::unequal},
                                  Word{"<", Operation::less},     Word{">", Operation::greater},
                                  Word{"=", Operation::equal}};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Recursive descent over the grammar in the header, one function a rule.
class Parser {
 public:
  Parser(std::string_view text, std::span<const std::string> names,
         std::span<const ConstraintValue> examples)
      : text_(text), names_(names), examples_(examples) {}

  Result<NodePtr> parse() {
    RL_TRY(Typed whole, condition());
    skip_blanks();
    if (at_ < text_.size()) return expected("an operator such as < or and");
    RL_TRY_VOID(want(whole, Type::truth, 0));
    return std::move(whole.node);
  }

 private:
  Result<Typed> condition() {
    if (depth_ >= kDepthMax) return expected("fewer parentheses within each other");
    ++depth_;
    RL_TRY(Typed left, both());
    while (take_word("or") || take("||")) {
      const std::size_t here = at_;
      RL_TRY(Typed right, both());
      RL_TRY(left, join(Operation::either, std::move(left), std::move(right), Type::truth, here));
    }
    --depth_;
    return left;
  }

  Result<Typed> both() {
    RL_TRY(Typed left, negation());
    while (take_word("and") || take("&&")) {
      const std::size_t here = at_;
      RL_TRY(Typed right, negation());
      RL_TRY(left, join(Operation::both, std::move(left), std::move(right), Type::truth, here));
    }
    return left;
  }

  Result<Typed> negation() {
    std::size_t count = 0;
    while (take_word("not") || (!peek("!=") && take("!"))) ++count;
    const std::size_t here = at_;
    RL_TRY(Typed inner, comparison());
    if (count > 0) RL_TRY_VOID(want(inner, Type::truth, here));
    if (count % 2 == 0) return inner;
    return Typed{make({.operation = Operation::opposite, .left = std::move(inner.node)}),
                 Type::truth};
  }

  Result<Typed> comparison() {
    RL_TRY(Typed left, sum());
    for (const Word& word : kComparisons) {
      if (!take(word.text)) continue;
      const std::size_t here = at_;
      RL_TRY(Typed right, sum());
      const bool alike = word.operation == Operation::equal || word.operation == Operation::unequal;
      if (!alike) {
        RL_TRY_VOID(want(left, Type::number, 0));
        RL_TRY_VOID(want(right, Type::number, here));
      }
      RL_TRY_VOID(want(right, left.type, here));
      return Typed{make({.operation = word.operation,
                         .left = std::move(left.node),
                         .right = std::move(right.node)}),
                   Type::truth};
    }
    return left;
  }

  Result<Typed> sum() {
    RL_TRY(Typed left, product());
    for (;;) {
      const bool adds = take("+");
      if (!adds && !take("-")) return left;
      const std::size_t here = at_;
      RL_TRY(Typed right, product());
      RL_TRY(left, join(adds ? Operation::add : Operation::subtract, std::move(left),
                        std::move(right), Type::number, here));
    }
  }

  Result<Typed> product() {
    RL_TRY(Typed left, factor());
    for (;;) {
      const bool times = take("*");
      if (!times && !take("/")) return left;
      const std::size_t here = at_;
      RL_TRY(Typed right, factor());
      RL_TRY(left, join(times ? Operation::multiply : Operation::divide, std::move(left),
                        std::move(right), Type::number, here));
    }
  }

  Result<Typed> factor() {
    bool negative = false;
    while (take("-")) negative = !negative;
    const std::size_t here = at_;
    RL_TRY(Typed inner, primary());
    if (!negative) return inner;
    RL_TRY_VOID(want(inner, Type::number, here));
    return Typed{make({.operation = Operation::negative, .left = std::move(inner.node)}),
                 Type::number};
  }

  Result<Typed> primary() {
    if (take("(")) {
      RL_TRY(Typed inner, condition());
      if (!take(")")) return expected("`)`");
      return inner;
    }
    skip_blanks();
    if (at_ == text_.size()) return expected("a parameter or a number");
    const char first = text_[at_];
    if (first == '\'' || first == '"') return quoted(first);
    if (std::isdigit(static_cast<unsigned char>(first)) != 0 || first == '.') return numeral();
    if (is_word(first)) return name();
    return expected("a parameter or a number");
  }

  Result<Typed> quoted(char quote) {
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos)
      return expected(fmt::format("a text that ends with {}", quote));
    std::string value(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return constant(std::move(value));
  }

  Result<Typed> numeral() {
    std::size_t end = at_;
    while (end < text_.size() && (is_word(text_[end]) || text_[end] == '.' ||
                                  ((text_[end] == '-' || text_[end] == '+') &&
                                   (text_[end - 1] == 'e' || text_[end - 1] == 'E'))))
      ++end;
    const auto value = parse_double(text_.substr(at_, end - at_));
    if (!value) return expected("a number");
    at_ = end;
    return constant(*value);
  }

  Result<Typed> name() {
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    const auto found = std::ranges::find(names_, word);
    if (found == names_.end() && (word == "true" || word == "false")) {
      at_ = end;
      return constant(word == "true");
    }
    if (found == names_.end()) {
      std::string what = "a parameter";
      if (const auto near = nearest(word, names_)) what += fmt::format(" such as {}", *near);
      return expected(what);
    }
    at_ = end;
    const auto index = static_cast<std::size_t>(found - names_.begin());
    return Typed{make({.operation = Operation::parameter, .parameter = index}),
                 type_of(examples_[index])};
  }

  static Result<Typed> constant(ConstraintValue value) {
    const Type type = type_of(value);
    return Typed{make({.operation = Operation::constant, .constant = std::move(value)}), type};
  }

  static NodePtr make(Node node) { return std::make_unique<const Node>(std::move(node)); }

  // Both sides are of `type`, and so is what comes of them.
  [[nodiscard]] Result<Typed> join(Operation operation, Typed left, Typed right, Type type,
                                   std::size_t right_at) const {
    RL_TRY_VOID(want(left, type, 0));
    RL_TRY_VOID(want(right, type, right_at));
    return Typed{
        make(
            {.operation = operation, .left = std::move(left.node), .right = std::move(right.node)}),
        type};
  }

  [[nodiscard]] Status want(const Typed& found, Type type, std::size_t at) const {
    if (found.type == type) return {};
    return fail(ErrorCode::invalid_input,
                fmt::format("the constraint `{}` has {} at character {}; expected {}", text_,
                            type_name(found.type), at + 1, type_name(type)));
  }

  [[nodiscard]] std::unexpected<Error> expected(std::string_view what) const {
    std::size_t at = at_;
    while (at < text_.size() && text_[at] == ' ') ++at;
    if (at == text_.size())
      return fail(ErrorCode::invalid_input,
                  fmt::format("the constraint `{}` ends early; expected {}", text_, what));
    return fail(ErrorCode::invalid_input,
                fmt::format("the constraint `{}` has `{}` at character {}; expected {}", text_,
                            text_.substr(at), at + 1, what));
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool peek(std::string_view symbol) {
    skip_blanks();
    return text_.substr(at_).starts_with(symbol);
  }
  bool take(std::string_view symbol) {
    if (!peek(symbol)) return false;
    at_ += symbol.size();
    return true;
  }
  bool take_word(std::string_view word) {
    if (!peek(word)) return false;
    const std::size_t end = at_ + word.size();
    if (end < text_.size() && is_word(text_[end])) return false;
    at_ = end;
    return true;
  }

  std::string_view text_;
  std::span<const std::string> names_;
  std::span<const ConstraintValue> examples_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

Constraint::Constraint(std::unique_ptr<const Node> root) : root_(std::move(root)) {}
Constraint::Constraint(Constraint&&) noexcept = default;
Constraint& Constraint::operator=(Constraint&&) noexcept = default;
Constraint::~Constraint() = default;

Result<Constraint> Constraint::parse(std::string_view text, std::span<const std::string> names,
                                     std::span<const ConstraintValue> examples) {
  RL_TRY(NodePtr root, Parser(text, names, examples).parse());
  return Constraint(std::move(root));
}

bool Constraint::holds(std::span<const ConstraintValue> values) const {
  return std::get<bool>(evaluate(*root_, values));
}

}  // namespace runledger::app
