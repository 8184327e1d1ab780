// Writes a price file with invented bars to standard output.
#include <algorithm>
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <runledger/base/result.hpp>
#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/market/sample.hpp>

namespace runledger {
namespace {

struct Arguments {
  std::string ticker = "DEMO";
  std::string layout = "yahoo";
  std::string interval = "1d";
  std::string start = "2015-01-01";
  SampleOptions options;
};

std::vector<std::string> layout_names() {
  std::vector<std::string> names;
  for (const SampleLayoutName& one : sample_layouts()) names.emplace_back(one.name);
  return names;
}

std::unexpected<Error> refuse(const std::string& message) {
  return fail(ErrorCode::invalid_input, message);
}

Result<std::string> sample_text(Arguments& arguments) {
  const auto named = std::ranges::find(sample_layouts(), arguments.layout, &SampleLayoutName::name);
  if (named == sample_layouts().end()) {
    return refuse(fmt::format("--layout {} is unknown; expected {}", arguments.layout,
                              join(layout_names(), ", ")));
  }
  const auto interval = parse_interval(arguments.interval);
  if (!interval) {
    return refuse(fmt::format("--interval {} is no length of bars; expected such as 5m or 1d",
                              arguments.interval));
  }
  const auto start = parse_time(arguments.start);
  if (!start) {
    return refuse(
        fmt::format("--start {} is no date; expected such as 2015-01-01", arguments.start));
  }
  const bool plain = !arguments.ticker.empty() && is_printable_utf8(arguments.ticker) &&
                     arguments.ticker.find_first_of(",;\"") == std::string::npos;
  if (!plain) return refuse("--ticker is empty, or has a comma, a semicolon or a quote in it");
  arguments.options.interval = *interval;
  arguments.options.start = start->time;
  RL_TRY(const Sample sample, make_sample(arguments.options));
  return write_sample(sample, arguments.ticker, named->layout);
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App app(
      "Writes a price file with invented bars: the same options give the same bytes.\n"
      "Example: runledger-sample --ticker DEMO --bars 2000 --seed 7 --layout yahoo > demo.csv");
  app.add_option("--ticker", arguments.ticker, "in layouts that name it")->capture_default_str();
  app.add_option("--bars", arguments.options.bars, "how many")->capture_default_str();
  app.add_option("--seed", arguments.options.seed, "of the random numbers")->capture_default_str();
  app.add_option("--interval", arguments.interval, "1m to 1mo")->capture_default_str();
  app.add_option("--start", arguments.start, "the first day")->capture_default_str();
  app.add_option("--layout", arguments.layout, join(layout_names(), ", "))->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_status(ErrorCode::invalid_input);
  }
  const Result<std::string> text = sample_text(arguments);
  if (!text) {
    fmt::print(stderr, "runledger-sample: {}\n", text.error().message);
    return exit_status(text.error().code);
  }
  const bool written = std::fwrite(text->data(), 1, text->size(), stdout) == text->size() &&
                       std::fflush(stdout) == 0;
  if (written) return 0;
  fmt::print(stderr, "runledger-sample: standard output could not be written; check the disk\n");
  return exit_status(ErrorCode::write_failed);
}

}  // namespace
}  // namespace runledger

int main(int argc, char** argv) {
  try {
    return runledger::run(argc, argv);
  } catch (const std::exception&) {
    std::fputs("runledger-sample: not enough memory; ask for fewer bars\n", stderr);
    return runledger::exit_status(runledger::ErrorCode::internal);
  }
}
