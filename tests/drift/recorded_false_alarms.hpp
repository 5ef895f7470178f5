// False alarms and delays of every detector, as 600 streams gave them: what the 200 other streams
// of false_alarms_test.cpp are held to, within 4 standard errors of the difference. The detectors
// that gave them agree with River's, index by index (tests/drift/reference_test.cpp). That test
// prints the rows; other rows are those of other detectors.
#pragma once

#include <string>
#include <vector>

namespace rehearse::test {

constexpr int kRecordedStreams = 600;

struct RecordedDelay {
  int median;     ///< values until the change was found, or the most that are looked at
  double share;   ///< of streams that had found it by then
  double missed;  ///< share of streams that never did
};

struct RecordedRow {
  const char* kind;
  const char* detector;
  double alarms;  ///< per 10 000 values without a change
  double variance;
  RecordedDelay delays[3];  ///< sudden, gradual, incremental
};

// clang-format off
inline const std::vector<RecordedRow> kRecordedRows = {
    {"errors, 10% then 30%", "always fires", 10000.0000, 0.0000, {{0, 1.0000, 0.0000}, {0, 1.0000, 0.0000}, {0, 1.0000, 0.0000}}},
    {"errors, 10% then 30%", "never fires", 0.0000, 0.0000, {{2999, 0.0000, 1.0000}, {2999, 0.0000, 1.0000}, {2999, 0.0000, 1.0000}}},
    {"errors, 10% then 30%", "adwin", 0.0000, 0.0000, {{111, 0.5967, 0.0000}, {655, 0.5900, 0.0000}, {655, 0.6150, 0.0000}}},
    {"errors, 10% then 30%", "page-hinkley", 0.0150, 0.0148, {{242, 0.5017, 0.0000}, {727, 0.5050, 0.0000}, {722, 0.5067, 0.0000}}},
    {"errors, 10% then 30%", "cusum", 19.5600, 134.8812, {{28, 0.5083, 0.0000}, {302, 0.5017, 0.0000}, {302, 0.5017, 0.0000}}},
    {"errors, 10% then 30%", "cusum min_instances=300 threshold=12", 0.9983, 1.2137, {{40, 0.5017, 0.0117}, {524, 0.5017, 0.0000}, {513, 0.5050, 0.0000}}},
    {"errors, 10% then 30%", "kswin", 0.0000, 0.0000, {{2999, 0.2283, 0.7717}, {2999, 0.1650, 0.8350}, {2999, 0.1717, 0.8283}}},
    {"errors, 10% then 30%", "kswin alpha=0.0001", 0.0000, 0.0000, {{2999, 0.0050, 0.9950}, {2999, 0.0033, 0.9967}, {2999, 0.0033, 0.9967}}},
    {"errors, 10% then 30%", "ddm", 0.8000, 1.4791, {{151, 0.5050, 0.0017}, {620, 0.5033, 0.0000}, {617, 0.5017, 0.0000}}},
    {"errors, 10% then 30%", "eddm", 16.3583, 74.9315, {{51, 0.5067, 0.0000}, {176, 0.5050, 0.0000}, {179, 0.5033, 0.0000}}},
    {"errors, 10% then 30%", "hddm-a", 0.0300, 0.0291, {{112, 0.5017, 0.0000}, {717, 0.5033, 0.0000}, {710, 0.5033, 0.0000}}},
    {"normal, mean 0 then 1 deviation", "always fires", 10000.0000, 0.0000, {{0, 1.0000, 0.0000}, {0, 1.0000, 0.0000}, {0, 1.0000, 0.0000}}},
    {"normal, mean 0 then 1 deviation", "never fires", 0.0000, 0.0000, {{2999, 0.0000, 1.0000}, {2999, 0.0000, 1.0000}, {2999, 0.0000, 1.0000}}},
    {"normal, mean 0 then 1 deviation", "adwin", 0.0067, 0.0066, {{47, 0.9517, 0.0000}, {431, 0.5700, 0.0000}, {431, 0.6067, 0.0000}}},
    {"normal, mean 0 then 1 deviation", "page-hinkley", 5.9700, 2.8939, {{36, 0.5183, 0.0017}, {268, 0.5017, 0.0000}, {272, 0.5033, 0.0000}}},
    {"normal, mean 0 then 1 deviation", "cusum", 19.1383, 83.8623, {{10, 0.5200, 0.0033}, {233, 0.5017, 0.0000}, {300, 0.5033, 0.0000}}},
    {"normal, mean 0 then 1 deviation", "cusum min_instances=300 threshold=12", 0.0600, 0.0565, {{22, 0.5417, 0.0000}, {497, 0.5050, 0.0000}, {532, 0.5017, 0.0000}}},
    {"normal, mean 0 then 1 deviation", "kswin", 13.0883, 9.7267, {{24, 0.5417, 0.0000}, {441, 0.5033, 0.0100}, {394, 0.5050, 0.0050}}},
    {"normal, mean 0 then 1 deviation", "kswin alpha=0.0001", 0.7033, 0.6631, {{32, 0.5117, 0.2417}, {2999, 0.1850, 0.8150}, {2999, 0.1900, 0.8100}}},
};
// clang-format on

/// nullptr when there is none.
inline const RecordedRow* recorded_row(const std::string& kind, const std::string& detector) {
  for (const RecordedRow& row : kRecordedRows) {
    if (row.kind == kind && row.detector == detector) return &row;
  }
  return nullptr;
}

}  // namespace rehearse::test
