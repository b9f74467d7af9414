# The files of schemas/ that are built into the program, so that it needs none at run time.
file(GLOB embedded RELATIVE ${CMAKE_SOURCE_DIR}/schemas CONFIGURE_DEPENDS
  ${CMAKE_SOURCE_DIR}/schemas/defaults/*.xml ${CMAKE_SOURCE_DIR}/schemas/*/*.xsd
  ${CMAKE_SOURCE_DIR}/schemas/migrations/*.xml ${CMAKE_SOURCE_DIR}/schemas/migrations.xsd
  ${CMAKE_SOURCE_DIR}/schemas/notify_sync.xsd)
list(JOIN embedded "|" embedded_names)
list(TRANSFORM embedded PREPEND ${CMAKE_SOURCE_DIR}/schemas/ OUTPUT_VARIABLE embedded_paths)
set(embedded_source ${CMAKE_BINARY_DIR}/generated/settings_embedded_files.cpp)
add_custom_command(OUTPUT ${embedded_source}
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/schemas "-DFILES=${embedded_names}"
    -DOUTPUT=${embedded_source} -P ${CMAKE_SOURCE_DIR}/core/settings/embed.cmake
  DEPENDS ${embedded_paths} ${CMAKE_SOURCE_DIR}/core/settings/embed.cmake VERBATIM)
target_sources(settings PRIVATE ${embedded_source})
