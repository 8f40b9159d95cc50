// A program that behaves as its words say, from left to right: `child ignore-term daemon touch FILE sleep`.
// Words that go on:
//   say TEXT         prints a line
//   parent           prints the line `parent PID`
//   touch FILE       makes an empty file
//   ignore-term      ignores TERM, INT and HUP from now on, in children too
//   fork             leaves a grandchild behind that sleeps, in the same group and with the same output
//   brief MS         leaves a grandchild behind that ends by itself after MS milliseconds
//   subreaper        adopts whatever loses its parent below it
//   zombies          leaves children behind that have ended, and never takes note of them
//   daemon           leaves a daemon behind: forked twice, in its own session, without descriptors
// Words that end:
//   stop             stops itself, for good
//   traced           traces a child of its own, which stays stopped
//   sleep | exit N | signal N | flood BYTES | on-term FILE | refork MS
//   health PORT      answers /health with 200 and JSON, anything else with 404
//   answer PORT FILE answers every connection with what the file holds, and closes it
//   drip PORT        begins an answer and never gets to its end, a byte at a time
//   gush PORT        answers with a body that never ends
//   mute PORT        accepts connections and says nothing
//   show             prints arguments, directory, NAME=VALUE of the environment and open descriptors
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <set>
#include <string>
#include <vector>

extern char** environ;

namespace {

void sleep_for(long milliseconds) {
  timespec time{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  while (nanosleep(&time, &time) != 0) {
  }
}

[[noreturn]] void sleep_for_ever() {
  for (;;) {
    pause();
  }
}

void print(const std::string& text) {
  if (write(STDOUT_FILENO, text.data(), text.size()) < 0) {
    _exit(120);
  }
}

void touch(const char* file) {
  close(open(file, O_WRONLY | O_CREAT, 0644));
}

/// Returns when the daemon is one.
void leave_daemon() {
  int ready[2];
  if (pipe(ready) != 0) {
    _exit(121);
  }
  const pid_t between = fork();
  if (between == 0) {
    setsid();
    if (fork() != 0) {
      _exit(0);
    }
    for (int fd = 0; fd < 256; ++fd) {
      close(fd);
    }
    sleep_for_ever();
  }
  waitpid(between, nullptr, 0);
  close(ready[1]);
  char byte = 0;
  while (read(ready[0], &byte, 1) > 0) {
  }
  close(ready[0]);
}

void leave_grandchild(long milliseconds) {
  if (fork() == 0) {
    if (milliseconds < 0) {
      sleep_for_ever();
    }
    sleep_for(milliseconds);
    _exit(0);
  }
}

[[noreturn]] void flood(long long bytes) {
  const std::string line(4096, 'x');
  for (; bytes > 0; bytes -= static_cast<long long>(line.size())) {
    print(line);
  }
  _exit(0);
}

int listen_on(int port) {
  const int server = socket(AF_INET, SOCK_STREAM, 0);
  const int yes = 1;
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<unsigned short>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(server, 8) != 0) {
    _exit(122);
  }
  return server;
}

/// Answers /health with 200 and a JSON body, anything else with 404.
[[noreturn]] void serve_health(int port) {
  const int server = listen_on(port);
  for (;;) {
    const int client = accept(server, nullptr, nullptr);
    std::string request;
    char buffer[1024];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = read(client, buffer, sizeof buffer);
      if (count <= 0) {
        break;
      }
      request.append(buffer, static_cast<std::size_t>(count));
    }
    const bool health = request.rfind("GET /health ", 0) == 0;
    const std::string body = health ? R"({"status":"ok"})" : "no";
    const std::string answer = std::string(health ? "HTTP/1.1 200 OK" : "HTTP/1.1 404 Not Found") +
                               "\r\nContent-Length: " + std::to_string(body.size()) +
                               "\r\nConnection: close\r\n\r\n" + body;
    if (write(client, answer.data(), answer.size()) < 0) {
      perror("write");
    }
    close(client);
  }
}

/// Begins an answer and never gets to its end, a byte at a time.
[[noreturn]] void drip(int port) {
  const int server = listen_on(port);
  std::signal(SIGPIPE, SIG_IGN);
  for (;;) {
    const int client = accept(server, nullptr, nullptr);
    while (write(client, "H", 1) == 1) {
      sleep_for(10);
    }
    close(client);
  }
}

/// Answers with a header and then a body without end, as fast as it is read.
[[noreturn]] void gush(int port) {
  const int server = listen_on(port);
  std::signal(SIGPIPE, SIG_IGN);
  for (;;) {
    const int client = accept(server, nullptr, nullptr);
    const std::string header = "HTTP/1.1 200 OK\r\n\r\n";
    const std::string body(65536, 'x');
    bool open = write(client, header.data(), header.size()) > 0;
    while (open) {
      open = write(client, body.data(), body.size()) > 0;
    }
    close(client);
  }
}

[[noreturn]] void say_nothing(int port) {
  const int server = listen_on(port);
  for (;;) {
    accept(server, nullptr, nullptr);
  }
}

std::string content_of(const char* file) {
  std::string content;
  char buffer[4096];
  const int fd = open(file, O_RDONLY);
  for (ssize_t count = 0; (count = read(fd, buffer, sizeof buffer)) > 0;) {
    content.append(buffer, static_cast<std::size_t>(count));
  }
  close(fd);
  return content;
}

[[noreturn]] void answer_with(int port, const char* file) {
  const int server = listen_on(port);
  for (;;) {
    const int client = accept(server, nullptr, nullptr);
    const std::string answer = content_of(file);
    char request[4096];
    if (read(client, request, sizeof request) < 0 || write(client, answer.data(), answer.size()) < 0) {
      perror("answer");
    }
    close(client);
  }
}

const char* term_file = nullptr;

void note_term(int) {
  touch(term_file);
  _exit(0);
}

/// Hard to catch: three lines of processes that live for this many milliseconds, each in a session of its
/// own. They end by themselves after half a minute, for the sake of the machine on which nobody caught them.
[[noreturn]] void refork(int lifetime) {
  const int generations = 20'000 / lifetime; // fewer than a machine has process ids: nobody may take them in
  if (fork() > 0) {
    fork();
  }
  for (int generation = 0; generation < generations; ++generation) {
    if (fork() > 0) {
      _exit(0);
    }
    setsid();
    sleep_for(lifetime);
  }
  _exit(0);
}

void leave_zombies() {
  for (int i = 0; i < 5; ++i) {
    if (fork() == 0) {
      _exit(0);
    }
  }
}

/// A parent that traces its child, which stays stopped.
[[noreturn]] void trace_a_child() {
  if (fork() == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    raise(SIGSTOP);
    sleep_for_ever();
  }
  sleep_for_ever();
}

/// Does what an odd word says; false for any other.
bool did_odd(const std::string& word) {
  if (word == "subreaper") {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
  } else if (word == "zombies") {
    leave_zombies();
  } else if (word == "stop") {
    raise(SIGSTOP);
    sleep_for_ever();
  } else if (word == "traced") {
    trace_a_child();
  } else {
    return false;
  }
  return true;
}

std::string open_descriptors() {
  std::set<int> fds;
  DIR* directory = opendir("/proc/self/fd");
  while (const dirent* entry = readdir(directory)) {
    if (entry->d_name[0] != '.' && std::atoi(entry->d_name) != dirfd(directory)) {
      fds.insert(std::atoi(entry->d_name));
    }
  }
  closedir(directory);
  std::string text;
  for (const int fd : fds) {
    text += " " + std::to_string(fd);
  }
  return text;
}

[[noreturn]] void show() {
  char directory[4096];
  sigset_t mask;
  sigprocmask(SIG_SETMASK, nullptr, &mask);
  bool plain = true;
  for (int signal = 1; signal < 32; ++signal) {
    struct sigaction action {};

    sigaction(signal, nullptr, &action);
    plain = plain && action.sa_handler == SIG_DFL && sigismember(&mask, signal) == 0;
  }
  char byte = 0;
  print(std::string("directory ") + getcwd(directory, sizeof directory) + "\n");
  for (char** entry = environ; *entry != nullptr; ++entry) {
    print(std::string("environment ") + *entry + "\n");
  }
  print("descriptors" + open_descriptors() + "\n");
  print(std::string("signals ") + (plain ? "default" : "changed") + "\n");
  print(std::string("group ") + (getpgrp() == getpid() ? "own" : "shared") + "\n");
  print(std::string("stdin ") + (read(STDIN_FILENO, &byte, 1) == 0 ? "empty" : "open") + "\n");
  const std::string both = "this is stderr\n";
  if (write(STDERR_FILENO, both.data(), both.size()) < 0) {
    _exit(120);
  }
  _exit(0);
}

} // namespace

int main(int count, char** words) {
  std::vector<std::string> rest(words + 1, words + count);
  std::size_t at = 0;
  const auto next = [&]() -> const std::string& {
    if (at == rest.size()) {
      _exit(125);
    }
    return rest[at++];
  };
  for (;;) {
    const std::string word = next();
    if (word == "say") {
      print(next() + "\n");
    } else if (word == "parent") {
      print("parent " + std::to_string(getppid()) + "\n");
    } else if (word == "touch") {
      touch(next().c_str());
    } else if (word == "ignore-term") {
      for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        std::signal(signal, SIG_IGN);
      }
    } else if (word == "fork") {
      leave_grandchild(-1);
    } else if (word == "brief") {
      leave_grandchild(std::atol(next().c_str()));
    } else if (word == "daemon") {
      leave_daemon();
    } else if (word == "sleep") {
      sleep_for_ever();
    } else if (word == "exit") {
      _exit(std::atoi(next().c_str()));
    } else if (word == "signal") {
      raise(std::atoi(next().c_str()));
    } else if (word == "flood") {
      flood(std::atoll(next().c_str()));
    } else if (word == "health") {
      serve_health(std::atoi(next().c_str()));
    } else if (word == "drip") {
      drip(std::atoi(next().c_str()));
    } else if (word == "answer") {
      const int port = std::atoi(next().c_str());
      answer_with(port, next().c_str());
    } else if (word == "gush") {
      gush(std::atoi(next().c_str()));
    } else if (word == "mute") {
      say_nothing(std::atoi(next().c_str()));
    } else if (word == "on-term") {
      term_file = next().c_str();
      std::signal(SIGTERM, note_term);
      print("armed\n");
      sleep_for_ever();
    } else if (word == "refork") {
      refork(std::atoi(next().c_str()));
    } else if (word == "show") {
      show();
    } else if (!did_odd(word)) {
      _exit(126);
    }
  }
}
