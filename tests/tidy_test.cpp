// The rules of this repository that a machine can check, on this repository.
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/repository.hpp"
#include "tidy/rules.hpp"

namespace {

using ::testing::IsEmpty;
using namespace runledger::tidy;

constexpr std::array kMayBeLong = {
    Exception{.path = "tests/golden",
              .reason = "data that programs compare, not text that people read"},
    Exception{.path = "schemas/released/v1/layout.txt", .reason = "likewise"},
};

const Repository& repository() {
  static const Repository read = read_repository(RL_SOURCE_DIR);
  return read;
}

TEST(TheRepository, IncludesOnlyDownItsDirections) {
  EXPECT_THAT(check_dependence_directions(repository()), IsEmpty());
}

TEST(TheRepository, KeepsLibrariesBehindTheFoldersThatOwnThem) {
  EXPECT_THAT(check_third_party_owners(repository()), IsEmpty());
}

TEST(TheRepository, HasNoFileThatHoldsTwoConcepts) {
  EXPECT_THAT(check_file_lengths(repository(), kMayBeLong), IsEmpty());
}

TEST(TheRepository, HasNoMarksOfUnfinishedWork) {
  EXPECT_THAT(check_words(repository()), IsEmpty());
}

TEST(TheRepository, BuildsEverySourceFile) {
  EXPECT_THAT(check_dead_files(repository()), IsEmpty());
}

TEST(TheRepository, GuardsItsHeaders) { EXPECT_THAT(check_header_guards(repository()), IsEmpty()); }

TEST(TheRepository, HasOnlyItsOwnTopFolders) {
  EXPECT_THAT(check_top_folders(repository()), IsEmpty());
}

TEST(TheRepository, NamesItsTestsInSentencesAndDisablesNone) {
  EXPECT_THAT(check_tests(repository()), IsEmpty());
}

TEST(TheRepository, LinksOnlyToWhatIsThere) { EXPECT_THAT(check_links(repository()), IsEmpty()); }

TEST(TheRepository, StopsItsScriptsAtTheFirstError) {
  EXPECT_THAT(check_scripts(repository()), IsEmpty());
}

}  // namespace
