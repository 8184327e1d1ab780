#include "event.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

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
        test::reproduced_event("a", {1, 2}), test::imported_event("a", "SPY", "1d", Digest{}),
        test::plugin_event("a", Digest{}), test::engine_event("a", Digest{})})
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
    const auto code = code_of(read_event(ledger_.view(), Seq(2)));
    ASSERT_TRUE(code == ErrorCode::damaged || code == ErrorCode::unsupported) << "bit " << bit;
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

}  // namespace
}  // namespace runledger::ledger
