#pragma once

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <runledger/app/backtest.hpp>
#include <runledger/app/context.hpp>
#include <runledger/app/import.hpp>
#include <runledger/app/runs.hpp>
#include <runledger/market/sample.hpp>

#include "temporary_directory.hpp"

namespace runledger::test {

// Options that are usual but for one.
template <class T, class M, class V>
T with(M T::* member, V value) {
  T options;
  options.*member = std::move(value);
  return options;
}

// A folder with a ledger-to-be, a cache of its own, and the plugins and worker of the build tree.
class Workbench : public ::testing::Test {
 protected:
  Workbench() {
    context_.ledger = folder() / "ledger";
    context_.layout = app::layout_around(std::filesystem::path(RL_BINARY_DIR) / "bin" / "app_test");
    context_.cache = folder() / "cache";
    context_.actor = "ada@example";
    context_.on_notice = [this](const std::string& sentence) { notices_.push_back(sentence); };
  }

  [[nodiscard]] const std::filesystem::path& folder() const { return directory_.path(); }

  std::filesystem::path write_file(const std::string& name, std::string_view text) const {
    std::filesystem::path file = folder() / name;
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

  // A CSV file of the first `bars` invented daily bars.
  [[nodiscard]] std::filesystem::path write_prices(const std::string& name,
                                                   std::size_t bars) const {
    Sample sample = make_sample({.bars = 3000}).value();
    for (auto* column : {&sample.bars.open, &sample.bars.high, &sample.bars.low, &sample.bars.close,
                         &sample.bars.volume, &sample.adjustment})
      column->resize(bars);
    sample.bars.label.resize(bars);
    return write_file(name, write_sample(sample, "INVENTED", SampleLayout::generic).value());
  }

  app::ImportedDataset import(const std::filesystem::path& file,
                              const app::ImportRequest& request = app::ImportRequest()) const {
    const auto outcome = app::import_files(context_, {file.string()}, request);
    if (!outcome) throw std::runtime_error(outcome.error().message);
    if (!outcome->refused.empty()) throw std::runtime_error(outcome->refused.front().error.message);
    return outcome->datasets.at(0);
  }

  // `sma_cross` on the ticker, unless changed.
  [[nodiscard]] static app::RunOptions options(const std::string& ticker) {
    app::RunOptions options;
    options.strategy = "sma_cross";
    options.ticker = ticker;
    return options;
  }

  app::RunDetail run(const app::RunOptions& options) const {
    const auto receipt = app::backtest(context_, options);
    if (!receipt) throw std::runtime_error(receipt.error().message);
    return detail(receipt->id);
  }
  app::RunDetail replay(const app::ReplayOptions& options) const {
    const auto receipt = app::replay(context_, options);
    if (!receipt) throw std::runtime_error(receipt.error().message);
    return detail(receipt->id);
  }
  [[nodiscard]] app::RunDetail detail(Seq id) const {
    auto detail = app::read_run(context_, id);
    if (!detail) throw std::runtime_error(detail.error().message);
    return std::move(*detail);
  }

  app::Context context_;
  std::vector<std::string> notices_;

 private:
  TemporaryDirectory directory_;
};

}  // namespace runledger::test
