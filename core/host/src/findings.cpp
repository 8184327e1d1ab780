#include "findings.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/host/check.hpp>

namespace runledger {
namespace {

constexpr std::uintptr_t kFirstPageBytes = 4'096;
constexpr std::uintptr_t kAddressMax = std::uintptr_t{1} << 47;

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && letter(text.front()) && std::ranges::all_of(text, fits);
}

// Whether `pointer` can be the address of an object of that alignment: not null, not in the first
// page, not beyond what a process can have.
bool is_plausible(const void* pointer, std::size_t alignment) {
  const auto address = std::bit_cast<std::uintptr_t>(pointer);
  return address >= kFirstPageBytes && address < kAddressMax && address % alignment == 0;
}

}  // namespace

bool Findings::plausible(const void* pointer, std::size_t alignment, std::string_view what) {
  if (is_plausible(pointer, alignment)) return true;
  add(pointer == nullptr ? fmt::format("{} is NULL", what)
                         : fmt::format("{} is at {}, which is no address", what, pointer));
  return false;
}

bool Findings::large_enough(std::uint32_t size, std::size_t size_min, std::string_view what) {
  if (size >= size_min) return true;
  add(fmt::format("{} has the struct_size {}, less than the {} of version 1.0", what, size,
                  size_min));
  return false;
}

std::string_view Findings::text_or_empty(const char* text, std::string_view what,
                                         std::size_t bytes_max) {
  if (!plausible(text, 1, what)) return {};
  const std::string_view found(text, ::strnlen(text, bytes_max + 1));
  if (found.size() > bytes_max) {
    add(fmt::format("{} is longer than {} bytes", what, bytes_max));
    return {};
  }
  if (!is_printable_utf8(found)) {
    add(fmt::format("{} is not printable UTF-8", what));
    return {};
  }
  return found;
}

std::string_view Findings::text(const char* text, std::string_view what, std::size_t bytes_max) {
  const std::size_t before = size();
  const std::string_view found = text_or_empty(text, what, bytes_max);
  if (found.empty() && size() == before) add(fmt::format("{} is empty", what));
  return found;
}

std::string_view Findings::name(const char* text, std::string_view what) {
  const std::string_view found = this->text(text, what, kNameBytesMax);
  if (found.empty() || is_name(found)) return found;
  add(
      fmt::format("{} is \"{}\", not a lower-case letter followed by lower-case letters, digits "
                  "and underscores",
                  what, found));
  return {};
}

}  // namespace runledger
