#pragma once

#include <cstdint>

#include <runledger/schemas/worker_generated.h>
#include <runledger/worker/shared_bars.hpp>

namespace runledger::worker {

// The bars up to `cut`, and behind it nothing (OtherFuture::cut), or at most kColumnPadding
// invented bars that go on from its close: `rising` until prices have doubled, `falling` until they
// are a half, and there they stay about. They have the labels of the bars that they replace. `cut`
// is a bar before the last one.
Result<SharedBars> bars_with_future(const SharedBars& bars, std::uint64_t cut,
                                    schema::OtherFuture future, std::uint64_t seed);

// The bars from `first` on.
Result<SharedBars> bars_from(const SharedBars& bars, std::uint64_t first);

}  // namespace runledger::worker
