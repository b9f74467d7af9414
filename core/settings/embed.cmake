# Writes a C++ file that holds the given files of a folder as string literals.
# cmake -DFOLDER=<schemas> -DFILES=<a.xml|b.xml> -DOUTPUT=<file.cpp> -P embed.cmake
string(REPLACE "|" ";" FILES "${FILES}")
set(entries "")
set(count 0)
foreach(name IN LISTS FILES)
  file(READ "${FOLDER}/${name}" content)
  string(APPEND entries "    {\"${name}\", R\"embedded(${content})embedded\"},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE "${OUTPUT}" "// Generated from schemas/ by core/settings/embed.cmake.
#include \"core/settings/embedded_files.hpp\"

namespace provlab::settings::detail {

const EmbeddedFile kEmbeddedFiles[] = {
${entries}};
const unsigned kEmbeddedFileCount = ${count};

}  // namespace provlab::settings::detail
")
