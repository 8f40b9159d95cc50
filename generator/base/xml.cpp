#include "base/xml.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <cctype>
#include <optional>

namespace ctest_matrix {

namespace {

constexpr int k_max_depth = 64;

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(), [](unsigned char c) { return std::tolower(c); });
  return copy;
}

/// The encoding that the XML declaration names, in lower case; empty without one.
std::string declared_encoding(std::string_view text) {
  if (!text.starts_with("<?xml")) {
    return {};
  }
  const std::string_view declaration = text.substr(0, text.find("?>"));
  std::size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) {
    return {};
  }
  at = declaration.find_first_of("\"'", at);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::size_t end = declaration.find(declaration[at], at + 1);
  return end == std::string_view::npos ? "" : lower(declaration.substr(at + 1, end - at - 1));
}

/// Copies a node and what is below it; a message when it breaks a rule.
std::optional<std::string> convert(const pugi::xml_node& node, int depth, XmlElement& element) {
  if (depth > k_max_depth) {
    return fmt::format("nested more than {} levels deep", k_max_depth);
  }
  element.name = node.name();
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    if (element.attribute(attribute.name()) != nullptr) {
      return fmt::format("attribute {} twice in <{}>", attribute.name(), node.name());
    }
    element.attributes.emplace_back(attribute.name(), attribute.value());
  }
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_element) {
      if (auto broken = convert(child, depth + 1, element.children.emplace_back())) {
        return broken;
      }
    } else {
      element.text += child.value();
    }
  }
  return std::nullopt;
}

Result<pugi::xml_node> single_root(const pugi::xml_document& document, std::string_view what) {
  pugi::xml_node root;
  for (const pugi::xml_node& node : document.children()) {
    switch (node.type()) {
    case pugi::node_declaration:
      break;
    case pugi::node_element:
      if (root) {
        return bad_input(what, fmt::format("a second root element <{}>", node.name()));
      }
      root = node;
      break;
    case pugi::node_doctype:
      return bad_input(what, "has a document type, which no runner writes");
    default:
      return bad_input(what, "text outside of the root element");
    }
  }
  if (!root) {
    return bad_input(what, "no root element");
  }
  return root;
}

} // namespace

const std::string* XmlElement::attribute(std::string_view attribute_name) const {
  for (const auto& [known, content] : attributes) {
    if (known == attribute_name) {
      return &content;
    }
  }
  return nullptr;
}

std::string_view XmlElement::value(std::string_view attribute_name) const {
  const std::string* const found = attribute(attribute_name);
  return found == nullptr ? std::string_view() : *found;
}

const XmlElement* XmlElement::child(std::string_view child_name) const {
  for (const XmlElement& element : children) {
    if (element.name == child_name) {
      return &element;
    }
  }
  return nullptr;
}

Result<XmlElement> parse_xml(std::string_view text, std::string_view what) {
  TRY_ASSIGN(const std::string_view checked, checked_text(text, what));
  text = checked;
  const std::string encoding = declared_encoding(text);
  if (!encoding.empty() && encoding != "utf-8" && encoding != "utf8" && encoding != "us-ascii") {
    return bad_input(what, fmt::format("encoding '{}'; expected UTF-8", encoding));
  }

  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(
      text.data(), text.size(),
      pugi::parse_default | pugi::parse_fragment | pugi::parse_declaration | pugi::parse_doctype,
      pugi::encoding_utf8);
  if (!parsed) {
    return bad_input(what, fmt::format("not well-formed XML at {}: {}",
                                       place_of_byte(text, static_cast<std::size_t>(parsed.offset)),
                                       lower(parsed.description())));
  }
  TRY_ASSIGN(const pugi::xml_node root, single_root(document, what));
  XmlElement element;
  if (const auto broken = convert(root, 1, element)) {
    return bad_input(what, *broken);
  }
  return element;
}

} // namespace ctest_matrix
