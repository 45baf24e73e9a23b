# SPDX-License-Identifier: GPL-3.0-or-later
# How our own targets are built: one static library per room of core/, one test program per room.

add_library(vitrine_flags INTERFACE)
target_compile_options(vitrine_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                                               -Wno-missing-field-initializers # designated initializers rely on defaults
                                               $<$<BOOL:${VITRINE_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(vitrine_flags INTERFACE -Wno-restrict) # false alarms on std::string operator+, GCC bug 105651
endif()
target_compile_definitions(vitrine_flags INTERFACE VITRINE_VERSION="${PROJECT_VERSION}")
if(VITRINE_SANITIZE)
  target_compile_options(vitrine_flags INTERFACE -fsanitize=${VITRINE_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(vitrine_flags INTERFACE -fsanitize=${VITRINE_SANITIZE})
endif()

# vitrine_room(NAME [TORCH] SOURCES ... [USES rooms ...] [LINKS targets ...])
# A room of core/. Its headers are included as "room/header.h". TORCH marks rooms whose engine headers name at::Tensor.
function(vitrine_room NAME)
  cmake_parse_arguments(ROOM "TORCH" "" "SOURCES;USES;LINKS" ${ARGN})
  set(target vitrine_${NAME})
  add_library(${target} STATIC ${ROOM_SOURCES})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/core)
  target_link_libraries(${target} PRIVATE vitrine_flags ${ROOM_LINKS})
  foreach(used IN LISTS ROOM_USES)
    target_link_libraries(${target} PUBLIC vitrine_${used})
  endforeach()
  if(ROOM_TORCH)
    target_link_libraries(${target} PRIVATE vitrine_torch)
  endif()
endfunction()

# vitrine_test(NAME [TORCH] SOURCES ... USES rooms ... [LINKS targets ...] [LABELS unit|threads])
# Thread counts of the test processes are set by the test presets.
function(vitrine_test NAME)
  cmake_parse_arguments(TEST "TORCH" "" "SOURCES;USES;LINKS;LABELS" ${ARGN})
  set(target test_${NAME})
  if(NOT TEST_LABELS)
    set(TEST_LABELS unit)
  endif()
  add_executable(${target} ${TEST_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${target} PRIVATE vitrine_flags vitrine_test_main ${TEST_LINKS})
  target_compile_options(${target} PRIVATE -O1) # the tests' own code is compiled once and runs for seconds
  foreach(used IN LISTS TEST_USES)
    target_link_libraries(${target} PRIVATE vitrine_${used})
  endforeach()
  if(TEST_TORCH)
    target_link_libraries(${target} PRIVATE vitrine_torch)
  endif()
  gtest_discover_tests(${target} PROPERTIES
    LABELS ${TEST_LABELS} TIMEOUT 900 DISCOVERY_TIMEOUT 60)
endfunction()
