#pragma once

#include <string>
#include <string_view>

#include <runledger/ledger/ledger.hpp>
#include <runledger/schemas/event_generated.h>

namespace runledger::test {

inline ledger::PendingEvent finish_event(flatbuffers::FlatBufferBuilder& builder,
                                         std::string_view request_id, schema::Payload kind,
                                         flatbuffers::Offset<void> payload) {
  const auto actor =
      schema::CreateActorDirect(builder, schema::ActorKind::local, "tester@localhost");
  const auto id = builder.CreateString(request_id.data(), request_id.size());
  const schema::Stamp stamp;
  builder.Finish(schema::CreateEvent(builder, &stamp, id, actor, kind, payload),
                 schema::EventIdentifier());
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

struct RunDescription {
  std::string ticker = "AAPL";
  std::string strategy = "sma_cross";
  std::size_t note_bytes = 100;
};

// A completed run as an event to be appended; about `note_bytes` + 250 bytes.
inline ledger::PendingEvent run_event(std::string_view request_id, const RunDescription& run = {}) {
  flatbuffers::FlatBufferBuilder builder;
  const schema::Digest dataset;
  const std::vector inputs{schema::CreateInputDirect(builder, schema::InputRole::traded,
                                                     run.ticker.c_str(), "1d", &dataset)};
  const std::string note(run.note_bytes, 'n');
  const auto inputs_offset = builder.CreateVector(inputs);
  const auto strategy = builder.CreateString(run.strategy);
  const auto note_offset = builder.CreateString(note);
  schema::RunSpecBuilder spec(builder);
  spec.add_run_class(schema::RunClass::single);
  spec.add_strategy(strategy);
  spec.add_inputs(inputs_offset);
  spec.add_note(note_offset);
  const auto spec_offset = spec.Finish();
  schema::RunCompletedBuilder completed(builder);
  completed.add_spec(spec_offset);
  const auto payload = completed.Finish();
  return finish_event(builder, request_id, schema::Payload::RunCompleted, payload.Union());
}

inline ledger::PendingEvent retract_event(std::string_view request_id, Seq run) {
  flatbuffers::FlatBufferBuilder builder;
  const auto payload = schema::CreateRunRetractedDirect(builder, run.value, "wrong data");
  return finish_event(builder, request_id, schema::Payload::RunRetracted, payload.Union());
}

}  // namespace runledger::test
