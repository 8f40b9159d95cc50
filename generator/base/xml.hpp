// XML as a plain tree, read strictly: what is cut off, doubled or nested without end is an error.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

struct XmlElement {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text; ///< the element's own character data, CDATA included, in order
  std::vector<XmlElement> children;

  /// The value of the attribute, or null.
  const std::string* attribute(std::string_view attribute_name) const;
  /// The value of the attribute, or an empty text.
  std::string_view value(std::string_view attribute_name) const;
  /// The first child of that name, or null.
  const XmlElement* child(std::string_view child_name) const;
};

/// The root element. Error (input): what `checked_text` refuses, not well-formed, several roots or text
/// around the root, a document type, more than 64 levels deep, in another encoding than UTF-8.
/// `what` names the document in messages.
Result<XmlElement> parse_xml(std::string_view text, std::string_view what);

} // namespace ctest_matrix
