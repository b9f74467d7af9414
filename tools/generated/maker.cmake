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
