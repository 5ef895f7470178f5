// Text as content and attribute values of XML, which JUnit results and SVG pictures are made of.
#pragma once

#include <string>
#include <string_view>

namespace rehearse {

/// Text with &, <, >, quotes and line ends escaped; control characters that XML forbids become '?'.
std::string xml_text(std::string_view text);

}  // namespace rehearse
