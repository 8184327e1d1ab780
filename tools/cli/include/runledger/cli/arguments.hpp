#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/result.hpp>

namespace runledger::cli {

// What the user wrote behind a command, by the names in its declaration.
class Arguments {
 public:
  Arguments() = default;
  Arguments(std::map<std::string, std::vector<std::string>, std::less<>> options,
            std::vector<std::string> operands);

  [[nodiscard]] bool has(std::string_view option) const;
  [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view option) const;
  [[nodiscard]] const std::vector<std::string>& operands() const { return operands_; }

  // A whole number of `low` or more; `fallback` when the option is absent. Errors: invalid_input.
  [[nodiscard]] Result<std::uint64_t> whole_number(std::string_view option, std::uint64_t low,
                                                   std::uint64_t fallback) const;
  // A number of 0 or more, as --lock-timeout takes. Errors: invalid_input.
  [[nodiscard]] Result<std::optional<double>> seconds(std::string_view option) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> options_;
  std::vector<std::string> operands_;
};

}  // namespace runledger::cli
