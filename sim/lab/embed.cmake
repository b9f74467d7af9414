# Writes what the lab knows of other files into C++ sources; run by the build when they change.
#   cmake -DSCHEMA=scenario.xsd -DOUT=scenario_schema.cpp -P embed.cmake
#   cmake -DSPECIFICATION=SPECIFICATION.md -DOUT=specification_pieces.cpp -P embed.cmake
#   cmake "-DEVENTS=a/events.hpp|b/events.hpp" -DOUT=known_events.cpp -P embed.cmake
if(SCHEMA)
  file(READ ${SCHEMA} text)
  file(WRITE ${OUT} "#include \"sim/lab/markup/scenario_schema.hpp\"\n\nnamespace provlab::lab {\n\n"
    "std::string_view scenario_schema_text() {\n  return R\"xsd(${text})xsd\";\n}\n\n"
    "}  // namespace provlab::lab\n")
elseif(SPECIFICATION)
  # A compiler need not take a literal of more than 64 KiB: one for each section is far below.
  file(READ ${SPECIFICATION} text)
  set(pieces "")
  while(NOT text STREQUAL "")
    string(FIND "${text}" "\n## " end)
    if(end EQUAL -1)
      string(LENGTH "${text}" end)
    else()
      math(EXPR end "${end} + 1")
    endif()
    string(SUBSTRING "${text}" 0 ${end} piece)
    string(SUBSTRING "${text}" ${end} -1 text)
    string(APPEND pieces "    R\"law(${piece})law\",\n")
  endwhile()
  file(WRITE ${OUT} "#include \"sim/lab/language/specification.hpp\"\n\nnamespace provlab::lab {\n\n"
    "std::span<const std::string_view> specification_pieces() {\n"
    "  static constexpr std::string_view kPieces[] = {\n${pieces}  };\n  return kPieces;\n}\n\n"
    "}  // namespace provlab::lab\n")
else()
  set(table "")
  set(of_phone "")
  string(REPLACE "|" ";" headers "${EVENTS}")
  foreach(header IN LISTS headers)
    file(READ ${header} text)
    string(REGEX MATCHALL "string_view name = \"[a-z_]+\"|field\\(\"[a-z_0-9]+\"" found "${text}")
    set(event "")
    set(fields "")
    foreach(match IN LISTS found)
      string(REGEX REPLACE "^[^\"]*\"([^\"]*)\"$" "\\1" word "${match}")
      if(match MATCHES "^string_view")
        if(event)
          string(APPEND table "    {\"${event}\", {${fields}}},\n")
        endif()
        set(event ${word})
        if(header MATCHES "/core/")
          string(APPEND of_phone "      \"${event}\",\n")
        endif()
        set(fields "")
      elseif(event)
        string(APPEND fields "\"${word}\", ")
      endif()
    endforeach()
    if(event)
      string(APPEND table "    {\"${event}\", {${fields}}},\n")
    endif()
  endforeach()
  file(WRITE ${OUT} "#include \"sim/lab/trace/known_events.hpp\"\n\n#include <set>\n\nnamespace provlab::lab {\n\n"
    "const KnownEvents& known_events() {\n  static const KnownEvents events{\n${table}  };\n"
    "  return events;\n}\n\nbool is_event_of_phone(std::string_view event) {\n"
    "  static const std::set<std::string_view> names{\n${of_phone}  };\n"
    "  return names.contains(event);\n}\n\n}  // namespace provlab::lab\n")
endif()
