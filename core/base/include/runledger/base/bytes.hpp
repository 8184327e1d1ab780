#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/digest.hpp>

namespace runledger {

static_assert(std::endian::native == std::endian::little, "stored bytes are copied as they are");

using Bytes = std::vector<std::uint8_t>;

// The one NaN that canonical bytes contain; -0 and infinities are kept as they are.
inline std::uint64_t canonical_bits(double value) {
  return std::isnan(value) ? 0x7ff8000000000000ULL : std::bit_cast<std::uint64_t>(value);
}

// Appends little-endian numbers and length-prefixed text to a growing buffer.
class ByteWriter {
 public:
  ByteWriter() = default;
  // Grows without moving up to so many bytes.
  explicit ByteWriter(std::size_t expected) { bytes_.reserve(expected); }

  template <std::integral T>
  ByteWriter& number(T value) {
    const auto* p = reinterpret_cast<const std::uint8_t*>(&value);
    bytes_.insert(bytes_.end(), p, p + sizeof value);
    return *this;
  }
  ByteWriter& real(double value) { return number(canonical_bits(value)); }
  ByteWriter& raw(ByteView bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  ByteWriter& raw(std::string_view text) { return raw(bytes_of(text)); }
  // u32 length, then the bytes.
  ByteWriter& text(std::string_view text) {
    return number(static_cast<std::uint32_t>(text.size())).raw(text);
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

// Reads what ByteWriter wrote. After the first read past the end, ok() is false and all values are
// zero or empty.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}

  template <std::integral T>
  T number() {
    T value{};
    const ByteView source = raw(sizeof value);
    if (ok_) std::memcpy(&value, source.data(), sizeof value);
    return value;
  }
  double real() { return std::bit_cast<double>(number<std::uint64_t>()); }
  ByteView raw(std::size_t size) {
    if (!ok_ || size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const ByteView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::string_view text() { return text_of(raw(number<std::uint32_t>())); }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] ByteView rest() const { return rest_; }

 private:
  ByteView rest_;
  bool ok_ = true;
};

// Big-endian, so that byte order is number order in a sorted store.
inline void append_be64(std::string& key, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(value >> shift));
}
inline std::uint64_t read_be64(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

}  // namespace runledger
