#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/base/bytes.hpp>

namespace runledger {
namespace {

TEST(Bytes, NumbersAreLittleEndianAndTextIsLengthPrefixed) {
  ByteWriter writer;
  writer.number(std::uint16_t{0x0102}).text("ab").real(1.0);
  EXPECT_EQ(to_hex(writer.bytes()),
            "0201"
            "020000006162"
            "000000000000f03f");
}

TEST(Bytes, EveryNanIsTheOneNanAndMinusZeroIsKept) {
  EXPECT_EQ(canonical_bits(-std::numeric_limits<double>::quiet_NaN()), 0x7ff8000000000000ULL);
  EXPECT_EQ(canonical_bits(-0.0), 0x8000000000000000ULL);
}

RC_GTEST_PROP(Bytes, ReadBackAsWritten,
              (std::int64_t number, const std::string& text, double real)) {
  ByteWriter writer;
  writer.number(number).text(text).real(real);
  ByteReader reader(writer.bytes());
  RC_ASSERT(reader.number<std::int64_t>() == number);
  RC_ASSERT(reader.text() == text);
  RC_ASSERT(canonical_bits(reader.real()) == canonical_bits(real));
  RC_ASSERT(reader.ok());
  RC_ASSERT(reader.rest().empty());
}

TEST(ByteReader, StaysFailedAfterAReadPastTheEnd) {
  const Bytes bytes{1, 2, 3};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.number<std::uint32_t>(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.number<std::uint8_t>(), 0u);
  EXPECT_TRUE(reader.text().empty());
}

TEST(ByteReader, RefusesATextLongerThanWhatIsLeft) {
  ByteWriter writer;
  writer.number(std::uint32_t{0xffffffff}).raw("abc");
  ByteReader reader(writer.bytes());
  EXPECT_TRUE(reader.text().empty());
  EXPECT_FALSE(reader.ok());
}

RC_GTEST_PROP(BigEndianKeys, SortAsTheirNumbers, (std::uint64_t a, std::uint64_t b)) {
  std::string key_a;
  std::string key_b;
  append_be64(key_a, a);
  append_be64(key_b, b);
  RC_ASSERT((key_a < key_b) == (a < b));
  RC_ASSERT(read_be64(key_a) == a);
}

}  // namespace
}  // namespace runledger
