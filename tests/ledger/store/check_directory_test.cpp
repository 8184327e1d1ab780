#include "check_directory.hpp"

#include <sys/file.h>

#include "files.hpp"
#include "verify_fixture.hpp"

namespace runledger::ledger {
namespace {

namespace fs = std::filesystem;

class Directory : public Verifying {};

TEST_F(Directory, OfAWholeLedgerHasNothingToTell) { EXPECT_TRUE(look().notes.empty()); }

TEST_F(Directory, NamesFilesAndFoldersThatAreNoLedgers) {
  for (const char* name : {"notes.txt", "db/copy.sst", "db/000001.sst.bak", "db/MANIFEST-old",
                           "blobs/readme", "blobs/ab/short.zst", "keys/old.pem"}) {
    put_file(path_ / name, "something");
    expect_note(name, "no file of a ledger");
    fs::remove(path_ / name);
  }
  fs::create_directory(path_ / "backup");
  expect_note("backup", "no file of a ledger");
}

TEST_F(Directory, LetsLinesOfANewerVersionInFORMATBe) {
  std::ofstream(layout_.format(), std::ios::app) << "more\n";
  expect_note("FORMAT", "more in it than its two lines");
  EXPECT_EQ(look().notes.size(), 1u);
}

TEST_F(Directory, RefusesAFORMATWithoutAnEnd) {
  std::ofstream(layout_.format(), std::ios::app) << "more";
  expect_finding("FORMAT", "");
}

TEST_F(Directory, TellsLeftOversOfAWriteAndNotWhatIsBeingWritten) {
  const fs::path tmp = layout_.blobs() / "tmp";
  put_file(tmp / "left", "over");
  put_file(tmp / "writing", "now");
  const Fd writing = open_fd(tmp / "writing", O_RDWR);
  ASSERT_EQ(::flock(writing.get(), LOCK_EX | LOCK_NB), 0);
  expect_note("blobs/tmp", "1 file is left over");
  fs::remove(tmp / "left");
  EXPECT_TRUE(look().notes.empty());
  EXPECT_TRUE(fs::exists(tmp / "writing"));
}

TEST_F(Directory, TellsARepairOfHeadThatDidNotEnd) {
  put_file(path_ / "HEAD.new", "half");
  expect_note("HEAD.new", "repair");
  EXPECT_EQ(look().notes.size(), 1u);
}

TEST_F(Directory, TellsBlobsThatNoEventNames) {
  const BlobStore blobs(path_);
  const Digest plugin = *blobs.put(bytes_of("a plugin"));
  expect_note("blobs", "1 file is named by no event");
  ASSERT_TRUE(blobs.put(bytes_of("another")));
  expect_note("blobs", "2 files are named by no event");
  ASSERT_TRUE(add({test::plugin_event("plugin", plugin)}));
  expect_note("blobs", "1 file is named by no event");
}

TEST_F(Directory, SaysNothingOfBlobsWhoseEventsMayBeLost) {
  ASSERT_TRUE(BlobStore(path_).put(bytes_of("a plugin")));
  change({{Family::events, event_key(Seq(3)), std::nullopt}});
  EXPECT_TRUE(look().notes.empty());
}

}  // namespace
}  // namespace runledger::ledger
