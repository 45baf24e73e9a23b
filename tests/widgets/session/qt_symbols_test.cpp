// SPDX-License-Identifier: GPL-3.0-or-later
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <QByteArray>
#include <string>

namespace vitrine::widgets {
namespace {

std::string fileOf(const void* address) {
    Dl_info info{};
    return address != nullptr && ::dladdr(address, &info) != 0 ? info.dli_fname : "";
}

/// The file that a library is given the function of this name from; empty: no file has it.
std::string fileThatGives(const char* name) { return fileOf(::dlsym(RTLD_DEFAULT, name)); }

const std::string& program() {
    static const std::string file = fileOf(reinterpret_cast<const void*>(&fileThatGives));
    return file;
}

// LibTorch loads Qt 5, which has this function and calls it. In Qt 6 it is inline; that its address is taken puts it into this program.
TEST(QtSymbols, OfTheProgramAreNotForQt5) {
    QByteArray& (QByteArray::*volatile append)(const char*) = &QByteArray::append;
    QByteArray bytes("a");
    EXPECT_EQ((bytes.*append)("b"), "ab");
    ASSERT_FALSE(program().empty());
    EXPECT_NE(fileThatGives("_ZN10QByteArray6appendEPKc"), program());
}

}  // namespace
}  // namespace vitrine::widgets
