#include <algorithm>
#include <array>

#include <runledger/cli/sentence.hpp>

namespace runledger::cli {
namespace {

constexpr std::array<std::string_view, 26> kFirstWords{
    "A",   "An",    "Another", "Cannot",  "Event", "Events", "From",    "Holding", "Index",
    "It",  "Locks", "No",      "Nothing", "Of",    "One",    "Opening", "Reading", "Releasing",
    "The", "There", "This",    "Tile",    "Tree",  "Two",    "Waiting", "Writing"};

}  // namespace

std::string as_said(std::string_view sentence) {
  std::string said(sentence);
  if (std::ranges::find(kFirstWords, sentence.substr(0, sentence.find(' '))) != kFirstWords.end())
    said.front() = static_cast<char>(said.front() - 'A' + 'a');
  if (said.ends_with('.') && !said.ends_with("..")) said.pop_back();
  return said;
}

}  // namespace runledger::cli
