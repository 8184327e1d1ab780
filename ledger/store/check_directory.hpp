#pragma once

#include <filesystem>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/ledger/blobs.hpp>

#include "check_blobs.hpp"
#include "check_log.hpp"
#include "layout.hpp"

namespace runledger::ledger {

// What lies in a ledger's directory and is none of its files. It is no damage: nothing reads it.
class DirectoryCheck {
 public:
  // Looks at the directory. It is to be done before the log is read: a blob is there before the
  // event that names it, so that a blob that is younger than the log is not taken for a left-over.
  // Error: io.
  static Result<DirectoryCheck> look(const Layout& layout);

  // Says what was seen. Of blobs that no event names only when all events are there to be asked.
  void tell(const BlobReferences& references, bool all_events, Findings& notes) const;

 private:
  Layout layout_;
  std::vector<std::filesystem::path> unknown_;
  std::uint64_t drafts_ = 0;  // files in blobs/tmp that nobody is writing
  std::vector<Digest> blobs_;
  bool more_in_format_ = false;
  bool unfinished_repair_ = false;
};

}  // namespace runledger::ledger
