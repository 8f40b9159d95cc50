#include "progress/document.hpp"
#include "progress/samples.hpp"

#include <gmock/gmock.h>

#include <random>

namespace ctest_matrix {
namespace {

constexpr int k_documents = 3000;

/// Makes documents: the template with edits such as people and accidents make, the same for the same seed.
class Generator {
public:
  explicit Generator(unsigned seed) : m_random(seed) {}

  std::string document() {
    std::string text = render_document(driver_plan(), k_noon);
    for (int edits = number(12); edits > 0; --edits) {
      edit(text);
    }
    return text;
  }

private:
  int number(int limit) { return static_cast<int>(m_random() % static_cast<unsigned>(limit)); }

  std::size_t place(const std::string& text) { return m_random() % (text.size() + 1); }

  std::string piece() {
    static const std::vector<std::string> pieces = {
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "```\n",
        "~~~",
        "<!--",
        "-->\n",
        "## Log\n",
        "# \n",
        "- [x] ",
        "[ ]",
        "[X]",
        "|",
        "\t",
        " ",
        "\xFF\xFE",
        std::string(1, '\0'),
        "- [ ] ",
        "## Notes",
        "Config: ",
        "passed",
        "\n- [x] [x] actor-conn | again\n",
        "[",
        "]",
        "`",
        "Each row: `[wasm] [native] <file>`\n",
    };
    return pieces[m_random() % pieces.size()];
  }

  void edit(std::string& text) {
    const std::size_t at = place(text);
    switch (number(5)) {
    case 0:
      text.insert(at, piece());
      break;
    case 1:
      text.erase(at, static_cast<std::size_t>(number(30)));
      break;
    case 2: {
      const std::string copy = text.substr(at, static_cast<std::size_t>(number(200)));
      text.insert(place(text), copy);
      break;
    }
    case 3:
      if (at < text.size()) {
        text[at] = static_cast<char>(number(256));
      }
      break;
    default:
      text.resize(text.size() - static_cast<std::size_t>(number(static_cast<int>(text.size() / 8) + 1)));
    }
  }

  std::mt19937 m_random;
};

int differing_bytes(std::string_view a, std::string_view b) {
  int count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    count += a[i] != b[i] ? 1 : 0;
  }
  return count;
}

/// True when `longer` is `shorter` with something put in.
bool is_insertion(std::string_view shorter, std::string_view longer) {
  std::size_t at = 0;
  for (const char c : longer) {
    at += at < shorter.size() && shorter[at] == c ? 1 : 0;
  }
  return at == shorter.size();
}

TEST(DocumentProperty, ParsedAndWrittenIsTheSame) {
  for (unsigned seed = 0; seed < k_documents; ++seed) {
    const std::string text = Generator(seed).document();
    ASSERT_EQ(Document::parse(text).text(), text) << seed;
  }
}

TEST(DocumentProperty, ABoxIsOneByte) {
  int set = 0;
  for (unsigned seed = 0; seed < k_documents; ++seed) {
    const std::string text = Generator(seed).document();
    for (const char* file : {"manager-driver", "actor-conn", "actor-state", "actor-agent-os"}) {
      for (const char* column : {"native", "wasm"}) {
        Document document = Document::parse(text);
        const std::optional<BoxState> before = document.box(file, column);
        const BoxState other = before == BoxState::ticked ? BoxState::open : BoxState::ticked;
        ASSERT_EQ(document.set_box(file, column, other), before.has_value()) << seed;
        ASSERT_EQ(document.text().size(), text.size()) << seed;
        ASSERT_EQ(differing_bytes(document.text(), text), before ? 1 : 0) << seed;
        if (before) {
          ASSERT_EQ(Document::parse(document.text()).box(file, column), other) << seed;
          ++set;
        }
      }
    }
  }
  EXPECT_GT(set, k_documents);
}

TEST(DocumentProperty, InsertedRowsAndLogLinesAreThereAndNothingIsLost) {
  const Plan plan = driver_plan();
  for (unsigned seed = 0; seed < k_documents; ++seed) {
    const std::string text = Generator(seed).document();
    Document document = Document::parse(text);
    if (document.unclosed_block() || document.columns().empty()) {
      continue;
    }
    std::vector<std::string> inserted;
    for (const Row& row : plan.rows) {
      if (!document.has_row(row.name)) {
        document.insert_row(plan, row);
        inserted.push_back(row.name);
      }
    }
    document.append_log("- one");
    document.append_log("- two");
    ASSERT_TRUE(is_insertion(text, document.text())) << seed << '\n' << document.text();
    const Document again = Document::parse(document.text());
    ASSERT_EQ(again.text(), document.text()) << seed;
    ASSERT_EQ(again.log(), document.log()) << seed;
    ASSERT_EQ(again.columns(), document.columns()) << seed;
    ASSERT_THAT(again.log(), ::testing::IsSupersetOf({"- one", "- two"})) << seed;
    for (const std::string& file : inserted) {
      for (const std::string& column : again.columns()) {
        ASSERT_EQ(again.box(file, column), BoxState::open) << seed << ' ' << file << '\n' << document.text();
      }
    }
  }
}

} // namespace
} // namespace ctest_matrix
