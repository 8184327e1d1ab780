#include "check_log.hpp"

#include <algorithm>
#include <iterator>

#include "event.hpp"
#include "leaf.hpp"
#include "standing.hpp"
#include "tree.hpp"

namespace runledger::ledger {
namespace {

// After so many events the tree's rows are compared and progress is told.
constexpr std::uint64_t kStep = 1'024;

std::string event_name(std::uint64_t seq) { return "event " + std::to_string(seq); }

// One pass over a log.
class LogReading {
 public:
  LogReading(const View& view, const LogCheck& check, Findings& findings)
      : view_(view), check_(check), findings_(findings) {}

  std::uint64_t read() {
    auto scan = view_.scan(Family::events, {}, keys_end());
    for (; scan->valid() && next_ < check_.size.value; scan->next())
      if (pass_gap(scan->key())) read_event(bytes_of(scan->value()));
    if (const auto status = scan->status(); !status) {
      findings_.add("db",
                    "From event " + std::to_string(next_) +
                        " on the events cannot be read: " + status.error().message,
                    Seq(next_));
      return checked_;
    }
    if (scan->valid())
      findings_.add("db",
                    "There are events after the end of the log, which has " +
                        std::to_string(check_.size.value) + ".",
                    Seq(check_.size.value));
    if (next_ < check_.size.value) report_missing(check_.size.value);
    compare_rows();
    check_row_sizes();
    return checked_;
  }

 private:
  // Whether what follows in the log is the row of this key.
  bool pass_gap(std::string_view key) {
    if (key.size() != sizeof(std::uint64_t)) {
      findings_.add("db", "Among the events is a row that is none; restore a backup of the ledger.",
                    Seq(next_));
      return false;
    }
    const std::uint64_t seq = read_be64(key);
    if (seq > next_) report_missing(std::min(seq, check_.size.value));
    return next_ < check_.size.value;
  }

  void report_missing(std::uint64_t end) {
    const std::uint64_t last = end - 1;
    findings_.add(event_name(next_),
                  next_ == last ? "Event " + std::to_string(next_) + " is missing."
                                : "Events " + std::to_string(next_) + " to " +
                                      std::to_string(last) + " are missing.",
                  Seq(next_));
    const std::uint64_t reach = std::min(end, std::max(next_, leaves_));
    while (next_ < reach) accept_leaf(std::nullopt);
    if (next_ == end) return;
    compare_rows();
    tree_ended_ = true;
    next_ = end;
  }

  void read_event(ByteView bytes) {
    const Seq seq(next_);
    const auto event = open_event(bytes, seq);
    if (!event) {
      findings_.add(event_name(next_), event.error().message, seq);
      accept_leaf(std::nullopt);
      return;
    }
    const Digest leaf = hash_event(event->bytes()).leaf;
    const auto stored = stored_leaf();
    if (stored && *stored != leaf) {
      findings_.add(event_name(next_),
                    "Event " + std::to_string(next_) +
                        " is not the one that was recorded: its bytes do not match its hash in the "
                        "tree.",
                    seq);
    } else if (event->recorded_at() <= last_time_ && next_ > 0) {
      findings_.add(event_name(next_),
                    "Event " + std::to_string(next_) +
                        " has a time that is not after that of the event before it.",
                    seq);
    } else if (check_.on_event && !tree_ended_) {
      check_.on_event(*event);
    }
    last_time_ = event->recorded_at();
    ++checked_;
    if (check_.head && seq == check_.head->seq &&
        event_hash(event->bytes()) != check_.head->event_hash)
      findings_.add("HEAD", "HEAD names another event " + std::to_string(next_) + ".", seq);
    accept_leaf(leaf);
  }

  // Goes on with the stored hash of an event that is not as it was, so that one damaged event is
  // one finding.
  void accept_leaf(const std::optional<Digest>& computed) {
    const auto stored = stored_leaf();
    if (!tree_ended_) tree_.append(stored ? *stored : computed.value_or(Digest{}));
    ++next_;
    if (!tree_ended_ && check_.head && next_ == check_.head->size.value &&
        tree_.root() != check_.head->root)
      findings_.add("HEAD",
                    "The tree over the first " + std::to_string(next_) +
                        " events has another root than HEAD says.",
                    Seq(next_ - 1));
    if (next_ % kStep == 0) compare_rows();
    if (check_.progress && (next_ % kStep == 0 || next_ == check_.size.value))
      check_.progress(next_, check_.size.value);
  }

  std::optional<Digest> stored_leaf() {
    const std::uint64_t tile = next_ / kTileWidth;
    if (!tile_ || *tile_ != tile) {
      tile_ = tile;
      const auto row = view_.get(Family::tiles, tile_key(0, tile));
      hashes_ = row && *row ? **row : std::string();
    }
    const std::size_t place = next_ % kTileWidth * kHashSize;
    if (hashes_.size() < place + kHashSize) return std::nullopt;
    Digest digest;
    std::copy_n(bytes_of(hashes_).begin() + static_cast<std::ptrdiff_t>(place), kHashSize,
                digest.bytes.begin());
    return digest;
  }

  // Rows that are still growing are a prefix of what is stored.
  void compare_rows() {
    for (const Change& row : tree_.take_changes()) {
      const auto stored = view_.get(Family::tiles, row.key);
      if (!stored) {
        findings_.add("tree", stored.error().message);
      } else if (!*stored || !(*stored)->starts_with(*row.value)) {
        findings_.add("tree", "A row of the tree at level " +
                                  std::to_string(static_cast<std::uint8_t>(row.key.front())) +
                                  (*stored ? " does not match the events." : " is missing."));
      }
    }
  }

  void check_row_sizes() {
    auto scan = view_.scan(Family::tiles, {}, keys_end());
    for (; scan->valid(); scan->next()) {
      const std::string_view key = scan->key();
      const bool known = key.size() == 1 + sizeof(std::uint64_t);
      const unsigned level = known ? static_cast<std::uint8_t>(key.front()) : 0;
      const std::uint64_t hashes = level < 8 ? check_.size.value >> (kTileHeight * level) : 0;
      const std::uint64_t before = known ? read_be64(key.substr(1)) : 0;
      const bool inside = known && before <= hashes / kTileWidth;
      const std::uint64_t width = inside ? std::min(hashes - before * kTileWidth, kTileWidth) : 0;
      if (width == 0 || scan->value().size() != width * kHashSize)
        findings_.add("tree", "The tree has a row that does not belong to " +
                                  std::to_string(check_.size.value) + " events.");
    }
    if (const auto status = scan->status(); !status) findings_.add("tree", status.error().message);
  }

  const View& view_;
  const LogCheck& check_;
  Findings& findings_;
  Tree tree_;
  const std::uint64_t leaves_ = count_leaves(view_);
  bool tree_ended_ = false;
  std::uint64_t next_ = 0;
  std::uint64_t checked_ = 0;
  TimeNs last_time_ = 0;
  std::optional<std::uint64_t> tile_;  // whose hashes_ these are
  std::string hashes_;
};

}  // namespace

void Findings::add(std::string where, std::string message, std::optional<Seq> first_seq) {
  if (found_.size() >= kFindingsMax) return;
  found_.push_back({std::move(where), std::move(message), first_seq});
}

void Findings::add(Findings others) {
  found_.insert(found_.end(), std::make_move_iterator(others.found_.begin()),
                std::make_move_iterator(others.found_.end()));
}

std::uint64_t count_leaves(const View& view) {
  std::uint64_t leaves = 0;
  const auto tiles = view.scan(Family::tiles, tile_key(0, 0), tile_key(1, 0));
  for (; tiles->valid(); tiles->next()) leaves += tiles->value().size() / kHashSize;
  return leaves;
}

std::uint64_t check_log(const View& view, const LogCheck& check, Findings& findings) {
  return LogReading(view, check, findings).read();
}

}  // namespace runledger::ledger
