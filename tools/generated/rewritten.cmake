# The core with generated mutants in it (D48): mutant_maker writes each of its files anew into
# ${CMAKE_BINARY_DIR}/rewritten, and rooms are built from those. Its own parts are no rooms, since
# rooms are built with what it writes.
set(rewritten_folder ${CMAKE_BINARY_DIR}/rewritten)
set(left_out ${CMAKE_BINARY_DIR}/left_out.txt)
if(NOT EXISTS ${left_out})
  file(WRITE ${left_out} "")
endif()
file(GLOB_RECURSE core_sources RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/core/*.cpp)
file(GLOB_RECURSE core_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/core/*.hpp)
list(TRANSFORM core_sources PREPEND ${rewritten_folder}/ OUTPUT_VARIABLE rewritten_sources)
list(TRANSFORM core_sources PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE core_paths)
add_custom_command(OUTPUT ${rewritten_sources} ${rewritten_folder}/mutants.tsv
  COMMAND mutant_maker ${CMAKE_SOURCE_DIR} ${rewritten_folder} ${left_out} ${core_sources} -- "${maker_flags}"
  DEPENDS mutant_maker ${core_paths} ${core_headers} ${left_out}
  COMMENT "Writing mutants into the core" COMMAND_EXPAND_LISTS VERBATIM)

# provlab_rewritten(VARIABLE)   puts the written files in the place of those of a room.
function(provlab_rewritten variable)
  set(paths ${${variable}})
  list(TRANSFORM paths REPLACE "^${CMAKE_SOURCE_DIR}/" "${rewritten_folder}/")
  set(${variable} ${paths} PARENT_SCOPE)
endfunction()
