# How Release builds, which everybody waits for, compile a room: its files in batches that share what
# their headers cost. Debug and sanitizer builds compile every file alone, so that each stays right by
# itself.
set(REHEARSE_BATCHES OFF)
if(CMAKE_BUILD_TYPE STREQUAL Release AND NOT REHEARSE_FUZZ)
  set(REHEARSE_BATCHES ON)
endif()
set(REHEARSE_BATCH_BYTES 80000)  # more is faster in all, and slower after a change of one file

# The number of the one of `sets` ("a b c") that holds `name`; 0 when none does.
function(rehearse_set_of name sets result)
  set(number 0)
  set(found 0)
  foreach(set IN LISTS sets)
    math(EXPR number "${number} + 1")
    if(" ${set} " MATCHES "[ \n]${name}[ \n]")
      set(found ${number})
    endif()
  endforeach()
  set(${result} ${found} PARENT_SCOPE)
endfunction()

# Replaces the files in the variable `files` by batches that include them.
#
# Files of a batch share their anonymous namespaces. Those that give one name to different things are
# kept apart: each of the sets of APART and COLD makes batches of its own. COLD are those in which no
# run and no search spends its time, or ALL files: they are compiled with -O1, which takes two thirds
# of the time.
#
# A batch names its files as headers are named, so that ccache finds it in every copy of the tree;
# CMake's own batches (UNITY_BUILD) name the copy.
function(rehearse_batches room files)
  cmake_parse_arguments(BATCH "" "" "APART;COLD" ${ARGN})
  set(batches "")
  set(compiled "")
  foreach(file IN LISTS ${files})
    get_source_file_property(alone ${file} SKIP_UNITY_BUILD_INCLUSION)
    if(alone)
      list(APPEND compiled ${file})
      continue()
    endif()
    get_filename_component(name ${file} NAME_WE)
    file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${file})
    rehearse_set_of(${name} "${BATCH_APART}" apart)
    rehearse_set_of(${name} "${BATCH_COLD}" cold)
    set(family ${apart})
    if(cold)
      set(family cold${cold})
    elseif(BATCH_COLD STREQUAL ALL)
      set(family cold_${apart})
    endif()
    file(SIZE ${file} size)
    if(NOT DEFINED bytes_${family})
      set(bytes_${family} 0)
    endif()
    math(EXPR bytes_${family} "${bytes_${family}} + ${size}")
    math(EXPR number "${bytes_${family}} / ${REHEARSE_BATCH_BYTES}")
    list(APPEND batches ${family}_${number})
    string(APPEND text_${family}_${number} "#include \"${path}\"\n")
  endforeach()
  list(REMOVE_DUPLICATES batches)
  foreach(batch IN LISTS batches)
    set(path ${CMAKE_BINARY_DIR}/batches/${room}_${batch}.cpp)
    file(GENERATE OUTPUT ${path} CONTENT "${text_${batch}}")
    list(APPEND compiled ${path})
    # Without warnings about what files of a batch have nothing to do with: names that another one's
    # hide, and (from GNU's compiler) anonymous namespaces outside the file that it was called for.
    set(options -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
    if(batch MATCHES cold)
      list(APPEND options -O1)
    else()
      # g++ bounds what a unit of more than 10 000 instructions may grow by: a batch of small files would
      # inline less than they do alone, and a change of the truth take 2% more instructions.
      list(APPEND options $<$<CXX_COMPILER_ID:GNU>:--param=large-unit-insns=100000>)
    endif()
    set_source_files_properties(${path} PROPERTIES COMPILE_OPTIONS "${options}")
  endforeach()
  set(${files} ${compiled} PARENT_SCOPE)
endfunction()

# A precompiled header of what most files include, for the rooms that are COLD as a whole: g++ 12 inlines
# less of what comes out of one.
function(rehearse_precompiled room)
  get_property(first GLOBAL PROPERTY REHEARSE_PRECOMPILED)
  if(first)
    target_precompile_headers(rehearse_${room} REUSE_FROM ${first})
    return()
  endif()
  set_property(GLOBAL PROPERTY REHEARSE_PRECOMPILED rehearse_${room})
  target_precompile_headers(rehearse_${room} PRIVATE
    <fmt/format.h> <algorithm> <array> <cassert> <charconv> <cmath> <cstddef> <cstdint> <filesystem>
    <functional> <limits> <map> <memory> <optional> <set> <stdexcept> <string> <string_view>
    <utility> <vector>)
endfunction()
