#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/runtime_manifest.hpp>

#include "changed_event.hpp"
#include "verify_fixture.hpp"

namespace runledger::ledger {
namespace {

using test::with;

// A dataset whose name is the SHA-256 of its chunks one after the other.
class Concatenation final : public DatasetCheck {
 public:
  Concatenation(const Digest& name, std::uint64_t& chunks) : name_(name), chunks_(chunks) {}
  Status add(ByteView chunk) override {
    ++chunks_;
    sha_.update(chunk);
    return {};
  }
  Status finish() override {
    if (sha_.finish() == name_) return {};
    return fail(ErrorCode::damaged, "they make another dataset");
  }

 private:
  Digest name_;
  std::uint64_t& chunks_;
  Sha256 sha_;
};

class Blobs : public Verifying {
 protected:
  Digest put(const std::string& content) { return *blobs_.put(bytes_of(content)); }
  Seq import(const std::string& id, const std::vector<std::string>& chunks,
             const std::string& whole) {
    const PendingEvent event = with<schema::DatasetImportedT>(
        test::imported_event(id, id, "1d", sha256(whole)), [&](schema::DatasetImportedT& import) {
          import.chunks.clear();
          for (const std::string& content : chunks) {
            auto chunk = std::make_unique<schema::ChunkT>();
            chunk->digest = test::stored(put(content));
            chunk->bars = 1;
            import.chunks.push_back(std::move(chunk));
          }
          import.bars = chunks.size();
        });
    const auto recorded = add({event});
    EXPECT_TRUE(recorded) << recorded.error().message;
    return recorded->seqs.front();
  }
  Verification look_at_datasets() {
    chunks_added_ = 0;
    return look([this](const StoredEvent& event) {
      const auto& import = *event_in(event.bytes()).payload_as_DatasetImported();
      Digest name;
      std::ranges::copy(*import.dataset()->bytes(), name.bytes.begin());
      return std::make_unique<Concatenation>(name, chunks_added_);
    });
  }
  Seq register_runtime(const std::vector<RuntimeFile>& files, const std::string& manifest) {
    const PendingEvent event = with<schema::EngineRegisteredT>(
        test::engine_event("engine", put(manifest)), [&](schema::EngineRegisteredT& engine) {
          engine.files.clear();
          for (const RuntimeFile& file : files) {
            auto entry = std::make_unique<schema::RuntimeFileT>();
            entry->path = file.path;
            entry->digest = test::stored(file.digest);
            entry->size = file.size;
            entry->name = file.name;
            entry->role = file.role;
            engine.files.push_back(std::move(entry));
          }
        });
    return add({event})->seqs.front();
  }

  std::vector<RuntimeFile> worker_and_library() {
    return {{"/usr/bin/worker", put("worker"), 6, "worker", schema::RuntimeRole::program},
            {"/usr/lib/libm.so", put("libm"), 4, "libm.so.6", schema::RuntimeRole::library}};
  }

  BlobStore blobs_{path_};
  std::uint64_t chunks_added_ = 0;
};

TEST_F(Blobs, OfAPluginOfAnotherSizeThanTheEventSaysAreNamed) {
  const Digest plugin = put("a plugin");
  const auto registered = [&](const std::string& id, std::uint64_t size) {
    return with<schema::PluginRegisteredT>(
        test::plugin_event(id, plugin),
        [&](schema::PluginRegisteredT& event) { event.size = size; });
  };
  ASSERT_TRUE(add({registered("right", 8)}));
  EXPECT_TRUE(look().ok);
  const Seq wrong = add({registered("wrong", 9)})->seqs.front();
  EXPECT_EQ(look().findings.size(), 1u);
  expect_finding(blobs_.path_of(plugin).string(), "has 8 bytes, and event 12 says that it has 9",
                 wrong);
}

TEST_F(Blobs, OfARuntimeMustBeThoseOfItsManifest) {
  std::vector<RuntimeFile> files = worker_and_library();
  register_runtime(files, runtime_manifest(files));
  EXPECT_TRUE(look().ok);
  EXPECT_EQ(look().blobs_checked, 3u);
  std::filesystem::remove(blobs_.path_of(files[1].digest));
  expect_finding(blobs_.path_of(files[1].digest).string(), "is missing", Seq(11));
}

TEST_F(Blobs, OfARuntimeWithOtherFilesThanItsManifestAreNamed) {
  std::vector<RuntimeFile> files = worker_and_library();
  const std::string manifest = runtime_manifest(files);
  files.pop_back();
  const Seq engine = register_runtime(files, manifest);
  EXPECT_EQ(look().findings.size(), 1u);
  expect_finding("event 11", "manifest", engine);
}

TEST_F(Blobs, OfARuntimeOfAnotherSizeAreNamed) {
  const std::vector<RuntimeFile> files{
      {"/usr/bin/worker", put("worker"), 7, "worker", schema::RuntimeRole::program}};
  register_runtime(files, runtime_manifest(files));
  EXPECT_EQ(look().findings.size(), 1u);
  expect_finding(blobs_.path_of(files[0].digest).string(), "has 6 bytes", Seq(11));
}

TEST_F(Blobs, OfDatasetsMakeTheDatasets) {
  import("v1", {"a", "b"}, "ab");
  import("v2", {"a", "b", "c"}, "abc");
  import("v3", {"a", "c", "a"}, "aca");
  import("twin", {"a", "b"}, "ab");
  const Verification verification = look_at_datasets();
  EXPECT_TRUE(verification.ok) << verification.findings.front().message;
  EXPECT_EQ(verification.blobs_checked, 3u);
  EXPECT_EQ(chunks_added_, 2u + 3u + 3u + 2u);
}

TEST_F(Blobs, OfADatasetWithoutANameAreNotCompared) {
  forge(Seq(10), with<schema::DatasetImportedT>(
                     test::imported_event("i", "MSFT", "1d", Digest{}),
                     [](schema::DatasetImportedT& event) { event.dataset = nullptr; }));
  const Verification verification = look_at_datasets();
  EXPECT_TRUE(is_among(verification.findings, "event 10", "without naming it", Seq(10)));
  EXPECT_EQ(chunks_added_, 0u);
}

TEST_F(Blobs, OfADatasetInAnotherOrderAreNamed) {
  import("right", {"a", "b"}, "ab");
  const Seq wrong = import("wrong", {"b", "a"}, "ab");
  EXPECT_TRUE(look().ok);
  const Verification verification = look_at_datasets();
  ASSERT_EQ(verification.findings.size(), 1u);
  EXPECT_TRUE(
      is_among(verification.findings, "event 12", "they make another dataset; restore", wrong));
}

TEST_F(Blobs, OfADatasetThatLackAChunkAreNamed) {
  const Seq wrong = import("wrong", {"a"}, "ab");
  const Verification verification = look_at_datasets();
  ASSERT_EQ(verification.findings.size(), 1u);
  EXPECT_EQ(verification.findings.front().first_seq, wrong);
}

TEST_F(Blobs, ThatAreMissingAreOneFindingForAllDatasetsTheyBelongTo) {
  import("v1", {"a", "b"}, "ab");
  import("v2", {"a", "b", "c"}, "abc");
  const auto file = blobs_.path_of(sha256("b"));
  std::filesystem::remove(file);
  const Verification verification = look_at_datasets();
  ASSERT_EQ(verification.findings.size(), 1u);
  EXPECT_TRUE(is_among(verification.findings, file.string(), "restore it from a backup", Seq(11)));
  EXPECT_EQ(verification.blobs_checked, 3u);
}

TEST_F(Blobs, OfAKeptFileOfAnotherSizeAreNamed) {
  const Digest raw = put("Date,Close");
  const PendingEvent event = with<schema::DatasetImportedT>(
      test::imported_event("i", "A", "1d", sha256("")), [&](schema::DatasetImportedT& import) {
        for (auto& chunk : import.chunks) chunk->digest = test::stored(put("rows"));
        import.raw_digest = test::stored(raw);
        import.raw_size = 11;
        import.raw_kept = true;
      });
  ASSERT_TRUE(add({event}));
  expect_finding(blobs_.path_of(raw).string(), "has 10 bytes, and event 11 says that it has 11");
}

}  // namespace
}  // namespace runledger::ledger
