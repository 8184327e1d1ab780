#include "digests.hpp"
#include "lookup.hpp"
#include "projections.hpp"

namespace runledger::ledger {

Status project_plugins(const Step& step, Changes& changes) {
  if (const auto* registered = step.event.payload_as_PluginRegistered())
    return put_first(step, plugin_key(digest_of(*registered->plugin())), changes);
  if (const auto* engine = step.event.payload_as_EngineRegistered())
    return put_first(step, runtime_key(digest_of(*engine->runtime())), changes);
  return {};
}

}  // namespace runledger::ledger
