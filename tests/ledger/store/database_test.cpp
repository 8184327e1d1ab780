#include "database.hpp"

#include <csignal>
#include <fstream>
#include <set>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.hpp"
#include "temporary_directory.hpp"

namespace runledger::ledger {
namespace {

using Mode = Database::Mode;

class ADatabase : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open(Mode mode) {
    auto database = Database::open(path_, mode);
    EXPECT_TRUE(database) << database.error().message;
    return database ? std::move(*database) : nullptr;
  }
  test::TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_.path() / "db";
};

TEST_F(ADatabase, KeepsWhatWasWrittenInEachFamily) {
  for (std::size_t i = 0; i < kFamilyCount; ++i) {
    auto database = open(i == 0 ? Mode::create : Mode::read_write);
    ASSERT_TRUE(database->write({{static_cast<Family>(i), "key", std::to_string(i)}}));
  }
  const auto database = open(Mode::read_only);
  for (std::size_t i = 0; i < kFamilyCount; ++i)
    EXPECT_EQ(**database->get(static_cast<Family>(i), "key"), std::to_string(i));
}

TEST_F(ADatabase, ScansARangeInKeyOrderAndErases) {
  const auto database = open(Mode::create);
  ASSERT_TRUE(database->write({{Family::index, "c", "3"},
                               {Family::index, "a", "1"},
                               {Family::index, "b", "2"},
                               {Family::index, "bb", "4"}}));
  ASSERT_TRUE(database->write({{Family::index, "b", std::nullopt}}));
  std::string keys;
  const auto scan = database->scan(Family::index, "a", "c");
  for (; scan->valid(); scan->next()) keys += std::string(scan->key()) + " ";
  EXPECT_TRUE(scan->status());
  EXPECT_EQ(keys, "a bb ");
}

TEST_F(ADatabase, LeavesNoLogFilesOfItsLibrary) {
  open(Mode::create);
  for (int i = 0; i < 3; ++i) open(Mode::read_write);
  open(Mode::read_only);
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    EXPECT_FALSE(entry.path().filename().string().starts_with("LOG")) << entry.path();
}

TEST_F(ADatabase, IsNotMadeWhereNoneIs) {
  EXPECT_FALSE(Database::open(path_, Mode::read_write));
  EXPECT_FALSE(Database::open(path_, Mode::read_only));
  EXPECT_FALSE(std::filesystem::exists(path_ / "CURRENT"));
}

TEST_F(ADatabase, SaysInOurWordsWhatIsWrong) {
  open(Mode::create);
  std::ofstream(path_ / "CURRENT", std::ios::trunc) << "MANIFEST-999999\n";
  const auto database = Database::open(path_, Mode::read_only);
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().message.find("Corruption"), std::string::npos);
  EXPECT_EQ(database.error().message.find("IO error"), std::string::npos);
}

// The lock is RocksDB's own, on the file LOCK.
TEST_F(ADatabase, ThatAnotherProcessHoldsIsLocked) {
  open(Mode::create);
  const pid_t holder = ::fork();
  if (holder == 0) {
    const Fd fd = open_fd(path_ / "LOCK", O_RDWR);
    struct flock lock{};
    lock.l_type = F_WRLCK;
    ::_exit(::fcntl(fd.get(), F_SETLK, &lock) == 0 && ::raise(SIGSTOP) == 0 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(holder, &status, WUNTRACED), holder);
  ASSERT_TRUE(WIFSTOPPED(status));
  const auto held = Database::open(path_, Mode::read_write);
  ::kill(holder, SIGKILL);
  ::waitpid(holder, &status, 0);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, ErrorCode::locked);
  open(Mode::read_write);
}

TEST_F(ADatabase, WhoseLockCannotBeTakenIsNotCalledHeldWhateverItsFolderIsCalled) {
  path_ = directory_.path() / "lock file: While lock files";
  open(Mode::create);
  std::filesystem::remove(path_ / "LOCK");
  std::filesystem::create_directory(path_ / "LOCK");
  const auto database = Database::open(path_, Mode::read_write);
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, ErrorCode::write_failed) << database.error().message;
}

TEST_F(ADatabase, StaysReadableForAReaderWhileItsFilesAreReplaced) {
  auto writer = open(Mode::create);
  const auto fill = [&](int round) {
    for (int i = 0; i < 200; ++i)
      ASSERT_TRUE(writer->write({{Family::events, std::to_string(i), std::to_string(round)}}));
    ASSERT_TRUE(writer->flush());
  };
  fill(0);
  ASSERT_TRUE(writer->hold_files());
  const auto reader = open(Mode::read_only);
  ASSERT_TRUE(writer->release_files());
  for (int round = 1; round < 8; ++round) fill(round);
  std::set<std::string> values;
  int pairs = 0;
  for (auto scan = reader->scan(Family::events, "", "z"); scan->valid(); scan->next(), ++pairs)
    values.insert(std::string(scan->value()));
  EXPECT_EQ(pairs, 200);
  EXPECT_EQ(values, std::set<std::string>{"0"});
}

}  // namespace
}  // namespace runledger::ledger
