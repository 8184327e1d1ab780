#include <deque>
#include <exception>
#include <filesystem>
#include <string_view>

#include <boost/dll/shared_library.hpp>
#include <fmt/format.h>

#include <runledger/host/check.hpp>
#include <runledger/host/plugin.hpp>

namespace runledger {
namespace {

namespace fs = std::filesystem;

LoadedPlugin refused(std::string sentence) { return {nullptr, {std::move(sentence)}}; }

// What the dynamic loader says, of "... (dlerror system message: PATH: it): system error".
std::string loader_reason(std::string_view text, const fs::path& path) {
  const std::size_t end = text.rfind("): ");
  if (end != std::string_view::npos) text = text.substr(0, end);
  const std::size_t begin = text.rfind(path.string() + ": ");
  if (begin != std::string_view::npos) text.remove_prefix(begin + path.string().size() + 2);
  return std::string(text);
}

LoadedPlugin ask(const boost::dll::shared_library& library, const std::string& file) {
  if (!library.has(RL_PLUGIN_SYMBOL)) {
    return refused(fmt::format(
        "{} exports no {}: it is no strategy library, or one for another major version of the "
        "contract",
        file, RL_PLUGIN_SYMBOL));
  }
  const rl_plugin* plugin = nullptr;
  try {
    plugin = library.get<const rl_plugin*()>(RL_PLUGIN_SYMBOL)();
  } catch (const std::exception& exception) {
    return refused(fmt::format("{} of {} threw: {}", RL_PLUGIN_SYMBOL, file, exception.what()));
  } catch (...) {
    return refused(fmt::format("{} of {} threw what is no std::exception", RL_PLUGIN_SYMBOL, file));
  }
  std::vector<std::string> refusals = check_plugin(plugin);
  if (!refusals.empty()) plugin = nullptr;
  return {plugin, std::move(refusals)};
}

}  // namespace

LoadedPlugin load_plugin(const fs::path& path) {
  const std::string file = path.filename().string();
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
    return ask(library, file);
  } catch (const std::exception& exception) {
    return refused(
        fmt::format("{} cannot be loaded: {}", file, loader_reason(exception.what(), path)));
  }
}

}  // namespace runledger
