# Writes the ctest entries of one Catch2 program, run with cmake -P after the program is linked:
# one entry per test case, so that each runs in a process of its own. A test case tagged [long] gets
# the label "long", which ./check leaves out unless it is asked for. Hidden ones ([.]) get no entry.
#
# PROGRAM: the test program; ROOM: prefix and label; OUTPUT: the file to write.
function(list_tests spec result)
  execute_process(COMMAND ${PROGRAM} ${spec} --list-test-names-only
                  OUTPUT_VARIABLE names ERROR_VARIABLE problems RESULT_VARIABLE status)
  if(NOT status EQUAL 0 OR NOT problems STREQUAL "")
    message(FATAL_ERROR "${PROGRAM} could not list its tests: ${status} ${problems}")
  endif()
  set(${result} "${names}" PARENT_SCOPE)
endfunction()

function(add_entries names labels)
  # Line by line without a list, in which brackets and semicolons would have a meaning.
  string(FIND "${names}" "\n" end)
  while(end GREATER 0)
    string(SUBSTRING "${names}" 0 ${end} name)
    math(EXPR end "${end} + 1")
    string(SUBSTRING "${names}" ${end} -1 names)
    string(FIND "${names}" "\n" end)
    # These have a meaning in Catch2's test specifications.
    string(REGEX REPLACE "([][,\\])" "\\\\\\1" spec "${name}")
    set(title "${ROOM}: ${name}")
    file(APPEND ${OUTPUT}
      "add_test([==[${title}]==] [==[${PROGRAM}]==] [==[${spec}]==])\n"
      "set_tests_properties([==[${title}]==] PROPERTIES LABELS \"${labels}\" TIMEOUT 1800\n"
      "                     SKIP_RETURN_CODE 77)\n")
  endwhile()
endfunction()

file(WRITE ${OUTPUT} "")
list_tests("~[.]~[long]" short)
list_tests("~[.][long]" long)
if("${short}${long}" STREQUAL "")
  message(FATAL_ERROR "${PROGRAM} has no tests")
endif()
add_entries("${short}" "${ROOM}")
add_entries("${long}" "${ROOM};long")
