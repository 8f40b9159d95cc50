#include "base/xml.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
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

/// Whether a text begins with a reference that XML knows without a document type: `&lt;`, `&#10;`, `&#xA;`.
bool begins_with_reference(std::string_view text) {
  const std::size_t end = text.find(';');
  const std::string_view name = end == std::string_view::npos ? "" : text.substr(1, end - 1);
  if (!name.starts_with('#')) {
    constexpr std::array<std::string_view, 5> k_known = {"amp", "lt", "gt", "quot", "apos"};
    return std::ranges::find(k_known, name) != k_known.end();
  }
  const bool is_hex = name.starts_with("#x");
  const std::string_view digits = name.substr(is_hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [last, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
  constexpr std::uint32_t k_last_character = 0x10FFFF;
  return error == std::errc() && last == digits.data() + digits.size() && code > 0 &&
         code <= k_last_character;
}

/// Where the first `&` stands that begins no such reference, outside of what is taken as it is (CDATA,
/// comments, instructions); npos where there is none. pugixml keeps it, and what it stands for is unknown.
std::size_t find_bad_reference(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> k_verbatim[] = {
      {"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}};
  for (std::size_t at = text.find_first_of("&<"); at != std::string_view::npos;
       at = text.find_first_of("&<", at + 1)) {
    const std::string_view rest = text.substr(at);
    if (rest.front() == '&' && !begins_with_reference(rest)) {
      return at;
    }
    for (const auto& [begin, end] : k_verbatim) {
      if (rest.starts_with(begin)) {
        at = std::min(text.find(end, at), text.size() - 1);
        break;
      }
    }
  }
  return std::string_view::npos;
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
  if (const std::size_t bad = find_bad_reference(text); bad != std::string_view::npos) {
    return bad_input(what,
                     fmt::format("not well-formed XML at {}: '{}' is no reference that XML knows",
                                 place_of_byte(text, bad),
                                 ellipsis(text.substr(bad, text.find_first_of("; <\n", bad) - bad), 40)));
  }
  TRY_ASSIGN(const pugi::xml_node root, single_root(document, what));
  XmlElement element;
  if (const auto broken = convert(root, 1, element)) {
    return bad_input(what, *broken);
  }
  return element;
}

} // namespace ctest_matrix
