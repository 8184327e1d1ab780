#include "committer_server.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "client.hpp"
#include "temporary_directory.hpp"

namespace runledger::ledger {
namespace {

using std::chrono::milliseconds;

// Numbers the events it is given; counts pins. Holds its answers back while `held`.
class CountingService final : public CommitService {
 public:
  void append(std::vector<PendingEvent> events, std::function<void(Outcome)> done) override {
    const std::scoped_lock lock(mutex_);
    Recorded recorded;
    for (std::size_t i = 0; i < events.size(); ++i) recorded.seqs.emplace_back(next_++);
    auto answer = [done = std::move(done), recorded] { done(recorded); };
    if (held_)
      answers_.emplace_back(std::move(answer));
    else
      answer();
  }
  void pin(std::function<void(Result<Pin>)> done) override {
    ++pins;
    done(Pin{7});
  }
  void unpin(Pin pin, std::function<void(Status)> done) override {
    EXPECT_EQ(pin.opening, 7u);
    --pins;
    done({});
  }
  void hold() {
    const std::scoped_lock lock(mutex_);
    held_ = true;
  }
  void answer_all() {
    const std::scoped_lock lock(mutex_);
    for (auto& answer : answers_) answer();
    answers_.clear();
    held_ = false;
  }
  std::atomic<int> pins{0};

 private:
  std::mutex mutex_;
  std::uint64_t next_ = 0;
  bool held_ = false;
  std::vector<std::function<void()>> answers_;
};

class Server : public ::testing::Test {
 protected:
  void serve(const ServerLimits& limits = {}) {
    auto server = CommitterServer::open(layout_, service_, limits);
    ASSERT_TRUE(server) << server.error().message;
    server_.emplace(*std::move(server));
  }
  Patience patience(milliseconds timeout = milliseconds(20'000)) {
    return {timeout, nullptr, nullptr};
  }
  CommitterClient client() {
    auto wait = patience();
    auto connected = CommitterClient::connect(layout_, wait);
    EXPECT_TRUE(connected && *connected);
    return **std::move(connected);
  }
  std::optional<Reply> ask(CommitterClient& client, const Request& request) {
    auto wait = patience();
    return client.ask(request, wait).reply;
  }
  // A connection that speaks no protocol.
  Fd stranger() {
    const auto address = socket_address(layout_);
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, address->path.c_str(), address->path.size() + 1);
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
    return fd;
  }
  static void send(const Fd& fd, const Bytes& bytes) {
    EXPECT_EQ(::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // Whether the server hangs up within ten seconds; what it says before is dropped.
  static bool is_hung_up(const Fd& fd) {
    const auto deadline = Clock::now() + std::chrono::seconds(10);
    while (Clock::now() < deadline) {
      pollfd item{fd.get(), POLLIN, 0};
      if (::poll(&item, 1, 100) <= 0) continue;
      char buffer[256];
      if (::recv(fd.get(), buffer, sizeof buffer, 0) <= 0) return true;
    }
    return false;
  }
  void await_pins(int count) {
    auto wait = patience();
    while (service_.pins != count && !wait.over()) wait.pause();
    EXPECT_EQ(service_.pins, count);
  }
  void expect_served() {
    auto good = client();
    EXPECT_TRUE(ask(good, {RequestKind::append, {Bytes(3)}}));
  }

  test::TemporaryDirectory directory_;
  Layout layout_{directory_.path()};
  CountingService service_;
  std::optional<CommitterServer> server_;
};

TEST_F(Server, AnswersAppendsInTheOrderOfEachClient) {
  serve();
  auto first = client();
  for (std::uint64_t i = 0; i < 3; ++i) {
    const auto reply = ask(first, {RequestKind::append, {Bytes(10)}});
    ASSERT_TRUE(reply);
    EXPECT_EQ(std::get<Recorded>(*reply).seqs, std::vector{Seq(i)});
  }
}

TEST_F(Server, ServesManyClientsAtOnce) {
  serve();
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      auto mine = client();
      for (int round = 0; round < 50; ++round)
        if (ask(mine, {RequestKind::append, {Bytes(1000)}})) ++answered;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answered, 400);
}

TEST_F(Server, TakesTheLargestAppendAndRefusesALargerOne) {
  serve();
  auto good = client();
  EXPECT_TRUE(ask(good, {RequestKind::append, {Bytes(kAppendBytesMax)}}));
  auto bad = client();
  EXPECT_FALSE(ask(bad, {RequestKind::append, {Bytes(kFrameBytesMax + 1)}}));
  expect_served();
}

TEST_F(Server, HasASocketForItsUserOnlyAndRemovesIt) {
  serve();
  struct stat status{};
  ASSERT_EQ(::stat(layout_.socket().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(layout_.socket()));
}

// The mode of the socket keeps others out; if somebody widens it, the server still looks who comes.
TEST_F(Server, HangsUpOnAnotherUser) {
  serve();
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(layout_.socket().c_str(), 0666), 0);
  bool came = false;
  std::string said;
  std::thread visitor([&] {
    constexpr uid_t kNobody = 65534;
    constexpr auto kSame = static_cast<uid_t>(-1);
    std::error_code ignored;
    // The system call, because the C library's function changes all threads.
    came = ::syscall(SYS_setresuid, kSame, kNobody, kSame) == 0 &&
           std::filesystem::exists(layout_.socket(), ignored);
    if (!came) return;
    const Fd fd = stranger();
    char buffer[256];
    const ssize_t size = ::recv(fd.get(), buffer, sizeof buffer, 0);
    said.assign(buffer, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  });
  visitor.join();
  if (!came)
    GTEST_SKIP() << "nobody can come as another user here: it takes root, and a container "
                    "with more than one user";
  EXPECT_EQ(said, "");
  expect_served();
}

TEST_F(Server, ReplacesTheSocketOfACommitterThatDied) {
  std::filesystem::create_directory(directory_.path() / "other");
  serve();
  std::filesystem::rename(layout_.socket(), directory_.path() / "kept");
  server_.reset();
  std::filesystem::rename(directory_.path() / "kept", layout_.socket());
  auto wait = patience(milliseconds(100));
  EXPECT_FALSE(*CommitterClient::connect(layout_, wait));
  serve();
  expect_served();
}

TEST_F(Server, IsReachedThroughAPathOfAnyLength) {
  Layout deep{directory_.path()};
  for (int i = 0; i < 12; ++i) deep.root /= std::string(100, 'x') + "-ü";
  std::filesystem::create_directories(deep.root);
  auto server = CommitterServer::open(deep, service_);
  ASSERT_TRUE(server) << server.error().message;
  auto wait = patience();
  EXPECT_TRUE(*CommitterClient::connect(deep, wait));
}

TEST_F(Server, ReleasesAPinOnUnpinAndOnHangUp) {
  serve();
  auto first = client();
  ASSERT_TRUE(std::holds_alternative<Recorded>(*ask(first, {RequestKind::pin, {}})));
  EXPECT_EQ(service_.pins, 1);
  ASSERT_TRUE(std::holds_alternative<Recorded>(*ask(first, {RequestKind::unpin, {}})));
  EXPECT_EQ(service_.pins, 0);
  {
    auto second = client();
    ASSERT_TRUE(ask(second, {RequestKind::pin, {}}));
    EXPECT_EQ(service_.pins, 1);
  }
  await_pins(0);
}

TEST_F(Server, EndsAPinThatIsHeldTooLong) {
  serve({.pin_wait = milliseconds(20)});
  auto slow = client();
  ASSERT_TRUE(ask(slow, {RequestKind::pin, {}}));
  await_pins(0);
  EXPECT_FALSE(ask(slow, {RequestKind::unpin, {}}));
}

TEST_F(Server, HangsUpOnWhatItCannotRead) {
  serve();
  for (const Bytes& bytes :
       {Bytes{0xff, 0xff, 0xff, 0xff}, Bytes{1, 0, 0, 0, 99}, Bytes{0, 0, 0, 0},
        encode_request({RequestKind::unpin, {}}), Bytes{5, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff}}) {
    const Fd garbage = stranger();
    send(garbage, bytes);
    EXPECT_TRUE(is_hung_up(garbage)) << to_hex(bytes);
  }
  expect_served();
}

TEST_F(Server, HangsUpOnARequestThatNeverEnds) {
  serve({.frame_wait = milliseconds(20)});
  const Fd half = stranger();
  send(half, {100, 0, 0, 0, 1});
  EXPECT_TRUE(is_hung_up(half));
  expect_served();
}

TEST_F(Server, HangsUpOnAClientThatDoesNotReadItsAnswers) {
  serve({.reply_wait = milliseconds(20)});
  const Fd deaf = stranger();
  const Bytes request = encode_request({RequestKind::append, std::vector<Bytes>(9'000)});
  const timeval patience{0, 200'000};
  ::setsockopt(deaf.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  bool sending = true;
  for (int i = 0; i < 1'000 && sending; ++i)
    sending = ::send(deaf.get(), request.data(), request.size(), MSG_NOSIGNAL) > 0;
  EXPECT_FALSE(sending);
  EXPECT_TRUE(is_hung_up(deaf));
  expect_served();
}

TEST_F(Server, MakesRoomByClosingTheIdleOnes) {
  serve({.connections_max = 8});
  std::vector<Fd> idle;
  for (int i = 0; i < 50; ++i) idle.push_back(stranger());
  expect_served();
  EXPECT_TRUE(is_hung_up(idle.front()));
}

TEST_F(Server, ServesOthersWhileOneRequestIsUnderWay) {
  serve();
  service_.hold();
  std::thread waiting([&] {
    auto slow = client();
    EXPECT_TRUE(ask(slow, {RequestKind::append, {Bytes(3)}}));
  });
  auto reader = client();
  EXPECT_TRUE(ask(reader, {RequestKind::pin, {}}));
  EXPECT_TRUE(ask(reader, {RequestKind::unpin, {}}));
  // The slow one's request may not have arrived yet; answer until it has been served.
  std::atomic<bool> done{false};
  std::thread answering([&] {
    auto wait = patience();
    while (!done) {
      service_.answer_all();
      wait.pause();
    }
  });
  waiting.join();
  done = true;
  answering.join();
}

TEST_F(Server, SendsTheLastAnswersBeforeItCloses) {
  serve();
  auto mine = client();
  service_.hold();
  std::optional<Reply> reply;
  std::thread waiting([&] { reply = ask(mine, {RequestKind::append, {Bytes(3)}}); });
  auto other = client();
  EXPECT_TRUE(ask(other, {RequestKind::pin, {}}));
  service_.answer_all();
  server_.reset();
  waiting.join();
  // The request was answered, or had not been read: never half of an answer.
  EXPECT_TRUE(!reply || std::holds_alternative<Recorded>(*reply));
}

}  // namespace
}  // namespace runledger::ledger
