# SPDX-License-Identifier: GPL-3.0-or-later
# Every third-party package in one place, each as a target.

find_package(nlohmann_json 3.10 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED) # comes with OpenCV's development files
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(OpenCV 4 REQUIRED COMPONENTS core imgproc imgcodecs) # never highgui: it drags Qt 5 in
find_package(hwy QUIET)
find_package(Threads REQUIRED)

find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
add_library(vitrine_xxhash INTERFACE)
target_include_directories(vitrine_xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
target_link_libraries(vitrine_xxhash INTERFACE ${XXHASH_LIBRARY})

find_path(HWY_INCLUDE_DIR hwy/highway.h REQUIRED)
find_library(HWY_LIBRARY hwy REQUIRED)
add_library(vitrine_hwy INTERFACE)
target_include_directories(vitrine_hwy SYSTEM INTERFACE ${HWY_INCLUDE_DIR})
target_link_libraries(vitrine_hwy INTERFACE ${HWY_LIBRARY})

find_path(DNNL_INCLUDE_DIR dnnl.hpp PATH_SUFFIXES oneapi/dnnl REQUIRED)
find_library(DNNL_LIBRARY dnnl REQUIRED)
add_library(vitrine_dnnl INTERFACE)
target_include_directories(vitrine_dnnl SYSTEM INTERFACE ${DNNL_INCLUDE_DIR})
target_link_libraries(vitrine_dnnl INTERFACE ${DNNL_LIBRARY})

find_package(Torch REQUIRED)
# Only the libraries that we call: TORCH_LIBRARIES carries flags of its own build.
add_library(vitrine_torch INTERFACE)
target_include_directories(vitrine_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(vitrine_torch INTERFACE ${TORCH_LIBRARIES})
# Under C++20 clang instantiates std::vector<c10::IValue> in headers of LibTorch 1.13 before IValue is complete.
target_compile_options(vitrine_torch INTERFACE "$<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-include ATen/core/ivalue.h>")

if(VITRINE_WINDOW)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets PrintSupport Svg Test)
  find_package(QCustomPlotQt6 REQUIRED) # its file names Qt6's targets without finding them
endif()
