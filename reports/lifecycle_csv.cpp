#include "reports/lifecycle_csv.hpp"

#include "base/text/csv_text.hpp"
#include "base/text/number_text.hpp"

namespace rehearse::reports {
namespace {

std::string unless_0(std::int64_t number) { return number == 0 ? "" : std::to_string(number); }

}  // namespace

std::string lifecycle_csv(const std::vector<lifecycle::Record>& records) {
  std::string csv = "at_s,id,cause,model,version,what,from,to,detail\n";
  for (const lifecycle::Record& record : records) {
    csv += number_text(record.at.to_seconds()) + "," + std::to_string(record.id.number) + ",";
    csv += unless_0(record.cause.number) + "," + csv_cell(record.model) + ",";
    csv += unless_0(record.version) + "," + to_string(record.what) + ",";
    csv += csv_cell(record.from) + "," + csv_cell(record.to) + "," + csv_cell(record.detail) + "\n";
  }
  return csv;
}

}  // namespace rehearse::reports
