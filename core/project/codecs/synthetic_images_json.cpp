// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/codecs/synthetic_images_json.h"

#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "base/error.h"
#include "formats/image.h"

namespace vitrine::project {
using nlohmann::json;
using results::SyntheticImages;
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::int64_t kMostPlaces = 4096;  // of a grid, and images
constexpr std::int64_t kMostPixels = 64'000'000;  // of a sheet

std::string toBase64(std::span<const std::uint8_t> bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = std::uint32_t{bytes[i]} << 16;
        if (i + 1 < bytes.size()) group |= std::uint32_t{bytes[i + 1]} << 8;
        if (i + 2 < bytes.size()) group |= bytes[i + 2];
        text += kDigits[group >> 18];
        text += kDigits[group >> 12 & 63];
        text += i + 1 < bytes.size() ? kDigits[group >> 6 & 63] : '=';
        text += i + 2 < bytes.size() ? kDigits[group & 63] : '=';
    }
    return text;
}

std::vector<std::byte> fromBase64(const std::string& text, const std::string& where) {
    if (text.size() % 4 != 0) fail(ErrorCode::badFormat, "must be base64", where);
    std::size_t length = text.size();
    while (length > 0 && text.size() - length < 2 && text[length - 1] == '=') --length;
    std::vector<std::byte> bytes;
    bytes.reserve(length / 4 * 3 + 2);
    std::uint32_t group = 0;
    int bits = 0;
    for (std::size_t i = 0; i < length; ++i) {
        const std::size_t digit = kDigits.find(text[i]);
        if (digit == std::string_view::npos) fail(ErrorCode::badFormat, "must be base64", where);
        group = group << 6 | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes.push_back(static_cast<std::byte>(group >> bits & 255));
    }
    return bytes;
}

std::int64_t within(const Fields& fields, const char* key, std::int64_t low, std::int64_t high) {
    const std::int64_t value = fields.integer(key);
    if (value < low || value > high) fail(ErrorCode::badFormat, "is out of range", fields.nameOf(key));
    return value;
}

json sheetJson(const SyntheticImages& images, const SyntheticImages::Sheet& sheet) {
    const formats::Image picture{.width = static_cast<int>(images.columns * sheet.tileWidth),
                                 .height = static_cast<int>(images.rows * sheet.tileHeight),
                                 .rgb = sheet.rgb};
    return {{"step", sheet.step},
            {"tile_width", sheet.tileWidth},
            {"tile_height", sheet.tileHeight},
            {"png", toBase64(formats::encodePng(picture))}};
}

SyntheticImages::Sheet sheetFrom(const Fields& data, const SyntheticImages& images) {
    SyntheticImages::Sheet sheet{.step = within(data, "step", 0, std::int64_t{1} << 50),
                                 .tileWidth = within(data, "tile_width", 1, 8192),
                                 .tileHeight = within(data, "tile_height", 1, 8192)};
    const std::int64_t width = images.columns * sheet.tileWidth;
    const std::int64_t height = images.rows * sheet.tileHeight;
    const std::string where = data.nameOf("png");
    if (width > kMostPixels / height) fail(ErrorCode::badFormat, "is too large", where);
    formats::Image picture = formats::decodeImage(fromBase64(data.text("png"), where), where);
    if (picture.width != width || picture.height != height) fail(ErrorCode::badFormat, "is not of the size of the grid", where);
    sheet.rgb = std::move(picture.rgb);
    return sheet;
}

json termJson(const SyntheticImages::Term& term) {
    json rows = json::array();
    for (const std::vector<double>& values : term.values) {
        json row = json::array();
        for (const double value : values) row.push_back(numberJson(value));
        rows.push_back(std::move(row));
    }
    return {{"name", term.name}, {"weight", numberJson(term.weight)}, {"values", std::move(rows)}};
}

SyntheticImages::Term termFrom(const Fields& data, const SyntheticImages& images) {
    SyntheticImages::Term term{.name = data.text("name"), .weight = data.number("weight")};
    const std::string where = data.nameOf("values");
    const json& rows = data.at("values");
    if (!rows.is_array() || rows.size() != images.steps.size()) fail(ErrorCode::badFormat, "must be as long as steps", where);
    for (const json& row : rows) {
        if (!row.is_array() || row.size() != images.images.size()) fail(ErrorCode::badFormat, "must have a number for each image", where);
        std::vector<double> values;
        for (const json& value : row) values.push_back(numberFrom(value, where));
        term.values.push_back(std::move(values));
    }
    return term;
}

}  // namespace

json syntheticImagesJson(const SyntheticImages& images) {
    json data{{"method", images.method}, {"width", images.width}, {"height", images.height}, {"columns", images.columns},
              {"rows", images.rows},     {"steps", images.steps}};
    for (const char* list : {"images", "sheets", "terms"}) data[list] = json::array();
    for (const SyntheticImages::Image& image : images.images)
        data["images"].push_back({{"label", image.label}, {"prediction", image.prediction}, {"confidence", numberJson(image.confidence)}});
    for (const SyntheticImages::Sheet& sheet : images.sheets) data["sheets"].push_back(sheetJson(images, sheet));
    for (const SyntheticImages::Term& term : images.terms) data["terms"].push_back(termJson(term));
    return data;
}

SyntheticImages syntheticImagesFrom(const Fields& data) {
    SyntheticImages images{.method = data.text("method"),
                           .width = within(data, "width", 1, 1 << 16),
                           .height = within(data, "height", 1, 1 << 16),
                           .columns = within(data, "columns", 1, kMostPlaces),
                           .rows = within(data, "rows", 1, kMostPlaces),
                           .steps = data.integers("steps")};
    for (const Fields& image : data.objects("images"))
        images.images.push_back(
            {.label = image.integer("label"), .prediction = image.integer("prediction"), .confidence = image.number("confidence")});
    for (const Fields& sheet : data.objects("sheets")) images.sheets.push_back(sheetFrom(sheet, images));
    for (const Fields& term : data.objects("terms")) images.terms.push_back(termFrom(term, images));
    return images;
}

}  // namespace vitrine::project
