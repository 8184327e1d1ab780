#pragma once

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <runledger/base/bytes.hpp>

namespace runledger::test {

// The worked examples of a format document. A block begins with a line "```hex NAME" or
// "```text NAME"; in hex, what follows a `|` explains the bytes before it.
class FormatExamples {
 public:
  explicit FormatExamples(const std::string& path) {
    std::ifstream file(path);
    std::string name;
    bool hex = false;
    for (std::string line; std::getline(file, line);) {
      if (!name.empty() && line.starts_with("```")) {
        name.clear();
      } else if (!name.empty()) {
        examples_[name] += hex ? bytes_in(line) : line + "\n";
      } else if (line.starts_with("```hex ") || line.starts_with("```text ")) {
        hex = line.starts_with("```hex ");
        name = line.substr(line.find(' ') + 1);
        examples_[name];
      }
    }
  }
  // The bytes of an example; empty when there is none of that name.
  [[nodiscard]] std::string operator[](const std::string& name) const {
    const auto found = examples_.find(name);
    return found == examples_.end() ? std::string() : found->second;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : examples_) names.push_back(name);
    return names;
  }

 private:
  static std::string bytes_in(const std::string& line) {
    std::string digits;
    for (const char c : line.substr(0, line.find('|')))
      if (c != ' ') digits.push_back(c);
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
      bytes.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    return bytes;
  }
  std::map<std::string, std::string> examples_;
};

}  // namespace runledger::test
