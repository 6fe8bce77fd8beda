# The language level, warnings and build kinds, for every target.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} cannot build Tenon: before version 13 it destroys the temporary of "
    "'co_await f({.a = 7})' twice, which is a use after free at run time. Install Clang 19 "
    "(scripts/install-packages.sh does it) and configure with a preset: cmake --preset release")
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR
    "Clang ${CMAKE_CXX_COMPILER_VERSION} does not offer <expected> of this system's libstdc++; "
    "install Clang 19 (scripts/install-packages.sh does it) and configure with a preset: cmake --preset release")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# Asserts stay on in release builds: a broken invariant ends the process before it can harm data.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

option(TENON_WERROR "Treat warnings as errors" ON)
set(TENON_SANITIZE "" CACHE STRING "Comma-separated sanitizers for the whole build, e.g. address,undefined")
option(TENON_PRECOMPILE "Read the headers that every file includes once for each library" ON)
option(TENON_UNITE "Compile the sources of a layer several at a time" OFF)
option(TENON_FUZZ "Build the libFuzzer targets (Clang only)" OFF)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual)
if(TENON_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Designated initialisers name what differs from the default; the rest is meant to be left out.
  add_compile_options(-Wno-missing-designated-field-initializers)
  # Lets a compiler cache reuse precompiled headers.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
endif()
if(TENON_SANITIZE)
  add_compile_options(-fsanitize=${TENON_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TENON_SANITIZE})
endif()
if(TENON_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
find_program(TENON_LLD NAMES ld.lld-19 ld.lld)
if(TENON_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()
find_program(TENON_CCACHE ccache)
if(TENON_CCACHE)
  # What a precompiled header needs to be cached safely together with -fno-pch-timestamp above.
  set(CMAKE_C_COMPILER_LAUNCHER ${TENON_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${TENON_CCACHE})
endif()
