// The program that is killed. It does one thing to a ledger and says on standard output what it
// tried and what it was told: `try ID`, `ack SEQ ID`, `refused CODE ID MESSAGE`.
//
//   create LEDGER                make it
//   once LEDGER ID               one append
//   append LEDGER PREFIX N       N threads, each append finding its own way to a committer
//   commit LEDGER PREFIX N       N threads beside a committer of this process
//   serve LEDGER                 only a committer, for others
//   read LEDGER N                opens it N times and reads everything
//   verify LEDGER, reindex LEDGER
//   blobs LEDGER PREFIX          puts blobs
//   register LEDGER ID           puts a blob, and appends the event that names it
// Those that have no end leave when their input ends.
#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

#include <runledger/base/text.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/ledger.hpp>

#include "fault_events.hpp"
#include "fault_point.hpp"
#include "findings.hpp"

#ifdef RUNLEDGER_FAULT_POINTS
namespace runledger::ledger {

// Dies at the point named by RUNLEDGER_FAULT_POINT, after passing it RUNLEDGER_FAULT_SKIP times.
void fault_point(std::string_view name) {
  static std::atomic<int> passed{0};
  static const char* const chosen = std::getenv("RUNLEDGER_FAULT_POINT");
  static const char* const skip = std::getenv("RUNLEDGER_FAULT_SKIP");
  if (chosen == nullptr || name != chosen) return;
  if (passed++ >= (skip == nullptr ? 0 : std::atoi(skip))) ::kill(::getpid(), SIGKILL);
}

}  // namespace runledger::ledger
#endif

namespace runledger::test {
namespace {

using namespace runledger::ledger;

// Whole lines in one write: a killed process leaves no half of one.
void say(std::string line) {
  line += '\n';
  (void)!::write(STDOUT_FILENO, line.data(), line.size());
}

int report(const Error& error) {
  say("refused " + std::string(error_name(error.code)) + " - " + error.message);
  return exit_status(error.code);
}

bool tell(const std::string& id, const Result<Recorded>& recorded) {
  if (recorded)
    say("ack " + std::to_string(recorded->seqs.front().value) + " " + id);
  else
    say("refused " + std::string(error_name(recorded.error().code)) + " " + id + " " +
        recorded.error().message);
  return recorded.has_value();
}

void await_end_of_input() {
  std::array<char, 64> buffer;
  while (::read(STDIN_FILENO, buffer.data(), buffer.size()) > 0) {
  }
}

template <class Append>
int run_threads(const std::string& prefix, int count, Append append) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < count; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        const std::string id = prefix + "-" + std::to_string(t) + "-" + std::to_string(i);
        say("try " + id);
        if (!tell(id, append(event_for(id)))) return;
      }
    });
  say("ready");
  await_end_of_input();
  stop = true;
  for (auto& thread : threads) thread.join();
  return 0;
}

int commit(const std::string& ledger, const std::string& prefix, int count) {
  auto committer = Committer::open(ledger, {});
  if (!committer) return report(committer.error());
  return run_threads(prefix, count,
                     [&](PendingEvent event) { return committer->append({std::move(event)}); });
}

int serve(const std::string& ledger) {
  const auto committer = Committer::open(ledger, {});
  if (!committer) return report(committer.error());
  say("ready");
  await_end_of_input();
  return 0;
}

// Everything that a reader sees fits together: events and every index gapless up to HEAD.
int read(const std::string& ledger, int count) {
  for (int i = 0; i < count; ++i) {
    const auto reader = Reader::open(ledger, {});
    if (!reader) return report(reader.error());
    const std::uint64_t size = reader->head().size.value;
    std::uint64_t runs = 0;
    for (std::uint64_t seq = 0; seq < size; ++seq) {
      const auto event = reader->event(Seq(seq));
      if (!event) return report(event.error());
      const auto& content = event_in(event->bytes());
      runs += content.payload_type() == schema::Payload::RunCompleted ? 1u : 0u;
      const auto found = reader->event_by_request(content.request_id()->string_view());
      if (!found || *found != Seq(seq)) {
        say("hole: request id of event " + std::to_string(seq));
        return 70;
      }
    }
    const auto counted = reader->count({});
    const auto listed = reader->list({}, {.limit = 100'000, .offset = 0, .cursor = {}});
    if (!counted || !listed || *counted != runs || listed->runs.size() != runs) {
      say("hole: " + std::to_string(runs) + " runs, another number in an index");
      return 70;
    }
    say("read " + std::to_string(size));
  }
  return 0;
}

int verify(const std::string& ledger) {
  const auto verification = ledger::verify(ledger, nullptr);
  if (!verification) return report(verification.error());
  const auto damage = ledger::test::damage_in(*verification);
  for (const Finding& finding : damage) say("finding " + finding.where + ": " + finding.message);
  if (damage.empty()) say("ok " + std::to_string(verification->head.size.value));
  return damage.empty() ? 0 : exit_status(ErrorCode::damaged);
}

int reindex(const std::string& ledger) {
  const auto reindexed = ledger::reindex(ledger, {}, nullptr);
  if (!reindexed) return report(reindexed.error());
  say("reindexed " + std::to_string(reindexed->pairs) + " " + std::to_string(reindexed->differing));
  return 0;
}

int put_blobs(const std::string& ledger, const std::string& prefix) {
  const BlobStore blobs{ledger};
  say("ready");
  for (int i = 0;; ++i) {
    const std::string content =
        prefix + std::string(1000u * static_cast<unsigned>(i % 50), 'b') + std::to_string(i);
    const auto name = blobs.put(bytes_of(content));
    if (!name) return report(name.error());
    say("ack " + name->hex());
  }
}

int register_plugin(const std::string& ledger, const std::string& id) {
  const auto plugin = BlobStore(ledger).put(bytes_of(id));
  if (!plugin) return report(plugin.error());
  fault_point("before the event");
  return tell(id, append(ledger, {ledger::test::plugin_event(id, *plugin)}, {})) ? 0 : 5;
}

int run(const std::vector<std::string>& arguments) {
  const std::string command = arguments.size() > 1 ? arguments[1] : "";
  const std::string ledger = arguments.size() > 2 ? arguments[2] : "";
  const std::string prefix = arguments.size() > 3 ? arguments[3] : "";
  const auto count = arguments.empty() ? std::nullopt : parse_int(arguments.back());
  const int threads = static_cast<int>(count.value_or(1));
  if (command == "create") {
    const auto made = create(ledger, {.origin = "", .program = "test", .actor = "tester"});
    return made ? 0 : report(made.error());
  }
  if (command == "once") return tell(prefix, append(ledger, {event_for(prefix)}, {})) ? 0 : 5;
  if (command == "append")
    return run_threads(prefix, threads,
                       [&](PendingEvent event) { return append(ledger, {std::move(event)}, {}); });
  if (command == "commit") return commit(ledger, prefix, threads);
  if (command == "serve") return serve(ledger);
  if (command == "read") return read(ledger, threads);
  if (command == "verify") return verify(ledger);
  if (command == "reindex") return reindex(ledger);
  if (command == "blobs") return put_blobs(ledger, prefix);
  if (command == "register") return register_plugin(ledger, prefix);
  return 2;
}

}  // namespace
}  // namespace runledger::test

// RUNLEDGER_FAULT_UID: become this user, when we are root, whom permissions do not bind.
// RUNLEDGER_FAULT_FILE_SIZE: no file may become larger.
static void take_limits() {
  const char* user = std::getenv("RUNLEDGER_FAULT_UID");
  if (user != nullptr && ::geteuid() == 0 && ::setuid(static_cast<uid_t>(std::atoi(user))) != 0)
    std::_Exit(99);
  const char* size = std::getenv("RUNLEDGER_FAULT_FILE_SIZE");
  if (size == nullptr) return;
  const rlimit limit{static_cast<rlim_t>(std::atoi(size)), static_cast<rlim_t>(std::atoi(size))};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) std::_Exit(99);
}

int main(int argc, char** argv) {
  take_limits();
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  return runledger::test::run({argv, argv + argc});
}
