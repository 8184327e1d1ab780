#include <cerrno>

#include <gtest/gtest.h>

#include <runledger/base/errno_text.hpp>

namespace runledger {
namespace {

TEST(ErrnoText, IsInWordsForPeople) {
  EXPECT_EQ(errno_text(EACCES), "permission denied");
  EXPECT_EQ(errno_text(ENOSPC), "no space is left");
  EXPECT_EQ(errno_text(4'095), "error number 4095");
}

}  // namespace
}  // namespace runledger
