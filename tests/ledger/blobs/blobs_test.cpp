#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#include <runledger/ledger/blobs.hpp>

#include "blob_file.hpp"
#include "temporary_directory.hpp"

namespace runledger::ledger {
namespace {

namespace fs = std::filesystem;

Bytes bytes_from(std::string_view text) { return {text.begin(), text.end()}; }

// Bytes that do not compress away.
Bytes noise(std::size_t size, std::uint64_t seed) {
  Bytes bytes(size);
  for (auto& byte : bytes) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    byte = static_cast<std::uint8_t>(seed >> 56);
  }
  return bytes;
}

class Blobs : public ::testing::Test {
 protected:
  test::TemporaryDirectory directory_;
  BlobStore store_{directory_.path()};

  Digest stored(ByteView bytes) {
    const auto name = store_.put(bytes);
    EXPECT_TRUE(name) << name.error().message;
    return *name;
  }
  static std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write_file(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  // The message for a blob that must be found damaged.
  std::string damage(const Digest& name) {
    const auto bytes = store_.get(name);
    if (bytes) return "it was read";
    EXPECT_EQ(bytes.error().code, ErrorCode::damaged);
    EXPECT_NE(bytes.error().message.find(store_.path_of(name).string()), std::string::npos);
    return bytes.error().message;
  }
  [[nodiscard]] std::size_t drafts() const {
    const fs::path drafts = directory_.path() / "blobs" / "tmp";
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(drafts), fs::directory_iterator()));
  }
};

TEST_F(Blobs, AreNamedByTheirContentAndComeBack) {
  const Bytes bytes = bytes_from("hello, world");
  const Digest name = stored(bytes);
  EXPECT_EQ(name.hex(), "09ca7e4eaa6e8ae9c7d261167129184883644d07dfba7cbfbc4c8a2e08360d5b");
  EXPECT_EQ(store_.path_of(name), directory_.path() / "blobs" / "09" /
                                      "ca7e4eaa6e8ae9c7d261167129184883644d07dfba7cbfbc4c8a2e083"
                                      "60d5b.zst");
  EXPECT_TRUE(store_.contains(name));
  EXPECT_EQ(*store_.get(name), bytes);
  EXPECT_EQ(drafts(), 0U);
}

TEST_F(Blobs, MayBeEmpty) {
  const Digest name = stored({});
  EXPECT_EQ(name, sha256(std::string_view()));
  EXPECT_TRUE(store_.get(name)->empty());
}

TEST_F(Blobs, AreOneZstdFrameThatOthersCanRead) {
  const Bytes bytes = noise(100'000, 1);
  const std::string frame = read_file(store_.path_of(stored(bytes)));
  Bytes out(bytes.size());
  EXPECT_EQ(ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size()), out.size());
  EXPECT_EQ(out, bytes);
}

RC_GTEST_FIXTURE_PROP(Blobs, ComeBackWhateverTheyHold, ()) {
  const auto bytes = *rc::gen::container<Bytes>(rc::gen::arbitrary<std::uint8_t>());
  const auto name = store_.put(bytes);
  RC_ASSERT(name.has_value());
  RC_ASSERT(*name == sha256(bytes));
  RC_ASSERT(*store_.get(*name) == bytes);
}

TEST_F(Blobs, AreStoredOnceAndNotWrittenAgain) {
  const Bytes bytes = noise(1000, 2);
  const fs::path path = store_.path_of(stored(bytes));
  const auto written = fs::last_write_time(path);
  const fs::path other_name = directory_.path() / "same_file";
  fs::create_hard_link(path, other_name);
  EXPECT_EQ(stored(bytes), sha256(bytes));
  EXPECT_EQ(fs::last_write_time(path), written);
  EXPECT_TRUE(fs::equivalent(path, other_name));
}

TEST_F(Blobs, ThatAreDamagedAreHealedByStoringThemAgain) {
  const Bytes bytes = noise(1000, 2);
  const fs::path path = store_.path_of(stored(bytes));
  const std::string sound = read_file(path);
  for (const std::string& damage :
       {std::string(), std::string("other"), sound + "x", sound.substr(0, sound.size() - 1)}) {
    fs::permissions(path, fs::perms::owner_all);
    write_file(path, damage);
    ASSERT_FALSE(store_.get(sha256(bytes)));
    EXPECT_EQ(stored(bytes), sha256(bytes));
    EXPECT_EQ(read_file(path), sound);
  }
}

TEST_F(Blobs, OfOneCallAreAllStored) {
  std::vector<Bytes> contents;
  for (std::size_t i = 0; i < 150; ++i) contents.push_back(noise(i % 100 * 10, i));
  const std::vector<ByteView> views(contents.begin(), contents.end());
  const auto names = store_.put_all(views);
  ASSERT_TRUE(names) << names.error().message;
  ASSERT_EQ(names->size(), contents.size());
  for (std::size_t i = 0; i < contents.size(); ++i)
    EXPECT_EQ(*store_.get((*names)[i]), contents[i]);
  EXPECT_TRUE(store_.put_all({})->empty());
}

TEST_F(Blobs, AreNotStoredAboveTheLimit) {
  constexpr std::size_t kSize = kBlobBytesMax + 1;
  void* untouched =
      ::mmap(nullptr, kSize, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(untouched, MAP_FAILED);
  EXPECT_EQ(store_.put({static_cast<const std::uint8_t*>(untouched), kSize}).error().code,
            ErrorCode::too_large);
  ::munmap(untouched, kSize);
  EXPECT_TRUE(store_.list()->blobs.empty());
}

TEST_F(Blobs, AreNotFoundWhenMissing) {
  const Digest name = sha256("nothing");
  EXPECT_FALSE(store_.contains(name));
  EXPECT_EQ(store_.get(name).error().code, ErrorCode::not_found);
}

TEST_F(Blobs, AreDamagedWhenAnyBitOfTheirFileIsFlipped) {
  const Bytes bytes = bytes_from("open,high,low,close\n1,2,0.5,1.5\n1,2,0.5,1.5\n1,2,0.5,1.5\n");
  const Digest name = stored(bytes);
  const std::string original = read_file(store_.path_of(name));
  for (std::size_t bit = 0; bit < original.size() * 8; ++bit) {
    std::string flipped = original;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    write_file(store_.path_of(name), flipped);
    // Some bits of a frame's header change nothing about its content.
    if (const auto read = store_.get(name))
      ASSERT_EQ(*read, bytes) << "bit " << bit;
    else
      ASSERT_NE(damage(name), "") << "bit " << bit;
  }
}

TEST_F(Blobs, AreDamagedWhenCutExtendedSwappedOrEmpty) {
  const Digest name = stored(noise(5000, 4));
  const Digest other = stored(noise(5000, 5));
  const std::string original = read_file(store_.path_of(name));
  for (const std::string& content :
       {original.substr(0, original.size() / 2), original + "x", original + original,
        read_file(store_.path_of(other)), std::string(), std::string(5000, '\0')}) {
    write_file(store_.path_of(name), content);
    EXPECT_NE(damage(name).find("is damaged"), std::string::npos);
  }
}

TEST_F(Blobs, AreNotUnpackedWhenTheyAnnounceMoreThanTheLimit) {
  // A frame header that announces 4 GiB, then one run of zeros.
  const std::string bomb("\x28\xb5\x2f\xfd\xe0\x00\x00\x00\x00\x01\x00\x00\x00\x03\x00\x00", 16);
  const Digest name = stored(bytes_from("small"));
  write_file(store_.path_of(name), bomb);
  EXPECT_NE(damage(name).find("announces 4294967296 bytes"), std::string::npos) << damage(name);
}

TEST_F(Blobs, AreNotUnpackedWhenTheyDoNotSayHowLongTheyAre) {
  const Bytes bytes = noise(1000, 6);
  const Digest name = stored(bytes);
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  frame.resize(ZSTD_compress2(context, frame.data(), frame.size(), bytes.data(), bytes.size()));
  ZSTD_freeCCtx(context);
  write_file(store_.path_of(name), frame);
  EXPECT_NE(damage(name).find("says how long"), std::string::npos);
}

TEST_F(Blobs, AreListedInOrderWithWhatDoesNotBelong) {
  std::vector<Digest> names;
  for (std::uint64_t i = 0; i < 20; ++i) names.push_back(stored(noise(10, i)));
  std::ranges::sort(names);
  const fs::path blobs = directory_.path() / "blobs";
  write_file(blobs / "README", "");
  write_file(store_.path_of(names[0]).parent_path() / "short.zst", "");
  const auto listing = store_.list();
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->blobs, names);
  EXPECT_EQ(listing->unknown.size(), 2U);
}

TEST_F(Blobs, AreNoneBeforeTheFirstIsStored) {
  EXPECT_TRUE(store_.list()->blobs.empty());
  EXPECT_TRUE(store_.list()->unknown.empty());
}

TEST_F(Blobs, DraftsThatACrashLeftAreRemovedAndNeverListed) {
  stored(bytes_from("first"));
  write_file(directory_.path() / "blobs" / "tmp" / "0123", "half a blob");
  EXPECT_EQ(store_.list()->blobs.size(), 1U);
  EXPECT_TRUE(store_.list()->unknown.empty());
  stored(bytes_from("second"));
  EXPECT_EQ(drafts(), 0U);
}

TEST_F(Blobs, DraftsThatAreBeingWrittenAreKept) {
  stored(bytes_from("first"));
  auto draft = BlobDraft::create(directory_.path() / "blobs" / "tmp");
  ASSERT_TRUE(draft);
  stored(bytes_from("second"));
  EXPECT_EQ(drafts(), 1U);
  const fs::path place = directory_.path() / "published";
  EXPECT_TRUE(draft->publish(place));
  EXPECT_TRUE(fs::exists(place));
}

TEST_F(Blobs, DraftsThatAreGivenUpVanish) {
  stored(bytes_from("first"));
  {
    ASSERT_TRUE(BlobDraft::create(directory_.path() / "blobs" / "tmp"));
  }
  EXPECT_EQ(drafts(), 0U);
}

TEST_F(Blobs, AreStoredByManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this] {
      for (std::uint64_t i = 0; i < 30; ++i) EXPECT_TRUE(store_.put(noise(100, i)));
    });
  for (auto& thread : threads) thread.join();
  for (std::uint64_t i = 0; i < 30; ++i) EXPECT_TRUE(store_.get(sha256(noise(100, i))));
  EXPECT_EQ(store_.list()->blobs.size(), 30U);
  EXPECT_EQ(drafts(), 0U);
}

// A process that stores one blob after another and says which are done, until it is killed.
class Writer {
 public:
  explicit Writer(const BlobStore& store, std::uint64_t seed) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    child_ = ::fork();
    if (child_ == 0) {
      for (std::uint64_t i = 0;; ++i) {
        const auto name = store.put(noise(20'000, seed * 1000 + i));
        if (!name || ::write(ends[1], name->bytes.data(), 32) != 32) ::_exit(1);
      }
    }
    ::close(ends[1]);
    pipe_ = ends[0];
  }
  Digest next_done() const {
    Digest name;
    EXPECT_EQ(::read(pipe_, name.bytes.data(), name.bytes.size()), 32);
    return name;
  }
  void kill() const {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    ::close(pipe_);
  }

 private:
  pid_t child_ = -1;
  int pipe_ = -1;
};

TEST_F(Blobs, AreWholeOrAbsentWhereverTheirWriterIsKilled) {
  std::vector<Digest> done;
  for (std::uint64_t round = 0; round < 25; ++round) {
    const Writer first(store_, round);
    const Writer second(store_, round);  // stores the same
    for (std::uint64_t i = 0; i <= round % 3; ++i) {
      done.push_back(first.next_done());
      done.push_back(second.next_done());
    }
    first.kill();
    second.kill();
  }
  for (const Digest& name : done) EXPECT_TRUE(store_.get(name));
  const auto listing = store_.list();
  for (const Digest& name : listing->blobs) EXPECT_TRUE(store_.get(name));
  EXPECT_TRUE(listing->unknown.empty());
  stored(bytes_from("afterwards"));
  EXPECT_EQ(drafts(), 0U);
}

}  // namespace
}  // namespace runledger::ledger
