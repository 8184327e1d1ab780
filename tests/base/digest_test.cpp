#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/base/digest.hpp>

namespace runledger {
namespace {

// The examples of FIPS 180-4.
TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

RC_GTEST_PROP(Sha256, InPiecesIsTheSameAsWhole, (const std::string& a, const std::string& b)) {
  Sha256 hasher;
  RC_ASSERT(hasher.update(a).update(b).finish() == sha256(a + b));
  RC_ASSERT(hasher.finish() == sha256(""));
}

RC_GTEST_PROP(Digest, HexReadsBack, (const std::string& text)) {
  const Digest digest = sha256(text);
  RC_ASSERT(Digest::from_hex(digest.hex()) == digest);
}

TEST(Digest, RefusesWhatIsNot64HexDigits) {
  const std::string hex = sha256("").hex();
  EXPECT_FALSE(Digest::from_hex(""));
  EXPECT_FALSE(Digest::from_hex(hex.substr(1)));
  EXPECT_FALSE(Digest::from_hex(hex + "0"));
  EXPECT_FALSE(Digest::from_hex("g" + hex.substr(1)));
  EXPECT_TRUE(Digest::from_hex("E" + hex.substr(1)));
}

TEST(Random, FillsEverythingAndDiffers) {
  std::array<std::uint8_t, 32> a{};
  std::array<std::uint8_t, 32> b{};
  fill_random(a);
  fill_random(b);
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace runledger
