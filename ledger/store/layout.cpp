#include "layout.hpp"

#include <runledger/base/text.hpp>

#include "files.hpp"

namespace runledger::ledger {
namespace {

constexpr std::string_view kFirstLine = "runledger ledger";
constexpr std::string_view kVersionLabel = "format ";
constexpr std::size_t kFormatSizeMax = 4096;

}  // namespace

Status write_format(const Layout& layout) {
  const std::string text = std::string(kFirstLine) + "\n" + std::string(kVersionLabel) +
                           std::to_string(kFormatVersion) + "\n";
  return write_new_file(layout.format(), bytes_of(text));
}

bool lost_its_format(const Layout& layout) {
  std::error_code ignored;
  return !std::filesystem::exists(layout.format(), ignored) &&
         std::filesystem::exists(layout.head(), ignored) &&
         std::filesystem::is_directory(layout.database(), ignored);
}

Status check_format(const Layout& layout) {
  auto bytes = read_file(layout.format(), kFormatSizeMax);
  if (!bytes && lost_its_format(layout))
    return fail(ErrorCode::damaged, layout.root.string() +
                                        " has lost its file FORMAT, of the lines `runledger "
                                        "ledger` and `format 1`. Restore it from a backup.");
  if (!bytes && bytes.error().code == ErrorCode::not_found)
    return fail(ErrorCode::not_found, layout.root.string() +
                                          " is not a ledger (it holds no file FORMAT); make one "
                                          "with `runledger init`.");
  if (!bytes) return std::unexpected(bytes.error());
  const std::string_view text = text_of(*bytes);
  const auto lines = split(text, '\n');
  const bool known = lines.size() >= 2 && lines[0] == kFirstLine &&
                     lines[1].starts_with(kVersionLabel) && text.ends_with('\n');
  const auto version =
      known ? parse_uint(lines[1].substr(kVersionLabel.size())) : std::optional<std::uint64_t>();
  if (!version || *version == 0)
    return fail(ErrorCode::damaged, layout.format().string() +
                                        " does not say which format the ledger has; expected the "
                                        "lines `runledger ledger` and `format 1`. Restore it from "
                                        "a backup.");
  if (*version > kFormatVersion)
    return fail(ErrorCode::unsupported,
                "The ledger " + layout.root.string() + " has format " + std::to_string(*version) +
                    "; this program knows format " + std::to_string(kFormatVersion) +
                    ". Use a newer runledger.");
  return {};
}

Result<bool> has_more_lines(const Layout& layout) {
  RL_TRY(const Bytes bytes, read_file(layout.format(), kFormatSizeMax));
  constexpr std::size_t kLines = 2;  // and nothing after the last line's end
  return split(text_of(bytes), '\n').size() > kLines + 1;
}

}  // namespace runledger::ledger
