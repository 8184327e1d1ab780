#include "frames.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <optional>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <runledger/base/text.hpp>

#include "spawn.hpp"

namespace runledger::worker {
namespace {

constexpr int kSymboliseMs = 5'000;
constexpr std::size_t kSymbolsBytesMax = 64u << 10;
constexpr std::size_t kFrameBytesMax = 400;

// A line of /proc/self/maps that names a file.
struct Mapping {
  std::uint64_t begin = 0, end = 0, offset = 0;
  std::string_view path;
};

std::optional<Mapping> parse_mapping(std::string_view line) {
  // 55d0-55d1 r-xp 00001000 08:01 1234   /path
  Mapping mapping;
  const std::size_t path = line.find('/');
  if (path == std::string_view::npos) return std::nullopt;
  mapping.path = line.substr(path);
  const char* const end = line.data() + line.size();
  const auto first = std::from_chars(line.data(), end, mapping.begin, 16);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, mapping.end, 16);
  constexpr std::ptrdiff_t kPermissions = 6;  // " r-xp "
  if (second.ec != std::errc{} || end - second.ptr < kPermissions) return std::nullopt;
  const auto third = std::from_chars(second.ptr + kPermissions, end, mapping.offset, 16);
  if (third.ec != std::errc{}) return std::nullopt;
  return mapping;
}

std::vector<Mapping> parse_maps(std::string_view maps) {
  std::vector<Mapping> mappings;
  for (const std::string_view line : split(maps, '\n')) {
    if (const auto mapping = parse_mapping(line)) mappings.push_back(*mapping);
  }
  return mappings;
}

const Mapping* find_mapping(const std::vector<Mapping>& mappings, std::uint64_t address) {
  const auto found = std::ranges::find_if(mappings, [&](const Mapping& mapping) {
    return address >= mapping.begin && address < mapping.end;
  });
  return found == mappings.end() ? nullptr : &*found;
}

// Drops what stands beneath the plugin: the worker's own frames.
std::span<const std::uint64_t> trim(std::span<const std::uint64_t> frames,
                                    const std::vector<Mapping>& mappings, std::string_view program,
                                    std::string_view plugin) {
  bool seen_plugin = false;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Mapping* mapping = find_mapping(mappings, frames[i]);
    if (mapping == nullptr) continue;
    if (mapping->path == plugin) seen_plugin = true;
    if (seen_plugin && mapping->path == program) return frames.first(i);
  }
  return frames;
}

std::string plain_text(std::uint64_t address, const std::vector<Mapping>& mappings) {
  const Mapping* mapping = find_mapping(mappings, address);
  if (mapping == nullptr) return fmt::format("{:#x}", address);
  return fmt::format("{}+{:#x}", std::filesystem::path(mapping->path).filename().string(),
                     address - mapping->begin + mapping->offset);
}

// The text with the plugin's name in place of that of its file.
std::string named_for_people(std::string text, const CodeFiles& files) {
  const std::string file = files.plugin.filename().string();
  const std::size_t at = file.empty() ? std::string::npos : text.find(file);
  if (at != std::string::npos) text.replace(at, file.size(), files.plugin_name);
  return text;
}

// What runledger-symbolise says: a line for each frame; fewer when it failed.
std::vector<std::string> ask_symboliser(std::span<const std::uint64_t> frames,
                                        std::string_view maps,
                                        const std::filesystem::path& symboliser) {
  std::string question;
  for (const std::uint64_t frame : frames) question += fmt::format("{:x} ", frame);
  question += '\n';
  question += maps;
  const Fd input = move_up(Fd(::memfd_create("runledger-frames", MFD_CLOEXEC)));
  const Fd output = move_up(Fd(::memfd_create("runledger-symbols", MFD_CLOEXEC)));
  if (!input || !output ||
      ::pwrite(input.get(), question.data(), question.size(), 0) !=
          static_cast<ssize_t>(question.size())) {
    return {};
  }
  const std::array fds{PassedFd{input.get(), STDIN_FILENO}, PassedFd{output.get(), STDOUT_FILENO}};
  const auto child = spawn({symboliser.string()}, fds, Ground::background);
  if (!child) return {};
  if (!wait_for(*child, kSymboliseMs)) {
    ::kill(*child, SIGKILL);
    wait_for(*child, -1);
    return {};
  }
  std::string text(kSymbolsBytesMax, '\0');
  const ssize_t size = ::pread(output.get(), text.data(), text.size(), 0);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) {
    lines.emplace_back(line.substr(0, kFrameBytesMax));
  }
  return lines;
}

}  // namespace

std::vector<std::string> frame_texts(const EndRecord& record, const CodeFiles& files) {
  const std::size_t count = std::min<std::size_t>(record.frame_count, kFramesMax);
  const std::string_view maps(record.maps.data(),
                              std::min<std::size_t>(record.maps_size, kMapsBytesMax));
  const std::vector<Mapping> mappings = parse_maps(maps);
  const auto frames = trim(std::span(record.frames).first(count), mappings, files.program.native(),
                           files.plugin.native());
  if (frames.empty()) return {};
  const auto symbols =
      ask_symboliser(frames, maps, files.program.parent_path() / "runledger-symbolise");
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const bool told = i < symbols.size() && is_printable_utf8(symbols[i]) && !symbols[i].empty();
    texts.push_back(named_for_people(told ? symbols[i] : plain_text(frames[i], mappings), files));
  }
  return texts;
}

}  // namespace runledger::worker
