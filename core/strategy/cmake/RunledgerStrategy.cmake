# rl_add_strategy(NAME SOURCE... [FLAGS flag...])
#
# Declares the strategy library NAME.so: a module without the prefix "lib" that exports
# rl_plugin_v1 and nothing else, needs nothing that it does not link, computes every double as
# written, and records where it was built from (rl_source of strategy_abi.h; brought up to date by
# every build). FLAGS are compiler flags of this library alone. C11 and C++20 sources, also mixed.

function(rl_add_strategy name)
  cmake_parse_arguments(ARG "" "" "FLAGS" ${ARGN})
  set(here ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  add_library(${name} MODULE ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE runledger::strategy)
  # No contraction and no reordering: the same bars give the same orders, to the last bit.
  target_compile_options(${name} PRIVATE -ffp-contract=off -fno-fast-math ${ARG_FLAGS})
  target_link_options(${name} PRIVATE -Wl,--version-script=${here}/strategy.map -Wl,-z,defs)
  set_target_properties(${name} PROPERTIES
    PREFIX "" C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${here}/strategy.map)
  if(NOT CMAKE_CXX_STANDARD OR CMAKE_CXX_STANDARD LESS 20)
    set_target_properties(${name} PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
  endif()
  rl_record_source(${name} "${ARG_UNPARSED_ARGUMENTS}" "${ARG_FLAGS}")
endfunction()

# Compiles into the library a file that says where it was built from, written anew by each build
# in which that changed.
function(rl_record_source name sources flags)
  set(here ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  set(language C)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}_source.c)
  if("${sources}" MATCHES "\\.(cpp|cc|cxx)(;|$)")
    set(language CXX)
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}_source.cpp)
  endif()
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  separate_arguments(compiled NATIVE_COMMAND
                     "${CMAKE_${language}_FLAGS} ${CMAKE_${language}_FLAGS_${type}}")
  get_directory_property(options COMPILE_OPTIONS)
  list(FILTER options EXCLUDE REGEX "\\$<")
  list(APPEND compiled ${options} -ffp-contract=off -fno-fast-math ${flags})
  list(REMOVE_DUPLICATES compiled)
  list(JOIN compiled " " compiled)
  add_custom_target(${name}_source
    BYPRODUCTS ${generated}
    COMMAND ${CMAKE_COMMAND} "-DDIRECTORY=${CMAKE_CURRENT_SOURCE_DIR}" "-DSOURCES=${sources}"
            "-DFLAGS=${compiled}" "-DOUTPUT=${generated}" -P ${here}/record_source.cmake
    VERBATIM)
  target_sources(${name} PRIVATE ${generated})
  target_compile_definitions(${name} PRIVATE RL_HAS_SOURCE=1)
  add_dependencies(${name} ${name}_source)
endfunction()
