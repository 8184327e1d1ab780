#include <runledger/ledger/ledger.hpp>

#include "event.hpp"
#include "frozen.hpp"
#include "query.hpp"

namespace runledger::ledger {

struct Reader::State {
  FrozenLedger ledger;
};

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(const std::filesystem::path& ledger, const Options& options) {
  const Layout layout{ledger};
  Patience patience(options.lock_timeout, options.on_wait,
                    [&layout] { return waiting_sentence(layout); });
  RL_TRY(auto frozen, FrozenLedger::open(layout, patience));
  return Reader(std::make_unique<State>(std::move(frozen)));
}

LogHead Reader::head() const { return state_->ledger.head(); }

Result<StoredEvent> Reader::event(Seq seq) const {
  const LogSize size = head().size;
  if (seq.value >= size.value)
    return fail(ErrorCode::not_found, "There is no event " + std::to_string(seq.value) +
                                          "; the newest one is " + std::to_string(size.value - 1) +
                                          ".");
  return read_event(state_->ledger.view(), seq);
}
Result<RunPage> Reader::list(const RunFilter& filter, const PageRequest& page) const {
  return list_runs(state_->ledger.view(), filter, page);
}
Result<std::uint64_t> Reader::count(const RunFilter& filter) const {
  return count_runs(state_->ledger.view(), filter);
}
Result<std::optional<Seq>> Reader::retracted_by(Seq run) const {
  return ledger::retracted_by(state_->ledger.view(), run);
}
Result<std::vector<Seq>> Reader::events_about(Seq run) const {
  return ledger::events_about(state_->ledger.view(), run);
}
Result<std::vector<DatasetVersion>> Reader::datasets(
    const std::optional<std::string>& ticker) const {
  return find_datasets(state_->ledger.view(), ticker);
}
Result<std::optional<Seq>> Reader::dataset_event(const Digest& dataset) const {
  return ledger::dataset_event(state_->ledger.view(), dataset);
}
Result<std::optional<Seq>> Reader::plugin_event(const Digest& plugin) const {
  return ledger::plugin_event(state_->ledger.view(), plugin);
}
Result<std::optional<Seq>> Reader::runtime_event(const Digest& runtime) const {
  return ledger::runtime_event(state_->ledger.view(), runtime);
}
Result<std::optional<Seq>> Reader::event_by_request(std::string_view request_id) const {
  return find_request(state_->ledger.view(), request_id);
}
Result<std::optional<Seq>> Reader::latest_run(std::string_view actor) const {
  return ledger::latest_run(state_->ledger.view(), actor);
}

}  // namespace runledger::ledger
