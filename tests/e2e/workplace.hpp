#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "program.hpp"
#include "temporary_directory.hpp"

namespace runledger::e2e {

using nlohmann::json;
using test::Outcome;

// A folder in which somebody uses the program as it was built, with an environment of its own.
class Workplace {
 public:
  Workplace() {
    set("HOME", path().string());
    set("XDG_CACHE_HOME", (path() / "cache").string());
    set("PATH", "/usr/bin:/bin");
    set("LANG", "C.UTF-8");
  }

  [[nodiscard]] const std::filesystem::path& path() const { return directory_.path(); }
  [[nodiscard]] std::filesystem::path ledger() const { return path() / "runledger-data"; }
  void set(const std::string& name, const std::string& value) {
    environment_.push_back(name + "=" + value);
  }

  // How `runledger WORDS` is started here.
  [[nodiscard]] test::Launch launch(std::vector<std::string> words) const {
    words.insert(words.begin(), RL_PROGRAM);
    return {.words = std::move(words), .directory = path(), .environment = environment_};
  }
  [[nodiscard]] Outcome run(std::vector<std::string> words, std::string input = {}) const {
    test::Launch how = launch(std::move(words));
    how.input = std::move(input);
    return test::run_to_end(how);
  }
  // What a command prints that must succeed.
  [[nodiscard]] std::string good(const std::vector<std::string>& words) const {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
  }
  [[nodiscard]] json good_json(std::vector<std::string> words) const {
    words.emplace_back("--json");
    const std::string text = good(words);
    json document = json::parse(text, nullptr, false);
    EXPECT_FALSE(document.is_discarded()) << text;
    return document;
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path() / name) << text;
  }

  // The synthetic prices of the repository, imported as STRESS.
  void import_prices() const {
    std::filesystem::copy_file(RL_SOURCE_DIR "/tests/golden/parity/stress-dev.csv",
                               path() / "STRESS.csv",
                               std::filesystem::copy_options::overwrite_existing);
    (void)good({"data", "import", "STRESS.csv"});
  }
  // Imports prices and records a run; its id.
  [[nodiscard]] std::string record_run() const {
    import_prices();
    return std::to_string(
        good_json({"backtest", "-s", "sma_cross", "-t", "STRESS"}).at("id").get<int>());
  }

 private:
  test::TemporaryDirectory directory_;
  std::vector<std::string> environment_;
};

// The lines of a text, without the empty one after the last.
inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace runledger::e2e
