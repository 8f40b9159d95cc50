# ctest-matrix as a formula of Homebrew, for a tap: brew install <tap>/ctest-matrix
class CtestMatrix < Formula
  desc "One CTest test per test file and runtime of an outside test suite"
  homepage "@URL@"
  url "@URL@"
  version "@VERSION@"
  sha256 "@SHA256@"
  license "Apache-2.0"

  depends_on "cli11" => :build
  depends_on "nlohmann-json" => :build
  depends_on "cmake"
  depends_on "fmt"
  depends_on :linux
  depends_on "ninja"
  depends_on "pugixml"
  depends_on "yaml-cpp"
  depends_on "zlib"

  def install
    system "cmake", "-S", ".", "-B", "build", "-DBUILD_TESTING=OFF", "-DCTEST_MATRIX_SHARED_LIBRARIES=ON", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/ctest-matrix --version")
    (testpath/"t").mkpath
    (testpath/"t/basic.t").write "print \"1..1\\nok 1 - works\\n\";\n"
    assert_match "PASS (1 test", shell_output("#{bin}/ctest-matrix init perl")
  end
end
