# What `cmake --install` and the Debian package hold: the program, its completion and man pages, and
# the library of scenarios with the schemas as examples, settings of editors too. The program itself needs none of the files.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # nor are tests built for it
set(package_documents ${CMAKE_INSTALL_DOCDIR})
install(TARGETS provlab RUNTIME)
install(DIRECTORY scenarios schemas DESTINATION ${package_documents}/examples)
install(DIRECTORY tools/editors DESTINATION ${package_documents} USE_SOURCE_PERMISSIONS)
install(FILES README.md ARCHITECTURE.md DESTINATION ${package_documents})
install(FILES core/SPECIFICATION.md DESTINATION ${package_documents})

# Made by the program that is installed, so they tell of no other.
find_program(HELP2MAN help2man)
find_program(GZIP gzip)
set(pages_folder ${CMAKE_BINARY_DIR}/pages)
install(CODE "execute_process(COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:provlab> -DHELP2MAN=${HELP2MAN} -DGZIP=${GZIP}
  -DSOURCE=${CMAKE_SOURCE_DIR} -DVERSION=${PROJECT_VERSION} -DOUTPUT=${pages_folder} -P ${CMAKE_SOURCE_DIR}/tools/packaging/pages.cmake
  COMMAND_ERROR_IS_FATAL ANY)")
install(DIRECTORY ${pages_folder}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} OPTIONAL)
install(DIRECTORY ${pages_folder}/doc/ DESTINATION ${package_documents})
install(FILES tools/packaging/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME provlab)
install(FILES ${pages_folder}/completion/provlab DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${pages_folder}/completion/_provlab DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${pages_folder}/completion/provlab.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME provlab)
set(CPACK_PACKAGE_VENDOR provlab)
set(CPACK_PACKAGE_CONTACT "provlab maintainers <maintainers@provlab.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "lab for the provisioning of D100 and D200 telephones")
set(CPACK_PACKAGE_DESCRIPTION
  "provlab boots simulated Auerswald/FONtevo COMfortel D100 and D200 telephones
among DHCP, DNS, NTP, web, redirect and SIP servers that a scenario file
scripts: their timing, their failures and the order of their answers. It runs
in virtual time, thousands of boots a second and every run repeatable to the
byte, or on a real Ethernet with real telephones or real servers.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
