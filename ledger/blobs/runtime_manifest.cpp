#include <algorithm>
#include <tuple>
#include <vector>

#include <runledger/base/text.hpp>
#include <runledger/ledger/runtime_manifest.hpp>

namespace runledger::ledger {
namespace {

constexpr std::size_t kNameBytesMax = 255;

struct Line {
  std::string_view name;
  std::string text;  // with the digest ahead of whatever else may differ
};

}  // namespace

bool is_runtime_name(std::string_view name) {
  return !name.empty() && name.size() <= kNameBytesMax && name != "." && name != ".." &&
         name.find('/') == std::string_view::npos && is_printable_utf8(name);
}

std::string runtime_manifest(std::span<const RuntimeFile> files) {
  std::vector<Line> lines;
  for (const RuntimeFile& file : files)
    lines.push_back({file.name, file.digest.hex() + ' ' + schema::EnumNameRuntimeRole(file.role) +
                                    ' ' + std::to_string(file.size) + ' ' + file.name + '\n'});
  const auto key = [](const Line& line) { return std::tie(line.name, line.text); };
  std::ranges::sort(lines, {}, key);
  lines.erase(std::ranges::unique(lines, {}, key).begin(), lines.end());
  std::string manifest = "runledger/runtime/v1\n";
  for (const Line& line : lines) manifest += line.text;
  return manifest;
}

}  // namespace runledger::ledger
