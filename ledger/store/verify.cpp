#include <runledger/ledger/ledger.hpp>

#include "check_blobs.hpp"
#include "check_log.hpp"
#include "frozen.hpp"
#include "rebuild.hpp"
#include "tree.hpp"

namespace runledger::ledger {
namespace {

constexpr std::chrono::milliseconds kVerifyPatience{60'000};

bool is_damage(const Error& error) {
  return error.code == ErrorCode::damaged || error.code == ErrorCode::rolled_back;
}

std::string family_title(Family family) { return "index " + std::string(family_name(family)); }

// The families that hold one known row, or none yet.
void check_meta(const View& view, Findings& findings) {
  for (auto scan = view.scan(Family::meta, {}, events_end()); scan->valid(); scan->next())
    if (scan->key() != kStateKey)
      findings.add("db", "Beside the row that says how many events there are is an unknown one.");
}

void check_projections(const View& view, LogSize size, const ProgressFn& progress,
                       Findings& findings) {
  const auto rebuilt = RebuiltProjections::build(view, size, progress);
  if (!rebuilt) return findings.add("db", rebuilt.error().message);
  std::map<Family, std::uint64_t> differing;
  const auto compared = compare_projections(view, (*rebuilt)->view(), [&](const Change& change) {
    ++differing[change.family];
    return Status();
  });
  if (!compared) return findings.add("db", compared.error().message);
  for (const auto& [family, pairs] : differing)
    findings.add(family_title(family),
                 std::to_string(pairs) +
                     " pairs are not what the events say. `runledger reindex` mends them.");
}

// As much of a database as can be read when it does not stand to HEAD as it must.
void look_closer(const Layout& layout, Verification& verification, Findings& findings) {
  Patience patience(kVerifyPatience, nullptr, nullptr);
  const auto head = HeadFile::read(layout.head());
  const auto database = open_pinned(layout, patience);
  if (!head || !database) return;
  const auto state = read_state(layout, **database);
  if (!state) return;
  verification.events_checked = check_log(
      **database, {.size = state->size, .head = *head, .on_event = {}, .progress = {}}, findings);
}

void check_everything(const Layout& layout, const FrozenLedger& ledger, const HeadRecord& head,
                      const ProgressFn& progress, Verification& verification, Findings& findings) {
  verification.head = ledger.head();
  BlobReferences references;
  verification.events_checked =
      check_log(ledger.view(),
                {.size = ledger.head().size,
                 .head = head,
                 .on_event = [&references](const StoredEvent& event) { references.add(event); },
                 .progress = progress},
                findings);
  check_meta(ledger.view(), findings);
  if (findings.empty()) check_projections(ledger.view(), ledger.head().size, progress, findings);
  if (const auto status = ledger.verify_checksums(); !status)
    findings.add("db", status.error().message);
  verification.blobs_checked = check_blobs(layout, references, progress, findings);
}

// Damage is a finding, anything else an error.
Status check(const Layout& layout, const ProgressFn& progress, Verification& verification,
             Findings& findings) {
  const auto found = [&findings](std::string where, const Error& error) -> Status {
    if (!is_damage(error)) return std::unexpected(error);
    findings.add(std::move(where), error.message);
    return {};
  };
  if (auto format = check_format(layout); !format) return found("FORMAT", format.error());
  const auto whole = HeadFile::is_whole(layout.head());
  if (!whole) return found("HEAD", whole.error());
  if (!*whole)
    findings.add("HEAD",
                 "HEAD is not as it was written: one of its two slots or the bytes between "
                 "them were changed.");
  const auto head = HeadFile::read(layout.head());
  if (!head) return found("HEAD", head.error());
  Patience patience(kVerifyPatience, nullptr, [&layout] { return waiting_sentence(layout); });
  const auto ledger = FrozenLedger::open(layout, patience);
  if (!ledger) {
    RL_TRY_VOID(found("db", ledger.error()));
    look_closer(layout, verification, findings);
    return {};
  }
  check_everything(layout, *ledger, *head, progress, verification, findings);
  return {};
}

}  // namespace

Result<Verification> verify(const std::filesystem::path& ledger, const ProgressFn& progress) {
  Verification verification;
  Findings findings;
  RL_TRY_VOID(check(Layout{ledger}, progress, verification, findings));
  verification.ok = findings.empty();
  verification.findings = findings.take();
  return verification;
}

}  // namespace runledger::ledger
