#include <runledger/app/datasets.hpp>

#include "workbench.hpp"

namespace runledger::app {
namespace {

class Datasets : public test::Workbench {};

TEST_F(Datasets, AreListedWithTheirNewestVersion) {
  import(write_prices("ZETA.csv", 100));
  import(write_prices("ACME.csv", 100));
  import(write_prices("ACME.csv", 150));
  const auto newest = list_datasets(context_, false);
  ASSERT_TRUE(newest) << newest.error().message;
  ASSERT_EQ(newest->size(), 2U);
  EXPECT_EQ(newest->at(0).ticker, "ACME");
  EXPECT_EQ(newest->at(0).rows, 150U);
  const auto all = list_datasets(context_, true);
  ASSERT_EQ(all->size(), 3U);
  EXPECT_TRUE(all->at(0).newest);
  EXPECT_FALSE(all->at(1).newest);
}

TEST_F(Datasets, AnOldVersionIsFoundByItsDigest) {
  const ImportedDataset old = import(write_prices("ACME.csv", 100));
  import(write_prices("ACME.csv", 150));
  const auto detail = show_dataset(context_, {"ACME@" + old.digest.hex().substr(0, 8), {}});
  ASSERT_TRUE(detail) << detail.error().message;
  EXPECT_EQ(detail->versions.at(0).digest, old.digest);
  EXPECT_EQ(detail->versions.at(1).rows, 150U);
}

TEST_F(Datasets, ThatAreNotThereNameTheNearest) {
  import(write_prices("ACME.csv", 100));
  EXPECT_EQ(show_dataset(context_, {"ACNE", {}}).error().message,
            "there is no data for ACNE; did you mean ACME?");
  EXPECT_EQ(show_dataset(context_, {"AC", {}}).error().message,
            "there is no data for AC; did you mean ACME?");
  EXPECT_EQ(show_dataset(context_, {"ACME@12", {}}).error().code, ErrorCode::invalid_input);
  EXPECT_EQ(show_dataset(context_, {"ACME@abcdef0123", {}}).error().code, ErrorCode::not_found);
  EXPECT_EQ(show_dataset(context_, {"ACME", "5m"}).error().code, ErrorCode::not_found);
}

TEST_F(Datasets, ComeOutAsTheyWentIn) {
  const ImportedDataset imported = import(write_prices("ACME.csv", 400));
  std::string text;
  const Status exported = export_dataset(context_, {"ACME", {}}, [&](std::string_view piece) {
    text += piece;
    return Status{};
  });
  ASSERT_TRUE(exported) << exported.error().message;
  const ImportedDataset copy = import(write_file("COPY.csv", text));
  EXPECT_EQ(copy.digest, imported.digest);
  EXPECT_EQ(copy.layout, "generic");
}

TEST_F(Datasets, OfAnyIntervalComeOutAsTheyWentIn) {
  const std::string head = "Date,Open,High,Low,Close\n";
  for (const auto& [interval, rows] : std::vector<std::pair<std::string, std::string>>{
           {"5m", "2024-01-02 09:30,1,2,1,2\n2024-01-02 09:35,2,3,1,1\n2024-01-02 09:40,1,1,1,1\n"},
           {"1h", "2024-01-02 00:00,1,2,1,2\n2024-01-02 01:00,2,3,1,1\n2024-01-02 02:00,2,3,1,1\n"},
           {"1w", "2024-01-01,1,2,1,2\n2024-01-08,2,3,1,1\n2024-01-15,2,3,1,1\n"},
           {"1mo", "2024-01-01,1,2,1,2\n2024-02-01,2,3,1,1\n2024-03-01,2,3,1,1\n"}}) {
    const ImportedDataset imported = import(write_file("T" + interval + ".csv", head + rows));
    EXPECT_EQ(imported.interval, interval);
    std::string text;
    ASSERT_TRUE(export_dataset(context_, {"T" + interval, {}}, [&](std::string_view piece) {
      text += piece;
      return Status{};
    }));
    const ImportedDataset copy = import(write_file("COPY" + interval + ".csv", text));
    EXPECT_EQ(copy.digest, imported.digest) << text;
    EXPECT_EQ(copy.layout, "generic");
    EXPECT_FALSE(copy.timezone_assumed);
  }
}

TEST_F(Datasets, WithoutALedgerSayHowToMakeOne) {
  const auto listed = list_datasets(context_, false);
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().code, ErrorCode::not_found);
  EXPECT_NE(listed.error().message.find("runledger data import"), std::string::npos);
}

}  // namespace
}  // namespace runledger::app
