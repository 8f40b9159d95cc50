# Makes a C++ source of the files in templates/, so that the program is whole wherever it is put.
# Called as a script: cmake -DOUTPUT=<file> -DDIRECTORY=<templates/> -DFILES=<a;b> -P EmbedTemplates.cmake
set(entries)
foreach(file IN LISTS FILES)
  file(READ "${DIRECTORY}/${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${hex}")
  # A string literal may not grow without bounds: one per 500 bytes, joined by the compiler.
  string(REGEX REPLACE "(................................................................................)" "\\1\"\n    \"" bytes "${bytes}")
  file(SIZE "${DIRECTORY}/${file}" size)
  string(REGEX REPLACE "^\\.\\./" "" name "${file}")
  string(APPEND entries "  {\"${name}\", std::string_view(\n    \"${bytes}\", ${size})},\n")
endforeach()
file(WRITE "${OUTPUT}.new"
"// Made from templates/ at build time.
#include \"base/templates.hpp\"

#include <array>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::pair<std::string_view, std::string_view> k_templates[] = {
${entries}};

} // namespace

std::string_view find_template(std::string_view name) {
  for (const auto& [known, text] : k_templates) {
    if (known == name) {
      return text;
    }
  }
  return {};
}

std::vector<std::string_view> template_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, text] : k_templates) {
    names.push_back(name);
  }
  return names;
}

} // namespace ctest_matrix
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
file(REMOVE "${OUTPUT}.new")
file(TOUCH_NOCREATE "${OUTPUT}")
