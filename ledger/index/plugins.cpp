#include "digests.hpp"
#include "lookup.hpp"
#include "projections.hpp"

namespace runledger::ledger {

Status project_plugins(const Step& step, Changes& changes) {
  if (const auto* registered = step.event.payload_as_PluginRegistered()) {
    RL_TRY(const Digest plugin, named_digest(step, registered->plugin(), "plugin"));
    return put_first(step, plugin_key(plugin), changes);
  }
  if (const auto* engine = step.event.payload_as_EngineRegistered()) {
    RL_TRY(const Digest runtime, named_digest(step, engine->runtime(), "runtime"));
    return put_first(step, runtime_key(runtime), changes);
  }
  return {};
}

}  // namespace runledger::ledger
