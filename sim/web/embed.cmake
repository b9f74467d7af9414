# Writes what pages have inside into a C++ source; run by the build when a file of it changes. Styles
# are joined, so that pages can share one.
#   cmake "-DSTYLE=palette.css|web.css" -DSCRIPT=script.js -DHEADER=sim/web/pages.hpp
#         -DNAMESPACE=provlab::web -DOUT=web_assets.cpp -P embed.cmake
set(functions "")
foreach(file style script)
  string(TOUPPER ${file} variable)
  string(REPLACE "|" ";" parts "${${variable}}")
  set(text "")
  foreach(part IN LISTS parts)
    file(READ ${part} read)
    string(APPEND text "${read}")
  endforeach()
  # A compiler need not take a literal of more than 64 KiB; these are far below.
  string(APPEND functions "std::string_view page_${file}() {\n  return R\"page(${text})page\";\n}\n\n")
endforeach()
file(WRITE ${OUT} "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\n"
  "${functions}}  // namespace ${NAMESPACE}\n")
