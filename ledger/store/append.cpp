#include <utility>

#include <runledger/ledger/ledger.hpp>

#include "client.hpp"
#include "commit_group.hpp"
#include "lock.hpp"
#include "writer.hpp"

namespace runledger::ledger {
namespace {

// One appender on its way to a committer, or to being one.
class Append {
 public:
  Append(Layout layout, std::vector<PendingEvent> events, LedgerLock::Waiter waiter)
      : layout_(std::move(layout)),
        request_{RequestKind::append, std::move(events)},
        waiter_(std::move(waiter)) {}

  // Nothing when it is to be tried again.
  Result<std::optional<Recorded>> attempt(Patience& patience) {
    auto recorded = attempt_once(patience);
    if (!recorded && in_doubt_) return std::unexpected(doubt(recorded.error().message));
    return recorded;
  }
  // Why nothing came of it.
  [[nodiscard]] Error gave_up(const Patience& patience) const {
    if (!in_doubt_) return locked_error(layout_, patience.timeout());
    return doubt("The ledger is held by " + lock_holder(layout_) + ", which has not answered.");
  }

 private:
  Result<std::optional<Recorded>> attempt_once(Patience& patience) {
    RL_TRY(auto committer, CommitterClient::connect(layout_, patience));
    if (committer) return hand_over(*committer, patience);
    RL_TRY(auto lock, waiter_.attempt());
    if (!lock) return std::nullopt;
    RL_TRY(const auto writer, LedgerWriter::open(layout_, *std::move(lock)));
    RL_TRY(auto recorded, std::move(writer->commit({&request_.events, 1}).front()));
    return recorded;
  }
  // The events were handed over and nobody answered; whatever happened since says nothing of them.
  [[nodiscard]] Error doubt(const std::string& cause) const {
    return {ErrorCode::unknown, "The events were handed to a process that held the ledger " +
                                    layout_.root.string() +
                                    " and did not answer: they may have been recorded or not. Ask "
                                    "again with the same request id. " +
                                    cause};
  }
  Result<std::optional<Recorded>> hand_over(CommitterClient& committer, Patience& patience) {
    auto answer = committer.ask(request_, patience);
    // A committer that dies with our events may have recorded them; whoever is asked next finds
    // them by their request ids.
    in_doubt_ = in_doubt_ || (answer.sent && !answer.reply);
    if (!answer.reply || std::holds_alternative<Retry>(*answer.reply)) return std::nullopt;
    if (auto* error = std::get_if<Error>(&*answer.reply)) return std::unexpected(std::move(*error));
    return std::get<Recorded>(*std::move(answer.reply));
  }

  Layout layout_;
  Request request_;
  LedgerLock::Waiter waiter_;
  bool in_doubt_ = false;
};

}  // namespace

Result<Recorded> append(const std::filesystem::path& ledger, std::vector<PendingEvent> events,
                        const AppendOptions& options) {
  const Layout layout{ledger};
  RL_TRY_VOID(check_format(layout));
  RL_TRY_VOID(check_append(events));
  RL_TRY(auto waiter, LedgerLock::Waiter::open(layout, LedgerLock::Kind::exclusive));
  Patience patience(options.lock_timeout, options.on_wait,
                    [&layout] { return waiting_sentence(layout); });
  Append append(layout, std::move(events), std::move(waiter));
  for (;;) {
    RL_TRY(auto recorded, append.attempt(patience));
    if (recorded) return *std::move(recorded);
    if (patience.over()) return std::unexpected(append.gave_up(patience));
    patience.pause();
  }
}

}  // namespace runledger::ledger
