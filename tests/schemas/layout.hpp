#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace runledger::schemas_test {

// What a schema says about bytes: a line for the root, for each table and struct, each of their
// fields, each enumeration and each of its values, sorted. Comments and the order of declarations
// do not show.
//
// Throws std::runtime_error with the parser's message.
std::vector<std::string> layout_of(const std::filesystem::path& schema);

// Why bytes written under `released` could be misread under `current`, or the other way round: one
// line each. Empty when `current` only adds what may be added.
std::vector<std::string> breaking_changes(const std::filesystem::path& released,
                                          const std::filesystem::path& current);

}  // namespace runledger::schemas_test
