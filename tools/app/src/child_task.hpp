#pragma once

#include <string>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/base/bytes.hpp>
#include <runledger/base/result.hpp>

namespace runledger::app {

// Work that may bring its process down (RocksDB aborts on some damage), done by this program in a
// child process: it is started again with kChildMark in front of the task's arguments, and answers
// on its standard output in frames of a u8 kind, a u32 size and that many bytes.
inline constexpr std::string_view kChildMark = "--runledger-child-task";

// How the child ended, when it gave no answer.
struct ChildEnd {
  int signal = 0;  // 0: it exited
  int exit_status = 0;
};
struct ChildAnswer {
  std::optional<Bytes> answer;
  ChildEnd end;
};

// Runs a task. Progress and notices go to the context. Errors: io (it could not be started),
// interrupted.
Result<ChildAnswer> run_in_child(const Context& context, const std::vector<std::string>& task);

// The child's side.
void send_progress(std::uint64_t done, std::uint64_t total);
void send_notice(const std::string& sentence);
void send_answer(ByteView answer);

}  // namespace runledger::app
