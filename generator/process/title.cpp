#include "process/title.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <sys/prctl.h>

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace ctest_matrix {

namespace {

/// A field of /proc/self/stat behind the name, by its number in proc(5); 0 where the system does not tell.
std::uintptr_t own_stat_field(std::size_t number) {
  const auto content = read_file("/proc/self/stat");
  const std::size_t name_end = content ? content->rfind(')') : std::string::npos;
  if (name_end == std::string::npos) {
    return 0;
  }
  const std::vector<std::string> fields = split(trim(std::string_view(*content).substr(name_end + 1)), ' ');
  const std::size_t index = number - 3;
  std::uintptr_t value = 0;
  if (index < fields.size()) {
    std::from_chars(fields[index].data(), fields[index].data() + fields[index].size(), value);
  }
  return value;
}

} // namespace

void set_process_title(const std::string& title) {
  prctl(PR_SET_NAME, title.substr(0, title.find(' ')).c_str());
  const std::uintptr_t begin = own_stat_field(48); // arg_start
  const std::uintptr_t end = own_stat_field(49);   // arg_end
  if (begin == 0 || end <= begin) {
    return;
  }
  char* const area = reinterpret_cast<char*>(begin);
  std::memset(area, 0, end - begin);
  title.copy(area, end - begin - 1);
}

} // namespace ctest_matrix
