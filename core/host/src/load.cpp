#include <algorithm>
#include <deque>
#include <exception>
#include <filesystem>
#include <string_view>

#include <boost/dll/shared_library.hpp>
#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/host/check.hpp>
#include <runledger/host/plugin.hpp>

namespace runledger {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kThrownBytesMax = 1'000;

LoadedPlugin refused(std::string sentence) { return {nullptr, {std::move(sentence)}, {}}; }

// What the dynamic loader says, of "... (dlerror system message: PATH: it): system error".
std::string_view loader_text(std::string_view text, std::string_view path) {
  const std::size_t end = text.rfind("): ");
  if (end != std::string_view::npos) text = text.substr(0, end);
  constexpr std::string_view kMessage = "system message: ";
  const std::size_t begin = text.rfind(kMessage);
  if (begin != std::string_view::npos) text.remove_prefix(begin + kMessage.size());
  if (text.starts_with(path) && text.substr(path.size()).starts_with(": "))
    text.remove_prefix(path.size() + 2);
  return text;
}

// The same in our words.
std::string loader_reason(std::string_view text) {
  constexpr std::string_view kUndefined = "undefined symbol: ";
  constexpr std::string_view kMissing = ": cannot open shared object file";
  if (text.starts_with(kUndefined)) {
    text.remove_prefix(kUndefined.size());
    return fmt::format("it needs {}, which no library that it names has",
                       text.substr(0, text.find_first_of(" \t,")));
  }
  if (const std::size_t end = text.find(kMissing); end != std::string_view::npos)
    return fmt::format("it needs the library {}, which is not installed", text.substr(0, end));
  return "it is no shared library that this machine can load (expected ELF for x86-64)";
}

LoadedPlugin ask(const boost::dll::shared_library& library) {
  if (!library.has(RL_PLUGIN_SYMBOL)) {
    return refused(fmt::format(
        "it exports no {}: it is no strategy library, or one for another major version of the "
        "contract",
        RL_PLUGIN_SYMBOL));
  }
  const rl_plugin* plugin = nullptr;
  try {
    plugin = library.get<const rl_plugin*()>(RL_PLUGIN_SYMBOL)();
  } catch (const std::exception& exception) {
    return refused(fmt::format("its {} threw: {}", RL_PLUGIN_SYMBOL,
                               printable_text(exception.what(), kThrownBytesMax)));
  } catch (...) {
    return refused(fmt::format("its {} threw what is no std::exception", RL_PLUGIN_SYMBOL));
  }
  PluginFindings findings = check_plugin(plugin);
  if (!findings.refusals.empty()) plugin = nullptr;
  return {plugin, std::move(findings.refusals), std::move(findings.unserved)};
}

}  // namespace

std::vector<std::string> LoadedPlugin::reasons_against(std::string_view name) const {
  const auto found = std::ranges::find(unserved, name, &UnservedStrategy::name);
  return found == unserved.end() ? std::vector<std::string>{} : found->reasons;
}

LoadedPlugin load_plugin(const fs::path& path) {
  if (!path.is_absolute()) return refused(fmt::format("{} is not an absolute path", path.string()));
  std::error_code error;
  if (!fs::exists(path, error)) return refused(fmt::format("there is no file {}", path.string()));
  if (!fs::is_regular_file(path, error))
    return refused(fmt::format("{} is not a regular file", path.string()));
  // Never destroyed: that would unload libraries whose code may still be referred to.
  static auto* const libraries = new std::deque<boost::dll::shared_library>;
  try {
    boost::dll::shared_library& library = libraries->emplace_back();
    library.load(path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    return ask(library);
  } catch (const std::exception& exception) {
    const std::string what = exception.what();
    return refused(loader_reason(loader_text(what, path.string())));
  }
}

}  // namespace runledger
