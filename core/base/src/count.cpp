#include <fmt/format.h>

#include <runledger/base/count.hpp>

namespace runledger {

std::string group_digits(std::string text) {
  const std::size_t start = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  std::size_t at = text.find('.');
  if (at == std::string::npos) at = text.size();
  for (; at > start + 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string count(std::uint64_t value) { return group_digits(fmt::to_string(value)); }

std::string counted(std::uint64_t value, std::string_view one, std::string_view many) {
  if (value == 1) return fmt::format("1 {}", one);
  return many.empty() ? fmt::format("{} {}s", count(value), one)
                      : fmt::format("{} {}", count(value), many);
}

}  // namespace runledger
