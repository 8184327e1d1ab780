#include "refused_calls.hpp"

#include <algorithm>
#include <array>

#include <sys/syscall.h>

namespace runledger::worker {
namespace {

constexpr std::array kRefused = std::to_array<RefusedCall>({
    // Programs and processes.
    {SYS_execve, Refuse::always, "execve"},
    {SYS_execveat, Refuse::always, "execveat"},
    {SYS_fork, Refuse::always, "fork"},
    {SYS_vfork, Refuse::always, "vfork"},
    {SYS_clone, Refuse::unless_thread, "fork"},
    {SYS_kill, Refuse::others, "kill"},
    {SYS_tkill, Refuse::always, "tkill"},
    {SYS_tgkill, Refuse::others, "tgkill"},
    {SYS_rt_sigqueueinfo, Refuse::others, "sigqueue"},
    {SYS_rt_tgsigqueueinfo, Refuse::others, "rt_tgsigqueueinfo"},
    {SYS_pidfd_open, Refuse::always, "pidfd_open"},
    {SYS_pidfd_send_signal, Refuse::always, "pidfd_send_signal"},
    {SYS_pidfd_getfd, Refuse::always, "pidfd_getfd"},
    {SYS_ptrace, Refuse::always, "ptrace"},
    {SYS_process_vm_readv, Refuse::always, "process_vm_readv"},
    {SYS_process_vm_writev, Refuse::always, "process_vm_writev"},
    {SYS_prlimit64, Refuse::limits, "setrlimit or prlimit"},
    {SYS_setrlimit, Refuse::always, "setrlimit"},
    {SYS_setpgid, Refuse::always, "setpgid"},
    {SYS_setsid, Refuse::always, "setsid"},
    // The network and other ways out.
    {SYS_socket, Refuse::always, "socket"},
    {SYS_bind, Refuse::always, "bind"},
    {SYS_connect, Refuse::always, "connect"},
    {SYS_io_uring_setup, Refuse::always, "io_uring_setup"},
    {SYS_shmget, Refuse::always, "shmget"},
    {SYS_msgget, Refuse::always, "msgget"},
    {SYS_semget, Refuse::always, "semget"},
    {SYS_mq_open, Refuse::always, "mq_open"},
    {SYS_keyctl, Refuse::always, "keyctl"},
    {SYS_add_key, Refuse::always, "add_key"},
    // Files.
    {SYS_open, Refuse::writing_1, "open"},
    {SYS_openat, Refuse::writing_2, "open"},
    {SYS_openat2, Refuse::always, "openat2"},
    {SYS_creat, Refuse::always, "creat"},
    {SYS_truncate, Refuse::always, "truncate"},
    {SYS_mkdir, Refuse::always, "mkdir"},
    {SYS_mkdirat, Refuse::always, "mkdir"},
    {SYS_rmdir, Refuse::always, "rmdir"},
    {SYS_mknod, Refuse::always, "mknod"},
    {SYS_mknodat, Refuse::always, "mknod"},
    {SYS_unlink, Refuse::always, "unlink"},
    {SYS_unlinkat, Refuse::always, "unlink"},
    {SYS_rename, Refuse::always, "rename"},
    {SYS_renameat, Refuse::always, "rename"},
    {SYS_renameat2, Refuse::always, "rename"},
    {SYS_link, Refuse::always, "link"},
    {SYS_linkat, Refuse::always, "link"},
    {SYS_symlink, Refuse::always, "symlink"},
    {SYS_symlinkat, Refuse::always, "symlink"},
    {SYS_chmod, Refuse::always, "chmod"},
    {SYS_fchmod, Refuse::always, "chmod"},
    {SYS_fchmodat, Refuse::always, "chmod"},
    {SYS_chown, Refuse::always, "chown"},
    {SYS_lchown, Refuse::always, "chown"},
    {SYS_fchown, Refuse::always, "chown"},
    {SYS_fchownat, Refuse::always, "chown"},
    {SYS_utime, Refuse::always, "utime"},
    {SYS_utimes, Refuse::always, "utimes"},
    {SYS_utimensat, Refuse::always, "utimensat"},
    {SYS_setxattr, Refuse::always, "setxattr"},
    {SYS_lsetxattr, Refuse::always, "setxattr"},
    {SYS_fsetxattr, Refuse::always, "setxattr"},
    {SYS_removexattr, Refuse::always, "removexattr"},
    {SYS_lremovexattr, Refuse::always, "removexattr"},
    {SYS_fremovexattr, Refuse::always, "removexattr"},
    // The machine.
    {SYS_mount, Refuse::always, "mount"},
    {SYS_umount2, Refuse::always, "umount"},
    {SYS_pivot_root, Refuse::always, "pivot_root"},
    {SYS_chroot, Refuse::always, "chroot"},
    {SYS_unshare, Refuse::always, "unshare"},
    {SYS_setns, Refuse::always, "setns"},
    {SYS_setuid, Refuse::always, "setuid"},
    {SYS_setgid, Refuse::always, "setgid"},
    {SYS_setresuid, Refuse::always, "setresuid"},
    {SYS_setresgid, Refuse::always, "setresgid"},
    {SYS_bpf, Refuse::always, "bpf"},
    {SYS_perf_event_open, Refuse::always, "perf_event_open"},
    {SYS_userfaultfd, Refuse::always, "userfaultfd"},
    {SYS_settimeofday, Refuse::always, "settimeofday"},
    {SYS_clock_settime, Refuse::always, "clock_settime"},
    {SYS_adjtimex, Refuse::always, "adjtimex"},
    {SYS_sethostname, Refuse::always, "sethostname"},
    {SYS_reboot, Refuse::always, "reboot"},
    {SYS_swapon, Refuse::always, "swapon"},
    {SYS_swapoff, Refuse::always, "swapoff"},
    {SYS_init_module, Refuse::always, "init_module"},
    {SYS_finit_module, Refuse::always, "finit_module"},
    {SYS_delete_module, Refuse::always, "delete_module"},
    {SYS_kexec_load, Refuse::always, "kexec_load"},
    {SYS_quotactl, Refuse::always, "quotactl"},
    {SYS_acct, Refuse::always, "acct"},
    {SYS_iopl, Refuse::always, "iopl"},
    {SYS_ioperm, Refuse::always, "ioperm"},
});

}  // namespace

std::span<const RefusedCall> refused_calls() { return kRefused; }

std::string refused_call_text(std::int32_t number) {
  const auto* found = std::ranges::find(kRefused, number, &RefusedCall::number);
  if (found == kRefused.end()) return "made system call " + std::to_string(number);
  const bool writing = found->when == Refuse::writing_1 || found->when == Refuse::writing_2;
  return std::string("called ") + found->name + (writing ? " to write" : "");
}

}  // namespace runledger::worker
