#include "matrix/yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <sstream>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_code = "M001";
constexpr std::size_t k_most_nodes = 1'000'000; // aliases of aliases grow exponentially
constexpr std::size_t k_longest_text = 65'536;  // bytes; Linux takes twice as much as an argument or variable

/// Builds the tree from yaml-cpp's events, which carry the marks and do not merge duplicate keys.
class TreeBuilder final : public YAML::EventHandler {
public:
  TreeBuilder(std::string file, Diagnostics& diagnostics)
      : m_file(std::move(file)), m_diagnostics(diagnostics) {}

  YamlNode take() { return std::move(m_root); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    leaf(node_at(YamlKind::null, place(mark, 1)), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode copy = m_anchors[anchor];
    copy.location = place(mark, 1);
    if ((m_nodes += size(copy)) > k_most_nodes) {
      throw YAML::ParserException(mark, "the aliases make the document too large");
    }
    leaf(std::move(copy), 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const auto line = value.substr(0, value.find('\n'));
    YamlNode node = node_at(YamlKind::scalar, place(mark, static_cast<int>(line.size())));
    if (value.find('\0') != std::string::npos) {
      m_diagnostics.error(
          std::string(k_code), node.location,
          "a text with U+0000 in it, which no argument, variable, path or line of a file can carry");
    }
    if (value.size() > k_longest_text) {
      m_diagnostics.error(
          std::string(k_code), node.location,
          fmt::format("a text of {} bytes; expected at most {}, which an argument or a variable can "
                      "carry: put it into a file, or a script, and name that",
                      value.size(), k_longest_text));
    }
    node.scalar = value;
    node.quoted = tag == "!";
    leaf(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    m_open.push_back({node_at(YamlKind::sequence, place(mark, 1)), anchor, std::nullopt});
  }

  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    m_open.push_back({node_at(YamlKind::map, place(mark, 1)), anchor, std::nullopt});
  }

  void OnMapEnd() override { close(); }

private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
    std::optional<YamlNode> key;
  };

  static YamlNode node_at(YamlKind kind, SourceLocation location) {
    YamlNode node;
    node.kind = kind;
    node.location = std::move(location);
    return node;
  }

  SourceLocation place(const YAML::Mark& mark, int length) const {
    return {m_file, mark.line + 1, mark.column + 1, std::max(length, 1)};
  }

  static std::size_t size(const YamlNode& node) {
    std::size_t total = 1;
    for (const YamlNode& item : node.items) {
      total += size(item);
    }
    for (const YamlNode::Entry& entry : node.entries) {
      total += size(entry.value);
    }
    return total;
  }

  void close() {
    Open open = std::move(m_open.back());
    m_open.pop_back();
    leaf(std::move(open.node), open.anchor);
  }

  void leaf(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != 0) {
      m_anchors[anchor] = node;
    }
    if (m_open.empty()) {
      m_root = std::move(node);
      return;
    }
    Open& parent = m_open.back();
    if (parent.node.kind == YamlKind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      parent.key = std::move(node);
    } else {
      if (parent.key->kind == YamlKind::scalar) {
        parent.node.entries.push_back({parent.key->scalar, parent.key->location, std::move(node)});
      } else {
        m_diagnostics.error(std::string(k_code), parent.key->location,
                            fmt::format("expected plain text as a key, got {}", describe(*parent.key)));
      }
      parent.key.reset();
    }
  }

  std::string m_file;
  Diagnostics& m_diagnostics;
  YamlNode m_root;
  std::vector<Open> m_open;
  std::map<YAML::anchor_t, YamlNode> m_anchors;
  std::size_t m_nodes = 0;
};

} // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) {
      return &entry.value;
    }
  }
  return nullptr;
}

std::optional<YamlNode> parse_yaml(const std::string& file, const std::string& text,
                                   Diagnostics& diagnostics) {
  std::istringstream stream(text);
  TreeBuilder builder(file, diagnostics);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      diagnostics.error(std::string(k_code), {file, 1, 1}, "expected a matrix, got an empty file");
      return std::nullopt;
    }
    YamlNode root = builder.take();
    TreeBuilder rest(file, diagnostics);
    if (parser.HandleNextDocument(rest)) {
      diagnostics.error(std::string(k_code), rest.take().location,
                        "expected one YAML document, got a second one");
    }
    return root;
  } catch (const YAML::Exception& exception) {
    diagnostics.error(std::string(k_code), {file, exception.mark.line + 1, exception.mark.column + 1},
                      fmt::format("not valid YAML: {}", exception.msg));
    return std::nullopt;
  }
}

std::string describe(const YamlNode& node) {
  switch (node.kind) {
  case YamlKind::null:
    return "nothing";
  case YamlKind::scalar:
    return fmt::format("'{}'", node.scalar);
  case YamlKind::sequence:
    return "a list";
  case YamlKind::map:
    return "a map";
  }
  return "";
}

} // namespace ctest_matrix
