#include "runtime.hpp"

#include <functional>

#include <gmock/gmock.h>

#include <runledger/ledger/blobs.hpp>

#include "event_building.hpp"
#include "ledger_access.hpp"
#include "plugin_files.hpp"
#include "workbench.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;
using schema::RuntimeRole;
using testing::Contains;
using testing::HasSubstr;

// What a run was executed by.
class Runtimes : public test::Workbench {
 protected:
  Runtimes()
      : plugin_(
            take_plugin(context_, context_.layout.plugin_folders.at(0) / "sma_cross.so").value()) {}

  [[nodiscard]] LoadedFiles loaded_by(const worker::WorkerOptions& options) const {
    worker::Worker worker(options);
    auto outcome = worker.describe(plugin_.copy).value();
    if (!outcome) throw std::runtime_error(outcome.error().message);
    return std::move(outcome->loaded);
  }
  [[nodiscard]] LoadedFiles loaded() const {
    return loaded_by({.program = context_.layout.worker});
  }
  [[nodiscard]] Runtime named(const LoadedFiles& files) const {
    return name_runtime(context_, files, plugin_.copy).value();
  }
  // The same files in one folder, as a tree of files and links, and how a worker of it is started.
  [[nodiscard]] worker::WorkerOptions installed_in(const fs::path& folder) const {
    worker::WorkerOptions options;
    fs::create_directories(folder);
    for (const auto& file : loaded()) {
      const fs::path copy = folder / fs::path(file->path).filename();
      const fs::path link = folder / file->name;
      fs::copy_file(file->path, copy);
      if (link != copy) fs::create_symlink(copy.filename(), link);
      if (file->role == RuntimeRole::program) options.program = copy;
      if (file->role == RuntimeRole::interpreter)
        options.prefix = {link.string(), "--library-path", folder.string()};
    }
    return options;
  }
  // One file, as a worker tells it.
  [[nodiscard]] LoadedFiles told(const std::string& file, const std::string& name,
                                 RuntimeRole role) const {
    LoadedFiles files;
    files.push_back(std::make_unique<schema::LoadedFileT>());
    files.back()->path = write_file(file, "content").string();
    files.back()->name = name;
    files.back()->role = role;
    return files;
  }

  PluginFile plugin_;
};

TEST_F(Runtimes, OfTheSameFilesUnderAnotherPrefixAreTheSame) {
  const LoadedFiles moved = loaded_by(installed_in(folder() / "elsewhere"));
  for (const auto& file : moved)
    EXPECT_TRUE(file->path.starts_with((folder() / "elsewhere").string())) << file->path;
  const Runtime here = named(loaded()), there = named(moved);
  EXPECT_EQ(there.manifest, here.manifest);
  EXPECT_EQ(there.digest, here.digest);
}

TEST_F(Runtimes, OfOtherFilesDiffer) {
  const worker::WorkerOptions options = installed_in(folder() / "elsewhere");
  const Digest before = named(loaded_by(options)).digest;
  std::ofstream(options.program, std::ios::app) << "one more line";
  EXPECT_NE(named(loaded_by(options)).digest, before);
}

TEST_F(Runtimes, LeaveOutThePluginAndEveryPath) {
  const Runtime runtime = named(loaded());
  ASSERT_GT(runtime.files.size(), 3U);
  for (const RuntimeFile& file : runtime.files) {
    EXPECT_NE(file.digest, plugin_.digest);
    EXPECT_EQ(runtime.manifest.find(file.path), std::string::npos);
  }
}

TEST_F(Runtimes, AreRegisteredWithTheFilesOfTheirManifest) {
  import(write_prices("ACME.csv", 100));
  const RunDetail run = this->run(options("ACME"));
  const ledger::Reader reader = open_reader(context_).value();
  const auto seq = reader.runtime_event(*run.runtime_digest).value();
  ASSERT_TRUE(seq);
  const ledger::StoredEvent event = reader.event(*seq).value();
  const auto& engine = *event_in(event).payload_as_EngineRegistered();
  EXPECT_EQ(engine.protocol(), 1);
  EXPECT_EQ(engine.environment()->libc()->str(), run.libc);
  std::vector<RuntimeFile> files;
  for (const auto* file : *engine.files())
    files.push_back({.path = file->path()->str(),
                     .digest = digest_of(*file->digest()),
                     .size = file->size(),
                     .name = file->name()->str(),
                     .role = file->role()});
  const auto manifest = ledger::BlobStore(context_.ledger).get(*run.runtime_digest);
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(text_of(*manifest), ledger::runtime_manifest(files));
  EXPECT_THAT(std::string(text_of(*manifest)), HasSubstr(" program "));
  EXPECT_THAT(std::string(text_of(*manifest)), HasSubstr(" interpreter "));
}

TEST_F(Runtimes, ThatCannotBeReadWhenTheRunEndsAreNotTakenFromBefore) {
  import(write_prices("ACME.csv", 100));
  const std::uint64_t before = open_reader(context_).value().head().size.value;
  RunOptions asked = options("ACME");
  asked.strategy = CODE_IN_MEMORY;
  const auto receipt = backtest(context_, asked);
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().code, ErrorCode::conflict);
  EXPECT_THAT(receipt.error().message, HasSubstr("a library changed while code_in_memory ran"));
  EXPECT_EQ(open_reader(context_).value().head().size.value, before);
}

TEST_F(Runtimes, NeverTakeANameThatLeavesItsFolder) {
  for (const char* name : {"", "..", "../../etc/passwd", "two\nlines"})
    EXPECT_EQ(named(told("liba.so.1", name, RuntimeRole::library)).files.at(0).name, "liba.so.1");
  const auto unprintable =
      name_runtime(context_, told("lib\a.so", "", RuntimeRole::library), plugin_.copy);
  ASSERT_FALSE(unprintable);
  EXPECT_EQ(unprintable.error().code, ErrorCode::invalid_input);
}

TEST_F(Runtimes, CallALibraryWhatNobodyCallsAnythingElse) {
  for (const auto role : {RuntimeRole::none, static_cast<RuntimeRole>(200), RuntimeRole::library})
    EXPECT_EQ(named(told("liba.so.1", "liba.so", role)).files.at(0).role, RuntimeRole::library);
}

TEST_F(Runtimes, AreReadAgainWhenTheCacheIsNotWhatItWas) {
  const Runtime before = named(loaded());
  for (const char* text : {"", "\n", "0 0\n", "nonsense"}) {
    for (const auto& entry : fs::directory_iterator(context_.cache / "runtimes"))
      std::ofstream(entry.path()) << text;
    EXPECT_EQ(named(loaded()).digest, before.digest) << text;
  }
}

// What the cache says of a plugin, changed by whoever writes it.
class CachedDescription : public test::Workbench {
 protected:
  void change(const std::function<void(schema::DescribeReplyT&)>& how) const {
    for (const auto& entry : fs::directory_iterator(context_.cache / "descriptions")) {
      constexpr std::size_t kDigestBytes = sizeof(Digest::bytes);
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string stored(std::istreambuf_iterator<char>(file), {});
      const Bytes message(stored.begin() + kDigestBytes, stored.end());
      schema::DescribeReplyT reply;
      flatbuffers::GetRoot<schema::DescribeReply>(message.data())->UnPackTo(&reply);
      how(reply);
      flatbuffers::FlatBufferBuilder builder;
      builder.Finish(schema::DescribeReply::Pack(builder, &reply));
      const ByteView bytes(builder.GetBufferPointer(), builder.GetSize());
      std::ofstream(entry.path(), std::ios::binary)
          << text_of(sha256(bytes).bytes) << text_of(bytes);
    }
  }
};

TEST_F(CachedDescription, HoldsUntilALibraryChanges) {
  import(write_prices("ACME.csv", 100));
  const std::string libc = run(options("ACME")).libc;
  EXPECT_TRUE(libc.starts_with("glibc 2.")) << libc;
  change([](schema::DescribeReplyT& reply) { reply.libc = "glibc 0.1"; });
  EXPECT_EQ(run(options("ACME")).libc, "glibc 0.1");
  const fs::path library = folder() / "liba.so.1";
  change([&](schema::DescribeReplyT& reply) {
    reply.loaded.push_back(std::make_unique<schema::LoadedFileT>());
    reply.loaded.back()->path = library.string();
  });
  write_file("liba.so.1", "newer than what the cache says");
  EXPECT_EQ(run(options("ACME")).libc, libc);
}

}  // namespace
}  // namespace runledger::app
