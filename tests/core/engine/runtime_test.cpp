// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/runtime.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <stdlib.h>

#include <fstream>
#include <numeric>

#include "core/engine/support.h"
#include "engine/mapped_pages.h"
#include "formats/mapped_file.h"
#include "support/temporary_folder.h"

namespace vitrine::test {
namespace {

TEST(Runtime, SetsThreadsAndWarnsOfForcedKernels) {
    ::unsetenv("OPENBLAS_CORETYPE");
    EXPECT_TRUE(engine::configureRuntime({.threads = 2}).empty());
    EXPECT_EQ(at::get_num_threads(), 2);
    ::setenv("OPENBLAS_CORETYPE", "Haswell", 1);
    const auto warnings = engine::configureRuntime({.threads = 1});
    ::unsetenv("OPENBLAS_CORETYPE");
    EXPECT_EQ(at::get_num_threads(), 1);
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_THAT(warnings[0], ::testing::HasSubstr("OPENBLAS_CORETYPE=Haswell"));
}

TEST(Runtime, DescribesItself) {
    const engine::RuntimeInfo info = engine::runtimeInfo();
    EXPECT_THAT(info.torchVersion, ::testing::MatchesRegex("[0-9]+\\.[0-9]+.*"));
    EXPECT_FALSE(info.blas.empty());
    EXPECT_FALSE(info.simd.empty());
    EXPECT_GE(info.threads, 1);
    ASSERT_FALSE(info.devices.empty());
    EXPECT_EQ(info.devices[0], "cpu");
}

/// Kilobytes of the memory at `address` that are present, from /proc/self/smaps.
long presentAt(const void* address) {
    std::ifstream maps("/proc/self/smaps");
    bool inside = false;
    for (std::string line; std::getline(maps, line);) {
        unsigned long begin = 0;
        unsigned long end = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx ", &begin, &end) == 2)
            inside = begin <= reinterpret_cast<unsigned long>(address) && reinterpret_cast<unsigned long>(address) < end;
        long kilobytes = 0;
        if (inside && std::sscanf(line.c_str(), "Rss: %ld kB", &kilobytes) == 1) return kilobytes;
    }
    return -1;
}

TEST(MappedPages, ForgetFilesOnly) {
    const TemporaryFolder folder;
    const std::string content(1 << 20, 'x');
    std::ofstream(folder / "weights") << content;
    const formats::Bytes bytes = formats::mapFile(folder / "weights");
    const engine::MappedPages pages;
    const auto sum = [&] { return std::accumulate(content.begin(), content.end(), 0L); };
    const auto sumOfBytes = [&] {
        long total = 0;
        for (const std::byte byte : std::span(bytes.data.get(), bytes.size)) total += static_cast<long>(byte);
        return total;
    };
    EXPECT_EQ(sumOfBytes(), sum());
    EXPECT_GE(presentAt(bytes.data.get()), 1024);
    pages.release(std::span(bytes.data.get(), bytes.size));
    EXPECT_LE(presentAt(bytes.data.get()), 8);
    EXPECT_EQ(sumOfBytes(), sum());

    pages.release(std::as_bytes(std::span(content)));
    EXPECT_EQ(content, std::string(1 << 20, 'x'));
}

TEST(Tensors, CrossTheBorderUnchanged) {
    const HostTensor host = HostTensor::of<std::int64_t>({1, 2, 3, 4, 5, 6}, {2, 3});
    const at::Tensor tensor = engine::toTorch(host);
    EXPECT_EQ(tensor.scalar_type(), at::kLong);
    EXPECT_EQ(tensor.data_ptr(), host.bytes.get());
    const HostTensor back = engine::toHost(tensor.transpose(0, 1));
    EXPECT_EQ(back.shape, (Shape{3, 2}));
    EXPECT_EQ(back.as<std::int64_t>()[1], 4);
    EXPECT_EQ(engine::toTorch(HostTensor::of<float>({}, {0, 4})).sizes().vec(), (Shape{0, 4}));
}

}  // namespace
}  // namespace vitrine::test
