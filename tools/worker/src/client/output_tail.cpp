#include "output_tail.hpp"

namespace runledger::worker {

void OutputTail::append(std::string_view bytes) {
  total_ += bytes.size();
  if (bytes.size() >= capacity_) {
    kept_ = bytes.substr(bytes.size() - capacity_);
    return;
  }
  if (kept_.size() + bytes.size() > 2 * capacity_) kept_.erase(0, kept_.size() - capacity_);
  kept_ += bytes;
}

void OutputTail::clear() {
  kept_.clear();
  total_ = 0;
}

std::string OutputTail::text() const {
  std::string_view bytes = kept_;
  if (bytes.size() > capacity_) bytes.remove_prefix(bytes.size() - capacity_);
  if (bytes.size() < total_) {
    const std::size_t line_end = bytes.find('\n');
    if (line_end != std::string_view::npos) bytes.remove_prefix(line_end + 1);
  }
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    const bool plain = (c >= ' ' && c <= '~') || c == '\n' || c == '\t';
    text.push_back(plain ? c : '?');
  }
  return text;
}

}  // namespace runledger::worker
