#include "local/process.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "local/descriptor.h"

namespace tenon::local {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t output_bytes_max = 65'536;

// Everything a child needs, made before fork(): between fork() and exec only system calls are allowed, since
// another thread may have held the allocator's lock.
class Prepared {
 public:
  explicit Prepared(const Command& command) : command_(command), folder_(command.folder.string()) {
    for (const std::string& argument : command.arguments)
      arguments_.push_back(const_cast<char*>(argument.c_str()));
    arguments_.push_back(nullptr);
    // Nothing of the caller's PG* variables may reach the server's programs; messages come in English.
    variables_ = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"};
    if (const char* loader = std::getenv("LD_LIBRARY_PATH"))
      variables_.push_back(std::string("LD_LIBRARY_PATH=") + loader);
    for (std::string& variable : variables_) environment_.push_back(variable.data());
    environment_.push_back(nullptr);
  }

  // In the child: becomes the program; returns errno when that fails.
  int become(int input, int output, bool dies_with_caller, pid_t caller) const {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD, SIGUSR1, SIGUSR2})
      ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (::dup2(input, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0) return errno;
    if (command_.account) {
      const Account& account = *command_.account;
      if (::setgroups(account.groups.size(), account.groups.data()) != 0 || ::setgid(account.gid) != 0 ||
          ::setuid(account.uid) != 0)
        return errno;
    }
    if (dies_with_caller) {  // after setuid, which clears it
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != caller) ::_exit(127);
    }
    if (::chdir(folder_.c_str()) != 0) return errno;
    ::execve(arguments_[0], arguments_.data(), environment_.data());
    return errno;
  }

 private:
  const Command& command_;
  std::string folder_;
  std::vector<char*> arguments_;
  std::vector<std::string> variables_;
  std::vector<char*> environment_;
};

struct Pipe {
  Descriptor read;
  Descriptor write;
};

std::optional<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

void keep_tail(std::string& text) {
  if (text.size() > output_bytes_max) text.erase(0, text.size() - output_bytes_max);
}

// Reads until the other end is closed; false at the deadline.
bool read_to_end(int fd, std::string& text, Clock::time_point deadline) {
  char buffer[4096];
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(left));
    if (ready < 0 && errno != EINTR) return true;
    if (ready <= 0) continue;
    const ssize_t size = ::read(fd, buffer, sizeof buffer);
    if (size == 0 || (size < 0 && errno != EINTR)) return true;
    if (size > 0) text.append(buffer, static_cast<std::size_t>(size));
    keep_tail(text);
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

Outcome not_started(int error) { return {.exit_code = 127, .output = std::strerror(error)}; }

// In a child: tells the caller `error` and ends.
[[noreturn]] void report_failure(int fd, int error) {
  [[maybe_unused]] const ssize_t written = ::write(fd, &error, sizeof error);
  ::_exit(127);
}

// What a child wrote with report_failure; zero when exec closed the pipe.
int reported_failure(int fd) {
  int error = 0;
  ssize_t size = 0;
  do {
    size = ::read(fd, &error, sizeof error);
  } while (size < 0 && errno == EINTR);
  return size == sizeof error ? error : 0;
}

}  // namespace

Outcome run(const Command& command, std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  const Prepared prepared(command);
  const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  auto output = make_pipe();
  auto failure = make_pipe();
  if (!nothing || !output || !failure) return not_started(errno);

  const pid_t caller = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return not_started(errno);
  if (child == 0) {
    ::setpgid(0, 0);  // so that what it starts can be killed with it
    report_failure(failure->write.get(), prepared.become(nothing.get(), output->write.get(), true, caller));
  }
  output->write.close();
  failure->write.close();
  if (const int error = reported_failure(failure->read.get())) {
    wait_for(child);
    return not_started(error);
  }
  Outcome outcome;
  outcome.timed_out = !read_to_end(output->read.get(), outcome.output, deadline);
  if (outcome.timed_out) ::kill(-child, SIGKILL);
  outcome.exit_code = wait_for(child);
  return outcome;
}

base::Result<pid_t> start_detached(const Command& command, const std::filesystem::path& log, int kept_fd) {
  const auto failed = [&](int error) {
    return base::fail(base::code::cluster_start_failed,
                      "Cannot start " + command.arguments.front() + ": " + std::strerror(error) + ".");
  };
  const Prepared prepared(command);
  const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Descriptor output(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  auto started = make_pipe();
  auto failure = make_pipe();
  if (!nothing || !output || !started || !failure) return failed(errno);

  const pid_t middle = ::fork();
  if (middle < 0) return failed(errno);
  if (middle == 0) {
    ::setsid();
    const pid_t server = ::fork();  // whose parent is gone at once: nobody here has to wait for it
    if (server < 0) report_failure(failure->write.get(), errno);
    if (server > 0) {
      [[maybe_unused]] const ssize_t written = ::write(started->write.get(), &server, sizeof server);
      ::_exit(0);
    }
    ::fcntl(kept_fd, F_SETFD, 0);
    report_failure(failure->write.get(), prepared.become(nothing.get(), output.get(), false, 0));
  }
  started->write.close();
  failure->write.close();
  wait_for(middle);
  if (const int error = reported_failure(failure->read.get())) return failed(error);
  pid_t server = 0;
  if (::read(started->read.get(), &server, sizeof server) != sizeof server) return failed(EIO);
  return server;
}

}  // namespace tenon::local
