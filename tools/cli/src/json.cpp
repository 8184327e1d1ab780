#include <cmath>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/json.hpp>

namespace runledger::cli {
namespace {

template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};

// The length of the well-formed sequence that starts `text`, else 0. DEL and the C1 controls,
// which JSON allows, are well formed here.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  for (std::size_t length = 2; length <= 4; ++length) {
    if (text.size() >= length && is_printable_utf8(text.substr(0, length))) return length;
  }
  const bool c1 =
      lead == 0xc2 && text.size() >= 2 && (static_cast<unsigned char>(text[1]) >> 5U) == 4;
  return c1 ? 2 : 0;
}

void write_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const char c = text[0];
    if (length == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (length == 1 && static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

}  // namespace

Json& Json::add(Json element) {
  std::get<Array>(value_).push_back(std::move(element));
  return *this;
}

Json& Json::set(std::string name, Json value) {
  std::get<Object>(value_).emplace_back(std::move(name), std::move(value));
  return *this;
}

std::string Json::text() const {
  std::string out;
  write(out);
  return out;
}

std::string Json::field() const {
  if (const auto* value = std::get_if<std::string>(&value_)) return *value;
  std::string out = text();
  return out == "null" ? std::string() : out;
}

void Json::write(std::string& out) const {
  std::visit(
      Match{[&](std::nullptr_t) { out += "null"; },
            [&](bool value) { out += value ? "true" : "false"; },
            [&](double value) { out += std::isfinite(value) ? format_double(value) : "null"; },
            [&](std::int64_t value) { out += fmt::to_string(value); },
            [&](std::uint64_t value) { out += fmt::to_string(value); },
            [&](const std::string& value) { write_text(out, value); },
            [&](const Array& value) {
              out += '[';
              for (std::size_t i = 0; i < value.size(); ++i) {
                if (i > 0) out += ',';
                value[i].write(out);
              }
              out += ']';
            },
            [&](const Object& value) {
              out += '{';
              for (std::size_t i = 0; i < value.size(); ++i) {
                if (i > 0) out += ',';
                write_text(out, value[i].first);
                out += ':';
                value[i].second.write(out);
              }
              out += '}';
            }},
      value_);
}

}  // namespace runledger::cli
