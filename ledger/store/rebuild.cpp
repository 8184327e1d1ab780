#include "rebuild.hpp"

#include <cstdlib>
#include <filesystem>

#include "database.hpp"
#include "event.hpp"
#include "projection.hpp"
#include "standing.hpp"

namespace runledger::ledger {
namespace {

constexpr std::size_t kMemoryBytesMax = 32u << 20;
constexpr std::uint64_t kProgressStep = 256;

constexpr std::array kProjections{Family::index, Family::retracted, Family::counters,
                                  Family::lookup};

bool is_projection(Family family) {
  return std::ranges::find(kProjections, family) != kProjections.end();
}

// What is recorded was accepted: when it is refused now, the log is not what it was, unless the
// error says otherwise.
Error explain_refusal(std::uint64_t seq, Error refusal) {
  if (refusal.code != ErrorCode::conflict && refusal.code != ErrorCode::not_found) return refusal;
  return {ErrorCode::damaged,
          "Event " + std::to_string(seq) + " contradicts the events before it: " + refusal.message};
}

class EmptyScan final : public Scan {
 public:
  [[nodiscard]] bool valid() const override { return false; }
  [[nodiscard]] std::string_view key() const override { return {}; }
  [[nodiscard]] std::string_view value() const override { return {}; }
  void next() override {}
  [[nodiscard]] Status status() const override { return {}; }
};

}  // namespace

// The log's own families, and projections from the scratch database once there is one.
class RebuiltProjections::Below final : public View {
 public:
  explicit Below(const View& log) : log_(log) {}
  Below(const Below&) = delete;
  Below& operator=(const Below&) = delete;
  ~Below() override {
    scratch_.reset();
    std::error_code ignored;
    if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
  }

  [[nodiscard]] Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const override {
    if (!is_projection(family)) return log_.get(family, key);
    if (!scratch_) return std::nullopt;
    return scratch_->get(family, key);
  }
  [[nodiscard]] std::unique_ptr<Scan> scan(Family family, std::string_view from,
                                           std::string_view to) const override {
    if (!is_projection(family)) return log_.scan(family, from, to);
    if (!scratch_) return std::make_unique<EmptyScan>();
    return scratch_->scan(family, from, to);
  }
  Status write(const Changes& changes) {
    if (!scratch_) RL_TRY_VOID(open_scratch());
    return scratch_->write(changes);
  }

 private:
  Status open_scratch() {
    std::error_code failure;
    std::string pattern =
        (std::filesystem::temp_directory_path(failure) / "runledger-XXXXXX").string();
    if (failure || ::mkdtemp(pattern.data()) == nullptr)
      return fail(ErrorCode::write_failed,
                  "Cannot make a directory for temporary files in " +
                      std::filesystem::path(pattern).parent_path().string() +
                      "; name another one in TMPDIR.");
    directory_ = pattern;
    RL_TRY(scratch_, Database::open(directory_ / "db", Database::Mode::scratch));
    return {};
  }

  const View& log_;
  std::filesystem::path directory_;
  std::unique_ptr<Database> scratch_;
};

RebuiltProjections::RebuiltProjections(const View& log)
    : below_(std::make_unique<Below>(log)), overlay_(below_.get()), counters_(below_.get()) {}
RebuiltProjections::~RebuiltProjections() = default;

void RebuiltProjections::settle_counters() {
  overlay_.add(counters_.changes());
  counters_.clear();
}

Status RebuiltProjections::spill() {
  settle_counters();
  return below_->write(overlay_.take());
}

Result<std::unique_ptr<RebuiltProjections>> RebuiltProjections::build(const View& log, LogSize size,
                                                                      const ProgressFn& progress) {
  std::unique_ptr<RebuiltProjections> rebuilt(new RebuiltProjections(log));
  for (std::uint64_t seq = 0; seq < size.value; ++seq) {
    RL_TRY(const StoredEvent event, load_event(log, Seq(seq)));
    auto changes = project(event_in(event.bytes()), rebuilt->overlay_, rebuilt->counters_);
    if (!changes) return std::unexpected(explain_refusal(seq, std::move(changes).error()));
    rebuilt->overlay_.add(*std::move(changes));
    if (rebuilt->overlay_.bytes() + rebuilt->counters_.bytes() > kMemoryBytesMax)
      RL_TRY_VOID(rebuilt->spill());
    if (progress && (seq % kProgressStep == 0 || seq + 1 == size.value))
      progress(seq + 1, size.value);
  }
  rebuilt->settle_counters();
  return rebuilt;
}

Result<Reindexed> compare_projections(const View& stored, const View& rebuilt,
                                      const std::function<Status(Change)>& on_difference) {
  const std::string end = keys_end();
  Reindexed counts;
  for (const Family family : kProjections) {
    const auto have = stored.scan(family, {}, end);
    const auto want = rebuilt.scan(family, {}, end);
    while (have->valid() || want->valid()) {
      const bool extra = !want->valid() || (have->valid() && have->key() < want->key());
      const bool missing = !have->valid() || (want->valid() && want->key() < have->key());
      if (!extra) ++counts.pairs;
      if (extra || missing || have->value() != want->value()) {
        ++counts.differing;
        const auto& source = extra ? *have : *want;
        Change change{family, std::string(source.key()), std::nullopt};
        if (!extra) change.value = std::string(want->value());
        RL_TRY_VOID(on_difference(std::move(change)));
      }
      if (!missing) have->next();
      if (!extra) want->next();
    }
    RL_TRY_VOID(have->status());
    RL_TRY_VOID(want->status());
  }
  return counts;
}

}  // namespace runledger::ledger
