# A room is a folder, which may hold folders, with one static library. CALLS names the rooms whose
# headers it may include, USES the outside libraries. Headers are included by their path from the
# root. APART and COLD are for batches.cmake.
add_library(rehearse_options INTERFACE)
target_include_directories(rehearse_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(rehearse_options INTERFACE
  # g++ 12 sees overlapping copies in std::string's operator+ where there are none (GCC PR 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # Fused multiply-add would make results depend on the compiler's choices.
  -ffp-contract=off)
# assert() is on in every build. Release leaves out what costs more than a few instructions
# (docs/performance.md): base/debug_assert.hpp, the checks of the standard library and of Eigen.
target_compile_definitions(rehearse_options INTERFACE
  "$<IF:$<CONFIG:Release>,EIGEN_NO_DEBUG,REHEARSE_DEBUG_ASSERTIONS;_GLIBCXX_ASSERTIONS>")
if(NOT REHEARSE_FUZZ)  # whose compiler warns about other things
  target_compile_options(rehearse_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror)
endif()
if(REHEARSE_SANITIZE)
  # Without the checks that come with every access through a pointer: they take a third of the
  # compiler's time, and the address sanitizer sees what bad pointers do.
  target_compile_options(rehearse_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize=null,alignment,object-size,vptr
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(rehearse_options INTERFACE -fsanitize=address,undefined)
  set(sanitizer_options ${CMAKE_SOURCE_DIR}/tests/support/sanitizer_options.cpp)  # of every program
endif()

if(REHEARSE_FUZZ)
  target_compile_options(rehearse_options INTERFACE
    -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(rehearse_options INTERFACE -fsanitize=address,undefined)
endif()

include(cmake/batches.cmake)

function(rehearse_room room)
  cmake_parse_arguments(ROOM "" "" "CALLS;USES;APART;COLD" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${room}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/app/main\\.cpp$")
  list(TRANSFORM ROOM_CALLS PREPEND rehearse_)
  if(sources)
    if(REHEARSE_BATCHES)
      rehearse_batches(${room} sources APART ${ROOM_APART} COLD ${ROOM_COLD})
    endif()
    add_library(rehearse_${room} STATIC ${sources})
    target_link_libraries(rehearse_${room} PUBLIC rehearse_options ${ROOM_CALLS} ${ROOM_USES})
    if(REHEARSE_BATCHES AND ROOM_COLD STREQUAL ALL)
      rehearse_precompiled(${room})
    endif()
  else()
    add_library(rehearse_${room} INTERFACE)
    target_link_libraries(rehearse_${room} INTERFACE rehearse_options ${ROOM_CALLS} ${ROOM_USES})
  endif()
endfunction()

# Compiles the JSON files of a room's folders into the library, so that the program finds them
# wherever it is installed: rehearse::ROOM::embedded_files() in ROOM/embedded.hpp.
function(rehearse_embed room)
  set(entries "")
  foreach(folder IN LISTS ARGN)
    file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/${room}
         ${CMAKE_SOURCE_DIR}/${room}/${folder}/*.json)
    foreach(file IN LISTS files)
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${room}/${file})
      file(READ ${CMAKE_SOURCE_DIR}/${room}/${file} text)
      string(APPEND entries "    {\"${file}\", R\"embedded(${text})embedded\"},\n")
    endforeach()
  endforeach()
  if(NOT entries OR NOT EXISTS ${CMAKE_SOURCE_DIR}/${room}/embedded.hpp)
    return()
  endif()
  set(generated ${CMAKE_BINARY_DIR}/generated/${room}_embedded.cpp)
  file(GENERATE OUTPUT ${generated} CONTENT
"#include \"${room}/embedded.hpp\"

namespace rehearse::${room} {

const std::vector<EmbeddedFile>& embedded_files() {
  static const std::vector<EmbeddedFile> files = {
${entries}  };
  return files;
}

}  // namespace rehearse::${room}
")
  target_sources(rehearse_${room} PRIVATE ${generated})
endfunction()

function(rehearse_program)
  if(REHEARSE_SIMULATOR AND EXISTS ${CMAKE_SOURCE_DIR}/app/main.cpp)
    add_executable(rehearse_cli app/main.cpp ${sanitizer_options})
    set_target_properties(rehearse_cli PROPERTIES OUTPUT_NAME rehearse)
    target_link_libraries(rehearse_cli PRIVATE rehearse_app
                          $<TARGET_NAME_IF_EXISTS:PkgConfig::JEMALLOC>)
  endif()
endfunction()

# tests/ROOM/*.cpp and tests/ROOM/validation/*.cpp become one executable ROOM_test; every test case is
# a ctest test of its own and so a process of its own. One that ends with status 77 counts as skipped
# (tests/support/skip.hpp); one tagged [long] runs in ./check --long only. Of a folder that is not
# named as a room, OF says which room its tests call.
function(rehearse_tests room)
  cmake_parse_arguments(TESTS "" "OF" "" ${ARGN})
  if(NOT TESTS_OF)
    set(TESTS_OF ${room})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*.cpp
       ${CMAKE_CURRENT_SOURCE_DIR}/${room}/validation/*.cpp)
  if(NOT sources OR NOT TARGET rehearse_${TESTS_OF})
    return()
  endif()
  add_executable(${room}_test ${sources} ${sanitizer_options})
  target_link_libraries(${room}_test PRIVATE rehearse_${TESTS_OF} rehearse_test_support)
  target_precompile_headers(${room}_test REUSE_FROM rehearse_test_support)
  # Its list of tests is made again when the way to make it has changed.
  set_target_properties(${room}_test PROPERTIES LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/discover_tests.cmake)
  set(entries ${CMAKE_CURRENT_BINARY_DIR}/${room}_entries.cmake)
  add_custom_command(TARGET ${room}_test POST_BUILD VERBATIM BYPRODUCTS ${entries}
    COMMAND ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:${room}_test> -D ROOM=${room}
            -D OUTPUT=${entries} -P ${CMAKE_SOURCE_DIR}/cmake/discover_tests.cmake)
  set(include ${CMAKE_CURRENT_BINARY_DIR}/${room}_include.cmake)
  file(WRITE ${include}
"if(EXISTS [==[${entries}]==])
  include([==[${entries}]==])
else()
  add_test(\"${room}: is built\" ${room}_test_is_not_built)
  set_tests_properties(\"${room}: is built\" PROPERTIES LABELS ${room})
endif()
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${include})
endfunction()
