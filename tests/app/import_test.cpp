#include <fstream>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <runledger/app/datasets.hpp>
#include <runledger/app/maintenance.hpp>
#include <runledger/base/fd.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/ledger.hpp>

#include "workbench.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;
using test::with;
using test::Workbench;
class Import : public Workbench {
 protected:
  [[nodiscard]] std::uint64_t events() const {
    return ledger::Reader::open(context_.ledger, {})->head().size.value;
  }
  [[nodiscard]] Error refusal(const fs::path& file, const ImportRequest& request) const {
    const auto outcome = import_files(context_, {file.string()}, request);
    return outcome ? outcome->refused.at(0).error : outcome.error();
  }
};

TEST_F(Import, MakesTheLedgerAndSaysSo) {
  const ImportedDataset imported = import(write_prices("ACME.csv", 300));
  EXPECT_EQ(imported.ticker, "ACME");
  EXPECT_EQ(imported.interval, "1d");
  EXPECT_EQ(imported.rows, 300U);
  EXPECT_FALSE(imported.already_present);
  EXPECT_EQ(imported.event, Seq(1));
  EXPECT_EQ(notices_, std::vector{"made a new ledger at " + context_.ledger.string()});
  EXPECT_TRUE(ledger::is_ledger(context_.ledger));
}

TEST_F(Import, ThatRefusesEveryFileMakesNoLedger) {
  const Error error = refusal(write_file("BAD.csv", "Date,Open\n2024-01-02,x\n"), {});
  EXPECT_EQ(error.code, ErrorCode::invalid_input);
  EXPECT_FALSE(fs::exists(context_.ledger));
  EXPECT_TRUE(notices_.empty());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder()), fs::directory_iterator()), 1);
}

// A split of two for one on the third day, and a dividend on the fourth.
constexpr std::string_view kActions =
    "Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits\n"
    "2024-01-02,100,100,100,100,45,10,0,0\n"
    "2024-01-03,100,100,100,100,45,10,0,0\n"
    "2024-01-04,50,50,50,50,45,20,0,2\n"
    "2024-01-05,45,45,45,45,45,20,5,0\n";

TEST_F(Import, AppliesColumnsOnRequestAndRecordsIt) {
  const fs::path file = write_file("ACME.csv", kActions);
  ImportRequest request;
  request.apply = "dividends,splits";
  request.keep_raw = true;
  const ImportedDataset applied = import(file, request);
  EXPECT_EQ(applied.adjustment, "full");
  ASSERT_EQ(applied.applied.size(), 2U);
  EXPECT_EQ(applied.applied[0].what, "splits");
  EXPECT_EQ(applied.applied[0].column, "Stock Splits");
  EXPECT_EQ(applied.applied[0].count, 1U);
  EXPECT_EQ(applied.applied[1].what, "dividends");
  const auto shown = show_dataset(context_, {"ACME", {}});
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->versions.at(0).applied.size(), 2U);
  EXPECT_EQ(shown->versions.at(0).adjustment, "full");
  // Again from the file that the ledger kept: nothing new.
  const auto kept = ledger::BlobStore(context_.ledger).get(shown->versions.at(0).raw_digest);
  ASSERT_TRUE(kept) << kept.error().message;
  const ImportedDataset again =
      import(write_file("ACME.csv", std::string(kept->begin(), kept->end())), request);
  EXPECT_TRUE(again.already_present);
  EXPECT_EQ(again.applied.size(), 2U);
  request.apply = "splits";
  const ImportedDataset splits = import(file, request);
  EXPECT_EQ(splits.adjustment, "split");
  EXPECT_EQ(splits.rows_changed, 3U);
}

TEST_F(Import, OfAdjustedClosesGivesWhatTheyWereMadeOf) {
  ImportRequest request;
  request.apply = "adjclose";
  const ImportedDataset adjusted = import(write_file("A.csv", kActions), request);
  EXPECT_EQ(adjusted.adjustment, "full");
  EXPECT_FALSE(adjusted.adjusted_close_differs);
  request.apply = "splits,dividends";
  const ImportedDataset own = import(write_file("B.csv", kActions), request);
  std::string text[2];
  for (const auto& [ticker, out] : {std::pair{"A", &text[0]}, {"B", &text[1]}})
    ASSERT_TRUE(export_dataset(context_, {ticker, {}}, [out = out](std::string_view piece) {
      *out += piece;
      return Status{};
    }));
  EXPECT_EQ(text[0].substr(0, text[0].find("45,10")), text[1].substr(0, text[1].find("45,20")));
}

TEST_F(Import, RefusesToApplyWhatIsContradicted) {
  const fs::path file = write_file("ACME.csv", kActions);
  ImportRequest request;
  for (const char* wrong : {"", "all", "adjclose,splits", "splits;dividends"}) {
    request.apply = wrong;
    EXPECT_EQ(refusal(file, request).code, ErrorCode::invalid_input) << wrong;
  }
  request.apply = "splits";
  request.adjustment = "raw";
  EXPECT_EQ(refusal(file, request).message,
            "--adjustment is raw, and --apply splits makes the prices split; leave --adjustment "
            "out");
  request.adjustment = "split";
  EXPECT_EQ(import(file, request).adjustment, "split");
}

TEST_F(Import, OfTheSameBarsAgainAddsNoEvent) {
  const fs::path file = write_prices("ACME.csv", 300);
  const ImportedDataset first = import(file);
  const std::uint64_t before = events();
  const ImportedDataset second = import(file);
  EXPECT_TRUE(second.already_present);
  EXPECT_EQ(second.digest, first.digest);
  EXPECT_EQ(second.event, first.event);
  EXPECT_EQ(events(), before);
}

TEST_F(Import, OfTheSameBarsAgainTellsHowManyLostPiecesItRestored) {
  const fs::path file = write_prices("ACME.csv", 1000);
  import(file);
  const ledger::BlobStore blobs(context_.ledger);
  const std::vector<Digest> names = blobs.list()->blobs;
  ASSERT_EQ(names.size(), 4U);
  fs::remove(blobs.path_of(names[0]));
  std::ofstream(blobs.path_of(names[2]), std::ios::trunc) << "damage";
  notices_.clear();
  const ImportedDataset again = import(file);
  EXPECT_TRUE(again.already_present);
  EXPECT_EQ(again.chunks_restored, 2U);
  EXPECT_TRUE(notices_.empty()) << notices_.front();
  for (const Digest& name : names) EXPECT_TRUE(blobs.get(name)) << name.hex();
  EXPECT_EQ(import(file).chunks_restored, 0U);
}

TEST_F(Import, OfAGrownFileTellsWhatItRestoredOfTheVersionBefore) {
  import(write_prices("ACME.csv", 1000));
  const ledger::BlobStore blobs(context_.ledger);
  const std::vector<Digest> names = blobs.list()->blobs;
  for (const Digest& name : names) fs::remove(blobs.path_of(name));
  notices_.clear();
  const ImportedDataset grown = import(write_prices("ACME.csv", 1100));
  EXPECT_EQ(grown.chunks_restored, 3U);
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_EQ(notices_[0].find("the version before cannot be compared: "), 0U) << notices_[0];
}

TEST_F(Import, OfAGrownFileSharesTheOldChunks) {
  const ImportedDataset old = import(write_prices("ACME.csv", 1000));
  const ImportedDataset grown = import(write_prices("ACME.csv", 1100));
  EXPECT_EQ(grown.previous, old.digest);
  EXPECT_EQ(grown.rows_added, 100U);
  EXPECT_EQ(grown.rows_changed, 0U);
  EXPECT_EQ(grown.chunks_shared, 3U);
  EXPECT_GE(grown.chunks_new, 1U);
}

TEST_F(Import, OfACorrectedFileSaysThatHistoryChanged) {
  import(write_file("ACME.csv",
                    "Date,Open,High,Low,Close,Volume\n2024-01-02,10,11,9,10,5\n"
                    "2024-01-03,10,11,9,10,5\n"));
  const ImportedDataset corrected =
      import(write_file("ACME.csv",
                        "Date,Open,High,Low,Close,Volume\n2024-01-02,10,12,9,10,5\n"
                        "2024-01-03,10,11,9,10,5\n2024-01-04,10,11,9,10,5\n"));
  EXPECT_EQ(corrected.rows_changed, 1U);
  EXPECT_EQ(corrected.rows_added, 1U);
}

TEST_F(Import, OfAFileThatHasShrunkSaysWhatIsGone) {
  const std::string head = "Date,Open,High,Low,Close,Volume\n";
  const std::string first = "2024-01-02,10,11,9,10,5\n";
  const std::string middle = "2024-01-03,10,11,9,10,5\n2024-01-04,10,11,9,10,5\n";
  const std::string last = "2024-01-05,10,11,9,10,5\n";
  const ImportedDataset whole = import(write_file("ACME.csv", head + first + middle + last));
  for (const std::string& rest : {middle + last, first + middle}) {
    const ImportedDataset less = import(write_file("ACME.csv", head + rest));
    EXPECT_EQ(less.rows_removed, 1U);
    EXPECT_EQ(less.rows_changed, 0U);
    EXPECT_EQ(less.rows_added, 0U);
    EXPECT_EQ(less.previous, whole.digest);
    const ImportedDataset again = import(write_file("ACME.csv", head + first + middle + last));
    EXPECT_EQ(again.rows_added, 1U);
    EXPECT_EQ(again.rows_removed, 0U);
  }
}

TEST_F(Import, OfAFileThatMayNotBeReadIsWrongInput) {
  const fs::path file = write_prices("ACME.csv", 50);
  fs::permissions(file, fs::perms::none);
  if (::access(file.c_str(), R_OK) == 0) GTEST_SKIP() << "root may read everything";
  const Error error = refusal(file, {});
  EXPECT_EQ(error.code, ErrorCode::invalid_input);
  EXPECT_EQ(error.message, file.string() + ": may not be read; check its permissions");
}

TEST_F(Import, TellsWhetherTheTimezoneWasAssumed) {
  const std::string rows = "2024-01-02 09:30:00,10,11,9,10,5\n2024-01-02 09:35:00,10,11,9,10,5\n";
  const fs::path file = write_file("ACME.csv", "timestamp,open,high,low,close,volume\n" + rows);
  const ImportedDataset assumed = import(file);
  EXPECT_EQ(assumed.layout, "alpha-vantage");
  EXPECT_TRUE(assumed.timezone_assumed);
  EXPECT_EQ(assumed.timezone, "UTC");
  const ImportedDataset told = import(file, with(&ImportRequest::timezone, "America/New_York"));
  EXPECT_FALSE(told.timezone_assumed);
  EXPECT_EQ(told.timezone, "America/New_York");
  EXPECT_FALSE(import(file, with(&ImportRequest::timezone, "UTC")).timezone_assumed);
  EXPECT_FALSE(import(write_prices("DAILY.csv", 50)).timezone_assumed);
}

// Holds a folder as the maker of a ledger does.
class Held {
 public:
  explicit Held(const fs::path& folder) : fd_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY)) {
    EXPECT_EQ(::flock(fd_.get(), LOCK_EX | LOCK_NB), 0);
  }

 private:
  Fd fd_;
};

TEST_F(Import, IntoANewLedgerRemovesWhatAKilledOneLeft) {
  const fs::path abandoned = folder() / ".ledger.new-abcdef";
  const fs::path used = folder() / ".ledger.new-ghijkl";
  const fs::path others = folder() / ".ledger.newer-abcdef";
  for (const fs::path& path : {abandoned, used, others}) {
    fs::create_directories(path / "blobs");
    std::ofstream(path / "blobs" / "half") << "of one";
  }
  const Held held(used);
  import(write_prices("ACME.csv", 50));
  EXPECT_FALSE(fs::exists(abandoned));
  EXPECT_TRUE(fs::exists(used / "blobs" / "half"));
  EXPECT_TRUE(fs::exists(others / "blobs" / "half"));
}

// The first one is at its first file when the second one begins and ends.
TEST_F(Import, IntoANewLedgerBesideAnotherKeepsBoth) {
  const fs::path first = write_prices("FIRST.csv", 50);
  const fs::path second = write_prices("SECOND.csv", 60);
  Context other = context_;
  bool begun = false;
  context_.on_progress = [&](std::uint64_t, std::uint64_t, std::string_view) {
    if (std::exchange(begun, true)) return;
    const auto outcome = import_files(other, {second.string()}, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_TRUE(outcome->refused.empty());
  };
  import(first);
  EXPECT_TRUE(begun);
  const auto datasets = list_datasets(context_, false);
  ASSERT_TRUE(datasets) << datasets.error().message;
  std::vector<std::string> tickers;
  for (const DatasetSummary& dataset : *datasets) tickers.push_back(dataset.ticker);
  EXPECT_EQ(tickers, (std::vector<std::string>{"FIRST", "SECOND"}));
  const auto verified = verify(context_);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_TRUE(verified->ok);
  for (const auto& entry : fs::directory_iterator(folder()))
    EXPECT_FALSE(entry.path().filename().string().starts_with(".")) << entry.path();
}

TEST_F(Import, ARefusedFileDoesNotKeepTheOthersOut) {
  const std::vector<std::string> files{
      write_prices("ONE.csv", 100).string(), write_file("BAD.csv", "no prices here").string(),
      (folder() / "absent.csv").string(), write_prices("TWO.csv", 200).string()};
  const auto outcome = import_files(context_, files, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_EQ(outcome->datasets.size(), 2U);
  EXPECT_EQ(outcome->datasets[0].event, Seq(1));
  EXPECT_EQ(outcome->datasets[1].ticker, "TWO");
  EXPECT_EQ(outcome->datasets[1].event, Seq(2));
  ASSERT_EQ(outcome->refused.size(), 2U);
  EXPECT_EQ(outcome->refused[1].error.code, ErrorCode::not_found);
}

TEST_F(Import, DropsBadRowsWhenAskedAndRecordsThem) {
  const fs::path file = write_file("ACME.csv",
                                   "Date,Open,High,Low,Close,Volume\n"
                                   "2024-01-02,10,11,9,10,5\n2024-01-03,10,11,9,x,5\n"
                                   "2024-01-04,10,11,9,10,5\n2024-01-05,10,11,9,10,5\n"
                                   "2024-01-08,10,11,9,10,5\n2024-01-09,10,11,9,10,5\n");
  EXPECT_EQ(refusal(file, {}).code, ErrorCode::invalid_input);
  const ImportedDataset imported = import(file, with(&ImportRequest::on_bad, "drop"));
  EXPECT_EQ(imported.rows, 5U);
  EXPECT_EQ(imported.dropped, 1U);
  const auto detail = show_dataset(context_, {"ACME", {}});
  ASSERT_TRUE(detail) << detail.error().message;
  ASSERT_EQ(detail->bad_rows.size(), 1U);
  EXPECT_EQ(detail->bad_rows[0].line, 3U);
  EXPECT_FALSE(detail->bad_rows[0].reason.starts_with(":")) << detail->bad_rows[0].reason;
}

TEST_F(Import, TellsARowWithoutAColumnToBlameInPlainWords) {
  const fs::path file = folder() / "SHORT.csv";
  std::ofstream(file) << "Date,Open,High,Low,Close,Volume\n2024-01-02,10,11,9,10,5\n"
                         "2024-01-03,10,11,9,10\n2024-01-04,10,11,9,10,5\n"
                         "2024-01-05,10,11,9,10,5\n2024-01-08,10,11,9,10,5\n";
  const ImportedDataset imported = import(file, with(&ImportRequest::on_bad, "drop"));
  ASSERT_EQ(imported.bad_rows.size(), 1U);
  EXPECT_EQ(imported.bad_rows[0].reason, "has 5 columns, expected 6");
}

TEST_F(Import, DoesNotKnowTheAdjustmentUnlessItIsTold) {
  const fs::path file = write_prices("ACME.csv", 50);
  EXPECT_EQ(import(file).adjustment, std::nullopt);
  EXPECT_EQ(show_dataset(context_, {"ACME", {}})->versions.at(0).adjustment, std::nullopt);
  // The bars are there: what is known about them stays.
  EXPECT_EQ(import(file, with(&ImportRequest::adjustment, "full")).adjustment, std::nullopt);
}

TEST_F(Import, RecordsTheAdjustmentThatItIsTold) {
  for (const char* adjustment : {"raw", "split", "full"}) {
    const fs::path file = write_prices(std::string(adjustment) + ".csv", 50);
    const ImportRequest told = with(&ImportRequest::adjustment, adjustment);
    EXPECT_EQ(import(file, told).adjustment, adjustment);
    EXPECT_EQ(show_dataset(context_, {adjustment, {}})->versions.at(0).adjustment, adjustment);
    EXPECT_EQ(import(file).adjustment, adjustment) << "when it is there already";
  }
}

TEST_F(Import, RecordsHowTheFileWasToBeRead) {
  const fs::path file = write_file("ACME.csv",
                                   "Date;Open;High;Low;Close;Volume\n"
                                   "03/01/2024;10,5;11;9;10;5\n04/01/2024;10;11;9;10,25;5\n");
  ImportRequest request;
  request.date_order = "dmy";
  request.decimal = "comma";
  request.on_bad = "drop";
  request.interval = "1d";
  import(file, request);
  const DatasetSummary told = show_dataset(context_, {"ACME", {}})->versions.at(0);
  EXPECT_EQ(told.date_order, "dmy");
  EXPECT_EQ(told.decimal, "comma");
  EXPECT_EQ(told.on_bad, "drop");
  EXPECT_TRUE(told.interval_given);

  import(write_prices("PLAIN.csv", 50));
  const DatasetSummary plain = show_dataset(context_, {"PLAIN", {}})->versions.at(0);
  EXPECT_EQ(plain.date_order, std::nullopt);
  EXPECT_EQ(plain.decimal, std::nullopt);
  EXPECT_EQ(plain.on_bad, "refuse");
  EXPECT_FALSE(plain.interval_given);
}

TEST_F(Import, RefusesOptionsThatAreWrong) {
  const fs::path file = write_prices("ACME.csv", 50);
  EXPECT_EQ(refusal(file, with(&ImportRequest::interval, "fortnight")).message,
            "--interval is `fortnight`; expected 1m to 1mo, such as 5m, 1h, 1d or 1w");
  EXPECT_EQ(refusal(file, with(&ImportRequest::on_bad, "ignore")).message,
            "--on-bad is `ignore`; expected refuse or drop");
  EXPECT_EQ(refusal(file, with(&ImportRequest::ticker, "A@B")).code, ErrorCode::invalid_input);
  EXPECT_EQ(refusal(file, with(&ImportRequest::scale, "0")).code, ErrorCode::invalid_input);
  EXPECT_EQ(refusal(file, with(&ImportRequest::adjustment, "some")).code, ErrorCode::invalid_input);
  const auto two =
      import_files(context_, {file.string(), file.string()}, with(&ImportRequest::ticker, "A"));
  EXPECT_EQ(two.error().code, ErrorCode::invalid_input);
  EXPECT_FALSE(fs::exists(context_.ledger));
}

TEST_F(Import, RefusesAPlaceThatHoldsSomethingElse) {
  fs::create_directories(context_.ledger);
  std::ofstream(context_.ledger / "thesis.txt") << "mine";
  const Error error = refusal(write_prices("ACME.csv", 50), {});
  EXPECT_EQ(error.code, ErrorCode::conflict);
  EXPECT_TRUE(fs::exists(context_.ledger / "thesis.txt"));
}

TEST_F(Import, StopsWhenItIsInterrupted) {
  const std::atomic<bool> interrupted = true;
  context_.interrupted = &interrupted;
  EXPECT_EQ(refusal(write_prices("ACME.csv", 50), {}).code, ErrorCode::interrupted);
  EXPECT_FALSE(fs::exists(context_.ledger));
}

}  // namespace
}  // namespace runledger::app
