#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tenon::base {
namespace {

namespace fs = std::filesystem;

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tenon-file-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(FileTest, ReadsWhatWasWritten) {
  const std::string text("two\nlines\0and a NUL", 19);
  ASSERT_TRUE(write_file(folder_ / "a/b/c", text));
  EXPECT_EQ(read_file(folder_ / "a/b/c", 100).value(), text);
}

TEST_F(FileTest, ReplacesWholeFilesOnly) {
  ASSERT_TRUE(write_file(folder_ / "f", "the old text"));
  ASSERT_TRUE(write_file(folder_ / "f", "new"));
  EXPECT_EQ(read_file(folder_ / "f", 100).value(), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "a temporary file stayed";
}

TEST_F(FileTest, LinksAndModesStay) {
  ASSERT_TRUE(write_file(folder_ / "a/real", "old"));
  fs::permissions(folder_ / "a/real", fs::perms(0640));
  fs::create_symlink("a/real", folder_ / "link");
  ASSERT_TRUE(write_file(folder_ / "link", "new"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_file(folder_ / "a/real", 100).value(), "new");
  EXPECT_EQ(fs::status(folder_ / "a/real").permissions(), fs::perms(0640));
  fs::create_symlink("a/later", folder_ / "dangling");
  ASSERT_TRUE(write_file(folder_ / "dangling", "made"));
  EXPECT_EQ(read_file(folder_ / "a/later", 100).value(), "made");
}

TEST_F(FileTest, PrivateFilesAreTheOwners) {
  ASSERT_TRUE(write_file(folder_ / "key", "k", FileAccess::owner));
  struct stat info{};
  ASSERT_EQ(::stat((folder_ / "key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(FileTest, RefusesWhatIsTooLargeMissingOrAFolder) {
  ASSERT_TRUE(write_file(folder_ / "f", "12345"));
  EXPECT_EQ(read_file(folder_ / "f", 5).value(), "12345");
  EXPECT_EQ(read_file(folder_ / "f", 4).error().code, code::file_unreadable);
  EXPECT_EQ(read_file(folder_ / "none", 4).error().code, code::file_unreadable);
  EXPECT_EQ(read_file(folder_, 4).error().code, code::file_unreadable);
  EXPECT_EQ(write_file("/proc/nothing/here", "x").error().code, code::file_unwritable);
}

}  // namespace
}  // namespace tenon::base
