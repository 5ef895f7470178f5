// How sanitized programs, the tests and rehearse itself, behave; read by the sanitizers' libraries.
extern "C" {

// A status of its own: 1 is that of an expectation that failed, which some tests wait for.
const char* __asan_default_options() { return "exitcode=86"; }                      // NOLINT
const char* __ubsan_default_options() { return "exitcode=86:print_stacktrace=1"; }  // NOLINT
}
