// The functions of .ci/shell.sh, with files and programs of the test's own in place of the
// machine's.
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "shell_command.hpp"
#include "temporary_directory.hpp"

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using Outcome = runledger::test::CommandOutcome;

class Shell : public ::testing::Test {
 protected:
  // Runs `script` after sourcing the functions; stdin is empty, so there is no terminal.
  Outcome run(std::string_view script) {
    return runledger::test::run_in_bash(
        directory_.path(), "set -euo pipefail\nroot=" + folder() +
                               "\nsteps_total=3\nsource " RL_SOURCE_DIR "/.ci/shell.sh\n" +
                               std::string(script));
  }
  std::string write(const std::string& name, std::string_view text) {
    std::ofstream(directory_.path() / name) << text;
    return folder() + "/" + name;
  }
  [[nodiscard]] std::string folder() const { return directory_.path().string(); }

  static void expect_one_sentence(const Outcome& outcome, std::string_view part) {
    EXPECT_EQ(outcome.status, 1) << outcome.text;
    EXPECT_THAT(outcome.text, AllOf(HasSubstr(part), ::testing::EndsWith("\n")));
    EXPECT_EQ(outcome.text.find('\n'), outcome.text.size() - 1) << outcome.text;
  }

 private:
  runledger::test::TemporaryDirectory directory_;
};

TEST_F(Shell, TakesDebian12OnAmd64) {
  const auto release = write("os-release", "ID=debian\nVERSION_ID=\"12\"\n");
  EXPECT_EQ(run("require_debian_12 " + release + " x86_64").status, 0);
}

TEST_F(Shell, RefusesAnotherDistributionInOneSentence) {
  const auto ubuntu = write("os-release", "ID=ubuntu\nVERSION_ID=\"24.04\"\n");
  expect_one_sentence(run("require_debian_12 " + ubuntu + " x86_64"), "this is ubuntu 24.04");
  expect_one_sentence(run("require_debian_12 /nowhere/os-release x86_64"), "an unknown system");
}

TEST_F(Shell, RefusesAnotherProcessorInOneSentence) {
  const auto release = write("os-release", "ID=debian\nVERSION_ID=\"12\"\n");
  expect_one_sentence(run("require_debian_12 " + release + " aarch64"), "this machine is aarch64");
}

TEST_F(Shell, CountsMemoryThatProgramsMayStillTake) {
  const auto meminfo =
      write("meminfo", "MemTotal: 8192000 kB\nMemAvailable: 4096000 kB\nSwapFree: 1024000 kB\n");
  EXPECT_EQ(run("memory_megabytes " + meminfo + " /nowhere").text, "5000\n");
}

TEST_F(Shell, CountsTheLimitOfAContainer) {
  const auto meminfo = write("meminfo", "MemAvailable: 4096000 kB\nSwapFree: 0 kB\n");
  write("memory.max", "2147483648\n");
  write("memory.current", "1073741824\n");
  EXPECT_EQ(run("memory_megabytes " + meminfo + " " + folder()).text, "1024\n");
  write("memory.max", "max\n");
  EXPECT_EQ(run("memory_megabytes " + meminfo + " " + folder()).text, "4000\n");
}

TEST_F(Shell, RunsAsManyCompilersAsMemoryAndProcessorsAllow) {
  EXPECT_EQ(run("jobs_for 3100 8").text, "2\n");
  EXPECT_EQ(run("jobs_for 64000 2").text, "2\n");
  EXPECT_EQ(run("jobs_for 1500 2").text, "1\n");
}

TEST_F(Shell, RefusesTooLittleMemoryInOneSentence) {
  expect_one_sentence(run("jobs=$(jobs_for 700 2); echo $jobs"), "700 MB are free");
}

TEST_F(Shell, RefusesTooLittleDiskInOneSentence) {
  expect_one_sentence(run("df() { printf 'Size\\nd 9 8 2048000 7%% /\\n'; }\n"
                          "require_disk /usr 2001 'building'"),
                      "building takes 2001 MB and /usr has 2000 MB free");
  EXPECT_EQ(run("require_disk / 1 'building'").status, 0);
}

TEST_F(Shell, AsksAptForNothingThatIsInstalled) {
  write("packages.txt", "# comment\nbuild g++\nbuild cmake\ntest gdb\n");
  const auto outcome =
      run("dpkg-query() { printf 'installed g++\\ninstalled cmake\\nconfig-files gdb\\n'; }\n"
          "apt_as_root() { echo apt \"$@\"; exit 9; }\n"
          "install_packages build");
  EXPECT_EQ(outcome.text, "All 2 packages are installed.\n");
}

TEST_F(Shell, InstallsOnlyWhatIsMissingAndRemovesNothing) {
  write("packages.txt", "build g++\nbuild cmake\ntest gdb\n");
  const auto outcome =
      run("dpkg-query() { printf 'installed g++\\nconfig-files gdb\\n'; [ ! -e $root/done ] || "
          "printf 'installed cmake\\ninstalled gdb\\n'; }\n"
          "id() { echo 0; }\n"
          "apt_as_root() { echo apt \"$@\"; [ $1 != install ] || touch $root/done; }\n"
          "install_packages build test");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.text,
              HasSubstr("apt install --yes --no-remove --no-install-recommends cmake gdb\n"));
}

TEST_F(Shell, SaysWhatToInstallWhereThereIsNoSudo) {
  expect_one_sentence(run("id() { echo 1000; }\ncommand() { [ $2 != sudo ]; }\n"
                          "require_root_or_sudo cmake gdb"),
                      "there is no sudo: run this as root, then script again: apt-get install "
                      "--no-remove --no-install-recommends cmake gdb");
}

TEST_F(Shell, SaysWhatToInstallWhereNobodyCanTypeAPassword) {
  expect_one_sentence(run("id() { echo 1000; }\nsudo() { return 1; }\nrequire_root_or_sudo cmake"),
                      "sudo wants a password");
}

TEST_F(Shell, TakesSudoThatAsksNothing) {
  EXPECT_EQ(run("id() { echo 1000; }\nsudo() { return 0; }\nrequire_root_or_sudo cmake").status, 0);
}

TEST_F(Shell, TellsAMissingNetworkFromAMissingPackage) {
  const auto network =
      write("network.log",
            "Err:1 http://deb.debian.org/debian bookworm InRelease\n"
            "  Temporary failure resolving 'deb.debian.org'\nE: Unable to locate package cmake\n");
  expect_one_sentence(run("stop_for_apt " + network),
                      "the Debian mirror http://deb.debian.org cannot be reached");
  const auto package = write("package.log", "Reading...\nE: Unable to locate package mold\n");
  expect_one_sentence(run("stop_for_apt " + package), "apt knows no package mold: add");
}

TEST_F(Shell, SaysThatItNeverRemovesPackages) {
  const auto log = write("apt.log", "E: Packages need to be removed but remove is disabled.\n");
  expect_one_sentence(run("stop_for_apt " + log), "which this script never does");
}

TEST_F(Shell, PassesOnWhatAptSaidLast) {
  const auto log = write("apt.log", "E: first\nE: The package index is odd\n");
  expect_one_sentence(run("stop_for_apt " + log), "apt-get failed: The package index is odd");
}

TEST_F(Shell, EndsWithTheTotalsOfAllTests) {
  const auto report =
      write("tests.xml",
            "<testsuite name=\"all\"\n\ttests=\"12\"\n\tfailures=\"2\"\n\tdisabled=\"0\"\n"
            "\tskipped=\"3\"\n\t>\n<testcase name=\"a\">\ntests=\"99\"\n</testcase></testsuite>\n");
  const auto outcome = run("test_totals " + report);
  EXPECT_EQ(outcome.text, "7 passed, 2 failed, 3 skipped\n");
  EXPECT_EQ(outcome.status, 0);
}

TEST_F(Shell, FailsWhenThereWasNoTest) {
  const auto report = write("tests.xml", "<testsuite\n\ttests=\"0\"\n\tfailures=\"0\"\n>\n");
  EXPECT_NE(run("test_totals " + report).status, 0);
}

TEST_F(Shell, CountsItsSteps) {
  EXPECT_EQ(run("step one; step two").text, "\n[1/3] one\n\n[2/3] two\n");
}

}  // namespace
