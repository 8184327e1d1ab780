#include "protocol.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace runledger::ledger {
namespace {

Bytes body_of(Bytes frame) {
  auto body = take_frame(frame);
  EXPECT_TRUE(frame.empty());
  return **body;
}

TEST(Protocol, HasTheBytesOfTheFormatDocument) {
  EXPECT_EQ(to_hex(encode_hello()), "1400000072756e6c656467657220636f6d6d697474657201");
  EXPECT_EQ(to_hex(encode_request({RequestKind::append, {Bytes{0xaa, 0xbb}}})),
            "0b000000"
            "01"
            "01000000"
            "02000000"
            "aabb");
  EXPECT_EQ(to_hex(encode_request({RequestKind::pin, {}})), "0100000002");
  EXPECT_EQ(to_hex(encode_reply(Recorded{{Seq(258)}, true})),
            "0e000000"
            "00"
            "01"
            "01000000"
            "0201000000000000");
  EXPECT_EQ(to_hex(encode_reply(Retry{})), "0100000002");
}

TEST(Protocol, GivesBackRequestsAndReplies) {
  EXPECT_EQ(decode_hello(body_of(encode_hello())), kProtocolVersion);
  const auto request = decode_request(
      body_of(encode_request({RequestKind::append, {Bytes(3, 7), Bytes(), Bytes(70'000, 1)}})));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->events, (std::vector<Bytes>{Bytes(3, 7), Bytes(), Bytes(70'000, 1)}));
  const auto error =
      decode_reply(body_of(encode_reply(Error{ErrorCode::conflict, "Run 3 is retracted."})));
  ASSERT_TRUE(error);
  EXPECT_EQ(std::get<Error>(*error).code, ErrorCode::conflict);
  EXPECT_EQ(std::get<Error>(*error).message, "Run 3 is retracted.");
  const auto recorded = decode_reply(body_of(encode_reply(Recorded{{Seq(1), Seq(2)}, false})));
  ASSERT_TRUE(recorded);
  EXPECT_EQ(std::get<Recorded>(*recorded).seqs, (std::vector{Seq(1), Seq(2)}));
}

TEST(Protocol, WaitsForTheRestOfAFrame) {
  const Bytes frame = encode_hello();
  for (std::size_t size = 0; size < frame.size(); ++size) {
    Bytes part(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
    const auto taken = take_frame(part);
    ASSERT_TRUE(taken);
    EXPECT_FALSE(*taken);
    EXPECT_EQ(part.size(), size);
  }
}

TEST(Protocol, RefusesAnAnnouncedLengthAboveTheLimit) {
  Bytes frame{0xff, 0xff, 0xff, 0x7f};
  EXPECT_EQ(take_frame(frame).error().code, ErrorCode::too_large);
}

RC_GTEST_PROP(ProtocolProperty, NeverReadsPastAnyBytes, ()) {
  const auto bytes = *rc::gen::arbitrary<Bytes>();
  (void)decode_hello(bytes);
  (void)decode_request(bytes);
  (void)decode_reply(bytes);
}

RC_GTEST_PROP(ProtocolProperty, RefusesEveryShortenedRequest, ()) {
  const auto events = *rc::gen::nonEmpty<std::vector<Bytes>>();
  Bytes body = body_of(encode_request({RequestKind::append, events}));
  body.resize(*rc::gen::inRange<std::size_t>(0, body.size()));
  RC_ASSERT(!decode_request(body));
}

}  // namespace
}  // namespace runledger::ledger
