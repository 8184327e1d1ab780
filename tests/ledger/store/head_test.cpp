#include "head.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "temporary_directory.hpp"

namespace runledger::ledger {
namespace {

HeadRecord example(std::uint64_t generation) {
  HeadRecord head;
  head.generation = generation;
  head.seq = Seq(generation * 10);
  head.event_hash = sha256("event " + std::to_string(generation));
  head.size = size_after(head.seq);
  head.root = sha256("root " + std::to_string(generation));
  head.recorded_at = 1'795'336'128'123'456'789 + static_cast<TimeNs>(generation);
  return head;
}

void flip_bit(const std::filesystem::path& path, std::uint64_t bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto place = static_cast<std::streamoff>(bit / 8);
  file.seekg(place);
  const int byte = file.get() ^ (1 << bit % 8);
  file.seekp(place);
  file.put(static_cast<char>(byte));
}

class Head : public ::testing::Test {
 protected:
  test::TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_.path() / "HEAD";
  [[nodiscard]] HeadShape shape() const { return HeadFile::look(path_)->shape; }
  HeadRecord after_advances(std::uint64_t generations) {
    EXPECT_TRUE(HeadFile::create(path_, example(1)));
    auto file = HeadFile::open(path_);
    for (std::uint64_t g = 2; g <= generations; ++g) EXPECT_TRUE(file->advance(example(g)));
    return file->record();
  }
};

TEST_F(Head, GivesBackWhatWasWrittenLast) {
  EXPECT_EQ(after_advances(7), example(7));
  EXPECT_EQ(*HeadFile::read(path_), example(7));
  EXPECT_EQ(shape(), HeadShape::whole);
}

TEST_F(Head, IsWholeWhenItStartsInMidCountAsAfterARepair) {
  ASSERT_TRUE(HeadFile::create(path_, example(6)));
  EXPECT_EQ(*HeadFile::read(path_), example(6));
  EXPECT_EQ(shape(), HeadShape::whole);
  ASSERT_TRUE(HeadFile::open(path_)->advance(example(7)));
  EXPECT_EQ(*HeadFile::read(path_), example(7));
  EXPECT_EQ(shape(), HeadShape::whole);
}

TEST_F(Head, HasTheBytesOfTheFormatDocument) {
  HeadRecord head;
  head.generation = 3;
  head.seq = Seq(258);
  head.event_hash.bytes.fill(0xaa);
  head.size = LogSize(259);
  head.root.bytes.fill(0xbb);
  head.recorded_at = 1'000'000'000;
  const Bytes slot = encode_head_slot(head);
  ASSERT_EQ(slot.size(), kHeadSlotSize);
  EXPECT_EQ(to_hex(ByteView(slot).first(40)),
            "524c484541440d0a"
            "0100000000000000"
            "0300000000000000"
            "0201000000000000"
            "aaaaaaaaaaaaaaaa");
  EXPECT_EQ(to_hex(ByteView(slot).subspan(64, 8)), "0301000000000000");
  EXPECT_EQ(to_hex(ByteView(slot).subspan(104, 8)), "00ca9a3b00000000");
  EXPECT_EQ(to_hex(ByteView(slot).subspan(480, 32)),
            "d9e3998c709bb585ecaf15c58d6b7bda211262efe3f140cc150d01bb7a79706e");
}

TEST_F(Head, FallsBackOnTheSlotBeforeWhenTheNewestIsTorn) {
  after_advances(4);
  flip_bit(path_, 8 * 100);  // generation 4 is in the first slot
  EXPECT_EQ(*HeadFile::read(path_), example(3));
  EXPECT_EQ(shape(), HeadShape::one_slot);
  EXPECT_EQ(HeadFile::look(path_)->newest, example(3));
}

TEST_F(Head, IsRefusedWhenBothSlotsAreDamaged) {
  after_advances(4);
  flip_bit(path_, 8 * 100);
  flip_bit(path_, 8 * (kHeadSlotStride + 100));
  EXPECT_EQ(HeadFile::read(path_).error().code, ErrorCode::damaged);
  EXPECT_EQ(shape(), HeadShape::changed);
  EXPECT_FALSE(HeadFile::look(path_)->newest);
}

TEST_F(Head, IsRefusedWhenItIsMissingEmptyOrShort) {
  EXPECT_EQ(HeadFile::read(path_).error().code, ErrorCode::damaged);
  after_advances(2);
  std::filesystem::resize_file(path_, 400);
  EXPECT_EQ(HeadFile::read(path_).error().code, ErrorCode::damaged);
  std::filesystem::resize_file(path_, 0);
  EXPECT_EQ(HeadFile::read(path_).error().code, ErrorCode::damaged);
}

TEST_F(Head, RefusesASlotCopiedToTheOtherPlace) {
  after_advances(2);
  Bytes file = *read_file(path_, 8192);
  std::copy_n(file.begin(), kHeadSlotStride, file.begin() + kHeadSlotStride);
  std::filesystem::remove(path_);
  ASSERT_TRUE(write_new_file(path_, file));
  EXPECT_EQ(*HeadFile::read(path_), example(2));
  EXPECT_EQ(shape(), HeadShape::one_slot);
}

TEST_F(Head, OfANewLedgerHasNothingInItsFirstSlot) {
  after_advances(1);
  EXPECT_EQ(shape(), HeadShape::whole);
  flip_bit(path_, 8 * 100);
  EXPECT_EQ(shape(), HeadShape::one_slot);
  EXPECT_EQ(*HeadFile::read(path_), example(1));
}

TEST_F(Head, IsChangedWhenItIsLongerOrShorter) {
  after_advances(5);
  std::filesystem::resize_file(path_, 2 * kHeadSlotStride + 1);
  EXPECT_EQ(shape(), HeadShape::changed);
  EXPECT_EQ(*HeadFile::read(path_), example(5));
  std::filesystem::resize_file(path_, kHeadSlotStride + kHeadSlotSize);
  EXPECT_EQ(shape(), HeadShape::changed);
}

RC_GTEST_PROP(HeadSlot, NoticesEveryFlippedBit, ()) {
  Bytes slot = encode_head_slot(example(*rc::gen::inRange<std::uint64_t>(1, 1'000'000)));
  const auto bit = *rc::gen::inRange<std::size_t>(0, slot.size() * 8);
  slot[bit / 8] = static_cast<std::uint8_t>(slot[bit / 8] ^ (1u << bit % 8));
  RC_ASSERT(!decode_head_slot(slot));
}

TEST_F(Head, NoticesEveryFlippedByteOfTheFile) {
  after_advances(5);
  for (std::uint64_t byte = 0; byte < 2 * kHeadSlotStride; byte += 13) {
    flip_bit(path_, byte * 8 + byte % 8);
    const bool in_a_slot = byte % kHeadSlotStride < kHeadSlotSize;
    EXPECT_EQ(shape(), in_a_slot ? HeadShape::one_slot : HeadShape::changed) << byte;
    flip_bit(path_, byte * 8 + byte % 8);
  }
  EXPECT_EQ(shape(), HeadShape::whole);
}

}  // namespace
}  // namespace runledger::ledger
