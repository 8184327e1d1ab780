#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <runledger/base/text.hpp>
#include <runledger/market/csv.hpp>

namespace runledger {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;

std::unexpected<Error> refuse(const CsvSource& source, std::string_view why,
                              ErrorCode code = ErrorCode::invalid_input) {
  return fail(code, fmt::format("{}: {}", source.name, why));
}

// An open file; standard input is not closed.
class Input {
 public:
  Input(int descriptor, bool owned) : descriptor_(descriptor), owned_(owned) {}
  ~Input() {
    if (owned_ && descriptor_ >= 0) ::close(descriptor_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
  bool owned_;
};

std::unexpected<Error> cannot_open(const CsvSource& source, int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return refuse(source, "there is no such file; check the path", ErrorCode::not_found);
    case EACCES:
      return refuse(source, "may not be read; check its permissions");
    case ELOOP:
    case ENAMETOOLONG:
      return refuse(source, "cannot be opened; check the path");
    default:
      return refuse(source, "cannot be opened; check the disk, and how many files are open",
                    ErrorCode::io);
  }
}

bool same_state(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

std::unexpected<Error> too_much(const CsvSource& source, std::uint64_t bytes_max) {
  return refuse(source,
                fmt::format("has more than {} bytes, the most that is read; split it", bytes_max),
                ErrorCode::too_large);
}

// Appends one read's worth to `bytes`; 0 at the end of the file.
Result<std::size_t> read_some(const CsvSource& source, int descriptor, std::string& bytes,
                              std::size_t wanted) {
  const std::size_t before = bytes.size();
  ssize_t got = -1;
  bytes.resize_and_overwrite(before + wanted, [&](char* data, std::size_t) {
    do {
      got = ::read(descriptor, data + before, wanted);
    } while (got < 0 && errno == EINTR);
    return before + static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  });
  if (got < 0) return refuse(source, "cannot be read; check the file", ErrorCode::io);
  return static_cast<std::size_t>(got);
}

Status read_all(CsvSource& source, int descriptor, const struct stat& before,
                std::uint64_t bytes_max) {
  const bool regular = S_ISREG(before.st_mode);
  const auto size = static_cast<std::uint64_t>(regular ? before.st_size : 0);
  if (size > bytes_max) return too_much(source, bytes_max);
  if (regular) source.bytes.reserve(size + 1);
  for (;;) {
    // One byte more than the file has: it tells that the file has grown.
    const std::size_t left =
        regular ? size + 1 - std::min<std::size_t>(source.bytes.size(), size) : kReadBytes;
    RL_TRY(const std::size_t got,
           read_some(source, descriptor, source.bytes, std::min(left, kReadBytes)));
    if (got == 0) break;
    if (source.bytes.size() > bytes_max) {
      return too_much(source, bytes_max);
    }
    if (regular && source.bytes.size() > size) break;
  }
  struct stat after{};
  if (!regular) return {};
  const bool stayed =
      ::fstat(descriptor, &after) == 0 && same_state(before, after) && source.bytes.size() == size;
  if (stayed) return {};
  return refuse(source, "changed while it was read; import it again", ErrorCode::conflict);
}

class Inflater {
 public:
  Inflater() { ok_ = ::inflateInit2(&stream_, 15 + 16) == Z_OK; }
  ~Inflater() { ::inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  [[nodiscard]] bool ok() const { return ok_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ok_ = false;
};

// Inflates all members of a gzip file.
Status unpack(CsvSource& source, std::uint64_t bytes_max) {
  source.packed = std::move(source.bytes);
  source.bytes.clear();
  Inflater inflater;
  if (!inflater.ok()) return refuse(source, "cannot be unpacked: no memory", ErrorCode::io);
  z_stream& stream = inflater.stream();
  std::string chunk(kReadBytes, '\0');
  const auto damaged = [&] { return refuse(source, "is a damaged gzip file; fetch it again"); };
  stream.next_in = reinterpret_cast<Bytef*>(source.packed.data());
  stream.avail_in = static_cast<uInt>(source.packed.size());
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END) return damaged();
    source.bytes.append(chunk, 0, chunk.size() - stream.avail_out);
    if (source.bytes.size() > bytes_max) {
      return too_much(source, bytes_max);
    }
    if (status == Z_OK) continue;
    if (stream.avail_in == 0) return {};
    if (::inflateReset(&stream) != Z_OK) return damaged();
  }
}

// What a file is when its first bytes show that it is no text.
std::optional<std::string_view> not_text(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("PK\x03\x04"sv)) {
    return "is a ZIP archive or a spreadsheet; unpack it, or save the sheet as CSV";
  }
  if (bytes.starts_with("\x28\xB5\x2F\xFD"sv) || bytes.starts_with("BZh"sv) ||
      bytes.starts_with("\xFD"
                        "7zXZ"sv)) {
    return "is compressed, but not with gzip; unpack it first";
  }
  if (bytes.starts_with("PAR1"sv)) return "is a Parquet file; save it as CSV";
  if (bytes.starts_with("\xFF\xFE"sv) || bytes.starts_with("\xFE\xFF"sv)) {
    return "is UTF-16 text; convert it with `iconv -f UTF-16 -t UTF-8`";
  }
  if (bytes.size() >= 4 && (bytes[1] == '\0' || bytes[0] == '\0') && bytes[3] != bytes[2]) {
    return "is UTF-16 text or no text at all; convert it with `iconv -f UTF-16 -t UTF-8`";
  }
  if (bytes.starts_with("<!"sv) || bytes.starts_with("<html"sv) || bytes.starts_with("{"sv)) {
    return "is HTML or JSON, perhaps an error page; expected lines of CSV";
  }
  return std::nullopt;
}

}  // namespace

std::string CsvSource::file_name() const {
  return path == "-" ? name : std::filesystem::path(path).filename().string();
}

Result<CsvSource> read_source(const std::filesystem::path& path, std::uint64_t bytes_max) {
  CsvSource source;
  const bool standard_input = path == "-";
  if (path.empty())
    return fail(ErrorCode::invalid_input, "the name of a file is empty text; name a CSV file");
  source.path = path.string();
  source.name = standard_input ? "standard input" : source.path;
  const Input input(standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC),
                    !standard_input);
  if (input.descriptor() < 0) return cannot_open(source, errno);
  struct stat state{};
  if (::fstat(input.descriptor(), &state) != 0) return cannot_open(source, errno);
  if (S_ISDIR(state.st_mode)) {
    return refuse(source, "is a folder; name the files in it");
  }
  RL_TRY_VOID(read_all(source, input.descriptor(), state, bytes_max));
  source.raw_digest = sha256(source.bytes);
  if (source.bytes.starts_with("\x1F\x8B")) RL_TRY_VOID(unpack(source, bytes_max));
  if (source.bytes.empty()) return refuse(source, "is empty; expected rows of prices");
  if (const auto why = not_text(source.bytes)) return refuse(source, *why);
  return source;
}

}  // namespace runledger
