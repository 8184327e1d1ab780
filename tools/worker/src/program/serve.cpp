#include "serve.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <runledger/base/bytes.hpp>

#include "channel.hpp"
#include "held_plugin.hpp"
#include "high_fd.hpp"
#include "process_state.hpp"
#include "run_request.hpp"
#include "shown_bars.hpp"

namespace runledger::worker {
namespace {

struct Request {
  Bytes bytes;
  Fd bars;
};

// Fills `into`; a descriptor that comes along goes to `fd`. False at the end of the channel.
bool receive_all(int channel, std::span<std::uint8_t> into, Fd& fd) {
  while (!into.empty()) {
    auto received = receive_some(channel, into);
    if (!received || received->size == 0) return false;
    if (received->fds[0]) fd = std::move(received->fds[0]);
    into = into.subspan(received->size);
  }
  return true;
}

std::vector<std::string> confinement_names(std::uint32_t confinement) {
  std::vector<std::string> names;
  if ((confinement & kConfinedSystemCalls) != 0) names.emplace_back("system calls");
  if ((confinement & kConfinedMemory) != 0) names.emplace_back("memory");
  if ((confinement & kConfinedFiles) != 0) names.emplace_back("files");
  if ((confinement & kConfinedChildren) != 0) names.emplace_back("children");
  return names;
}

class Server {
 public:
  Server(Fd channel, WorkerStatus& status)
      : channel_(std::move(channel)),
        status_(status),
        log_(to_high_fd(Fd(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)))),
        plugin_(status),
        at_start_(ProcessState::now()) {}

  int serve() {
    for (;;) {
      FrameHeader header;
      Request request;
      if (!receive_all(channel_.get(), writable_bytes(header), request.bars)) return lost();
      if (header.magic != kFrameMagic || header.size > kRequestBytesMax) return kExitRequest;
      request.bytes.resize(header.size);
      if (!receive_all(channel_.get(), request.bytes, request.bars)) return lost();
      const schema::WorkerRequest* parsed = verified_request(request.bytes);
      if (parsed == nullptr) return kExitRequest;
      schema::WorkerReplyT reply;
      const bool retires = answer(*parsed, std::move(request.bars), reply);
      reply.nonce = parsed->nonce();
      if (!send(reply)) return lost();
      if (retires) return kExitRetired;
    }
  }

 private:
  static std::span<std::uint8_t> writable_bytes(FrameHeader& header) {
    return {reinterpret_cast<std::uint8_t*>(&header), sizeof header};
  }

  // True when this process must not serve another request.
  bool answer(const schema::WorkerRequest& request, Fd bars, schema::WorkerReplyT& reply) {
    if (const auto* describe = request.call_as_DescribeRequest(); describe != nullptr) {
      reply.answer.Set(this->describe(*describe));
      return at_start_.change_until_now().has_value();
    }
    RunContext context{.status = status_,
                       .plugin = plugin_,
                       .bars = bars_,
                       .at_start = at_start_,
                       .log_fd = log_.get()};
    if (const auto* batch = request.call_as_RunBatchRequest(); batch != nullptr) {
      auto answer = execute(*batch, std::move(bars), context);
      const bool retires = !answer.redo.empty();
      reply.answer.Set(std::move(answer));
      return retires;
    }
    schema::RunReplyT answer;
    if (const auto* run = request.call_as_RunRequest(); run != nullptr) {
      answer = execute(*run, std::move(bars), context);
    } else {
      answer.failure = schema::FailureReason::protocol;
      answer.message = "the worker does not know this request";
    }
    const bool retires = !answer.retire.empty();
    reply.answer.Set(std::move(answer));
    return retires;
  }

  schema::DescribeReplyT describe(const schema::DescribeRequest& request) {
    const std::string path =
        request.plugin_path() != nullptr ? request.plugin_path()->str() : std::string();
    const LoadedPlugin* loaded = plugin_.load(path);
    schema::DescribeReplyT reply;
    if (loaded != nullptr) {
      reply = describe_plugin(*loaded, path);
    } else {
      reply.refusals.emplace_back("the worker holds another plugin");
    }
    reply.confinement = confinement_names(status_.confinement);
    return reply;
  }

  // Seals the reply in the status, then sends it.
  bool send(const schema::WorkerReplyT& reply) {
    flatbuffers::FlatBufferBuilder builder;
    builder.Finish(schema::WorkerReply::Pack(builder, &reply), kReplyIdentifier);
    const ByteView bytes(builder.GetBufferPointer(), builder.GetSize());
    status_.sealed_digest = sha256(bytes).bytes;
    status_.sealed_nonce = reply.nonce;
    FrameHeader header{.size = static_cast<std::uint32_t>(bytes.size())};
    return send_all(channel_.get(), writable_bytes(header)) && send_all(channel_.get(), bytes);
  }

  // The client hung up, or something closed the channel here.
  int lost() {
    if (::fcntl(channel_.get(), F_GETFD) >= 0) return kExitClosed;
    status_.end.kind = static_cast<std::uint32_t>(EndKind::channel);
    return kExitChannel;
  }

  Fd channel_;
  WorkerStatus& status_;
  Fd log_;
  HeldPlugin plugin_;
  ShownBars bars_;
  ProcessState at_start_;
};

}  // namespace

int serve(Fd channel, WorkerStatus& status) { return Server(std::move(channel), status).serve(); }

}  // namespace runledger::worker
