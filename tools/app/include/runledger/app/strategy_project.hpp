#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <runledger/base/result.hpp>

namespace runledger::app {

// Writes the project of a new strategy called `name` into `target_dir`, which must not exist or be
// an empty folder, from the templates in `template_dir` (PREFIX/share/runledger/template of an
// installation or a build tree; the project is built against that prefix). Either all of it is
// there afterwards or none. Returns the files written.
//
// Errors: invalid_input (the name), conflict (the folder is not empty), not_found (the folder's
// parent, the templates), write_failed.
Result<std::vector<std::filesystem::path>> write_strategy_project(
    const std::filesystem::path& template_dir, const std::filesystem::path& target_dir,
    const std::string& name);

}  // namespace runledger::app
