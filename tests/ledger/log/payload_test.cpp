#include "payload.hpp"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "changed_event.hpp"
#include "event.hpp"
#include "events.hpp"

namespace runledger::ledger {
namespace {

using test::run_event;
using test::with;

// The event with a part of it changed.
PendingEvent changed(const PendingEvent& event,
                     const std::function<void(schema::EventT&)>& change) {
  schema::EventT content;
  event_in(event).UnPackTo(&content);
  change(content);
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(schema::Event::Pack(builder, &content), schema::EventIdentifier());
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

Error refusal(const PendingEvent& event) {
  const Status status = check_pending(event);
  return status ? Error{ErrorCode::internal, "accepted"} : status.error();
}

// What an event must carry, and how it is left out.
template <class PayloadT>
struct Part {
  std::string name;
  std::function<void(PayloadT&)> leave_out;
};

template <class PayloadT>
void expect_refusals(const std::string& whose, const PendingEvent& whole,
                     const std::vector<Part<PayloadT>>& parts) {
  ASSERT_TRUE(check_pending(whole)) << refusal(whole).message;
  for (const Part<PayloadT>& part : parts) {
    const Error error = refusal(with<PayloadT>(whole, part.leave_out));
    EXPECT_EQ(error.code, ErrorCode::invalid_input) << part.name;
    EXPECT_EQ(error.message,
              "The " + whose + " carries no " + part.name +
                  "; ledger/FORMAT.md says under Events what it must carry to be recorded.");
  }
}

// What every run carries, whatever became of it.
template <class RunT>
std::vector<Part<RunT>> parts_of_every_run() {
  using Spec = schema::RunSpecT;
  const std::vector<Part<Spec>> parts{
      {"name of the strategy", [](Spec& spec) { spec.strategy.clear(); }},
      {"input", [](Spec& spec) { spec.inputs.clear(); }},
      {"ticker of an input", [](Spec& spec) { spec.inputs.at(1)->ticker.clear(); }},
      {"interval of an input", [](Spec& spec) { spec.inputs.at(1)->interval.clear(); }},
      {"dataset digest of an input", [](Spec& spec) { spec.inputs.at(1)->dataset.reset(); }},
      {"traded input before all others",
       [](Spec& spec) { std::swap(spec.inputs.at(0), spec.inputs.at(1)); }},
      {"time of its first bar", [](Spec& spec) { spec.start.reset(); }},
      {"time of its last bar", [](Spec& spec) { spec.end.reset(); }},
      {"settings", [](Spec& spec) { spec.settings.reset(); }},
      {"cash", [](Spec& spec) { spec.settings->cash.reset(); }},
      {"kind of account", [](Spec& spec) { spec.settings->account = schema::AccountKind::none; }},
      {"kind of sizing",
       [](Spec& spec) { spec.settings->sizing = std::make_unique<schema::SizingT>(); }},
      {"type of a parameter",
       [](Spec& spec) {
         spec.parameters.push_back(std::make_unique<schema::ParameterT>());
         spec.parameters.back()->name = "fast";
         spec.parameters.back()->value = std::make_unique<schema::ParameterValue>();
       }},
      {"plugin digest", [](Spec& spec) { spec.plugin.reset(); }},
      {"runtime digest", [](Spec& spec) { spec.runtime.reset(); }},
      {"environment", [](Spec& spec) { spec.environment.reset(); }},
      {"name of the sweep", [](Spec& spec) { spec.run_class = schema::RunClass::sweep_trial; }},
      {"name of an override",
       [](Spec& spec) {
         spec.parent = 1;
         spec.overrides.push_back(std::make_unique<schema::OverrideT>());
       }},
      {"key of a tag", [](Spec& spec) { spec.tags.push_back(std::make_unique<schema::TagT>()); }},
  };
  std::vector<Part<RunT>> all;
  for (const Part<Spec>& part : parts)
    all.push_back({part.name, [leave_out = part.leave_out](RunT& run) { leave_out(*run.spec); }});
  return all;
}

const std::vector<std::string> kTwoTickers{"AAPL", "SPY"};

TEST(ACompletedRun, IsRefusedWithoutAnythingThatItMustCarry) {
  using Run = schema::RunCompletedT;
  std::vector<Part<Run>> parts = parts_of_every_run<Run>();
  parts.push_back({"result digest", [](Run& run) { run.result_digest.reset(); }});
  parts.push_back({"decision digest", [](Run& run) { run.decision_digest.reset(); }});
  parts.push_back({"version of its metrics", [](Run& run) { run.metrics_version = 0; }});
  parts.push_back({"metric pnl", [](Run& run) { run.metrics.clear(); }});
  for (const auto key :
       {schema::MetricKey::pnl, schema::MetricKey::return_pct, schema::MetricKey::sharpe_ratio,
        schema::MetricKey::max_drawdown, schema::MetricKey::total_trades,
        schema::MetricKey::winning_trades, schema::MetricKey::losing_trades})
    parts.push_back({std::string("metric ") + schema::EnumNameMetricKey(key), [key](Run& run) {
                       std::erase_if(run.metrics,
                                     [key](const auto& metric) { return metric.key() == key; });
                     }});
  expect_refusals("completed run", run_event({.tickers = kTwoTickers}), parts);
}

TEST(AFailedRun, IsRefusedWithoutAnythingThatItMustCarry) {
  using Run = schema::RunFailedT;
  std::vector<Part<Run>> parts = parts_of_every_run<Run>();
  parts.push_back({"reason", [](Run& run) { run.reason = schema::FailureReason::none; }});
  parts.push_back({"message for people", [](Run& run) { run.message.clear(); }});
  expect_refusals("failed run", run_event({.failed = true, .tickers = kTwoTickers}), parts);
}

TEST(ARun, IsRefusedWhenItContradictsItself) {
  using Run = schema::RunCompletedT;
  const auto message_of = [](const std::function<void(schema::RunSpecT&)>& change) {
    return refusal(with<Run>(run_event({}), [&change](Run& run) { change(*run.spec); })).message;
  };
  EXPECT_EQ(message_of([](auto& spec) { spec.end = *spec.start - 1; }),
            "The run ends before it starts; expected the times of its first and last bar.");
  EXPECT_EQ(message_of([](auto& spec) { spec.end = *spec.start; }), "accepted");
  EXPECT_EQ(message_of([](auto& spec) { spec.sweep = "w"; }),
            "The run names a sweep and is no trial of one; expected the class of a trial.");
  EXPECT_EQ(message_of([](auto& spec) {
              spec.overrides.push_back(std::make_unique<schema::OverrideT>());
              spec.overrides.back()->name = "fast";
            }),
            "The run says what it overrides and not of which run; expected its parent.");
}

TEST(ARun, IsRefusedWithAValueThatThisVersionDoesNotKnow) {
  using Run = schema::RunFailedT;
  const std::vector<Part<Run>> values{
      {"class", [](Run& run) { run.spec->run_class = static_cast<schema::RunClass>(9); }},
      {"role of an input",
       [](Run& run) { run.spec->inputs.front()->role = static_cast<schema::InputRole>(9); }},
      {"kind of account",
       [](Run& run) { run.spec->settings->account = static_cast<schema::AccountKind>(9); }},
      {"reason", [](Run& run) { run.reason = static_cast<schema::FailureReason>(99); }},
  };
  for (const Part<Run>& value : values) {
    const Error error = refusal(with<Run>(run_event({.failed = true}), value.leave_out));
    EXPECT_EQ(error.code, ErrorCode::unsupported) << value.name;
    EXPECT_TRUE(error.message.starts_with("The " + value.name + " of the failed run is number 9"))
        << error.message;
  }
}

TEST(ARun, IsRefusedWithATextThatNobodyCouldRead) {
  const Error note = refusal(run_event({.note = "two\nlines"}));
  EXPECT_EQ(note.code, ErrorCode::invalid_input);
  EXPECT_EQ(note.message,
            "The note of the completed run has control characters or broken UTF-8; expected "
            "printable text.");
  const auto tag = with<schema::RunCompletedT>(run_event({}), [](schema::RunCompletedT& run) {
    run.spec->tags.push_back(std::make_unique<schema::TagT>());
    run.spec->tags.back()->key = "\x1b[2J";
  });
  EXPECT_EQ(refusal(tag).code, ErrorCode::invalid_input);
}

TEST(AnEventAboutARun, IsRefusedWithoutAnythingThatItMustCarry) {
  expect_refusals<schema::RunRetractedT>(
      "retraction", test::retracted_event("a", 1),
      {{"reason", [](schema::RunRetractedT& event) { event.reason.clear(); }}});
  expect_refusals<schema::RunAnnotatedT>(
      "annotation", test::annotated_event("a", 1),
      {{"tag and no note", [](schema::RunAnnotatedT& event) { event.note.clear(); }}});
  expect_refusals<schema::RunReproducedT>(
      "reproduction", test::reproduced_event("a", {1, 2}),
      {{"verdict", [](schema::RunReproducedT& event) { event.verdicts.clear(); }},
       {"verdict on a run",
        [](schema::RunReproducedT& event) {
          event.verdicts.at(1)->verdict = schema::Verdict::none;
        }},
       {"result digest of a run that it calls exact",
        [](schema::RunReproducedT& event) { event.verdicts.at(1)->result_digest.reset(); }}});
}

TEST(ACheckOfARun, IsRefusedWithoutAnythingThatItMustCarry) {
  using Check = schema::CheckRecordedT;
  expect_refusals<Check>(
      "check of a run", test::checked_event("a", 1),
      {{"kind", [](Check& event) { event.kind = schema::CheckKind::none; }},
       {"verdict", [](Check& event) { event.verdict = schema::CheckVerdict::none; }},
       {"detail", [](Check& event) { event.detail.clear(); }},
       {"other future", [](Check& event) { event.future = schema::OtherFuture::none; }},
       {"bar on which the decisions differ",
        [](Check& event) { event.bar = flatbuffers::nullopt; }}});
}

TEST(ACheckOfARun, ThatItPassedNamesNoBar) {
  EXPECT_TRUE(check_pending(
      with<schema::CheckRecordedT>(test::checked_event("a", 1), [](schema::CheckRecordedT& event) {
        event.verdict = schema::CheckVerdict::passed;
        event.future = schema::OtherFuture::none;
        event.bar = flatbuffers::nullopt;
      })));
}

TEST(ACheckOfARun, IsRefusedWithATextThatNobodyCouldRead) {
  const auto broken = with<schema::CheckRecordedT>(
      test::checked_event("a", 1),
      [](schema::CheckRecordedT& event) { event.otherwise = "sell\x1b[2J"; });
  EXPECT_EQ(refusal(broken).code, ErrorCode::invalid_input);
}

TEST(ACheckOfARun, OfALaterVersionIsRefusedAsOne) {
  const auto later = with<schema::CheckRecordedT>(
      test::checked_event("a", 1),
      [](schema::CheckRecordedT& event) { event.future = static_cast<schema::OtherFuture>(99); });
  EXPECT_EQ(refusal(later).code, ErrorCode::unsupported);
}

TEST(AnEventAboutARun, NeedsNoResultOfWhatCouldNotBeReproduced) {
  EXPECT_TRUE(check_pending(with<schema::RunReproducedT>(
      test::reproduced_event("a", {1}), [](schema::RunReproducedT& event) {
        event.verdicts.front()->verdict = schema::Verdict::missing_input;
        event.verdicts.front()->result_digest.reset();
      })));
}

TEST(AnEventAboutARun, IsRefusedWithATextThatNobodyCouldRead) {
  const auto restored = with<schema::RunRestoredT>(
      test::restored_event("a", 1), [](schema::RunRestoredT& event) { event.reason = "\xff"; });
  EXPECT_EQ(refusal(restored).message,
            "The reason of the restoration has control characters or broken UTF-8; expected "
            "printable text.");
  const auto retracted = with<schema::RunRetractedT>(
      test::retracted_event("a", 1), [](schema::RunRetractedT& event) { event.reason = "a\r"; });
  EXPECT_EQ(refusal(retracted).code, ErrorCode::invalid_input);
}

TEST(ARun, IsRefusedWhenItsBarsAreMadeFromTheirOwnInterval) {
  using Run = schema::RunCompletedT;
  const auto made_from = [](const std::string& interval) {
    return with<Run>(run_event({}),
                     [&](Run& run) { run.spec->inputs.front()->resampled_from = interval; });
  };
  EXPECT_TRUE(check_pending(made_from("1m")));
  EXPECT_EQ(refusal(made_from("1d")).message,
            "An input of the completed run is resampled from the interval it has; expected a "
            "shorter one, or none.");
  EXPECT_EQ(refusal(made_from(std::string(300, 'd'))).code, ErrorCode::too_large);
}

TEST(AnImportedDataset, IsRefusedWithoutAnythingThatItMustCarry) {
  using Dataset = schema::DatasetImportedT;
  expect_refusals<Dataset>(
      "imported dataset", test::imported_event("a", "SPY", "1d", sha256("spy")),
      {{"ticker", [](Dataset& event) { event.ticker.clear(); }},
       {"interval", [](Dataset& event) { event.interval.clear(); }},
       {"digest", [](Dataset& event) { event.dataset.reset(); }},
       {"digest of the file that was read", [](Dataset& event) { event.raw_digest.reset(); }},
       {"time of its first bar", [](Dataset& event) { event.start.reset(); }},
       {"time of its last bar", [](Dataset& event) { event.end.reset(); }},
       {"chunk", [](Dataset& event) { event.chunks.clear(); }},
       {"digest of a chunk", [](Dataset& event) { event.chunks.front()->digest.reset(); }}});
}

TEST(AnImportedDataset, IsRefusedWhenItContradictsItself) {
  using Dataset = schema::DatasetImportedT;
  const PendingEvent whole = test::imported_event("a", "SPY", "1d", sha256("spy"));
  EXPECT_EQ(refusal(with<Dataset>(whole, [](Dataset& event) { ++event.bars; })).message,
            "The imported dataset has 367 bars and its chunks hold 366; expected the same number, "
            "and at least one.");
  const auto none = with<Dataset>(whole, [](Dataset& event) {
    event.bars = 0;
    event.chunks.front()->bars = 0;
  });
  EXPECT_EQ(refusal(none).code, ErrorCode::invalid_input);
  EXPECT_EQ(
      refusal(with<Dataset>(whole, [](Dataset& event) { event.end = *event.start - 1; })).message,
      "The imported dataset ends before it starts; expected the times of its bars.");
}

TEST(AnImportedDataset, SaysWhatItsAppliedColumnsAreAndMade) {
  using Dataset = schema::DatasetImportedT;
  const PendingEvent whole =
      with<Dataset>(test::imported_event("a", "SPY", "1d", sha256("spy")), [](Dataset& event) {
        event.adjustment = schema::Adjustment::full;
        event.applied.push_back(std::make_unique<schema::AppliedColumnT>());
        event.applied.front()->kind = schema::AppliedKind::adjusted_close;
        event.applied.front()->column = "Adj Close";
      });
  expect_refusals<Dataset>(
      "imported dataset", whole,
      {{"kind of an applied column",
        [](Dataset& event) { event.applied.front()->kind = schema::AppliedKind::none; }},
       {"name of an applied column", [](Dataset& event) { event.applied.front()->column.clear(); }},
       {"adjustment that applied columns made", [](Dataset& event) { event.adjustment.reset(); }}});
  const auto newer = with<Dataset>(whole, [](Dataset& event) {
    event.applied.front()->kind = static_cast<schema::AppliedKind>(9);
  });
  EXPECT_EQ(refusal(newer).code, ErrorCode::unsupported);
}

TEST(ARegistration, IsRefusedWithoutAnythingThatItMustCarry) {
  using Plugin = schema::PluginRegisteredT;
  expect_refusals<Plugin>(
      "registered plugin", test::plugin_event("a", sha256("plugin")),
      {{"digest", [](Plugin& event) { event.plugin.reset(); }},
       {"file name", [](Plugin& event) { event.file_name.clear(); }},
       {"strategy", [](Plugin& event) { event.strategies.clear(); }},
       {"name of a strategy", [](Plugin& event) { event.strategies.front()->name.clear(); }}});
  using Engine = schema::EngineRegisteredT;
  expect_refusals<Engine>(
      "registered engine", test::engine_event("a", sha256("runtime")),
      {{"runtime digest", [](Engine& event) { event.runtime.reset(); }},
       {"file", [](Engine& event) { event.files.clear(); }},
       {"path of a file", [](Engine& event) { event.files.front()->path.clear(); }},
       {"digest of a file", [](Engine& event) { event.files.front()->digest.reset(); }}});
}

TEST(TheOpening, IsRefusedWithoutAnythingThatItMustCarry) {
  using Opened = schema::LedgerOpenedT;
  expect_refusals<Opened>("opening of the ledger", test::opened_event(),
                          {{"format", [](Opened& event) { event.format = 0; }},
                           {"origin", [](Opened& event) { event.origin.clear(); }}});
}

TEST(EveryEvent, IsRefusedWithoutAnActor) {
  const Error nobody = refusal(changed(run_event({}), [](auto& event) { event.actor.reset(); }));
  EXPECT_EQ(nobody.message,
            "The event carries no actor; ledger/FORMAT.md says under Events what it must carry to "
            "be recorded.");
  EXPECT_EQ(refusal(run_event({.actor = ""})).code, ErrorCode::invalid_input);
  const auto kind = static_cast<schema::ActorKind>(9);
  EXPECT_EQ(refusal(changed(run_event({}), [kind](auto& event) { event.actor->kind = kind; })).code,
            ErrorCode::unsupported);
}

}  // namespace
}  // namespace runledger::ledger
