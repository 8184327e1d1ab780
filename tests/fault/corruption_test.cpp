// What happens when stored bytes change: property P5, the verdict of verify is the truth.
#include <fstream>

#include <runledger/ledger/blobs.hpp>

#include "database.hpp"
#include "fault_fixture.hpp"
#include "writer.hpp"

namespace runledger::test {
namespace {

namespace fs = std::filesystem;
using ledger::Database;
using ledger::Family;

constexpr std::uint64_t kFlips = 300;

class Corrupted : public FaultTest {
 protected:
  // Tables, a log, blobs that events name.
  void SetUp() override {
    FaultTest::SetUp();
    const auto given = number_from_environment("RUNLEDGER_FAULT_SEED");
    seed_ = given.value_or(std::random_device()());
    random_.seed(seed_);
    const ledger::BlobStore blobs(path_);
    for (int i = 0; i < 3; ++i) register_plugin(*blobs.put(Bytes(5'000, static_cast<uint8_t>(i))));
    for (int i = 0; i < 40; ++i) add("a" + std::to_string(i));
    {
      const auto writer = ledger::LedgerWriter::open(layout_, *ledger::take_lock(layout_, {}));
      ASSERT_TRUE(writer && (*writer)->flush());
    }
    for (int i = 0; i < 20; ++i) add("b" + std::to_string(i));
    fs::copy(path_, original_, fs::copy_options::recursive);
    content_ = content();
  }
  void add(const std::string& id) { ASSERT_TRUE(ledger::append(path_, {event_for(id)}, {})); }
  void register_plugin(const Digest& plugin) {
    ASSERT_TRUE(ledger::append(path_, {ledger::test::plugin_event(plugin.hex(), plugin)}, {}));
  }
  void restore() {
    fs::remove_all(path_);
    fs::copy(original_, path_, fs::copy_options::recursive);
  }
  // A digest of every pair in the database, without our checks; nothing when it cannot be read.
  std::optional<Digest> content() {
    const auto database = Database::open(layout_.database(), Database::Mode::read_only);
    if (!database) return std::nullopt;
    Sha256 sha;
    for (std::size_t i = 0; i < ledger::kFamilyCount; ++i) {
      const auto scan = (*database)->scan(static_cast<Family>(i), {}, std::string(64, '\xff'));
      for (; scan->valid(); scan->next()) sha.update(scan->key()).update(scan->value());
      if (!scan->status()) return std::nullopt;
    }
    return sha.finish();
  }
  // The files of the database and the ledger that hold what was acknowledged.
  std::vector<fs::path> files_that_matter() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(path_)) {
      const std::string name = entry.path().filename().string();
      const bool matters = name.ends_with(".log") || name.ends_with(".sst") ||
                           name.starts_with("MANIFEST") || name == "CURRENT" || name == "HEAD" ||
                           name == "FORMAT" || name.ends_with(".zst");
      if (entry.is_regular_file() && matters && entry.file_size() > 0)
        files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
  }
  // Data files must never vanish by opening: sizes of tables and blobs.
  std::map<std::string, std::uintmax_t> kept_files() const {
    std::map<std::string, std::uintmax_t> files;
    for (const auto& entry : fs::recursive_directory_iterator(path_)) {
      const std::string extension = entry.path().extension().string();
      if (extension == ".sst" || extension == ".zst")
        files[entry.path().string()] = entry.file_size();
    }
    return files;
  }
  static void flip_bit(const fs::path& path, std::uint64_t bit) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(bit / 8));
    const int byte = file.get() ^ (1 << bit % 8);
    file.seekp(static_cast<std::streamoff>(bit / 8));
    file.put(static_cast<char>(byte));
  }
  std::uint64_t below(std::uint64_t end) {
    return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random_);
  }
  // A child may abort: RocksDB's asserts. That is a verdict, too, and not "ok".
  [[nodiscard]] Finished verdict() const { return run_program(command({"verify"})); }
  static std::string text(const Finished& finished) {
    std::string all;
    for (const std::string& line : finished.lines) all += line + "\n";
    return all;
  }
  void expect_only_our_words(const Finished& finished) {
    for (const char* theirs : {"Corruption:", "IO error:", "rocksdb"})
      EXPECT_EQ(text(finished).find(theirs), std::string::npos) << text(finished);
  }

  fs::path original_ = directory_.path() / "original";
  std::optional<Digest> content_;
  std::uint64_t seed_ = 0;
  std::mt19937_64 random_;
};

TEST_F(Corrupted, AFlippedBitAnywhereIsFoundAndNothingIsDeleted) {
  ASSERT_EQ(verdict().status, 0);
  const auto kept = kept_files();
  std::uint64_t found = 0;
  for (std::uint64_t i = 0; i < kFlips && !HasFailure(); ++i) {
    restore();
    const auto files = files_that_matter();
    const fs::path& file = files[i % files.size()];
    const std::uint64_t bit = below(fs::file_size(file) * 8);
    SCOPED_TRACE("RUNLEDGER_FAULT_SEED=" + std::to_string(seed_) + ": " + file.string() + " bit " +
                 std::to_string(bit));
    flip_bit(file, bit);
    const auto finished = verdict();
    expect_only_our_words(finished);
    // A table has bytes that mean nothing (the padding of its footer): then nothing has changed.
    if (finished.status == 0)
      EXPECT_EQ(content(), content_) << "verify found nothing";
    else
      ++found;
    // Opening for writing refuses, or what was acknowledged is still all there.
    const auto append = run_program(command({"once", "next" + std::to_string(i)}));
    expect_only_our_words(append);
    EXPECT_EQ(kept_files().size() >= kept.size(), true) << "opening deleted files";
    for (const auto& [name, size] : kept) EXPECT_TRUE(fs::exists(name)) << name;
  }
  std::printf("%llu flipped bits: %llu found, the others changed nothing; no file deleted\n",
              static_cast<unsigned long long>(kFlips), static_cast<unsigned long long>(found));
  EXPECT_GT(found, kFlips * 9 / 10);
}

TEST_F(Corrupted, WhatDoesNotMatterIsNotCalledDamage) {
  for (const auto& entry : fs::directory_iterator(layout_.database())) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("OPTIONS") && name != "IDENTITY") continue;
    restore();
    flip_bit(entry.path(), 100);
    EXPECT_EQ(verdict().status, 0) << name << "\n" << text(verdict());
  }
  restore();
  ASSERT_TRUE(ledger::BlobStore(path_).put(bytes_of("an orphan")));
  EXPECT_EQ(verdict().status, 0);
}

TEST_F(Corrupted, ATornTailOfTheLogIsDamageOnlyWhenItWasAcknowledged) {
  const auto log = [this] {
    std::vector<fs::path> logs;
    for (const auto& entry : fs::directory_iterator(layout_.database()))
      if (entry.path().extension() == ".log" && entry.file_size() > 0) logs.push_back(entry.path());
    return *std::ranges::max_element(logs);
  };
  const std::uint64_t size = fs::file_size(log());
  for (int i = 0; i < 12; ++i) {
    restore();
    const std::uint64_t cut = 1 + below(size);
    fs::resize_file(log(), size - cut);
    const auto finished = verdict();
    EXPECT_EQ(finished.status, 3) << cut << " bytes cut\n" << text(finished);
    EXPECT_EQ(run_program(command({"once", "x"})).status, 5) << cut << " bytes cut";
  }
  // Bytes after the last record are what a power cut leaves of a group that nobody was told of.
  restore();
  std::ofstream(log(), std::ios::app | std::ios::binary) << std::string(100, '\0') << "garbage";
  EXPECT_EQ(verdict().status, 0) << text(verdict());
  EXPECT_EQ(run_program(command({"once", "x"})).status, 0);
}

TEST_F(Corrupted, AFileThatIsMissingHalvedOrZeroedIsFound) {
  for (const fs::path& file : files_that_matter()) {
    for (const char* way : {"missing", "halved", "zeroed"}) {
      restore();
      const std::uint64_t size = fs::file_size(file);
      if (way == std::string_view("missing")) fs::remove(file);
      if (way == std::string_view("halved")) fs::resize_file(file, size / 2);
      if (way == std::string_view("zeroed")) {
        fs::resize_file(file, 0);
        fs::resize_file(file, size);
      }
      const auto finished = verdict();
      expect_only_our_words(finished);
      EXPECT_NE(finished.status, 0) << file << " " << way;
    }
  }
}

}  // namespace
}  // namespace runledger::test
