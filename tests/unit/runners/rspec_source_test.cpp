#include "runners/rspec_source.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

TEST(RspecSource, FindsAFocus) {
  EXPECT_EQ(rspec_focused_line("describe 'box' do\n  fit('opens') { }\nend\n"), 2);
  EXPECT_EQ(rspec_focused_line("RSpec.fdescribe Box do\nend\n"), 1);
  EXPECT_EQ(rspec_focused_line("  fcontext \"with lid\" do\n"), 1);
  EXPECT_EQ(rspec_focused_line("\n  it('opens', :focus) { }\n"), 2);
  EXPECT_EQ(rspec_focused_line("  describe Box, focus: true do\n"), 1);
  EXPECT_EQ(rspec_focused_line("  it 'opens', :focus => true do\n"), 1);
}

TEST(RspecSource, TakesNothingElseForAFocus) {
  EXPECT_EQ(rspec_focused_line("# fit('opens') { }\n  fits = 1\n  fit = Fit.new\n  focus_on(x)\n"), 0);
  EXPECT_EQ(rspec_focused_line("  it('has a focus') { }\n  it 'opens', focus: false do\n"), 0);
}

TEST(RspecSource, ReadsWhatItsOptionsSelect) {
  EXPECT_TRUE(is_rspec_dry_run("--require spec_helper\n--dry-run\n"));
  EXPECT_FALSE(is_rspec_dry_run("# --dry-run\n--format doc\n"));
  EXPECT_THAT(rspec_selection(
                  "--require spec_helper\n--tag ~slow -e opens --pattern=a_spec.rb\n# -t x\n--format doc"),
              ElementsAre("--tag", "-e", "--pattern=a_spec.rb"));
}

} // namespace
} // namespace ctest_matrix
