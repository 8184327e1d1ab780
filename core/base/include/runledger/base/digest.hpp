#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace runledger {

using ByteView = std::span<const std::uint8_t>;

inline ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A SHA-256 value.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Digest&) const = default;

  // 64 lower-case hex digits.
  [[nodiscard]] std::string hex() const;
  // Nothing unless `text` is exactly 64 hex digits.
  static std::optional<Digest> from_hex(std::string_view text);
};

// SHA-256, incrementally. Reusable: finish() leaves it as new.
//
// Threads: one at a time per object.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(ByteView bytes);
  Sha256& update(std::string_view text) { return update(bytes_of(text)); }
  Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Digest sha256(ByteView bytes);
inline Digest sha256(std::string_view text) { return sha256(bytes_of(text)); }

// Lower-case hex of any bytes.
std::string to_hex(ByteView bytes);

// Fills `out` from the kernel's random source.
void fill_random(std::span<std::uint8_t> out);

}  // namespace runledger
