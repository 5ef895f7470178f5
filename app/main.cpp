#include "app/program.hpp"

int main(int argc, char** argv) { return rehearse::app::run_program(argc, argv); }
