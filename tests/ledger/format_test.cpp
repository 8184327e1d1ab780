// The worked examples of ledger/FORMAT.md are what the program writes.
#include <fstream>

#include <gtest/gtest.h>

#include <runledger/ledger/runtime_manifest.hpp>

#include "counters.hpp"
#include "cursor.hpp"
#include "event.hpp"
#include "format_examples.hpp"
#include "head.hpp"
#include "keys.hpp"
#include "layout.hpp"
#include "leaf.hpp"
#include "lookup.hpp"
#include "memory_ledger.hpp"
#include "protocol.hpp"
#include "runs.hpp"
#include "state.hpp"
#include "temporary_directory.hpp"

namespace runledger::ledger {
namespace {

// The ledger of the examples: opened, one run, which is retracted.
class Format : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    examples_ =
        new runledger::test::FormatExamples(std::string(RL_SOURCE_DIR) + "/ledger/FORMAT.md");
  }
  static void TearDownTestSuite() {
    delete examples_;
    examples_ = nullptr;
  }
  Format() {
    EXPECT_TRUE(ledger_.append(test::run_event({.request_id = "run-1"})));
    after_run_ = ledger_.view();
    EXPECT_TRUE(ledger_.append(test::retracted_event("retract-1", 1)));
  }

  static void expect_example(const std::string& name, std::string_view bytes) {
    EXPECT_EQ(to_hex(bytes_of((*examples_)[name])), to_hex(bytes_of(bytes))) << name;
  }
  static void expect_text(const std::string& name, std::string_view text) {
    EXPECT_EQ((*examples_)[name], text) << name;
  }
  // The pair with this key, as two examples.
  static void expect_pair(const std::string& name, const test::MemoryView& view, Family family,
                          const std::string& key) {
    expect_example(name + "-key", key);
    expect_example(name + "-value", view.get(family, key)->value_or("no such pair"));
  }
  [[nodiscard]] Bytes stored(Seq seq) const {
    const auto event = load_event(ledger_.view(), seq);
    return {event->bytes().begin(), event->bytes().end()};
  }
  static std::string ticker_scope() {
    return scope_key({.group = RunGroup::listed, .ticker = "AAPL"});
  }
  static constexpr RunPosition kRun{1'000'000'000'010, Seq(1)};

  test::MemoryLedger ledger_;
  test::MemoryView after_run_;
  static inline runledger::test::FormatExamples* examples_ = nullptr;
};

TEST_F(Format, OfTheFileFORMAT) {
  const runledger::test::TemporaryDirectory directory;
  const Layout layout{directory.path()};
  ASSERT_TRUE(write_format(layout));
  expect_text("format-file", text_of(*read_file(layout.format(), 1000)));
}

TEST_F(Format, OfHead) {
  const EventHashes hashes = hash_event(stored(Seq(1)));
  const HeadRecord head{.generation = 2,
                        .seq = Seq(1),
                        .event_hash = hashes.event,
                        .size = LogSize(2),
                        .root = *tree_root(after_run_, LogSize(2)),
                        .recorded_at = kRun.recorded_at};
  const Bytes slot = encode_head_slot(head);
  const ByteView bytes = slot;
  EXPECT_EQ(std::string(text_of(bytes.subspan(112, 368))), std::string(368, '\0'));
  expect_example("head-slot-fields", text_of(bytes.first(112)));
  expect_example("head-slot-hash", text_of(bytes.subspan(480)));
}

TEST_F(Format, OfTheState) {
  expect_example("state-key", kStateKey);
  expect_example("state-value", encode_state({.generation = 2,
                                              .size = LogSize(2),
                                              .recorded_at = kRun.recorded_at,
                                              .projections = kProjectionVersion}));
}

TEST_F(Format, OfAnEventItsHashAndItsLeaf) {
  const Bytes event = stored(Seq(0));
  const EventHashes hashes = hash_event(event);
  expect_example("event-key", event_key(Seq(0)));
  expect_example("event", text_of(event));
  expect_example("event-hash", text_of(hashes.event.bytes));
  const std::string leaf = leaf_text({.seq = Seq(0),
                                      .recorded_at = 1'000'000'000'000,
                                      .kind = schema::Payload::LedgerOpened,
                                      .event_hash = hashes.event,
                                      .size = event.size()});
  expect_text("leaf", leaf);
  EXPECT_EQ(hashes.leaf, leaf_hash(leaf));
  expect_example("leaf-hash", text_of(hashes.leaf.bytes));
}

TEST_F(Format, OfTiles) {
  expect_pair("tile", ledger_.view(), Family::tiles, tile_key(0, 0));
  expect_example("root", text_of(ledger_.root().bytes));
}

TEST_F(Format, OfIndexEntries) {
  std::string key = ticker_scope();
  append_position(key, kRun);
  expect_pair("index", after_run_, Family::index, key);
  EXPECT_EQ(ledger_.view().get(Family::index, key)->has_value(), false);
  const std::string hidden = hiding_key(key, Seq(2));
  expect_example("retracted-key", hidden);
  const std::string value = **ledger_.view().get(Family::retracted, hidden);
  const std::string row = **after_run_.get(Family::index, key);
  ASSERT_TRUE(value.starts_with(row));
  expect_example("retracted-end", value.substr(row.size()));
}

TEST_F(Format, OfCounters) {
  const std::string scope = ticker_scope();
  expect_pair("now", ledger_.view(), Family::counters, now_key(scope));
  expect_pair("block", ledger_.view(), Family::counters, block_key(scope, 0));
  expect_pair("change", ledger_.view(), Family::counters, change_key(scope, Seq(2)));
}

TEST_F(Format, OfLookupRows) {
  expect_pair("request", ledger_.view(), Family::lookup, request_key("run-1"));
  expect_pair("hidden", ledger_.view(), Family::lookup, hidden_key(Seq(1)));
  std::string about = about_prefix(Seq(1));
  append_be64(about, 2);
  expect_pair("about", ledger_.view(), Family::lookup, about);
  std::string latest = actor_prefix("ann@desk");
  append_newest_first(latest, Seq(1));
  expect_pair("latest", after_run_, Family::lookup, latest);
}

TEST_F(Format, OfTheManifestOfARuntime) {
  using schema::RuntimeRole;
  const std::vector<RuntimeFile> files{{"/opt/bin/runledger-worker", sha256("program"), 1'234'567,
                                        "runledger-worker", RuntimeRole::program},
                                       {"/lib/libstdc++.so.6.0.30", sha256("library"), 2'190'440,
                                        "libstdc++.so.6", RuntimeRole::library},
                                       {"/lib/ld.so", sha256("interpreter"), 210'968,
                                        "ld-linux-x86-64.so.2", RuntimeRole::interpreter}};
  const std::string manifest = runtime_manifest(files);
  expect_text("runtime-manifest", manifest);
  expect_example("runtime", text_of(sha256(manifest).bytes));
}

TEST_F(Format, OfMessagesToTheCommitter) {
  expect_example("hello", text_of(encode_hello()));
  expect_example("pin", text_of(encode_request({.kind = RequestKind::pin, .events = {}})));
  expect_example("recorded", text_of(encode_reply(Recorded{{Seq(7)}, false})));
}

TEST_F(Format, HasNoExampleThatNoTestNames) {
  std::ifstream file(std::string(RL_SOURCE_DIR) + "/tests/ledger/format_test.cpp");
  const std::string source{std::istreambuf_iterator<char>(file), {}};
  for (const std::string& name : examples_->names()) {
    const bool whole = source.find('"' + name + '"') != std::string::npos;
    const bool pair =
        source.find("expect_pair(\"" + name.substr(0, name.rfind('-')) + '"') != std::string::npos;
    EXPECT_TRUE(whole || pair) << name;
  }
}

TEST_F(Format, OfCursors) {
  expect_text("cursor", encode_cursor(kRun.recorded_at, RunFilter{}) + "\n");
}

}  // namespace
}  // namespace runledger::ledger
