#include "ledger/cell_log.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <string_view>
#include <system_error>

namespace ctest_matrix {

namespace fs = std::filesystem;

fs::path log_file_of(const CommonPlan& common, const Record& record) {
  for (const std::string_view ending : {".log", ".previous.log"}) {
    const fs::path path = common.places.state / "logs" / fmt::format("{}{}", record.cell, ending);
    std::error_code error;
    const auto written = fs::last_write_time(path, error);
    const auto time = std::chrono::file_clock::to_sys(written);
    const bool own = record.source == "cell" && !error && fs::is_regular_file(path, error) &&
                     time + k_log_slack >= record.finished - record.duration &&
                     time <= record.finished + k_log_slack;
    if (own) {
      return path;
    }
  }
  return {};
}

LogOf logs_of(const CommonPlan& common) {
  return [&common](const Record& record) -> std::string {
    constexpr std::uintmax_t k_limit = std::uintmax_t{16} * 1024 * 1024; // bytes, of its end
    const fs::path path = log_file_of(common, record);
    const auto text = path.empty() ? Result<std::string>(std::string()) : read_end_of_file(path, k_limit);
    return text ? strip_ansi(*text) : std::string();
  };
}

} // namespace ctest_matrix
