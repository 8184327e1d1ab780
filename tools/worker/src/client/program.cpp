#include <runledger/worker/worker.hpp>

namespace runledger::worker {

Result<std::filesystem::path> find_worker_program() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path prefix = self.parent_path().parent_path();
  const std::filesystem::path program = prefix / RL_LIBEXEC_DIR / "runledger-worker";
  if (!error && std::filesystem::is_regular_file(program, error)) return program;
  return fail(ErrorCode::not_found,
              "There is no " + program.string() + "; is runledger installed completely?");
}

}  // namespace runledger::worker
