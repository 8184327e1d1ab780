#include "channel.hpp"

#include <array>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <runledger/schemas/worker_generated.h>

namespace runledger::test {
namespace {

using namespace worker;

struct Sockets {
  Fd left, right;
};
Sockets make_sockets() {
  std::array<int, 2> fds{-1, -1};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()), 0);
  return {Fd(fds[0]), Fd(fds[1])};
}

Bytes some_reply() {
  schema::WorkerReplyT reply;
  reply.nonce = 7;
  schema::RunReplyT run;
  run.message = "a message";
  run.bar = 3;
  reply.answer.Set(std::move(run));
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(schema::WorkerReply::Pack(builder, &reply), kReplyIdentifier);
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

TEST(Channel, CarriesADescriptorWithTheFirstByte) {
  const Sockets sockets = make_sockets();
  const Fd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const std::array fds{file.get()};
  const Bytes sent{1, 2, 3};
  ASSERT_TRUE(send_all(sockets.left.get(), sent, fds));
  Bytes received(8);
  const auto some = receive_some(sockets.right.get(), received);
  ASSERT_TRUE(some);
  EXPECT_EQ(some->size, 3U);
  ASSERT_TRUE(some->fds[0]);
  EXPECT_EQ(::fcntl(some->fds[0].get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  EXPECT_FALSE(some->fds[1]);
}

TEST(Channel, TellsTheEndAsNoBytes) {
  Sockets sockets = make_sockets();
  sockets.left.reset();
  Bytes received(8);
  const auto some = receive_some(sockets.right.get(), received);
  ASSERT_TRUE(some);
  EXPECT_EQ(some->size, 0U);
  EXPECT_FALSE(send_all(sockets.right.get(), Bytes{1}));
}

TEST(Channel, AcceptsAWellFormedReplyOnly) {
  const Bytes reply = some_reply();
  ASSERT_NE(verified_reply(reply), nullptr);
  EXPECT_EQ(verified_reply(reply)->nonce(), 7U);
  EXPECT_EQ(verified_request(reply), nullptr);
  EXPECT_EQ(verified_reply({}), nullptr);
}

RC_GTEST_PROP(Channel, ReadsNothingOutsideOfAMutatedReply, ()) {
  Bytes reply = some_reply();
  const auto changes =
      *rc::gen::container<std::vector<std::pair<std::size_t, std::uint8_t>>>(rc::gen::pair(
          rc::gen::inRange<std::size_t>(0, reply.size()), rc::gen::arbitrary<std::uint8_t>()));
  for (const auto& [at, value] : changes) reply[at] = value;
  reply.resize(*rc::gen::inRange<std::size_t>(0, reply.size() + 1));
  // Under the address sanitizer a read outside would end the test.
  if (const auto* verified = verified_reply(reply); verified != nullptr) {
    schema::WorkerReplyT unpacked;
    verified->UnPackTo(&unpacked);
  }
}

}  // namespace
}  // namespace runledger::test
