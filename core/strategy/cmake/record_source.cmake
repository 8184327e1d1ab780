# Writes OUTPUT, a C or C++ file that defines rl_plugin_source, unless it says so already.
# DIRECTORY: where the strategy's CMakeLists.txt is; SOURCES: its files; FLAGS: as compiled.
find_program(GIT git)

function(git result)
  set(answer "")
  set(status 1)
  if(GIT)
    execute_process(COMMAND ${GIT} -C ${DIRECTORY} ${ARGN} RESULT_VARIABLE status
                    OUTPUT_VARIABLE answer ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
  set(${result} "${answer}" PARENT_SCOPE)
  set(${result}_status ${status} PARENT_SCOPE)
endfunction()

function(escape variable)
  string(REPLACE "\\" "\\\\" text "${${variable}}")
  string(REPLACE "\"" "\\\"" text "${text}")
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

set(dirty 0)
set(remote "")
git(commit rev-parse HEAD)
if(NOT commit_status EQUAL 0)
  set(commit "")
else()
  git(changes status --porcelain --untracked-files=no)
  git(tracked ls-files --error-unmatch -- ${SOURCES})
  if(NOT changes STREQUAL "" OR NOT tracked_status EQUAL 0)
    set(dirty 1)
  endif()
  git(remote remote get-url origin)
  # User names and passwords stand before an @ of the authority, tokens in a query.
  string(REGEX REPLACE "^([A-Za-z0-9+.-]+://)[^/]*@" "\\1" remote "${remote}")
  string(REGEX REPLACE "[?#].*$" "" remote "${remote}")
endif()
foreach(text commit remote FLAGS)
  escape(${text})
endforeach()

set(content "// Where this library was built from; written by rl_add_strategy.
#include <runledger/plugin_source.h>

const rl_source rl_plugin_source = {
    sizeof(rl_source), ${dirty}, \"${commit}\", \"${remote}\", \"${FLAGS}\"};
")
set(present "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} present)
endif()
if(NOT present STREQUAL content)
  file(WRITE ${OUTPUT} "${content}")
endif()
