#pragma once

#include <runledger/app/context.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/schemas/event_generated.h>
#include <runledger/worker/shared_bars.hpp>

#include "plugin_files.hpp"

namespace runledger::app {

// A completed run with what it was made from, out of the ledger alone.
struct Subject {
  Seq id{};
  schema::RunSpecT spec;
  Digest result{};  // as recorded
  worker::SharedBars bars;
};

// Errors: not_found, run_failed (it has no result), damaged.
Result<Subject> open_subject(const ledger::Reader& reader, const ledger::BlobStore& blobs, Seq id);
// Its plugin, from the blobs. Errors: damaged, write_failed.
Result<PluginFile> plugin_of(const Context& context, const ledger::BlobStore& blobs,
                             const Subject& subject);

}  // namespace runledger::app
