#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runledger::test {

// A fenced block of a Markdown file.
struct Block {
  std::string language;  // "console", "cpp", ...
  std::string text;      // with its line ends
  // What the block is the text of: the last line before it reads "... `path`:"; else empty.
  std::string file;
};

std::vector<Block> blocks_of(std::string_view markdown);

// A command of a console block and what it shows.
struct Exchange {
  std::string command;  // after "$ "; a line that ends in a backslash goes on in the next one
  std::string output;
};

std::vector<Exchange> exchanges_of(const Block& console);

// The text with what differs between two machines and two days made equal: numbers, digests, times,
// folders, user and host, widths of columns.
std::string shape_of(std::string_view output);

}  // namespace runledger::test
