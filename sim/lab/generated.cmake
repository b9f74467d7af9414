# Sources that the build writes: the scenario schema, the table of all trace events, the rules of the
# specification, and what pages have inside.
file(GLOB event_headers CONFIGURE_DEPENDS
  ${CMAKE_SOURCE_DIR}/core/*/*events.hpp ${CMAKE_SOURCE_DIR}/netfakes/*events.hpp
  ${CMAKE_SOURCE_DIR}/sim/*/*events.hpp ${CMAKE_SOURCE_DIR}/sim/lab/*/*events.hpp)
list(FILTER event_headers EXCLUDE REGEX "known_events.hpp$")
list(JOIN event_headers "|" joined_headers)
set(generated ${CMAKE_BINARY_DIR}/generated)
add_custom_command(OUTPUT ${generated}/scenario_schema.cpp
  COMMAND ${CMAKE_COMMAND} -DSCHEMA=${CMAKE_SOURCE_DIR}/schemas/scenario.xsd
    -DOUT=${generated}/scenario_schema.cpp -P ${CMAKE_SOURCE_DIR}/sim/lab/embed.cmake
  DEPENDS ${CMAKE_SOURCE_DIR}/schemas/scenario.xsd ${CMAKE_SOURCE_DIR}/sim/lab/embed.cmake)
add_custom_command(OUTPUT ${generated}/known_events.cpp
  COMMAND ${CMAKE_COMMAND} "-DEVENTS=${joined_headers}" -DOUT=${generated}/known_events.cpp
    -P ${CMAKE_SOURCE_DIR}/sim/lab/embed.cmake
  DEPENDS ${event_headers} ${CMAKE_SOURCE_DIR}/sim/lab/embed.cmake VERBATIM)
add_custom_command(OUTPUT ${generated}/specification_pieces.cpp
  COMMAND ${CMAKE_COMMAND} -DSPECIFICATION=${CMAKE_SOURCE_DIR}/core/SPECIFICATION.md
    -DOUT=${generated}/specification_pieces.cpp -P ${CMAKE_SOURCE_DIR}/sim/lab/embed.cmake
  DEPENDS ${CMAKE_SOURCE_DIR}/core/SPECIFICATION.md ${CMAKE_SOURCE_DIR}/sim/lab/embed.cmake)
set(page_assets ${CMAKE_SOURCE_DIR}/sim/lab/pages/assets)
add_custom_command(OUTPUT ${generated}/page_assets.cpp
  COMMAND ${CMAKE_COMMAND}
    "-DSTYLE=${CMAKE_SOURCE_DIR}/sim/web/assets/palette.css|${page_assets}/report.css"
    -DSCRIPT=${page_assets}/report.js -DHEADER=sim/lab/pages/page_frame.hpp
    -DNAMESPACE=provlab::lab -DOUT=${generated}/page_assets.cpp
    -P ${CMAKE_SOURCE_DIR}/sim/web/embed.cmake
  DEPENDS ${CMAKE_SOURCE_DIR}/sim/web/assets/palette.css ${page_assets}/report.css
    ${page_assets}/report.js ${CMAKE_SOURCE_DIR}/sim/web/embed.cmake VERBATIM)
target_sources(lab_markup PRIVATE ${generated}/scenario_schema.cpp)
target_sources(lab_language PRIVATE ${generated}/specification_pieces.cpp)
target_sources(lab_trace PRIVATE ${generated}/known_events.cpp)
target_sources(lab_pages PRIVATE ${generated}/page_assets.cpp)
