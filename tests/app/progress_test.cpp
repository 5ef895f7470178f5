#include "app/progress.hpp"

#include <catch2/catch.hpp>

using rehearse::app::progress_line;

TEST_CASE("the progress line shows the share done and the time left") {
  CHECK(progress_line("run", 0.5, 10) ==
        "run [===============               ]  50%  about 10 s left");
  CHECK(progress_line("run", 0, 1) == "run [                              ]   0%");
  CHECK(progress_line("run", 1, 60) == "run [==============================] 100%  about 0 s left");
  CHECK(progress_line("run", 0.02, 60) ==
        "run [                              ]   2%  about 49 min left");
}
