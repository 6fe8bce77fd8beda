# One library per folder of src/, one namespace tenon::<folder>. A folder may include only what its
# library links, so the link lines below src/CMakeLists.txt are the layering of docs/architecture.md.
#
# In each folder:  x.cpp          goes into the library
#                  x_test.cpp     a unit test that needs nothing      -> tenon_<folder>_test
#                  x_pgtest.cpp   a test that needs a real PostgreSQL -> tenon_<folder>_pgtest
#                  x_mytest.cpp   a test that needs a real MariaDB, and perhaps a PostgreSQL beside it
#                                                                     -> tenon_<folder>_mytest
#                  x_dbtest.cpp   a test of both engines, built once and run on a PostgreSQL and on a MariaDB
#                                                                     -> tenon_<folder>_dbtest

# What nearly every file includes of the standard library, and what those include that parse JSON or wait for
# something. A layer names its set (PRECOMPILED); each set is read once, by the first target that asks for it, and
# every other one has it from there. A file still includes what it uses: builds without TENON_PRECOMPILE (the debug
# preset) fail where one does not.
set(precompiled_std <algorithm> <array> <charconv> <chrono> <cstdint> <expected> <functional> <map> <memory>
  <optional> <ostream> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>
  <fmt/format.h> <fmt/ranges.h>)
set(precompiled_json ${precompiled_std} <boost/json/object.hpp> <boost/json/value.hpp>)
set(precompiled_asio ${precompiled_json} <boost/asio/as_tuple.hpp> <boost/asio/awaitable.hpp>
  <boost/asio/co_spawn.hpp> <boost/asio/steady_timer.hpp> <boost/asio/this_coro.hpp>
  <boost/asio/use_awaitable.hpp>)
set(precompiled_cli ${precompiled_asio} <CLI/CLI.hpp>)
set(precompiled_tests ${precompiled_std} <gtest/gtest.h>)
set(precompiled_asio_tests ${precompiled_asio} <gtest/gtest.h>)

function(tenon_precompile target set)
  if(NOT TENON_PRECOMPILE)
    return()
  endif()
  get_property(owner GLOBAL PROPERTY tenon_precompiled_${set})
  if(owner)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  else()
    target_precompile_headers(${target} PRIVATE ${precompiled_${set}})
    set_property(GLOBAL PROPERTY tenon_precompiled_${set} ${target})
  endif()
endfunction()

# Code of tests runs once or twice: making it fast costs more than it gives. `set` as the library's.
function(tenon_compile_tests set)
  set(tests_of_std tests)
  set(tests_of_json tests)
  set(tests_of_asio asio_tests)
  set(tests_of_cli asio_tests)
  foreach(target ${ARGN})
    tenon_precompile(${target} ${tests_of_${set}})
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O0>)
    if(TENON_FUZZ)  # fuzzers are led by what they reach in the layers
      target_compile_options(${target} PRIVATE -fno-sanitize=fuzzer-no-link)
    endif()
  endforeach()
endfunction()

# What `make test` runs under the sanitizers: the tests of the layers, of migrations on real servers, the fuzzers.
add_custom_target(instrumented)

# With TENON_UNITE, the sources of a layer are compiled a dozen at a time: what each of them would read and
# instantiate anew is done once. Files of one engine share names with their twins of the other, so these are kept
# apart; else a name in an anonymous namespace is alone in its layer. What each file includes, and that it hides no
# name, is checked by the builds without.
function(tenon_unite target)
  if(NOT TENON_UNITE)
    return()
  endif()
  set(both 0)
  set(mysql 0)
  set(postgres 0)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  foreach(source ${sources})
    string(REPLACE "${PROJECT_SOURCE_DIR}/" "" path ${source})
    set(engine both)
    if(path MATCHES "mysql|mariadb")
      set(engine mysql)
    elseif(path MATCHES "postgres")
      set(engine postgres)
    endif()
    math(EXPR group "${${engine}} / 12")
    math(EXPR ${engine} "${${engine}} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${engine}_${group})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  target_compile_options(${target} PRIVATE -Wno-shadow)
endfunction()

function(tenon_layer name)
  cmake_parse_arguments(ARG "" "PRECOMPILED" "LINKS;PACKAGES;EXCEPT;SUBFOLDERS" ${ARGN})
  set(dir ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  set(patterns ${dir}/*.cpp ${dir}/*.S)
  foreach(sub ${ARG_SUBFOLDERS})
    list(APPEND patterns ${dir}/${sub}/*.cpp)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  foreach(source ${ARG_EXCEPT})
    list(REMOVE_ITEM sources ${dir}/${source})
  endforeach()
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_(pg|my|db)?test\\.cpp$")

  set(library tenon_${name})
  if(sources)
    add_library(${library} STATIC ${sources})
    tenon_precompile(${library} ${ARG_PRECOMPILED})
    tenon_unite(${library})
    set(scope PUBLIC)
  else()
    add_library(${library} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${library} ${scope} ${PROJECT_SOURCE_DIR}/src)
  foreach(link ${ARG_LINKS})
    target_link_libraries(${library} ${scope} tenon_${link})
  endforeach()
  target_link_libraries(${library} ${scope} ${ARG_PACKAGES})

  if(tests)
    add_executable(${library}_test ${tests})
    target_link_libraries(${library}_test PRIVATE ${library} tenon_test_support GTest::gtest GTest::gmock GTest::gtest_main)
    tenon_compile_tests(${ARG_PRECOMPILED} ${library}_test)
    tenon_unite(${library}_test)
    add_dependencies(instrumented ${library}_test)
    add_test(NAME unit.${name} COMMAND ${library}_test)
    set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 900
      ENVIRONMENT "TENON_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
  endif()

  # Those that need a server: the kind stands in the file's name, the server's in label and support library.
  foreach(kind_and_server "pg;postgres" "my;mariadb")
    list(GET kind_and_server 0 kind)
    list(GET kind_and_server 1 server)
    file(GLOB server_tests CONFIGURE_DEPENDS ${patterns})
    list(FILTER server_tests INCLUDE REGEX "_${kind}test\\.cpp$")
    if(server_tests)
      set(program ${library}_${kind}test)
      add_executable(${program} ${server_tests})
      target_link_libraries(${program} PRIVATE ${library} tenon_test_${server} GTest::gtest GTest::gmock)
      if(kind STREQUAL "my")  # the two engines side by side
        target_link_libraries(${program} PRIVATE tenon_test_postgres)
      endif()
      tenon_compile_tests(${ARG_PRECOMPILED} ${program})
      tenon_unite(${program})
      add_dependencies(instrumented ${program})
      add_test(NAME ${server}.${name} COMMAND ${program})
      set_tests_properties(${server}.${name} PROPERTIES LABELS ${server} TIMEOUT 1800
        ENVIRONMENT "TENON_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
    endif()
  endforeach()

  # Those of both engines.
  file(GLOB both_tests CONFIGURE_DEPENDS ${patterns})
  list(FILTER both_tests INCLUDE REGEX "_dbtest\\.cpp$")
  if(both_tests)
    set(program ${library}_dbtest)
    add_executable(${program} ${both_tests})
    target_link_libraries(${program} PRIVATE ${library} tenon_test_database GTest::gtest GTest::gmock)
    tenon_compile_tests(${ARG_PRECOMPILED} ${program})
    tenon_unite(${program})
    add_dependencies(instrumented ${program})
    foreach(server postgres mariadb)
      add_test(NAME ${server}.both.${name} COMMAND ${program})
      set_tests_properties(${server}.both.${name} PROPERTIES LABELS ${server} TIMEOUT 1800
        ENVIRONMENT "TENON_SOURCE_DIR=${PROJECT_SOURCE_DIR};TENON_TEST_ENGINE=${server}")
    endforeach()
  endif()
endfunction()
