// How `--help` is laid out: like CLI11's own, with descriptions wrapped to 80 columns.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace rehearse::app {

class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace rehearse::app
