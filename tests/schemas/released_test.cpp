// Schemas only grow: schemas/released/README.md.
#include <array>
#include <fstream>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layout.hpp"
#include "temporary_directory.hpp"

namespace runledger::schemas_test {
namespace {

namespace fs = std::filesystem;

constexpr std::array kSchemas{"event.fbs", "worker.fbs"};

fs::path current_folder() { return fs::path(RL_SOURCE_DIR) / "schemas"; }
fs::path released_folder() { return current_folder() / "released" / "v1"; }

std::string read(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string whole_layout(const fs::path& folder) {
  std::string text;
  for (const char* schema : kSchemas) {
    text += std::string("# ") + schema + "\n";
    for (const std::string& line : layout_of(folder / schema)) text += line + "\n";
  }
  return text;
}

TEST(ReleasedSchemas, AreExtendedAndNothingElse) {
  for (const char* schema : kSchemas)
    EXPECT_THAT(breaking_changes(released_folder() / schema, current_folder() / schema),
                ::testing::IsEmpty())
        << schema;
}

TEST(ReleasedSchemas, AreFrozen) {
  const std::string layout = whole_layout(released_folder());
  const fs::path copy = fs::path(RL_BINARY_DIR) / "layout.txt";
  std::ofstream(copy) << layout;
  EXPECT_TRUE(layout == read(released_folder() / "layout.txt")) << "compare it with " << copy;
}

// The schemas of today with a text replaced.
class ChangedSchemas : public ::testing::Test {
 protected:
  ChangedSchemas() {
    for (const auto& entry : fs::directory_iterator(current_folder()))
      if (entry.path().extension() == ".fbs")
        fs::copy_file(entry.path(), directory_.path() / entry.path().filename());
  }
  // What is found when `from` is replaced in the file, and that it is put back.
  std::vector<std::string> replaced(const std::string& file, const std::string& from,
                                    const std::string& to) {
    const fs::path path = directory_.path() / file;
    const std::string original = read(path);
    const auto place = original.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    if (place == std::string::npos) return {};
    std::ofstream(path) << std::string(original).replace(place, from.size(), to);
    std::vector<std::string> found;
    for (const char* schema : kSchemas)
      for (std::string& line :
           breaking_changes(current_folder() / schema, directory_.path() / schema))
        found.push_back(std::move(line));
    std::ofstream(path) << original;
    return found;
  }
  runledger::test::TemporaryDirectory directory_;
};

struct Change {
  const char* file;
  const char* from;
  const char* to;
};

TEST_F(ChangedSchemas, AreRefusedWhenBytesWouldBeMisread) {
  const std::vector<Change> changes{
      // What flatc --conform lets through.
      {"run.fbs", "  undefined:MetricUndefined;\n",
       "  undefined:MetricUndefined;\n  more:ubyte;\n"},
      {"event.fbs", "frames:[string] (id: 8)", "frames:[ubyte] (id: 8)"},
      {"event.fbs", "  RunCompleted = 5,", "  Input = 5,"},
      {"event.fbs", "  RunFailed = 6,\n", ""},
      {"event.fbs", "enum Verdict : ubyte { none = 0, exact = 1, diverged = 2,",
       "enum Verdict : ubyte { none = 0, exact = 1,"},
      {"event.fbs", "strategy:string (id: 1)", "strategy:string (id: 1, required)"},
      {"event.fbs", "file_identifier \"RLEV\"", "file_identifier \"RLE2\""},
      {"event.fbs", "root_type Event;", "root_type Actor;"},
      {"event.fbs", "wall_ns:long (id: 12)", "wall_time:long (id: 12)"},
      {"event.fbs", "  reason:string (id: 1);\n}\ntable RunAnnotated", "}\ntable RunAnnotated"},
      {"event.fbs", "note:string (id: 18)", "note:string (id: 18, deprecated)"},
      // What it refuses too.
      {"event.fbs", "  seq:ulong;\n", ""},
      {"event.fbs", "  seq:ulong;\n  recorded_at:long;", "  recorded_at:long;\n  seq:ulong;"},
      {"event.fbs", "nonce:[ubyte:16]", "nonce:[ubyte:32]"},
      {"event.fbs", "timeout_ms:uint", "timeout_ms:ulong"},
      {"event.fbs", "signal:int (id: 3)", "signal:uint (id: 3)"},
      {"event.fbs", "signal:int (id: 3)", "signal:int = 1 (id: 3)"},
      {"event.fbs", "start:long = null (id: 6)", "start:long (id: 6)"},
      {"event.fbs", "adjustment:Adjustment = null (id: 17)", "adjustment:Adjustment (id: 17)"},
      {"event.fbs", "bankrupt:bool (id: 10)", "bankrupt:ubyte (id: 10)"},
      {"event.fbs", "enum RunClass : ubyte { single = 0, sweep_trial = 1",
       "enum RunClass : ubyte { single = 1, sweep_trial = 0"},
      {"event.fbs", "enum ActorKind : ubyte", "enum ActorKind : ushort"},
      {"event.fbs", "payload:Payload (id: 4, required)", "payload:Payload (id: 4)"},
      {"run.fbs", "bytes:[ubyte:32];", "bytes:[ubyte:20];"},
      {"run.fbs", "cash_pct = 1, equity_pct = 2", "cash_pct = 1, equity_percent = 2"},
      {"run.fbs", "  f:double;             // real\n", "  f:float;\n"},
      {"worker.fbs", "result_digest:Digest (id: 6)", "result_digest:[ubyte] (id: 6)"},
      {"worker.fbs",
       "union WorkerCall { DescribeRequest = 1, RunRequest = 2, RunBatchRequest = 3 }",
       "union WorkerCall { RunRequest = 1, DescribeRequest = 2, RunBatchRequest = 3 }"},
  };
  for (const Change& change : changes)
    EXPECT_THAT(replaced(change.file, change.from, change.to), ::testing::Not(::testing::IsEmpty()))
        << change.from << " -> " << change.to;
}

TEST_F(ChangedSchemas, AreAcceptedWhenTheyOnlyGrow) {
  const std::vector<Change> changes{
      {"event.fbs", "table RunRestored {\n  run:ulong (id: 0);\n  reason:string (id: 1);\n",
       "table RunRestored {\n  run:ulong (id: 0);\n  reason:string (id: 1);\n  by:string (id: "
       "2);\n"},
      {"event.fbs", "table Attested {}", "table Attested { run:ulong (id: 0); }"},
      {"event.fbs", "  HoldoutSealed = 20\n", "  HoldoutSealed = 20,\n  Actor = 21\n"},
      {"event.fbs", "enum Adjustment : ubyte { raw = 0, split = 1, full = 2 }",
       "enum Adjustment : ubyte { raw = 0, split = 1, full = 2, total = 3 }"},
      {"event.fbs", "table Actor {", "table Extra { a:int (id: 0); }\ntable Actor {"},
      {"event.fbs", "// user@host, or", "// someone, or"},
  };
  for (const Change& change : changes)
    EXPECT_THAT(replaced(change.file, change.from, change.to), ::testing::IsEmpty())
        << change.from << " -> " << change.to;
}

TEST_F(ChangedSchemas, AreRefusedWhenAnAddedFieldIsRequired) {
  EXPECT_THAT(
      replaced("event.fbs", "table RunRestored {\n  run:ulong (id: 0);\n  reason:string (id: 1);\n",
               "table RunRestored {\n  run:ulong (id: 0);\n  reason:string (id: 1);\n"
               "  by:string (id: 2, required);\n"),
      ::testing::ElementsAre(::testing::StartsWith("added as required: ")));
}

TEST_F(ChangedSchemas, AreNotReadWithoutExplicitIds) {
  EXPECT_THROW(replaced("event.fbs", "table KeyRotated {}", "table KeyRotated { key:string; }"),
               std::runtime_error);
}

// Of what is stored as a table; structs have no absent fields.
TEST(Schemas, StoreDoublesSoThatZeroAndAbsentDiffer) {
  std::vector<std::string> doubles;
  for (const char* schema : kSchemas) {
    for (const std::string& line : layout_of(current_folder() / schema)) {
      const bool in_struct = line.find(".MetricValue.") != std::string::npos ||
                             line.find(".ParameterValue.") != std::string::npos;
      if (line.find(" Double ") != std::string::npos && !in_struct) doubles.push_back(line);
    }
  }
  EXPECT_THAT(doubles, ::testing::Not(::testing::IsEmpty()));
  EXPECT_THAT(doubles, ::testing::Each(::testing::HasSubstr(" optional")));
}

}  // namespace
}  // namespace runledger::schemas_test
