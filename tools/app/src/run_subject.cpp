#include "run_subject.hpp"

#include <utility>

#include <fmt/format.h>

#include "dataset_loading.hpp"
#include "event_building.hpp"
#include "execution.hpp"
#include "run_reading.hpp"

namespace runledger::app {

Result<Subject> open_subject(const ledger::Reader& reader, const ledger::BlobStore& blobs, Seq id) {
  RL_TRY(const RunRecord record, read_record(reader, id));
  if (record.failed() != nullptr)
    return fail(ErrorCode::run_failed,
                fmt::format("run {} failed, so it has no trades and no equity: {}", id.value,
                            text_or_empty(record.failed()->message())));
  const auto result = digest_of(record.completed()->result_digest());
  schema::RunSpecT spec;
  record.spec().UnPackTo(&spec);
  const bool complete = result && !spec.inputs.empty() && spec.inputs.front()->dataset &&
                        spec.plugin && spec.settings && spec.start && spec.end;
  if (!complete)
    return fail(ErrorCode::damaged,
                fmt::format("the event of run {} is incomplete; run `runledger verify`", id.value));
  RL_TRY(const ChosenDataset data, recorded_dataset(reader, *spec.inputs.front()));
  RL_TRY(WantedBars wanted, load_wanted_bars(blobs, data));
  RL_TRY(worker::SharedBars shared, bars_of_run(std::move(wanted.bars), spec));
  return Subject{id, std::move(spec), *result, std::move(shared)};
}

Result<PluginFile> plugin_of(const Context& context, const ledger::BlobStore& blobs,
                             const Subject& subject) {
  auto bytes = blobs.get(digest_of(*subject.spec.plugin));
  if (!bytes && bytes.error().code == ErrorCode::not_found)
    return fail(ErrorCode::damaged,
                fmt::format("the plugin of run {} is not in the ledger's blobs; restore the ledger "
                            "from a backup",
                            subject.id.value));
  if (!bytes) return std::unexpected(std::move(bytes).error());
  return take_plugin(context, subject.spec.strategy + ".so", std::move(*bytes));
}

}  // namespace runledger::app
