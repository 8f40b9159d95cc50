#include "base/descriptor.hpp"
#include "process/listeners.hpp"
#include "process/process_testing.hpp"
#include "service/address.hpp"
#include "service/ports.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Listeners : public ProcessTest {
protected:
  static SocketAddress address(const std::string& host, int port) {
    return addresses_of(Endpoint{.host = host, .port = port}, "").front();
  }

  /// A socket of this process that listens there; none where the machine has no such address.
  static Descriptor listen_at(const std::string& host, int port) {
    const SocketAddress at = address(host, port);
    Descriptor made(socket(at.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int yes = 1;
    setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(made.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes); // several may listen
    return made && bind(made.get(), at.get(), at.size) == 0 && listen(made.get(), 4) == 0 ? std::move(made)
                                                                                          : Descriptor();
  }

  static std::vector<std::string> sockets_for(const std::string& host, int port) {
    std::vector<std::string> names;
    for (const Listener& listener : listeners_for(address(host, port).storage)) {
      names.push_back(listener.socket);
    }
    return names;
  }

  static std::string name_of(const Descriptor& descriptor) {
    return std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", descriptor.get()));
  }
};

TEST_F(Listeners, AreNamedByPort) {
  const int port = *free_port();
  EXPECT_THAT(listeners_on(port), IsEmpty());
  const pid_t pid = start({child_program(), "health", std::to_string(port)});
  ASSERT_TRUE(becomes_true([&] { return !listeners_on(port).empty(); }));
  const Listener listener = listeners_on(port).front();
  EXPECT_EQ(listener.user, geteuid());
  EXPECT_THAT(holders_of(listener), ElementsAre(pid));
  EXPECT_TRUE(is_held_by(listener, descendants(getpid())));
  EXPECT_FALSE(is_held_by(listener, {{.pid = getpid()}}));
}

TEST_F(Listeners, TheOneAtTheAddressItselfGoesBeforeThatAtAll) {
  const int port = *free_port();
  const Descriptor all = listen_at("0.0.0.0", port);
  ASSERT_TRUE(all);
  EXPECT_THAT(sockets_for("127.0.0.1", port), ElementsAre(name_of(all)));
  const Descriptor one = listen_at("127.0.0.1", port);
  ASSERT_TRUE(one);
  EXPECT_THAT(sockets_for("127.0.0.1", port), ElementsAre(name_of(one)));
}

TEST_F(Listeners, AtAnotherAddressAreNotAsked) {
  const int port = *free_port();
  const Descriptor other = listen_at("::1", port);
  if (!other) {
    GTEST_SKIP() << "no IPv6 here";
  }
  EXPECT_THAT(sockets_for("127.0.0.1", port), IsEmpty());
  EXPECT_THAT(sockets_for("::1", port), ElementsAre(name_of(other)));
}

TEST_F(Listeners, OfAnotherMachineAreUnknown) {
  const int port = *free_port();
  const Descriptor all = listen_at("0.0.0.0", port);
  ASSERT_TRUE(all);
  EXPECT_THAT(sockets_for("192.0.2.1", port), IsEmpty()) << "an address for documentation, nobody's";
}

TEST_F(Listeners, OfAnotherUserAreKnownThoughTheirDescriptorsCannotBeSeen) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root, to be two users";
  }
  const int port = *free_port();
  const Descriptor mine = listen_at("127.0.0.1", port);
  ASSERT_TRUE(mine);
  const pid_t pid = fork();
  if (pid == 0) {
    if (setgid(65534) != 0 || setuid(65534) != 0) {
      _exit(77);
    }
    const std::vector<Listener> there = listeners_on(port);
    const pid_t stranger = 1; // of the same user as the socket, and its descriptors cannot be seen
    const bool known = there.size() == 1 && there.front().user == 0;
    _exit(known && is_held_by(there.front(), {{.pid = stranger}}) ? 0 : 1);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(Listeners, AUserHasAName) {
  EXPECT_EQ(user_name(0), "root");
  EXPECT_EQ(user_name(54'321), "54321");
}

} // namespace
} // namespace ctest_matrix
