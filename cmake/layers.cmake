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

# What nearly every file includes of the standard library, and what those include that wait for something: read
# once for each library. PRECOMPILED names more of it. A file still includes what it uses: builds without
# TENON_PRECOMPILE (the debug preset) fail where one does not.
set(precompiled_everywhere <algorithm> <array> <charconv> <chrono> <cstdint> <expected> <functional> <map> <memory>
  <optional> <ostream> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>
  <fmt/format.h> <fmt/ranges.h>)
set(precompiled_asio <boost/asio/as_tuple.hpp> <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp>
  <boost/asio/steady_timer.hpp> <boost/asio/this_coro.hpp> <boost/asio/use_awaitable.hpp>)
set(precompiled_json <boost/json/object.hpp> <boost/json/value.hpp>)

function(tenon_precompile target)
  if(TENON_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${precompiled_everywhere} ${ARGN})
  endif()
endfunction()

# Code of tests runs once or twice: making it fast costs more than it gives.
function(tenon_compile_tests target)
  tenon_precompile(${target} <gtest/gtest.h> ${ARGN})
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O0>)
endfunction()

function(tenon_layer name)
  cmake_parse_arguments(ARG "" "" "LINKS;PACKAGES;EXCEPT;SUBFOLDERS;PRECOMPILED" ${ARGN})
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
    tenon_compile_tests(${library}_test ${ARG_PRECOMPILED})
    add_test(NAME unit.${name} COMMAND ${library}_test)
    set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 300
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
      tenon_compile_tests(${program} ${ARG_PRECOMPILED})
      add_test(NAME ${server}.${name} COMMAND ${program})
      set_tests_properties(${server}.${name} PROPERTIES LABELS ${server} TIMEOUT 600
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
    tenon_compile_tests(${program} ${ARG_PRECOMPILED})
    foreach(server postgres mariadb)
      add_test(NAME ${server}.both.${name} COMMAND ${program})
      set_tests_properties(${server}.both.${name} PROPERTIES LABELS ${server} TIMEOUT 600
        ENVIRONMENT "TENON_SOURCE_DIR=${PROJECT_SOURCE_DIR};TENON_TEST_ENGINE=${server}")
    endforeach()
  endif()
endfunction()
