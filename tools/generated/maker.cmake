# The maker of generated mutants (D48), which needs libclang. A core with mutants needs it; elsewhere
# it is built for its test where libclang is installed.
set(needed)
if(PROVLAB_MUTANTS)
  set(needed REQUIRED)
endif()
set(llvm /usr/lib/llvm-19)
find_path(CLANG_HEADERS clang/Tooling/Tooling.h HINTS ${llvm}/include ${needed})
find_library(CLANG_LIBRARY NAMES clang-cpp libclang-cpp.so.19.1 libclang-cpp.so.19 HINTS ${llvm}/lib ${needed})
find_library(LLVM_LIBRARY NAMES LLVM-19 libLLVM.so.19.1 HINTS ${llvm}/lib ${needed})
if(NOT CLANG_HEADERS OR NOT CLANG_LIBRARY OR NOT LLVM_LIBRARY)
  return()
endif()
file(GLOB maker_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/generated/maker/*.cpp)
add_executable(mutant_maker ${maker_sources} ${CMAKE_SOURCE_DIR}/tools/generated/manifest.cpp)
target_include_directories(mutant_maker SYSTEM PRIVATE ${CLANG_HEADERS})
target_link_libraries(mutant_maker PRIVATE provlab_options ${CLANG_LIBRARY} ${LLVM_LIBRARY})
# The time that it takes is clang's.
target_compile_options(mutant_maker PRIVATE -O0)
# What it parses the core with, also for tools/mutants, which calls it for the files of a change.
set(defined "$<TARGET_PROPERTY:provlab_options,INTERFACE_COMPILE_DEFINITIONS>")
set(included "$<TARGET_PROPERTY:settings,INCLUDE_DIRECTORIES>")
set(maker_flags -std=c++23 -resource-dir ${llvm}/lib/clang/19 -Wno-everything
  "$<$<BOOL:${defined}>:-D$<JOIN:${defined},;-D>>" "$<$<BOOL:${included}>:-I$<JOIN:${included},;-I>>")
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/maker_flags.txt CONTENT "$<JOIN:${maker_flags},\n>\n")
