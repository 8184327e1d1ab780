#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <runledger/app/sweep.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/metrics/metrics.hpp>
#include <runledger/schemas/event_generated.h>

#include "grid.hpp"

namespace runledger::app {

// What a sweep was asked to be, read and checked as far as that goes before its strategy is known.
struct SweepRequest {
  std::string id;
  bool resumes = false;
  std::vector<std::string> tickers;
  std::size_t jobs = 1;
  Metric objective = Metric::sharpe_ratio;
  SweepOptions options;
  // Of a sweep that is resumed: what its trials were made with.
  std::optional<Digest> plugin;
  std::vector<std::optional<Digest>> datasets;  // one a ticker; none where nothing was recorded

  // Of a run on one ticker, without parameters.
  [[nodiscard]] RunOptions options_for(std::size_t ticker) const;
  [[nodiscard]] Result<Points> points(const schema::StrategyDescriptionT& strategy) const;
  // Errors: conflict (another build than the one the sweep was begun with).
  [[nodiscard]] Status check_plugin(const schema::RunSpecT& spec) const;
};

// Errors: invalid_input, conflict (a new sweep with a name that is taken), not_found (none to
// resume).
Result<SweepRequest> read_request(const ledger::Reader& reader, const SweepOptions& options);

}  // namespace runledger::app
