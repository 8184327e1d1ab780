#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include <runledger/app/strategy_project.hpp>

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameBytesMax = 64;
constexpr std::string_view kTemplateSuffix = ".in";
// CMake does not let a target have these.
constexpr std::array<std::string_view, 7> kReservedNames{"all",  "clean",   "help", "install",
                                                         "none", "package", "test"};

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

Status check_name(const std::string& name) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '_'; };
  if (name.empty() || name.size() > kNameBytesMax || !is_letter(name.front()) ||
      !std::ranges::all_of(name, fits)) {
    return fail(
        ErrorCode::invalid_input,
        fmt::format("\"{}\" is no name for a strategy: use a small letter followed by small "
                    "letters, digits and _, at most {} in all",
                    name, kNameBytesMax));
  }
  if (std::ranges::find(kReservedNames, name) != kReservedNames.end()) {
    return fail(ErrorCode::invalid_input,
                fmt::format("a strategy cannot be called {}, which CMake keeps for itself; choose "
                            "another name, such as {}_strategy",
                            name, name));
  }
  return {};
}

// my_strategy: MyStrategy.
std::string type_name(std::string_view name) {
  std::string type;
  bool starts_word = true;
  for (const char c : name) {
    if (c != '_') type += starts_word && is_letter(c) ? static_cast<char>(c - 'a' + 'A') : c;
    starts_word = c == '_';
  }
  return type;
}

std::string substitute(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [mark, value] : values) {
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
      text.replace(at, mark.size(), value);
  }
  return text;
}

std::unexpected<Error> write_failure(const fs::path& path) {
  return fail(ErrorCode::write_failed,
              fmt::format("{} could not be written; nothing was left behind", path.string()));
}

// A folder beside `target` that becomes it when it is complete, and is removed otherwise.
class Draft {
 public:
  static Result<Draft> beside(const fs::path& target) {
    const fs::path parent = target.parent_path();
    std::error_code error;
    if (!fs::is_directory(parent, error)) {
      return fail(ErrorCode::not_found, fmt::format("there is no folder {} to write {} into",
                                                    parent.string(), target.filename().string()));
    }
    for (int attempt = 0;; ++attempt) {
      fs::path path =
          parent / fmt::format(".{}.new-{}-{}", target.filename().string(), ::getpid(), attempt);
      if (fs::create_directory(path, error)) return Draft(std::move(path));
      if (error) return write_failure(target);
    }
  }
  Draft(Draft&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Draft& operator=(Draft&&) = delete;
  ~Draft() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  [[nodiscard]] const fs::path& path() const { return path_; }
  bool become(const fs::path& target) {
    std::error_code error;
    fs::rename(path_, target, error);
    if (!error) path_.clear();
    return !error;
  }

 private:
  explicit Draft(fs::path path) : path_(std::move(path)) {}

  fs::path path_;
};

Status check_target(const fs::path& target) {
  std::error_code error;
  const fs::file_status status = fs::status(target, error);
  if (!fs::exists(status)) return {};
  if (fs::is_directory(status) && fs::is_empty(target, error)) return {};
  return fail(ErrorCode::conflict,
              fmt::format("{} is there already{}; choose another folder with --dir",
                          target.string(), fs::is_directory(status) ? " and not empty" : ""));
}

Result<std::vector<fs::path>> template_files(const fs::path& template_dir) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(template_dir, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == kTemplateSuffix) files.push_back(entry->path());
  }
  if (files.empty()) {
    return fail(ErrorCode::not_found,
                fmt::format("{} has no templates of a strategy project; install runledger again",
                            template_dir.string()));
  }
  std::ranges::sort(files);
  return files;
}

bool write_file(const fs::path& from, const fs::path& to,
                const std::map<std::string, std::string>& values) {
  std::ifstream source(from);
  std::string text;
  std::getline(source, text, '\0');
  const bool is_read = source.is_open() && !source.bad();
  std::ofstream file(to);
  file << substitute(std::move(text), values);
  file.close();
  std::error_code error;
  if (is_read && file) {
    const fs::perms runs = fs::status(from, error).permissions() &
                           (fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec);
    if (!error) fs::permissions(to, runs, fs::perm_options::add, error);
  }
  return is_read && file && !error;
}

}  // namespace

Result<std::vector<fs::path>> write_strategy_project(const fs::path& template_dir,
                                                     const fs::path& target_dir,
                                                     const std::string& name) {
  RL_TRY_VOID(check_name(name));
  std::error_code failure;
  fs::path target = fs::absolute(target_dir, failure).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  RL_TRY_VOID(check_target(target));
  RL_TRY(const auto templates, template_files(template_dir));
  const fs::path prefix =
      fs::weakly_canonical(template_dir, failure).parent_path().parent_path().parent_path();
  const std::map<std::string, std::string> values{
      {"@NAME@", name}, {"@TYPE@", type_name(name)}, {"@PREFIX@", prefix.string()}};
  RL_TRY(Draft draft, Draft::beside(target));
  std::vector<fs::path> files;
  for (const fs::path& from : templates) {
    const fs::path file = from.stem();
    if (!write_file(from, draft.path() / file, values)) return write_failure(target);
    files.push_back(target_dir / file);
  }
  if (!draft.become(target)) return write_failure(target);
  return files;
}

}  // namespace runledger::app
