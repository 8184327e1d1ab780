#include "event.hpp"

#include <functional>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "changed_event.hpp"
#include "events.hpp"
#include "leaf.hpp"
#include "memory_ledger.hpp"

namespace runledger::ledger {
namespace {

using test::MemoryLedger;
using test::run_event;

Error refusal(const PendingEvent& event) {
  const Status status = check_pending(event);
  return status ? Error{ErrorCode::internal, "accepted"} : status.error();
}

// The result of an append that should fail.
ErrorCode code_of(const Result<StoredEvent>& event) {
  return event ? ErrorCode::internal : event.error().code;
}

TEST(PendingEvent, IsAcceptedOfEveryKindThatIsRecorded) {
  for (const PendingEvent& event :
       {test::opened_event(), run_event({}), run_event({.failed = true}),
        test::retracted_event("a", 1), test::restored_event("a", 1), test::annotated_event("a", 1),
        test::reproduced_event("a", {1, 2}), test::checked_event("a", 1),
        test::imported_event("a", "SPY", "1d", Digest{}), test::plugin_event("a", Digest{}),
        test::engine_event("a", Digest{})})
    EXPECT_TRUE(check_pending(event)) << refusal(event).message;
}

TEST(PendingEvent, IsStampedInPlace) {
  PendingEvent event = run_event({});
  const std::size_t size = event.size();
  std::array<std::uint8_t, 16> nonce{};
  nonce.fill(0xab);
  stamp_event(event, {.seq = Seq(7), .recorded_at = 99, .nonce = nonce});
  EXPECT_EQ(event.size(), size);
  const auto stored = open_event(event, Seq(7));
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(stored->seq(), Seq(7));
  EXPECT_EQ(stored->recorded_at(), 99);
  EXPECT_EQ(event_in(stored->bytes()).stamp()->nonce()->Get(15), 0xab);
  EXPECT_EQ(event_in(stored->bytes()).payload_as_RunCompleted()->spec()->strategy()->str(),
            "sma_cross");
}

TEST(PendingEvent, IsRefusedWhenItIsStampedAlready) {
  PendingEvent event = run_event({});
  stamp_event(event, {.seq = Seq(0), .recorded_at = 1, .nonce = {}});
  EXPECT_EQ(refusal(event).code, ErrorCode::invalid_input);
}

TEST(PendingEvent, IsRefusedWithoutAPrintableRequestIdOfLimitedLength) {
  EXPECT_TRUE(check_pending(run_event({.request_id = std::string(255, 'x')})));
  for (const std::string& id : {std::string(), std::string(256, 'x'), std::string("a\nb"),
                                std::string("\xff\xfe"), std::string("a\0b", 3)})
    EXPECT_EQ(refusal(run_event({.request_id = id})).code, ErrorCode::invalid_input);
}

TEST(PendingEvent, IsRefusedAboveTheSizeLimit) {
  PendingEvent event = run_event({.strategy = std::string(kEventBytesMax, 's')});
  EXPECT_EQ(refusal(event).code, ErrorCode::too_large);
}

TEST(PendingEvent, IsRefusedWhenATextOfTheIndexesIsTooLong) {
  const std::string text(kIndexedTextBytesMax, 'x');
  EXPECT_TRUE(check_pending(run_event({.run_class = schema::RunClass::sweep_trial,
                                       .strategy = text,
                                       .tickers = {text},
                                       .sweep = text})));
  EXPECT_EQ(refusal(run_event({.strategy = text + "x"})).code, ErrorCode::too_large);
  EXPECT_EQ(refusal(run_event({.tickers = {"A", text + "x"}})).code, ErrorCode::too_large);
  EXPECT_EQ(
      refusal(run_event({.run_class = schema::RunClass::sweep_trial, .sweep = text + "x"})).code,
      ErrorCode::too_large);
  EXPECT_EQ(refusal(run_event({.actor = text + "x"})).code, ErrorCode::too_large);
  EXPECT_EQ(refusal(test::imported_event("a", text + "x", "1d", Digest{})).code,
            ErrorCode::too_large);
}

TEST(PendingEvent, IsRefusedOfAKindThatThisVersionDoesNotRecord) {
  const Error error = refusal(test::attested_event("a"));
  EXPECT_EQ(error.code, ErrorCode::unsupported);
  EXPECT_EQ(error.message,
            "This version of runledger does not record events of kind attested. Use a newer one.");
}

TEST(PendingEvent, IsRefusedOfAClassThatThisVersionDoesNotKnow) {
  EXPECT_EQ(refusal(run_event({.run_class = static_cast<schema::RunClass>(9)})).code,
            ErrorCode::unsupported);
}

TEST(PendingEvent, IsRefusedOfNoKind) {
  EXPECT_EQ(refusal(test::of_kind(0, run_event({}))).code, ErrorCode::invalid_input);
}

TEST(PendingEvent, IsRefusedWhenItIsNoEvent) {
  EXPECT_EQ(refusal({}).code, ErrorCode::invalid_input);
  EXPECT_EQ(refusal(PendingEvent(100, 0x41)).code, ErrorCode::invalid_input);
  PendingEvent other_identifier = run_event({});
  other_identifier[4] ^= 1;
  EXPECT_EQ(refusal(other_identifier).code, ErrorCode::invalid_input);
  PendingEvent cut = run_event({});
  cut.resize(cut.size() / 2);
  EXPECT_EQ(refusal(cut).code, ErrorCode::invalid_input);
}

RC_GTEST_PROP(PendingEvent, IsRefusedOrHarmlessWhateverByteChanges, ()) {
  PendingEvent event = run_event({.tickers = {"A", "B"}, .parent = 3});
  const auto changes =
      *rc::gen::container<std::vector<std::pair<std::size_t, std::uint8_t>>>(rc::gen::pair(
          rc::gen::inRange<std::size_t>(0, event.size()), rc::gen::arbitrary<std::uint8_t>()));
  for (const auto& [place, byte] : changes) event[place] = byte;
  if (!check_pending(event)) return;
  // Whatever is accepted can be stamped and read.
  stamp_event(event, {.seq = Seq(1), .recorded_at = 1, .nonce = {}});
  RC_ASSERT(open_event(event, Seq(1)).has_value());
  MemoryLedger ledger;
  (void)project(event_in(event), ledger.view());
}

class StoredEvents : public ::testing::Test {
 protected:
  StoredEvents() {
    for (int i = 1; i < 5; ++i)
      EXPECT_TRUE(ledger_.append(run_event({.request_id = std::to_string(i)})));
  }
  std::string& stored(std::uint64_t seq) {
    return ledger_.view().pairs_of(Family::events)[event_key(Seq(seq))];
  }
  MemoryLedger ledger_;
};

TEST_F(StoredEvents, AreReadAndComparedWithTheTree) {
  const auto event = read_event(ledger_.view(), Seq(2));
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(event->seq(), Seq(2));
  EXPECT_EQ(event_in(event->bytes()).request_id()->str(), "2");
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(event->bytes().data()) % 16, 0U);
}

TEST_F(StoredEvents, AreNotFoundBeyondTheEnd) {
  EXPECT_EQ(code_of(read_event(ledger_.view(), Seq(5))), ErrorCode::not_found);
}

TEST_F(StoredEvents, AreDamagedWhenAnyBitIsFlipped) {
  const std::string original = stored(2);
  for (std::size_t bit = 0; bit < original.size() * 8; ++bit) {
    stored(2)[bit / 8] = static_cast<char>(original[bit / 8] ^ (1 << bit % 8));
    ASSERT_EQ(code_of(read_event(ledger_.view(), Seq(2))), ErrorCode::damaged) << "bit " << bit;
    stored(2)[bit / 8] = original[bit / 8];
  }
}

TEST_F(StoredEvents, AreDamagedWhenTheyAreSwapped) {
  std::swap(stored(2), stored(3));
  const auto event = read_event(ledger_.view(), Seq(2));
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().message,
            "Event 2 says that it is event 3. Run `runledger verify`, and restore a backup.");
}

TEST_F(StoredEvents, AreDamagedWhenTheTreeHoldsAnotherHash) {
  auto& tile = ledger_.view().pairs_of(Family::tiles)[tile_key(0, 0)];
  tile[3 * kHashSize] ^= 1;
  EXPECT_TRUE(read_event(ledger_.view(), Seq(2)));
  EXPECT_EQ(code_of(read_event(ledger_.view(), Seq(3))), ErrorCode::damaged);
}

// Events as newer versions may record them.
class NewerEvents : public StoredEvents {
 protected:
  void expect_proved_and_not_told(PendingEvent event) {
    const Seq seq = ledger_.append_newer(std::move(event));
    const auto structure = open_event(bytes_of(stored(seq.value)), seq);
    ASSERT_TRUE(structure) << structure.error().message;
    EXPECT_EQ(hash_event(structure->bytes()).leaf, *tree_node(ledger_.view(), 0, seq.value));
    const auto told = read_event(ledger_.view(), seq);
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, ErrorCode::unsupported);
    EXPECT_EQ(told.error().message,
              "Event " + std::to_string(seq.value) +
                  " was recorded by a newer version of runledger. Use that one to read it.");
    stored(seq.value).back() = static_cast<char>(stored(seq.value).back() ^ 1);
    EXPECT_EQ(code_of(read_event(ledger_.view(), seq)), ErrorCode::damaged);
  }
  bool is_derivable(PendingEvent event) {
    const Seq seq = ledger_.append_newer(std::move(event));
    const auto loaded = load_event(ledger_.view(), seq);
    EXPECT_TRUE(loaded || loaded.error().code == ErrorCode::unsupported);
    return loaded.has_value();
  }
  static PendingEvent with_settings(const std::function<void(schema::RunSettingsT&)>& change) {
    return test::with<schema::RunCompletedT>(
        run_event({}), [&change](schema::RunCompletedT& run) { change(*run.spec->settings); });
  }
  static PendingEvent with_account(int account) {
    return with_settings([account](schema::RunSettingsT& settings) {
      settings.account = static_cast<schema::AccountKind>(account);
    });
  }
  static PendingEvent with_sizing(int kind) {
    return with_settings([kind](schema::RunSettingsT& settings) {
      settings.sizing = std::make_unique<schema::SizingT>();
      settings.sizing->kind = static_cast<schema::SizingKind>(kind);
    });
  }
  static PendingEvent with_role(int role) {
    return test::with<schema::RunCompletedT>(
        run_event({.tickers = {"A", "B"}}), [role](schema::RunCompletedT& run) {
          run.spec->inputs[1]->role = static_cast<schema::InputRole>(role);
        });
  }
  static PendingEvent with_parameter(int type) {
    return test::with<schema::RunCompletedT>(run_event({}), [type](schema::RunCompletedT& run) {
      auto parameter = std::make_unique<schema::ParameterT>();
      parameter->name = "fast";
      parameter->value = std::make_unique<schema::ParameterValue>(
          1, 1.0, static_cast<schema::ParameterType>(type));
      run.spec->parameters.push_back(std::move(parameter));
    });
  }
};

TEST_F(NewerEvents, OfUnknownKindsAreProvedAndNotTold) {
  for (const std::uint8_t kind : std::to_array<std::uint8_t>({12, 20, 21, 200, 255}))
    expect_proved_and_not_told(test::of_kind(kind, test::attested_event("newer")));
}

TEST_F(NewerEvents, WithUnknownValuesThatChangeTheirMeaningAreProvedAndNotTold) {
  expect_proved_and_not_told(run_event({.run_class = static_cast<schema::RunClass>(9)}));
  expect_proved_and_not_told(with_account(9));
  expect_proved_and_not_told(with_sizing(9));
  expect_proved_and_not_told(with_parameter(9));
  expect_proved_and_not_told(with_role(9));
}

TEST_F(NewerEvents, WithKnownValuesAreTold) {
  for (PendingEvent event : {with_account(2), with_sizing(4), with_parameter(4), with_role(1)}) {
    const Seq seq = ledger_.append_newer(std::move(event));
    EXPECT_TRUE(read_event(ledger_.view(), seq));
  }
}

TEST_F(NewerEvents, AreDerivableUnlessTheirKindOrClassIsUnknown) {
  EXPECT_FALSE(is_derivable(test::of_kind(200, test::attested_event("newer"))));
  EXPECT_FALSE(is_derivable(run_event({.run_class = static_cast<schema::RunClass>(9)})));
  EXPECT_TRUE(is_derivable(with_account(9)));
  EXPECT_TRUE(is_derivable(with_sizing(9)));
}

TEST_F(NewerEvents, WithFiguresOfUnknownNumbersAreTold) {
  const Seq seq = ledger_.append_newer(
      test::with<schema::RunCompletedT>(run_event({}), [](schema::RunCompletedT& run) {
        run.metrics.emplace_back(1.0, static_cast<schema::MetricKey>(900),
                                 static_cast<schema::MetricUndefined>(90));
      }));
  EXPECT_TRUE(read_event(ledger_.view(), seq));
}

}  // namespace
}  // namespace runledger::ledger
