# Writes OUTPUT, a source file with the revision that SOURCE is at. Run by tools/CMakeLists.txt.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=10 HEAD
  OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  set(revision unknown)
endif()
file(WRITE ${OUTPUT} "#include \"tools/revision.hpp\"

namespace provlab::tools {
const char* const kRevision = \"${revision}\";
}
")
