#include "service/address.hpp"

#include <gmock/gmock.h>

#include <arpa/inet.h>
#include <netdb.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Address, ReadsAPort) {
  EXPECT_EQ(parse_port("1"), 1);
  EXPECT_EQ(parse_port("65535"), 65535);
  for (const char* text : {"", "0", "-1", "65536", "8a", " 80", "99999999999999999999"}) {
    EXPECT_EQ(parse_port(text), std::nullopt) << text;
  }
}

TEST(Address, ReadsAnEndpoint) {
  const auto endpoint = parse_endpoint("[::1]:5432");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->host, "::1");
  EXPECT_EQ(endpoint->port, 5432);
  for (const char* bad :
       {"localhost", ":80", "localhost:0", "localhost:eighty", "::1:80", "[::1]80", "[::1"}) {
    const auto refused = parse_endpoint(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().message, "bad address '" + std::string(bad) + "'; expected HOST:PORT");
  }
}

TEST(Address, ReadsAUrl) {
  const auto url = parse_health_url("http://[::1]:81?x#y");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->server.host, "::1");
  EXPECT_EQ(url->server.port, 81);
  EXPECT_EQ(url->target, "/?x");
  const auto bare = parse_health_url("http://host");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->server.port, 80);
  EXPECT_EQ(bare->target, "/");
}

TEST(Address, RefusesWhatIsNoHttpUrl) {
  const auto error_of = [](const std::string& text) {
    const auto url = parse_health_url(text);
    EXPECT_FALSE(url) << text;
    return url ? "" : url.error().message;
  };
  const auto bad = [](const std::string& text, const std::string& why) {
    return "bad health URL '" + text + "': " + why + "; expected http://HOST[:PORT][/PATH]";
  };
  for (const char* text : {"", "127.0.0.1:6420", "https://127.0.0.1/health"}) {
    EXPECT_EQ(error_of(text), bad(text, "it does not begin with http://"));
  }
  for (const char* text : {"http://", "http:///health", "http://:80/", "http://[]/"}) {
    EXPECT_EQ(error_of(text), bad(text, "it has no host"));
  }
  for (const char* text : {"http://h:/", "http://h:0/", "http://h:65536/", "http://h:8a/", "http://[::1]80/",
                           "http://h:-1/", "http://h:99999999999999999999/"}) {
    EXPECT_EQ(error_of(text), bad(text, "the port is not a number from 1 to 65535"));
  }
  EXPECT_EQ(error_of("http://[::1/"), bad("http://[::1/", "the bracket is not closed"));
  EXPECT_EQ(error_of("http://a@h/"), bad("http://a@h/", "a user name is not supported"));
  EXPECT_EQ(error_of("http://h/a b"),
            bad("http://h/a b", "it holds a space, a control character or one that is not ASCII"));
}

/// The addresses as numbers, with their port.
std::vector<std::string> addresses(const std::string& host, std::string_view hosts = "") {
  std::vector<std::string> texts;
  for (const SocketAddress& address : addresses_of({.host = host, .port = 80}, hosts)) {
    char number[NI_MAXHOST];
    char port[NI_MAXSERV];
    EXPECT_EQ(getnameinfo(address.get(), address.size, number, sizeof number, port, sizeof port,
                          NI_NUMERICHOST | NI_NUMERICSERV),
              0);
    texts.push_back(std::string(number) + " " + port);
  }
  return texts;
}

TEST(Address, AnAddressIsItself) {
  EXPECT_THAT(addresses("192.0.2.7"), ElementsAre("192.0.2.7 80"));
  EXPECT_THAT(addresses("127.1"), ElementsAre("127.0.0.1 80"));
  EXPECT_THAT(addresses("2001:db8::1"), ElementsAre("2001:db8::1 80"));
}

TEST(Address, ANameIsWhatTheHostsFileSays) {
  constexpr std::string_view k_hosts = "# 192.0.2.9 engine\n"
                                       "192.0.2.1\tEngine engine.local # or so\n"
                                       "  2001:db8::1 other engine\n"
                                       "192.0.2.2 engines\n"
                                       "nonsense engine\n"
                                       "engine\n";
  EXPECT_THAT(addresses("engine", k_hosts), ElementsAre("2001:db8::1 80", "192.0.2.1 80"));
  EXPECT_THAT(addresses("engine.LOCAL", k_hosts), ElementsAre("192.0.2.1 80"));
  EXPECT_THAT(addresses("example.org", k_hosts), IsEmpty());
}

TEST(Address, LocalhostIsThisMachineWithoutAnybodySayingSo) {
  EXPECT_THAT(addresses("LocalHost"), ElementsAre("::1 80", "127.0.0.1 80"));
  EXPECT_THAT(addresses("engine.localhost"), ElementsAre("::1 80", "127.0.0.1 80"));
  EXPECT_THAT(addresses("notlocalhost"), IsEmpty());
  EXPECT_THAT(addresses("localhost", "127.0.0.2 localhost\n"), ElementsAre("127.0.0.2 80"));
}

} // namespace
} // namespace ctest_matrix
