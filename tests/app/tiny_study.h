// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "support/temporary_folder.h"

namespace vitrine::test {

/// A folder with a random ViT (16 pixels, patches of 8, embed 16, 2 blocks, 2 heads, 3 classes) and labelled pictures.
class TinyStudy {
  public:
    explicit TinyStudy(std::int64_t images = 12);

    std::string path(const std::string& name) const { return (folder_ / name).string(); }
    std::string model() const { return path("tiny.safetensors"); }
    std::string images() const { return path("images.csv"); }  ///< also as the folder "images" of class folders
    std::string project() const { return path("study"); }

  private:
    TemporaryFolder folder_;
};

}  // namespace vitrine::test
