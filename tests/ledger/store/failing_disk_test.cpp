#include <atomic>
#include <cerrno>
#include <filesystem>

#include <dlfcn.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ledger_fixture.hpp"
#include "lock.hpp"
#include "writer.hpp"

namespace {

// What this program's disk does, set by the tests.
struct Disk {
  std::atomic<bool> full = false;
  std::atomic<bool> head_fails = false;  // it is written, and its sync fails
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

}  // namespace
}  // namespace runledger::ledger
