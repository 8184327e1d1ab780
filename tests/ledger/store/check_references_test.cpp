#include <algorithm>
#include <functional>

#include "changed_event.hpp"
#include "verify_fixture.hpp"

namespace runledger::ledger {
namespace {

using test::with;

class References : public Verifying {
 protected:
  static PendingEvent run_with(const std::string& id,
                               const std::function<void(schema::RunSpecT&)>& change) {
    return with<schema::RunCompletedT>(run_event(id),
                                       [&](schema::RunCompletedT& run) { change(*run.spec); });
  }
  Seq add_event(PendingEvent event) {
    const auto recorded = add({std::move(event)});
    EXPECT_TRUE(recorded) << recorded.error().message;
    return recorded ? recorded->seqs.front() : Seq();
  }
  // What is found of one event.
  std::vector<Finding> found_at(Seq seq) {
    std::vector<Finding> found = look_at_all().findings;
    std::erase_if(found, [&](const Finding& finding) { return finding.first_seq != seq; });
    return found;
  }
  void expect_one(Seq seq, const std::string& words) {
    const auto found = found_at(seq);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_TRUE(is_among(found, "event " + std::to_string(seq.value), words));
    EXPECT_NE(found.front().message.find("restore a backup"), std::string::npos);
  }
};

TEST_F(References, ToAPluginThatNothingRegisteredBeforeAreNamed) {
  const Digest plugin = sha256("a plugin of nobody");
  const auto named = [&](schema::RunSpecT& spec) { spec.plugin = test::stored(plugin); };
  const Seq run = add_event(run_with("a", named));
  expect_one(run, "plugin " + plugin.hex().substr(0, 12) + ", which no event before it registered");
  const Seq registered = add_event(test::plugin_event("late", plugin));
  const Seq again = add_event(run_with("b", named));
  EXPECT_EQ(found_at(run).size(), 1u);
  EXPECT_TRUE(found_at(again).empty());
  EXPECT_LT(run, registered);
}

TEST_F(References, ToAPluginThatWasRegisteredBeforeAreFine) {
  const Digest plugin = sha256("a plugin");
  add_event(test::plugin_event("first", plugin));
  const Seq run =
      add_event(run_with("a", [&](schema::RunSpecT& spec) { spec.plugin = test::stored(plugin); }));
  EXPECT_TRUE(found_at(run).empty());
}

TEST_F(References, ToARuntimeThatNothingRegisteredBeforeAreNamed) {
  const Digest runtime = sha256("a runtime of nobody");
  const Seq run = add_event(
      run_with("a", [&](schema::RunSpecT& spec) { spec.runtime = test::stored(runtime); }));
  expect_one(run, "runtime " + runtime.hex().substr(0, 12));
  const Digest other = sha256("another");
  const Seq reproduced = add_event(with<schema::RunReproducedT>(
      test::reproduced_event("r", {1}),
      [&](schema::RunReproducedT& event) { event.runtime = test::stored(other); }));
  expect_one(reproduced, "runtime " + other.hex().substr(0, 12));
  const Digest third = sha256("a third");
  const Seq checked = add_event(with<schema::CheckRecordedT>(
      test::checked_event("c", 1),
      [&](schema::CheckRecordedT& event) { event.runtime = test::stored(third); }));
  expect_one(checked, "runtime " + third.hex().substr(0, 12));
}

TEST_F(References, ToADatasetThatWasImportedForAnotherTickerOrIntervalAreNamed) {
  const Digest dataset = sha256("bars");
  add_event(test::imported_event("i", "MSFT", "1d", dataset));
  const auto of = [&](const std::string& ticker, const std::string& interval) {
    return run_with(ticker + interval, [&](schema::RunSpecT& spec) {
      spec.inputs.front()->ticker = ticker;
      spec.inputs.front()->interval = interval;
      spec.inputs.front()->dataset = test::stored(dataset);
    });
  };
  EXPECT_TRUE(found_at(add_event(of("MSFT", "1d"))).empty());
  expect_one(add_event(of("GOOG", "1d")), "of GOOG 1d, which no event before it imported");
  expect_one(add_event(of("MSFT", "1h")), "of MSFT 1h, which no event before it imported");
}

TEST_F(References, ToADatasetThatARunResampledGoByTheIntervalItWasImportedWith) {
  const Digest dataset = sha256("days");
  add_event(test::imported_event("i", "MSFT", "1d", dataset));
  const auto weekly_from = [&](const std::string& id, const std::string& interval) {
    return run_with(id, [&](schema::RunSpecT& spec) {
      schema::InputT& input = *spec.inputs.front();
      input.ticker = "MSFT";
      input.interval = "1w";
      input.resampled_from = interval;
      input.dataset = test::stored(dataset);
    });
  };
  EXPECT_TRUE(found_at(add_event(weekly_from("a", "1d"))).empty());
  expect_one(add_event(weekly_from("b", "1h")), "MSFT 1h, which no event before it imported");
  expect_one(add_event(weekly_from("c", "")), "MSFT 1w, which no event before it imported");
}

TEST_F(References, ToAnEarlierVersionThatWasNeverImportedAreNamed) {
  const auto imported = [&](const std::string& id, const std::string& previous) {
    return with<schema::DatasetImportedT>(
        test::imported_event(id, "MSFT", "1d", sha256(id)),
        [&](schema::DatasetImportedT& event) { event.previous = test::stored(sha256(previous)); });
  };
  add_event(test::imported_event("v1", "MSFT", "1d", sha256("v1")));
  EXPECT_TRUE(found_at(add_event(imported("v2", "v1"))).empty());
  expect_one(add_event(imported("v3", "v0")), "after the version");
}

TEST_F(References, ToRunsThatAreNotThereAreNamed) {
  const std::vector<std::pair<PendingEvent, std::string>> forged{
      {test::retracted_event("f", 99), "retracts run 99, which is no run recorded before it"},
      {test::restored_event("f", 99), "restores run 99"},
      {test::annotated_event("f", 99), "annotates run 99"},
      {test::reproduced_event("f", {1, 99}), "reproduces run 99"},
      {test::checked_event("f", 99), "checks run 99"},
      {test::run_event({.request_id = "f", .parent = 99}), "is a replay of run 99"},
      {test::annotated_event("f", 0), "annotates run 0, which is no run recorded before it"},
      {test::annotated_event("f", ~std::uint64_t{0}), "annotates run 18446744073709551615"}};
  const Seq last = add_event(test::annotated_event("last", 1));
  for (const auto& [event, words] : forged) {
    forge(last, event);
    const auto found = found_at(last);
    EXPECT_TRUE(is_among(found, "event " + std::to_string(last.value), words)) << words;
  }
}

TEST_F(References, ToARunThatComesLaterAreNamed) {
  const Seq replay = add_event(test::run_event({.request_id = "replay", .parent = 1}));
  const Seq later = add_run("later");
  EXPECT_TRUE(look().ok);
  forge(replay, test::run_event({.request_id = "replay", .parent = later.value}));
  EXPECT_TRUE(is_among(found_at(replay), "event",
                       "is a replay of run " + std::to_string(later.value) + ", which is no run"));
}

TEST_F(References, ThatHideWhatIsHiddenOrShowWhatIsShownAreNamed) {
  add_event(test::retracted_event("hide", 1));
  const Seq last = add_event(test::retracted_event("last", 2));
  EXPECT_TRUE(look().ok);
  forge(last, test::retracted_event("last", 1));
  EXPECT_TRUE(is_among(found_at(last), "event", "which was retracted already"));
  forge(last, test::restored_event("last", 2));
  EXPECT_TRUE(is_among(found_at(last), "event", "which was not retracted"));
}

TEST_F(References, AreNotCalledBrokenForTheSakeOfAnEventThatCannotBeRead) {
  const Digest plugin = sha256("a plugin");
  const Seq registered = add_event(test::plugin_event("first", plugin));
  const Seq run =
      add_event(run_with("a", [&](schema::RunSpecT& spec) { spec.plugin = test::stored(plugin); }));
  add_event(test::annotated_event("n", 3));
  change({{Family::events, event_key(registered), "other"},
          {Family::events, event_key(Seq(3)), std::nullopt}});
  for (const Finding& finding : look_at_all().findings)
    EXPECT_TRUE(finding.first_seq == registered || finding.first_seq == Seq(3) ||
                !finding.where.starts_with("event") || finding.first_seq < Seq(3))
        << finding.message;
  EXPECT_TRUE(found_at(run).empty());
}

// Their bytes are those of the tree, and no version records them.
TEST_F(References, ThatAreLackingAreNamed) {
  const Seq place(10);
  const auto expect = [&](const PendingEvent& event, const std::string& words) {
    forge(place, event);
    EXPECT_TRUE(is_among(found_at(place), "event 10", words, place));
    EXPECT_EQ(reindex(path_, {}, nullptr).error().code, ErrorCode::damaged);
  };
  expect(with<schema::PluginRegisteredT>(
             test::plugin_event("p", Digest{}),
             [](schema::PluginRegisteredT& event) { event.plugin = nullptr; }),
         "registers a plugin without naming it");
  expect(with<schema::EngineRegisteredT>(
             test::engine_event("e", Digest{}),
             [](schema::EngineRegisteredT& event) { event.runtime = nullptr; }),
         "registers a runtime without naming it");
  expect(with<schema::DatasetImportedT>(
             test::imported_event("i", "MSFT", "1d", Digest{}),
             [](schema::DatasetImportedT& event) { event.dataset = nullptr; }),
         "imports a dataset without naming it");
}

}  // namespace
}  // namespace runledger::ledger
