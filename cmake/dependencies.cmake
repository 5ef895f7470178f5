# Every library comes from a Debian package; packages.txt lists them. Those without a CMake or
# pkg-config file of their own get an imported target here.
find_package(PkgConfig REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(Eigen3 3.4 REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)

find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
find_library(CSV_LIBRARY csv REQUIRED)
add_library(CSV::csv UNKNOWN IMPORTED)
set_target_properties(CSV::csv PROPERTIES IMPORTED_LOCATION ${CSV_LIBRARY}
                      INTERFACE_INCLUDE_DIRECTORIES ${CSV_INCLUDE_DIR})

find_path(PCG_INCLUDE_DIR pcg_random.hpp REQUIRED)
add_library(PCG::pcg INTERFACE IMPORTED)
set_target_properties(PCG::pcg PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${PCG_INCLUDE_DIR})

if(REHEARSE_SIMULATOR)
  find_package(CLI11 2.1 REQUIRED)
  pkg_check_modules(SIMGRID REQUIRED IMPORTED_TARGET simgrid>=3.32)
  add_library(SimGrid::SimGrid ALIAS PkgConfig::SIMGRID)
  if(NOT REHEARSE_SANITIZE)  # which brings an allocator of its own
    # For programs, never for rooms: a run makes and drops some hundred small objects per change.
    pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
  endif()
endif()
