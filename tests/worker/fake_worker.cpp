// A worker program that speaks the protocol and does not keep it: keeper and worker in one, which
// loads no plugin and answers each request with a sealed reply that is wrong in one way. Started
// with that way as its first argument, before what every worker program is started with.
#include <array>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <runledger/base/digest.hpp>

#include "channel.hpp"
#include "control.hpp"
#include "status.hpp"

namespace runledger::test {
namespace {

using namespace worker;

constexpr int kControl = 3;

template <class T>
std::span<std::uint8_t> bytes_of(T& object) {
  return {reinterpret_cast<std::uint8_t*>(&object), sizeof object};
}

std::unique_ptr<schema::Digest> stored(const Digest& digest) {
  auto stored = std::make_unique<schema::Digest>();
  std::memcpy(stored->mutable_bytes()->Data(), digest.bytes.data(), digest.bytes.size());
  return stored;
}

schema::RunReplyT whole_reply() {
  schema::RunReplyT reply;
  reply.result = {1, 2, 3};
  reply.result_digest = stored(sha256(reply.result));
  reply.decision_digest = stored(sha256("decisions"));
  reply.metrics.emplace_back();
  return reply;
}

// What is wrong with a reply, by the name that the program is started with.
const std::map<std::string, std::function<void(schema::RunReplyT&)>>& ways() {
  static const std::map<std::string, std::function<void(schema::RunReplyT&)>> ways{
      {"whole", [](schema::RunReplyT&) {}},
      {"no-result-digest", [](schema::RunReplyT& reply) { reply.result_digest.reset(); }},
      {"no-decision-digest", [](schema::RunReplyT& reply) { reply.decision_digest.reset(); }},
      {"no-result", [](schema::RunReplyT& reply) { reply.result.clear(); }},
      {"no-metrics", [](schema::RunReplyT& reply) { reply.metrics.clear(); }},
      {"another-result", [](schema::RunReplyT& reply) { reply.result.back() ^= 1; }},
      {"unknown-failure",
       [](schema::RunReplyT& reply) {
         reply.failure = static_cast<schema::FailureReason>(200);
         reply.call = static_cast<schema::PluginCall>(200);
       }},
      {"shrinks-status", [](schema::RunReplyT&) {}}};
  return ways;
}

bool receive_all(int socket, std::span<std::uint8_t> into) {
  while (!into.empty()) {
    const auto received = receive_some(socket, into);
    if (!received || received->size == 0) return false;
    into = into.subspan(received->size);
  }
  return true;
}

class FakeWorker {
 public:
  explicit FakeWorker(std::string way) : way_(std::move(way)) {}

  int serve() {
    if (!start()) return 3;
    while (answer()) {
    }
    return 0;
  }

 private:
  bool start() {
    ControlMessage message{};
    auto received = receive_some(kControl, bytes_of(message));
    if (!received || received->size != sizeof message) return false;
    channel_ = std::move(received->fds[0]);
    const Fd& file = received->fds[1];
    void* memory = ::mmap(nullptr, kStatusBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (memory == MAP_FAILED) return false;
    status_ = static_cast<WorkerStatus*>(memory);
    if (way_ == "shrinks-status" && ::ftruncate(file.get(), 0) == 0) return false;
    const Fd self(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
    ControlMessage started{
        .kind = ControlKind::started, .flags = 0, .value = ::getpid(), .extra = 0};
    const std::array fds{self.get()};
    return send_all(kControl, bytes_of(started), fds);
  }

  // False when there is nothing more to answer: the client is gone, or tells this worker to end.
  bool answer() {
    std::array<pollfd, 2> waits{{{.fd = channel_.get(), .events = POLLIN, .revents = 0},
                                 {.fd = kControl, .events = POLLIN, .revents = 0}}};
    if (::poll(waits.data(), waits.size(), -1) <= 0 || waits[1].revents != 0) return false;
    FrameHeader header;
    if (!receive_all(channel_.get(), bytes_of(header))) return false;
    Bytes request(header.size);
    if (!receive_all(channel_.get(), request)) return false;
    schema::RunReplyT run = whole_reply();
    ways().at(way_)(run);
    schema::WorkerReplyT reply;
    reply.nonce = verified_request(request)->nonce();
    reply.answer.Set(std::move(run));
    flatbuffers::FlatBufferBuilder builder;
    builder.Finish(schema::WorkerReply::Pack(builder, &reply), kReplyIdentifier);
    const ByteView bytes(builder.GetBufferPointer(), builder.GetSize());
    status_->sealed_digest = sha256(bytes).bytes;
    status_->sealed_nonce = reply.nonce;
    header = {.size = static_cast<std::uint32_t>(bytes.size())};
    return send_all(channel_.get(), bytes_of(header)) && send_all(channel_.get(), bytes);
  }

  std::string way_;
  Fd channel_;
  WorkerStatus* status_ = nullptr;
};

}  // namespace
}  // namespace runledger::test

int main(int count, char** arguments) {
  if (count < 2 || !runledger::test::ways().contains(arguments[1])) return 2;
  return runledger::test::FakeWorker(arguments[1]).serve();
}
