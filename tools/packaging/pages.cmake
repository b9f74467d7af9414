# Writes what is made by the program itself into folders of OUTPUT: completion, man pages, and the
# documents that Debian wants of a package. -DPROGRAM -DHELP2MAN -DGZIP -DSOURCE
# -DVERSION -DOUTPUT
file(REMOVE_RECURSE ${OUTPUT})
file(MAKE_DIRECTORY ${OUTPUT}/completion ${OUTPUT}/doc)

foreach(pair bash:provlab zsh:_provlab fish:provlab.fish)
  string(REGEX MATCH "([^:]*):(.*)" _ ${pair})
  execute_process(COMMAND ${PROGRAM} completion ${CMAKE_MATCH_1}
    OUTPUT_FILE ${OUTPUT}/completion/${CMAKE_MATCH_2} COMMAND_ERROR_IS_FATAL ANY)
endforeach()

# The program's commands, and those of a command, as its help lists them.
function(commands_of result)
  execute_process(COMMAND ${PROGRAM} ${ARGN} --help OUTPUT_VARIABLE help COMMAND_ERROR_IS_FATAL ANY)
  set(names)
  if(help MATCHES "\nSubcommands:\n(([ ][^\n]*\n)+)")
    string(REGEX MATCHALL "(^|\n)  [a-z-]+ +[^\n]*" lines "${CMAKE_MATCH_1}")
    foreach(line ${lines})
      string(REGEX REPLACE "^\n?  ([a-z-]+).*" "\\1" name "${line}")
      list(APPEND names ${name})
    endforeach()
  endif()
  set(${result} ${names} PARENT_SCOPE)
endfunction()

# One page, for the command whose words are given; below it those of its commands.
function(page)
  set(command provlab ${ARGN})
  list(JOIN command "-" title)
  execute_process(COMMAND ${PROGRAM} ${ARGN} --help OUTPUT_VARIABLE help COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCH "^[^\n]*" about "${help}")
  string(REGEX REPLACE "^provlab: " "" about "${about}")
  set(file ${OUTPUT}/man1/${title}.1)
  list(JOIN ARGN " " words)
  execute_process(
    COMMAND ${HELP2MAN} --no-info --no-discard-stderr --section 1 --manual "User Commands" --source provlab
            --name "${about}" --version-string "${VERSION}" --output ${file} "${PROGRAM} ${words}"
    COMMAND_ERROR_IS_FATAL ANY)
  file(READ ${file} text)  # whatis wants the page's own name
  string(REPLACE "\nprovlab ${words} \\- " "\n${title} \\- " text "${text}")
  file(WRITE ${file} "${text}")
  execute_process(COMMAND ${GZIP} -9n ${file} COMMAND_ERROR_IS_FATAL ANY)
  commands_of(names ${ARGN})
  foreach(name ${names})
    page(${ARGN} ${name})
  endforeach()
endfunction()

if(HELP2MAN AND GZIP)
  file(MAKE_DIRECTORY ${OUTPUT}/man1)
  page()
else()
  message("no man pages: help2man or gzip is missing")
endif()

# A licence in the form of DEP 5, and the changelog, compressed as Debian's policy wants it.
file(READ ${SOURCE}/LICENSE licence)
string(REGEX MATCH "Copyright \\(c\\) ([^\n]*)" _ "${licence}")
set(holder ${CMAKE_MATCH_1})
string(REGEX REPLACE "^.*\n\n(Permission is hereby)" "\\1" terms "${licence}")
string(REGEX REPLACE "\n\n" "\n.\n" terms "${terms}")
string(REGEX REPLACE "\n+$" "" terms "${terms}")
string(REPLACE "\n" "\n " terms "${terms}")
file(WRITE ${OUTPUT}/doc/copyright "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: provlab

Files: *
Copyright: ${holder}
License: Expat
 ${terms}
")
if(GZIP)
  string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
  file(WRITE ${OUTPUT}/doc/changelog "provlab (${VERSION}) unstable; urgency=medium

  * What has changed for users is in CHANGELOG.md.

 -- provlab maintainers <maintainers@provlab.invalid>  ${now}
")
  configure_file(${SOURCE}/CHANGELOG.md ${OUTPUT}/doc/CHANGELOG.md COPYONLY)
  execute_process(COMMAND ${GZIP} -9n ${OUTPUT}/doc/changelog ${OUTPUT}/doc/CHANGELOG.md COMMAND_ERROR_IS_FATAL ANY)
endif()
