#include "trial_events.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include <runledger/base/digest.hpp>

#include "../event_building.hpp"

namespace runledger::app {
namespace {

constexpr std::size_t kDigestDigits = 32;

template <class Table>
ByteView packed(flatbuffers::FlatBufferBuilder& builder, const Table& table) {
  builder.Clear();
  builder.Finish(Table::TableType::Pack(builder, &table));
  return {builder.GetBufferPointer(), builder.GetSize()};
}

}  // namespace

std::string identity_of(const schema::RunSpecT& spec) {
  flatbuffers::FlatBufferBuilder builder;
  Sha256 hash;
  hash.update("runledger/sweep-trial/v1\n");
  hash.update(
      fmt::format("{}\n{}\n{}\n", spec.strategy, spec.start.value_or(0), spec.end.value_or(0)));
  hash.update(packed(builder, *spec.inputs.front()));
  hash.update(packed(builder, *spec.settings));
  hash.update(digest_of(*spec.plugin).hex());
  return hash.finish().hex();
}

std::string trial_request_id(std::string_view sweep, std::string_view identity,
                             const Parameters& parameters) {
  std::string text(identity);
  for (const schema::ParameterT& parameter : parameters)
    text += fmt::format("\n{}={}", parameter.name, value_text(*parameter.value, parameter.choice));
  return fmt::format("sweep:{}:{}", sweep, sha256(text).hex().substr(0, kDigestDigits));
}

ledger::PendingEvent trial_event(const Context& context, const std::string& request_id,
                                 const schema::RunSpecT& spec, Parameters parameters,
                                 std::size_t bars, worker::RunOutcome outcome) {
  schema::RunSpecT own = spec;
  for (schema::ParameterT& parameter : parameters)
    own.parameters.push_back(std::make_unique<schema::ParameterT>(std::move(parameter)));
  if (!outcome)
    return make_event(request_id, context.actor,
                      run_failed(std::move(own), std::move(outcome).error()));
  record_size(*own.settings, outcome->order_sizes);
  return make_event(request_id, context.actor,
                    run_completed(std::move(own), bars, std::move(*outcome)));
}

}  // namespace runledger::app
