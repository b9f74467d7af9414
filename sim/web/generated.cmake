# What the pages of the Web UI have inside.
set(web_assets ${CMAKE_SOURCE_DIR}/sim/web/assets)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/generated/web_assets.cpp
  COMMAND ${CMAKE_COMMAND} "-DSTYLE=${web_assets}/palette.css|${web_assets}/web.css"
    -DSCRIPT=${web_assets}/script.js -DHEADER=sim/web/pages.hpp -DNAMESPACE=provlab::web
    -DOUT=${CMAKE_BINARY_DIR}/generated/web_assets.cpp -P ${CMAKE_SOURCE_DIR}/sim/web/embed.cmake
  DEPENDS ${web_assets}/palette.css ${web_assets}/web.css ${web_assets}/script.js
    ${CMAKE_SOURCE_DIR}/sim/web/embed.cmake VERBATIM)
target_sources(web PRIVATE ${CMAKE_BINARY_DIR}/generated/web_assets.cpp)
