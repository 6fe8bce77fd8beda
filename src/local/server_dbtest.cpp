// The life of a project-local server that is the same for both engines, with real servers in temporary
// folders. A server that was started has answered (local/server.h).
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "local/descriptor.h"
#include "local/project_fixture.h"
#include "local/server_kind.h"
#include "tests/support/database.h"

namespace tenon::local {
namespace {

namespace fs = std::filesystem;

Engine engine() { return test::on_mariadb() ? Engine::mariadb : Engine::postgres; }

TEST(LocalServer, IsAProcessOfItsOwn) {
  const Project project(engine());
  const auto server = started(project);
  EXPECT_NE(::getsid(server.pid), ::getsid(0));
  EXPECT_NE(::getpgid(server.pid), ::getpgid(0));
  EXPECT_EQ(::waitpid(server.pid, nullptr, WNOHANG), -1) << "it is a child of the caller";
}

TEST(LocalServer, StatusTellsAbsentRunningAndStopped) {
  const Project project(engine());
  auto status = server_status(engine(), project.folder());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ServerState::absent);

  const auto server = started(project);
  status = server_status(engine(), project.folder());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ServerState::running);
  ASSERT_TRUE(status->running);
  EXPECT_EQ(status->running->pid, server.pid);
  EXPECT_EQ(status->running->url, server.url);
  EXPECT_EQ(status->product, to_string(engine()));
  EXPECT_GE(std::stoi(status->version), 10);
  EXPECT_GT(status->bytes_on_disk, 10'000'000U);

  ASSERT_TRUE(stop_server(engine(), project.folder()));
  status = server_status(engine(), project.folder());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ServerState::stopped);
  EXPECT_FALSE(status->running);
  const auto again = stop_server(engine(), project.folder());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, base::code::cluster_not_running);
}

TEST(LocalServer, TakesAnotherPortWhenItsOwnIsTaken) {
  const Project project(engine());
  const auto first = started(project);
  ASSERT_TRUE(stop_server(engine(), project.folder()));

  const Descriptor squatter(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(squatter.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(first.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(squatter.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(squatter.get(), 1), 0);

  const auto second = started(project);
  EXPECT_NE(second.port, first.port);
}

// Else it would be lost to any of them while the server is down.
TEST(LocalServer, ItsPortIsNoneThatClientsGet) {
  std::ifstream range("/proc/sys/net/ipv4/ip_local_port_range");
  unsigned first = 0;
  range >> first;
  if (first < 20'000) GTEST_SKIP() << "clients get nearly all ports here";
  const Project project(engine());
  EXPECT_LT(started(project).port, first);
}

TEST(LocalServer, IsNotMisledByAStalePidFile) {
  const Project project(engine());
  started(project);
  ASSERT_TRUE(stop_server(engine(), project.folder()));
  // The number in the file now belongs to another program of the same user.
  const auto account = server_account(kind_of(engine()), project.layout());
  ASSERT_TRUE(account);
  const pid_t other = forked([&] {
    if (*account && ::setuid((*account)->uid) != 0) ::_exit(1);
    for (;;) ::pause();
  });
  const std::string number = std::to_string(other) + "\n";
  const fs::path data = project.layout().data();
  ASSERT_TRUE(engine() == Engine::mariadb
                  ? write_small_file(data / "server.pid", number)
                  : write_small_file(
                        data / "postmaster.pid",
                        number + data.string() + "\n1700000000\n5432\n/tmp\n127.0.0.1\n  1 1\nready   \n"));
  const auto status = server_status(engine(), project.folder());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ServerState::stopped);
  const auto server = started(project);
  EXPECT_TRUE(server.started_now);
  EXPECT_NE(server.pid, other);
  EXPECT_EQ(::kill(other, 0), 0) << "the other program was harmed";
  ::kill(other, SIGKILL);
  exit_code_of(other);
}

TEST(LocalServer, ConcurrentStartsMakeOneServer) {
  const Project project(engine());
  constexpr int starters = 4;
  std::vector<pid_t> children;
  for (int i = 0; i < starters; ++i)
    children.push_back(forked([&] {
      const auto server = start_server(project.options());
      ::_exit(!server ? 2 : server->started_now ? 1 : 0);
    }));
  int fresh = 0;
  for (const pid_t child : children) {
    const int code = exit_code_of(child);
    EXPECT_LT(code, 2);
    fresh += code == 1 ? 1 : 0;
  }
  EXPECT_EQ(fresh, 1);
  EXPECT_FALSE(started(project).started_now);
}

TEST(LocalServer, OutlivesAKilledStarter) {
  const Project project(engine());
  const pid_t starter = forked([&] {
    if (start_server(project.options())) ::raise(SIGKILL);
  });
  EXPECT_EQ(exit_code_of(starter), 128 + SIGKILL);
  EXPECT_FALSE(started(project).started_now);
}

TEST(LocalServer, RedoesAClusterThatWasLeftHalfMade) {
  const Project project(engine());
  const auto has_cluster = [&] { return kind_of(engine()).has_cluster(project.layout()); };
  // On a busy machine it may be done before it is killed.
  for (int attempt = 0; attempt < 10; ++attempt) {
    const pid_t starter = forked([&] { (void)start_server(project.options()); });
    ASSERT_TRUE(eventually([&] { return has_unfinished_cluster(project.layout().home) || has_cluster(); }));
    ::kill(starter, SIGKILL);
    exit_code_of(starter);
    if (!has_cluster()) break;
    ASSERT_TRUE(remove_server(engine(), project.folder()));
  }
  ASSERT_FALSE(has_cluster());
  ASSERT_TRUE(has_unfinished_cluster(project.layout().home));
  const auto status = server_status(engine(), project.folder());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ServerState::absent);

  const auto server = started(project);
  EXPECT_FALSE(has_unfinished_cluster(project.layout().home));
}

TEST(LocalServer, RemoveStopsAndLeavesNothing) {
  const Project project(engine());
  const auto server = started(project);
  ASSERT_TRUE(remove_server(engine(), project.folder()));
  // The process may stay in the table until somebody waits for it, but it runs no more.
  std::ifstream arguments("/proc/" + std::to_string(server.pid) + "/cmdline");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(arguments), {}), "");
  EXPECT_FALSE(fs::exists(project.folder()));
  EXPECT_NE(started(project).url, server.url) << "the password was kept";
}

TEST(LocalServerAsRoot, RunsTheServerAsAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  const Project project(engine());
  const auto server = started(project);
  struct stat process{};
  ASSERT_EQ(::stat(("/proc/" + std::to_string(server.pid)).c_str(), &process), 0);
  EXPECT_EQ(process.st_uid, ::getpwnam(std::string(kind_of(engine()).account()).c_str())->pw_uid);
}

TEST(LocalServerAsRoot, AnOrdinaryUserNeedsNoRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  const passwd* nobody = ::getpwnam("nobody");
  ASSERT_NE(nobody, nullptr);
  const Project project(engine());
  ASSERT_EQ(::chown(project.root.c_str(), nobody->pw_uid, nobody->pw_gid), 0);
  const pid_t user = forked([&] {
    if (::setgid(nobody->pw_gid) != 0 || ::setuid(nobody->pw_uid) != 0) ::_exit(1);
    const auto server = start_server(project.options());
    if (!server) {
      std::fprintf(stderr, "%s\n", base::to_string(server.error()).c_str());
      ::_exit(2);
    }
    ::_exit(0);
  });
  EXPECT_EQ(exit_code_of(user), 0);
  // Root meets that cluster, and runs it as its owner.
  EXPECT_FALSE(started(project).started_now);
  ASSERT_TRUE(stop_server(engine(), project.folder()));
  const auto server = started(project);
  struct stat process{};
  ASSERT_EQ(::stat(("/proc/" + std::to_string(server.pid)).c_str(), &process), 0);
  EXPECT_EQ(process.st_uid, nobody->pw_uid);
}

}  // namespace
}  // namespace tenon::local
