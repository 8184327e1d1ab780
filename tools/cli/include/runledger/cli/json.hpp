#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace runledger::cli {

// A JSON value to be printed. Objects keep the order in which members were added.
//
// A double prints as the shortest text that reads back bit for bit; NaN and infinities, for which
// JSON has no word, are null. Bytes that are not UTF-8 print as U+FFFD.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(double value) : value_(value) {}
  template <std::signed_integral T>
  Json(T value) : value_(static_cast<std::int64_t>(value)) {}
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  Json(T value) : value_(static_cast<std::uint64_t>(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  template <class T>
  Json(const std::optional<T>& value) : Json(value ? Json(*value) : Json()) {}

  static Json array() { return Json(Array()); }
  static Json object(Object members = {}) { return Json(std::move(members)); }

  // Appends to an array.
  Json& add(Json element);
  // Appends a member to an object.
  Json& set(std::string name, Json value);

  // One line without blanks.
  [[nodiscard]] std::string text() const;
  // The value as a field of CSV: a text without its quotes, nothing for null.
  [[nodiscard]] std::string field() const;

 private:
  explicit Json(Array value) : value_(std::move(value)) {}
  explicit Json(Object value) : value_(std::move(value)) {}
  void write(std::string& out) const;

  std::variant<std::nullptr_t, bool, double, std::int64_t, std::uint64_t, std::string, Array,
               Object>
      value_ = nullptr;
};

}  // namespace runledger::cli
