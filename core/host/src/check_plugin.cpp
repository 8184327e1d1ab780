#include <cstddef>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/host/check.hpp>
#include <runledger/host/plugin.hpp>

#include "check_parameter.hpp"
#include "findings.hpp"

namespace runledger {
namespace {

// What version 1.0 has of each struct.
constexpr std::size_t kPluginSizeMin = offsetof(rl_plugin, source) + sizeof(void*);
constexpr std::size_t kSourceSizeMin = offsetof(rl_source, flags) + sizeof(void*);
constexpr std::size_t kStrategySizeMin = offsetof(rl_strategy, extension) + sizeof(void*);

constexpr std::size_t kFlagsTextBytesMax = 65'536;
constexpr std::uint32_t kStrategyFlags = RL_SIZES_ORDERS;

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// MAJOR.MINOR.PATCH, perhaps followed by -prerelease or +build.
bool is_version(std::string_view text) {
  const auto numbers = split(text.substr(0, text.find_first_of("-+")), '.');
  return numbers.size() == 3 && is_digits(numbers[0]) && is_digits(numbers[1]) &&
         is_digits(numbers[2]);
}

// At least two parts of letters, digits, underscores and hyphens, joined by dots.
bool is_reverse_dns(std::string_view text) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  const auto parts = split(text, '.');
  if (parts.size() < 2) return false;
  for (const std::string_view part : parts) {
    if (part.empty() || part.find_first_not_of(kAllowed) != std::string_view::npos) return false;
  }
  return true;
}

class PluginCheck {
 public:
  explicit PluginCheck(const rl_plugin& plugin) : plugin_(plugin) {}

  PluginFindings run() {
    versions();
    findings_.text(plugin_.built_with, "built_with", kPluginTextBytesMax);
    if (plugin_.source != nullptr) source();
    if (plugin_.strategy_count == 0) findings_.add("the library carries no strategy");
    const std::size_t strategies =
        count(plugin_.strategy_count, kStrategiesMax, static_cast<const void*>(plugin_.strategies),
              "strategies", findings_);
    for (std::size_t i = 0; i < strategies; ++i)
      strategy(plugin_.strategies[i], fmt::format("strategy {}", i + 1));
    if (findings_.empty() && unserved_.size() < strategies) return {{}, std::move(unserved_)};
    for (UnservedStrategy& unserved : unserved_)
      for (std::string& reason : unserved.reasons) findings_.add(std::move(reason));
    return {findings_.take(), {}};
  }

 private:
  void versions() {
    if (plugin_.needs_minor > RL_ABI_MINOR) {
      findings_.add(fmt::format(
          "the library needs version 1.{} of the strategy contract and this program serves 1.{}; "
          "use a newer runledger",
          plugin_.needs_minor, RL_ABI_MINOR));
    }
    if (plugin_.needs_minor > plugin_.abi_minor) {
      findings_.add(
          fmt::format("the library needs version 1.{} of the strategy contract though it "
                      "was built for 1.{}",
                      plugin_.needs_minor, plugin_.abi_minor));
    }
  }

  void source() {
    if (!findings_.holds(plugin_.source, kSourceSizeMin, "the source record")) return;
    const rl_source& source = *plugin_.source;
    findings_.text_or_empty(source.commit, "the source's commit", kNameBytesMax);
    findings_.text_or_empty(source.remote, "the source's remote", kPluginTextBytesMax);
    findings_.text_or_empty(source.flags, "the source's flags", kFlagsTextBytesMax);
    if (source.dirty > 1)
      findings_.add(fmt::format("the source's dirty is {}, not 0 or 1", source.dirty));
  }

  // How many entries of an array of pointers can be read.
  static std::size_t count(std::uint32_t declared, std::size_t max, const void* array,
                           const std::string& what, Findings& findings) {
    if (declared == 0) return 0;
    if (declared > max) {
      findings.add(fmt::format("{} are {}, more than {}", what, declared, max));
      return 0;
    }
    return findings.plausible(array, alignof(void*), "the list of " + what) ? declared : 0;
  }

  void strategy(const rl_strategy* entry, const std::string& place) {
    if (!findings_.holds(entry, kStrategySizeMin, place)) return;
    const std::string_view name = findings_.name(entry->name, "the name of " + place);
    const std::string what = name.empty() ? place : fmt::format("{} ({})", place, name);
    if (!name.empty() && !names_.insert(name).second)
      findings_.add(fmt::format("two strategies have the name {}", name));
    texts(*entry, what);
    StrategyFindings found;
    calls(*entry, what, found.broken);
    demands(*entry, what, found);
    parameters(*entry, what, found);
    // What 1.0 calls broken may be right beside what a later version has.
    if (found.unserved.empty()) return findings_.append(std::move(found.broken));
    unserved_.push_back({std::string(name), found.unserved.take()});
  }

  static void parameters(const rl_strategy& entry, const std::string& what,
                         StrategyFindings& found) {
    const std::size_t declared =
        count(entry.param_count, kParametersMax, static_cast<const void*>(entry.params),
              "parameters of " + what, found.broken);
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < declared; ++i) {
      const std::string_view parameter = check_parameter(entry.params[i], i + 1, what, found);
      if (!parameter.empty() && !seen.insert(parameter).second)
        found.broken.add(fmt::format("{} has two parameters called {}", what, parameter));
    }
  }

  void texts(const rl_strategy& entry, const std::string& what) {
    findings_.text(entry.title, "the title of " + what, kPluginTextBytesMax);
    findings_.text(entry.doc, "the doc of " + what, kPluginTextBytesMax);
    const std::string_view id = findings_.text(entry.id, "the id of " + what, kPluginTextBytesMax);
    if (!id.empty() && !is_reverse_dns(id)) {
      findings_.add(fmt::format("the id of {} is \"{}\", not a name such as com.example.sma_cross",
                                what, id));
    }
    if (!id.empty() && !ids_.insert(id).second)
      findings_.add(fmt::format("two strategies have the id {}", id));
    const std::string_view version =
        findings_.text(entry.version, "the version of " + what, kNameBytesMax);
    if (!version.empty() && !is_version(version)) {
      findings_.add(
          fmt::format("the version of {} is \"{}\", not one such as 1.0.0", what, version));
    }
  }

  static void calls(const rl_strategy& entry, const std::string& what, Findings& broken) {
    if (entry.create == nullptr) broken.add(fmt::format("create of {} is NULL", what));
    if (entry.destroy == nullptr) broken.add(fmt::format("destroy of {} is NULL", what));
    if (entry.on_bar == nullptr) broken.add(fmt::format("on_bar of {} is NULL", what));
  }

  // What a strategy needs of its host.
  static void demands(const rl_strategy& entry, const std::string& what, StrategyFindings& found) {
    if (entry.series_min > entry.series_max || entry.series_max < 1) {
      found.broken.add(fmt::format("{} takes {} to {} instruments, which is no range", what,
                                   entry.series_min, entry.series_max));
    } else if (entry.series_min > 1) {
      found.unserved.add(fmt::format("{} takes {} to {} instruments; a run has one", what,
                                     entry.series_min, entry.series_max));
    }
    if ((entry.flags & ~kStrategyFlags) != 0) {
      found.unserved.add(fmt::format("{} has the flags {:#x}, not all of which are known here",
                                     what, entry.flags));
    }
    if (entry.reserved != 0)
      found.unserved.add(fmt::format("{} uses a field that is not known here", what));
  }

  const rl_plugin& plugin_;
  Findings findings_;
  std::vector<UnservedStrategy> unserved_;
  std::set<std::string_view> names_, ids_;
};

}  // namespace

PluginFindings check_plugin(const rl_plugin* plugin) {
  Findings findings;
  if (!findings.holds(plugin, kPluginSizeMin, "what rl_plugin_v1 returned"))
    return {findings.take(), {}};
  return PluginCheck(*plugin).run();
}

const rl_strategy* find_strategy(const rl_plugin& plugin, std::string_view name) {
  for (std::size_t i = 0; i < plugin.strategy_count; ++i) {
    if (name == plugin.strategies[i]->name) return plugin.strategies[i];
  }
  return nullptr;
}

}  // namespace runledger
