#include <cmath>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/arguments.hpp>

namespace runledger::cli {

Arguments::Arguments(std::map<std::string, std::vector<std::string>, std::less<>> options,
                     std::vector<std::string> operands)
    : options_(std::move(options)), operands_(std::move(operands)) {}

bool Arguments::has(std::string_view option) const { return options_.contains(option); }

std::optional<std::string> Arguments::value(std::string_view option) const {
  const auto at = options_.find(option);
  if (at == options_.end()) return std::nullopt;
  return at->second.front();
}

std::vector<std::string> Arguments::values(std::string_view option) const {
  const auto at = options_.find(option);
  return at == options_.end() ? std::vector<std::string>() : at->second;
}

Result<std::uint64_t> Arguments::whole_number(std::string_view option, std::uint64_t low,
                                              std::uint64_t fallback) const {
  const auto text = value(option);
  if (!text) return fallback;
  const auto number = parse_uint(*text);
  if (!number || *number < low) {
    return fail(ErrorCode::invalid_input,
                fmt::format("--{} is `{}`; it takes a whole number of {} or more, for example "
                            "--{} {}",
                            option, *text, low, option, fallback));
  }
  return *number;
}

Result<std::optional<double>> Arguments::seconds(std::string_view option) const {
  const auto text = value(option);
  if (!text) return std::nullopt;
  const auto number = parse_double(*text);
  if (!number || !std::isfinite(*number) || *number < 0) {
    return fail(ErrorCode::invalid_input,
                fmt::format("--{} is `{}`; it takes seconds, 0 or more, for example --{} 10",
                            option, *text, option));
  }
  return *number;
}

}  // namespace runledger::cli
