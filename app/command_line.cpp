#include "app/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "app/help_formatter.hpp"

namespace rehearse::app {
namespace {

// CLI11 shows the options of a command in one line, which forms that differ in number do not fit.
class FormsFormatter final : public HelpFormatter {
 public:
  explicit FormsFormatter(std::vector<std::string> forms) : forms_(std::move(forms)) {}

  std::string make_usage(const CLI::App*, std::string name) const override {
    std::string text;
    for (const std::string& form : forms_) {
      text += fmt::format("{:<7}{} {}\n", text.empty() ? "Usage:" : "", name, form);
    }
    return text;
  }

 private:
  std::vector<std::string> forms_;
};

}  // namespace

Option& Option::required() {
  option_->required();
  return *this;
}

Option& Option::type_name(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Option& Option::expected(int count) {
  option_->expected(count);
  return *this;
}

Option& Option::expected(int least, int most) {
  option_->expected(least, most);
  return *this;
}

Option& Option::repeatable() {
  option_->expected(1)->take_all()->allow_extra_args(false);
  return *this;
}

Option& Option::delimiter(char between) {
  option_->delimiter(between);
  return *this;
}

Option& Option::show_default() {
  option_->capture_default_str();
  return *this;
}

Option& Option::show_default(const std::string& text) {
  option_->default_str(text);
  return *this;
}

template <class T>
Option& Option::between(T low, T high) {
  option_->check(CLI::Range(low, high));
  return *this;
}

template Option& Option::between(int, int);
template Option& Option::between(std::size_t, std::size_t);
template Option& Option::between(double, double);

Option& Option::one_of(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return *this;
}

Option& Option::choice(const std::vector<std::string>& words) {
  option_->type_name(CLI::detail::join(words, "|"));
  option_->check(CLI::IsMember(words).description(""));
  return *this;
}

Option& Option::check(const std::function<std::string(const std::string&)>& problem) {
  option_->check(problem);
  return *this;
}

Command::Command(CLI::App& program, const std::string& name, const std::string& description)
    : command_(program.add_subcommand(name, description)) {}

template <class T>
Option Command::option(const std::string& name, T& value, const std::string& help) {
  return Option(*command_->add_option(name, value, help));
}

template Option Command::option(const std::string&, std::string&, const std::string&);
template Option Command::option(const std::string&, std::optional<std::string>&,
                                const std::string&);
template Option Command::option(const std::string&, std::vector<std::string>&, const std::string&);
template Option Command::option(const std::string&, int&, const std::string&);
template Option Command::option(const std::string&, double&, const std::string&);
template Option Command::option(const std::string&, std::size_t&, const std::string&);
template Option Command::option(const std::string&, std::optional<std::size_t>&,
                                const std::string&);
template Option Command::option(const std::string&, std::vector<std::size_t>&, const std::string&);
template Option Command::option(const std::string&, std::vector<double>&, const std::string&);

void Command::flag(const std::string& name, bool& value, const std::string& help) {
  command_->add_flag(name, value, help);
}

void Command::footer(const std::string& text) { command_->footer(text); }

void Command::usage(const std::vector<std::string>& forms) {
  command_->formatter(std::make_shared<FormsFormatter>(forms));
}

void Command::callback(const std::function<void()>& call) { command_->callback(call); }

bool Command::given(const std::string& option) const { return command_->count(option) > 0; }

}  // namespace rehearse::app
