#include "document.hpp"

#include <array>
#include <regex>
#include <sstream>
#include <utility>

namespace runledger::test {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// "path" from a line that ends in "`path`:"; else empty.
std::string file_named_by(const std::string& line) {
  static const std::regex named(R"(`([^`]+)`:$)");
  std::smatch match;
  return std::regex_search(line, match, named) ? match[1].str() : std::string();
}

}  // namespace

std::vector<Block> blocks_of(std::string_view markdown) {
  std::vector<Block> blocks;
  std::string before;
  bool inside = false;
  for (const std::string& line : lines_of(markdown)) {
    const bool fence = line.starts_with("```");
    if (fence && !inside) blocks.push_back({line.substr(3), "", file_named_by(before)});
    if (!fence && inside) blocks.back().text += line + '\n';
    if (fence) inside = !inside;
    if (!line.empty()) before = line;
  }
  return blocks;
}

std::vector<Exchange> exchanges_of(const Block& console) {
  std::vector<Exchange> exchanges;
  bool goes_on = false;
  for (const std::string& line : lines_of(console.text)) {
    if (goes_on) {
      exchanges.back().command += '\n' + line;
    } else if (line.starts_with("$ ")) {
      exchanges.push_back({line.substr(2), ""});
    } else if (!exchanges.empty()) {
      exchanges.back().output += line + '\n';
    }
    goes_on = (goes_on || line.starts_with("$ ")) && line.ends_with('\\');
  }
  return exchanges;
}

std::string shape_of(std::string_view output) {
  static const std::array<std::pair<std::regex, const char*>, 7> replacements = {{
      {std::regex(R"((/[\w.+-]+){2,})"), "/path"},
      {std::regex(R"(\b[\w.-]+@[\w.-]+)"), "user@host"},
      {std::regex(R"(\b(?=[a-f]*[0-9])[0-9a-f]{8,}\b)"), "digest"},
      {std::regex(R"(-?[0-9][0-9,.]*)"), "0"},
      {std::regex(R"(\b0 ?(us|ms|s)\b)"), "0 s"},
      {std::regex(R"(-{2,})"), "-"},
      {std::regex(R"( +)"), " "},
  }};
  std::string shape;
  for (std::string line : lines_of(output)) {
    for (const auto& [pattern, text] : replacements) line = std::regex_replace(line, pattern, text);
    while (line.ends_with(' ')) line.pop_back();
    shape += line + '\n';
  }
  while (shape.ends_with("\n\n")) shape.pop_back();
  return shape;
}

}  // namespace runledger::test
