#include <atomic>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <dlfcn.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <runledger/base/errno_text.hpp>

#include "files.hpp"
#include "findings.hpp"
#include "ledger_fixture.hpp"
#include "lock.hpp"
#include "recount.hpp"
#include "writer.hpp"

namespace {

// What this program's disk does, set by the tests.
struct Disk {
  std::atomic<bool> full = false;
  std::atomic<bool> seems_roomy = false;  // whatever is free
  std::atomic<bool> head_fails = false;   // it is written, and its sync fails
  std::atomic<int> head_syncs = 0;
};
Disk disk;

bool is_head(int fd) {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), ignored).filename() ==
         "HEAD";
}

}  // namespace

// Instead of the C library's.
extern "C" int fdatasync(int fd) {
  if (is_head(fd)) {
    ++disk.head_syncs;
    if (disk.head_fails) {
      errno = EIO;
      return -1;
    }
  }
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

extern "C" int statvfs(const char* path, struct statvfs* status) noexcept {
  using Function = int (*)(const char*, struct statvfs*);
  static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "statvfs"));
  const int result = real(path, status);
  if (disk.full) status->f_bavail = 0;
  if (disk.seems_roomy) status->f_bavail = std::uint64_t{1} << 40;
  return result;
}

namespace runledger::ledger {
namespace {

class FailingDisk : public LedgerFixture {
 protected:
  void TearDown() override {
    disk.full = false;
    disk.head_fails = false;
  }
  std::unique_ptr<LedgerWriter> open_writer() {
    auto writer = LedgerWriter::open(layout_, *take_lock(layout_, {}));
    EXPECT_TRUE(writer) << writer.error().message;
    return *std::move(writer);
  }
  static std::vector<Result<Recorded>> commit(LedgerWriter& writer,
                                              std::vector<std::vector<PendingEvent>> appends) {
    return writer.commit(appends);
  }
  // Of `a`, recorded as `run`, and `b`, which is new.
  void expect_only_known_requests_answered(Seq run) {
    const auto again = add({run_event("a")});
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->already_recorded);
    EXPECT_EQ(again->seqs, std::vector{run});
    EXPECT_EQ(add({run_event("b")}).error().code, ErrorCode::write_failed);
  }
};

TEST_F(FailingDisk, ThatIsFullStillAnswersWhatIsRecordedAlready) {
  const auto writer = open_writer();
  ASSERT_TRUE(commit(*writer, {{run_event("a")}}).front());
  disk.full = true;
  const auto results =
      commit(*writer, {{run_event("a")}, {run_event("b")}, {run_event("a"), run_event("b")}});
  ASSERT_TRUE(results[0]) << results[0].error().message;
  EXPECT_TRUE(results[0]->already_recorded);
  EXPECT_EQ(results[0]->seqs, std::vector{Seq(1)});
  EXPECT_EQ(results[1].error().code, ErrorCode::write_failed);
  EXPECT_EQ(results[2].error().code, ErrorCode::conflict);
  EXPECT_EQ(writer->head().size, LogSize(2));
}

TEST_F(FailingDisk, ThatIsFullIsOpenedToAnswerWhatIsRecordedAlready) {
  const Seq run = add_run("a");
  disk.full = true;
  expect_only_known_requests_answered(run);
  EXPECT_EQ(add({run_event("a"), run_event("b")}).error().code, ErrorCode::conflict);
  EXPECT_EQ(reindex(path_, {}, nullptr).error().code, ErrorCode::write_failed);
  EXPECT_EQ(open_reader().head().size, LogSize(2));
}

// As a file system does that writes every change to another place.
TEST_F(FailingDisk, ThatIsFullAndTakesNoChangeStillAnswersWhatIsRecordedAlready) {
  const Seq run = add_run("a");
  disk.full = true;
  disk.head_fails = true;
  expect_only_known_requests_answered(run);
  EXPECT_EQ(open_reader().head().size, LogSize(2));
}

TEST_F(FailingDisk, ThatIsFullLetsACommitterOpenAndGoOnWhenThereIsSpace) {
  add_run("a");
  disk.full = true;
  auto committer = open_committer();
  EXPECT_TRUE(committer.append({run_event("a")})->already_recorded);
  EXPECT_EQ(committer.append({run_event("b")}).error().code, ErrorCode::write_failed);
  EXPECT_EQ(open_reader().head().size, LogSize(2));
  disk.full = false;
  EXPECT_EQ(committer.append({run_event("b")})->seqs, std::vector{Seq(2)});
  EXPECT_EQ(open_reader().head().size, LogSize(3));
}

// A committer that died between the log and HEAD: the event will be completed when there is space.
TEST_F(FailingDisk, ThatIsFullLeavesInDoubtWhatIsBeyondHead) {
  const auto before = *read_file(layout_.head(), 1u << 20);
  add_run("a");
  std::filesystem::remove(layout_.head());
  ASSERT_TRUE(write_new_file(layout_.head(), before));
  disk.full = true;
  const auto asked = add({run_event("a")});
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, ErrorCode::unknown);
  EXPECT_NE(asked.error().message.find("ask again with the same request id"), std::string::npos);
  EXPECT_EQ(add({run_event("b")}).error().code, ErrorCode::write_failed);
  EXPECT_EQ(open_reader().head().size, LogSize(1));
  disk.full = false;
  EXPECT_TRUE(add({run_event("a")})->already_recorded);
}

TEST_F(FailingDisk, HasHeadSyncedBeforeAnythingIsBuiltOnIt) {
  const int before = disk.head_syncs;
  const auto writer = open_writer();
  EXPECT_EQ(disk.head_syncs, before + 1);
  ASSERT_TRUE(commit(*writer, {{run_event("a")}}).front());
  EXPECT_EQ(disk.head_syncs, before + 2);
}

TEST_F(FailingDisk, HasHeadSyncedAgainAfterItFailed) {
  const auto writer = open_writer();
  disk.head_fails = true;
  EXPECT_EQ(commit(*writer, {{run_event("a")}}).front().error().code, ErrorCode::unknown);
  EXPECT_EQ(commit(*writer, {{run_event("a")}}).front().error().code, ErrorCode::write_failed);
  disk.head_fails = false;
  const int before = disk.head_syncs;
  const auto again = commit(*writer, {{run_event("a")}}).front();
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->already_recorded);
  EXPECT_EQ(disk.head_syncs, before + 1);
}

// What was lost with an unsynced HEAD is completed by the opening that follows, and then counts.
TEST_F(FailingDisk, LeavesCountersThatARecountConfirms) {
  const auto writer = open_writer();
  ASSERT_TRUE(commit(*writer, {{run_event("a")}, {run_event("b")}}).front());
  ASSERT_TRUE(commit(*writer, {{test::retracted_event("c", 1)}}).front());
  disk.head_fails = true;
  EXPECT_FALSE(commit(*writer, {{run_event("d")}, {test::restored_event("e", 1)}}).front());
  disk.head_fails = false;
  ASSERT_TRUE(commit(*writer, {{run_event("f"), test::retracted_event("g", 2)}}).front());
  EXPECT_EQ(writer->head().size, LogSize(8));
  EXPECT_EQ(differing_from_recount(*writer), 0u);
}

TEST_F(FailingDisk, LeavesInDoubtWhatWasRefusedForTheSakeOfWhatWasLost) {
  const auto writer = open_writer();
  ASSERT_TRUE(commit(*writer, {{run_event("a")}, {run_event("b")}}).front());
  disk.head_fails = true;
  const auto results = commit(*writer, {{run_event("a"), run_event("c")},
                                        {test::retracted_event("d", 1)},
                                        {test::retracted_event("e", 1)},
                                        {run_event("a")},
                                        {run_event("")}});
  EXPECT_EQ(results[0].error().code, ErrorCode::conflict);
  EXPECT_EQ(results[1].error().code, ErrorCode::unknown);
  EXPECT_EQ(results[2].error().code, ErrorCode::unknown);
  EXPECT_TRUE(results[3]);
  EXPECT_EQ(results[4].error().code, ErrorCode::invalid_input);
}

// 0 when we have mounts of our own, which end with us whatever happens, else errno. A thread that
// is there already would not see them, so that we take them before any test.
const int own_mounts_error = []() noexcept {
  const bool own = ::unshare(CLONE_NEWNS) == 0 &&
                   ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  return own ? 0 : errno;
}();

// A file system of our own, which can be filled without harm to others.
class SmallDisk : public FailingDisk {
 protected:
  void SetUp() override {
    const bool mounted =
        own_mounts_error == 0 &&
        ::mount("tmpfs", directory_.path().c_str(), "tmpfs", MS_NOSUID | MS_NODEV, kSize) == 0;
    if (!mounted)
      GTEST_SKIP() << "no file system can be mounted here ("
                   << errno_text(own_mounts_error != 0 ? own_mounts_error : errno)
                   << "): it takes root, and a container that allows it";
    mounted_ = true;
    FailingDisk::SetUp();
  }
  void TearDown() override {
    disk.seems_roomy = false;
    FailingDisk::TearDown();
    const bool left = !mounted_ || ::umount2(directory_.path().c_str(), MNT_DETACH) == 0;
    EXPECT_TRUE(left);
  }
  // Leaves not a byte.
  void fill() {
    std::ofstream file(ballast_, std::ios::binary | std::ios::app);
    const std::string megabyte(1u << 20, 'x');
    while (file.write(megabyte.data(), static_cast<std::streamsize>(megabyte.size())).flush()) {
    }
    std::error_code ignored;
    EXPECT_EQ(std::filesystem::space(directory_.path(), ignored).free, 0U);
  }
  void free_space() { std::filesystem::remove(ballast_); }
  void expect_whole(LogSize size) {
    EXPECT_EQ(open_reader().head().size, size);
    const auto verification = verify(path_, nullptr);
    ASSERT_TRUE(verification) << verification.error().message;
    EXPECT_EQ(verification->head.size, size);
    for (const Finding& finding : test::damage_in(*verification))
      ADD_FAILURE() << finding.where << ": " << finding.message;
  }
  static void expect_one_sentence(const Error& error) {
    EXPECT_TRUE(error.message.ends_with('.')) << error.message;
    for (const char* theirs : {"IO error", "No space left", "rocksdb", "\n"})
      EXPECT_EQ(error.message.find(theirs), std::string::npos) << error.message;
  }

  static constexpr const char* kSize = "size=160m,mode=700";
  std::filesystem::path ballast_ = directory_.path() / "ballast";
  bool mounted_ = false;
};

TEST_F(SmallDisk, IsMountedForThisProgramOnly) {
  const auto mounts_of = [](const std::string& process) {
    std::ifstream file("/proc/" + process + "/mountinfo");
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string parents = mounts_of(std::to_string(::getppid()));
  if (parents.empty()) GTEST_SKIP() << "the mounts of the parent process cannot be read here";
  const std::string here = directory_.path().string();
  EXPECT_NE(mounts_of("self").find(here), std::string::npos);
  EXPECT_EQ(parents.find(here), std::string::npos);
}

TEST_F(SmallDisk, ThatIsFullRefusesStaysReadableAndGoesOnWhenThereIsSpace) {
  add_run("a");
  fill();
  const auto refused = add({run_event("b")});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::write_failed);
  EXPECT_TRUE(refused.error().message.starts_with("Nothing was recorded: " + path_.string() +
                                                  " has 0 MB of free space left"))
      << refused.error().message;
  EXPECT_TRUE(add({run_event("a")})->already_recorded);
  expect_whole(LogSize(2));
  free_space();
  EXPECT_EQ(add_run("b"), Seq(2));
  expect_whole(LogSize(3));
}

TEST_F(SmallDisk, ThatRunsFullUnderACommitterLosesNothing) {
  disk.seems_roomy = true;
  auto committer = open_committer();
  fill();
  // What the log has set aside already still holds some.
  std::map<std::string, std::optional<Seq>> asked;
  for (int failures = 0; failures < 3 && asked.size() < 400;) {
    const std::string id = std::to_string(asked.size());
    const auto appended = committer.append({run_event(id, 500'000)});
    asked[id] = appended ? std::optional(appended->seqs.front()) : std::nullopt;
    if (appended) continue;
    ++failures;
    const ErrorCode code = appended.error().code;
    EXPECT_TRUE(code == ErrorCode::unknown || code == ErrorCode::write_failed);
    expect_one_sentence(appended.error());
    fill();  // what the failure has given back
  }
  ASSERT_LT(asked.size(), 400U) << "the disk never became full";
  disk.seems_roomy = false;
  EXPECT_EQ(committer.append({run_event("later")}).error().code, ErrorCode::write_failed);
  expect_whole(open_reader().head().size);
  free_space();
  for (const auto& [id, seq] : asked) {
    const auto again = committer.append({run_event(id, 500'000)});
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->seqs.front(), seq.value_or(again->seqs.front())) << id;
  }
  expect_whole(LogSize(asked.size() + 1));
}

TEST_F(SmallDisk, ThatIsFullIsNotHarmedByAnOpeningThatTookItForRoomy) {
  add_run("a");
  fill();
  disk.seems_roomy = true;
  for (int i = 0; i < 3; ++i) {
    const auto refused = add({run_event("b")});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::write_failed) << refused.error().message;
    expect_one_sentence(refused.error());
  }
  disk.seems_roomy = false;
  expect_whole(LogSize(2));
  free_space();
  EXPECT_EQ(add_run("b"), Seq(2));
  expect_whole(LogSize(3));
}

}  // namespace
}  // namespace runledger::ledger
