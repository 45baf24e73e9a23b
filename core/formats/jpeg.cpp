// SPDX-License-Identifier: GPL-3.0-or-later
// libjpeg's headers need <cstdio> before them, and this order.
// clang-format off
#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include "base/error.h"
#include "formats/image_codecs.h"

namespace vitrine::formats {
namespace {

/// A picture of many thousand passes would keep us busy for hours.
constexpr int kMaximumScans = 200;

/// The libjpeg state of one picture. libjpeg reports errors through callbacks that must not return: they jump back into
/// guarded(), so that the steps given to it must not own anything.
class JpegReader {
  public:
    explicit JpegReader(const std::string& name) : name_(name) {
        info_.err = jpeg_std_error(&errors_);
        info_.client_data = this;
        errors_.error_exit = [](j_common_ptr info) {
            auto* self = static_cast<JpegReader*>(info->client_data);
            info->err->format_message(info, self->message_);
            std::longjmp(self->jump_, 1);
        };
        errors_.emit_message = [](j_common_ptr info, int level) {
            if (level < 0) static_cast<JpegReader*>(info->client_data)->noteWarning();
        };
        errors_.output_message = [](j_common_ptr) {};
        progress_.progress_monitor = [](j_common_ptr info) {
            const auto* picture = reinterpret_cast<j_decompress_ptr>(info);
            if (picture->input_scan_number > kMaximumScans) ERREXIT(info, JERR_BAD_PROGRESSION);
        };
        guarded([this] { jpeg_create_decompress(&info_); });
        info_.progress = &progress_;
    }
    ~JpegReader() { jpeg_destroy_decompress(&info_); }
    JpegReader(const JpegReader&) = delete;
    JpegReader& operator=(const JpegReader&) = delete;

    Image read(std::span<const std::byte> bytes) {
        guarded([this, bytes] {
            jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
            jpeg_read_header(&info_, TRUE);
        });
        requireImageSize(info_.image_width, info_.image_height, name_);
        requireJustified(info_.image_width, info_.image_height, bytes.size(), name_);
        return info_.num_components == 4 ? readCmyk() : readRgb();
    }

  private:
    template <typename Step>
    void guarded(const Step& step) {
        if (setjmp(jump_) != 0) {
            if (info_.input_scan_number > kMaximumScans)
                fail(ErrorCode::tooLarge, "the JPEG has more than " + std::to_string(kMaximumScans) + " passes", name_);
            const bool big = errors_.msg_code == JERR_IMAGE_TOO_BIG;
            fail(big ? ErrorCode::tooLarge : ErrorCode::badFormat, std::string("is no readable JPEG: ") + message_,
                 name_);
        }
        step();
    }

    /// Of libjpeg's warnings, those that mean that a part of the picture is missing or made up.
    void noteWarning() {
        switch (errors_.msg_code) {
            case JWRN_JPEG_EOF:
                cutShort_ = true;
                break;
            case JWRN_HIT_MARKER:
            case JWRN_HUFF_BAD_CODE:
            case JWRN_ARITH_BAD_CODE:
            case JWRN_MUST_RESYNC:
                damaged_ = true;
                break;
            default:
                break;
        }
    }

    void readRows(std::vector<std::uint8_t>& rows, int channels) {
        std::uint8_t* const first = rows.data();
        guarded([this, first, channels] {
            jpeg_start_decompress(&info_);
            while (info_.output_scanline < info_.output_height) {
                JSAMPROW row = first + std::size_t{info_.output_scanline} * info_.output_width * channels;
                jpeg_read_scanlines(&info_, &row, 1);
            }
            jpeg_finish_decompress(&info_);
        });
        if (cutShort_)
            fail(ErrorCode::badFormat, "the JPEG is cut short: its end marker is missing", name_,
                 "copy or download the file again");
        if (damaged_)
            fail(ErrorCode::badFormat, "the JPEG is damaged: a part of its picture data is missing or wrong", name_);
    }

    std::size_t pixels() const { return std::size_t{info_.image_width} * info_.image_height; }

    Image readRgb() {
        if (info_.num_components != 1 && info_.num_components != 3)
            fail(ErrorCode::unsupported, "the JPEG has " + std::to_string(info_.num_components) + " colour channels",
                 name_, "save it as RGB");
        info_.out_color_space = JCS_RGB;
        Image image{static_cast<int>(info_.image_width), static_cast<int>(info_.image_height),
                    std::vector<std::uint8_t>(pixels() * 3)};
        readRows(image.rgb, 3);
        return image;
    }

    /// Inverted ink values, as every CMYK JPEG in practice holds them, to RGB by 255 - ink and black together.
    Image readCmyk() {
        info_.out_color_space = JCS_CMYK;
        std::vector<std::uint8_t> inks(pixels() * 4);
        readRows(inks, 4);
        Image image{static_cast<int>(info_.image_width), static_cast<int>(info_.image_height),
                    std::vector<std::uint8_t>(pixels() * 3)};
        for (std::size_t i = 0; i < pixels(); ++i) {
            const int black = inks[4 * i + 3];
            for (std::size_t c = 0; c < 3; ++c) {
                const int product = (255 - inks[4 * i + c]) * black + 128;
                image.rgb[3 * i + c] = static_cast<std::uint8_t>(black - (((product >> 8) + product) >> 8));
            }
        }
        return image;
    }

    const std::string& name_;
    jpeg_decompress_struct info_{};
    jpeg_error_mgr errors_{};
    jpeg_progress_mgr progress_{};
    std::jmp_buf jump_{};
    char message_[JMSG_LENGTH_MAX] = {};
    bool cutShort_ = false;
    bool damaged_ = false;
};

}  // namespace

Image decodeJpeg(std::span<const std::byte> bytes, const std::string& name) { return JpegReader(name).read(bytes); }

}  // namespace vitrine::formats
