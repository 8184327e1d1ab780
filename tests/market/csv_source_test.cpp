#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <runledger/market/csv.hpp>

#include "temporary_directory.hpp"

namespace runledger {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kText = "Date,Open,High,Low,Close\n2024-01-02,1,1,1,1\n";

std::string gzip(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  std::string input(text);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

class CsvSourceTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, std::string_view bytes) {
    const auto path = directory_.path() / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  [[nodiscard]] std::string refusal(std::string_view bytes) {
    const auto source = read_source(write("prices.csv", bytes));
    if (source) return {};
    const std::string folder = directory_.path().string() + "/";
    EXPECT_TRUE(source.error().message.starts_with(folder)) << "the path is told as it was typed";
    return source.error().message.substr(folder.size());
  }

  test::TemporaryDirectory directory_;
};

TEST_F(CsvSourceTest, ReadsAFileAsItIs) {
  const auto source = read_source(write("aapl.csv", kText));
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ(source->name, (directory_.path() / "aapl.csv").string());
  EXPECT_EQ(source->file_name(), "aapl.csv");
  EXPECT_EQ(source->bytes, kText);
  EXPECT_EQ(source->raw(), kText);
  EXPECT_EQ(source->raw_digest, sha256(kText));
}

TEST_F(CsvSourceTest, UnpacksGzipWhateverItsName) {
  const std::string packed = gzip(kText.substr(0, 30)) + gzip(kText.substr(30));  // two members
  for (const char* const name : {"aapl.csv.gz", "aapl.csv"}) {
    const auto source = read_source(write(name, packed));
    ASSERT_TRUE(source) << source.error().message;
    EXPECT_EQ(source->bytes, kText);
    EXPECT_EQ(source->raw(), packed);
    EXPECT_EQ(source->raw_digest, sha256(packed));
  }
}

TEST_F(CsvSourceTest, RefusesDamagedGzip) {
  const std::string packed = gzip(kText);
  EXPECT_EQ(refusal(packed.substr(0, packed.size() - 3)),
            "prices.csv: is a damaged gzip file; fetch it again");
  std::string flipped = packed;
  flipped[flipped.size() - 6] ^= 1;  // the checksum
  EXPECT_THAT(refusal(flipped), HasSubstr("is a damaged gzip file"));
  EXPECT_THAT(refusal(packed + "x"), HasSubstr("is a damaged gzip file"));
  EXPECT_THAT(refusal("\x1F\x8B"), HasSubstr("is a damaged gzip file"));
}

TEST_F(CsvSourceTest, BoundsWhatAGzipFileUnpacksTo) {
  const std::string packed = gzip(std::string(std::size_t{8} << 20, '0'));
  const auto source = read_source(write("bomb.csv.gz", packed), std::uint64_t{4} << 20);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::too_large);
  EXPECT_THAT(source.error().message, HasSubstr("has more than 4194304 bytes"));
}

TEST_F(CsvSourceTest, BoundsTheSizeOfAFileAndOfAPipe) {
  const auto file = read_source(write("long.csv", std::string(1001, '1')), 1000);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::too_large);
  const auto endless = read_source("/dev/zero", std::uint64_t{3} << 20);
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code, ErrorCode::too_large);
}

TEST_F(CsvSourceTest, ReadsAFifo) {
  const auto path = directory_.path() / "fifo.csv";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] {
    std::ofstream out(path, std::ios::binary);
    for (const char c : kText) out << c << std::flush;
  });
  const auto source = read_source(path);
  writer.join();
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ(source->bytes, kText);
}

TEST_F(CsvSourceTest, ReadsStandardInput) {
  const int saved = ::dup(STDIN_FILENO);
  const int file = ::open(write("in.csv", kText).c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(saved, 0);
  ASSERT_GE(file, 0);
  ASSERT_EQ(::dup2(file, STDIN_FILENO), STDIN_FILENO);
  const auto source = read_source("-");
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(file);
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ(source->name, "standard input");
  EXPECT_EQ(source->bytes, kText);
}

TEST_F(CsvSourceTest, RefusesAFileThatHasAnotherSizeThanItSaid) {
  // The kernel says that this file is empty, and gives it content.
  const auto source = read_source("/proc/self/status");
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::conflict);
  EXPECT_EQ(source.error().message,
            "/proc/self/status: changed while it was read; import it again");
}

TEST_F(CsvSourceTest, RefusesWhatIsNoText) {
  using namespace std::string_view_literals;
  EXPECT_EQ(refusal(""), "prices.csv: is empty; expected rows of prices");
  EXPECT_EQ(refusal(gzip("")), "prices.csv: is empty; expected rows of prices");
  EXPECT_THAT(refusal("PK\x03\x04more"sv), HasSubstr("is a ZIP archive or a spreadsheet"));
  EXPECT_THAT(refusal("PAR1...."), HasSubstr("is a Parquet file"));
  EXPECT_THAT(refusal("\xFF\xFE"
                      "D\0a\0"sv),
              HasSubstr("is UTF-16 text"));
  EXPECT_THAT(refusal("D\0a\0t\0e\0"sv), HasSubstr("is UTF-16 text"));
  EXPECT_THAT(refusal("\0D\0a\0t\0e"sv), HasSubstr("is UTF-16 text"));
  EXPECT_THAT(refusal("{\"Error Message\": \"...\"}"), HasSubstr("is HTML or JSON"));
  EXPECT_THAT(refusal("<!DOCTYPE html>"), HasSubstr("is HTML or JSON"));
}

TEST_F(CsvSourceTest, RefusesWhatCannotBeRead) {
  const auto missing = read_source(directory_.path() / "none.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_EQ(missing.error().message,
            (directory_.path() / "none.csv").string() + ": there is no such file; check the path");
  std::filesystem::create_symlink("loop.csv", directory_.path() / "loop.csv");
  const auto loop = read_source(directory_.path() / "loop.csv");
  ASSERT_FALSE(loop);
  EXPECT_EQ(loop.error().code, ErrorCode::invalid_input);
  EXPECT_THAT(loop.error().message, HasSubstr("loop.csv: cannot be opened"));
  const auto folder = read_source(directory_.path());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, ErrorCode::invalid_input);
  EXPECT_THAT(folder.error().message, HasSubstr("is a folder"));
}

}  // namespace
}  // namespace runledger
