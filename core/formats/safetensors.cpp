// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/safetensors.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "formats/mapped_file.h"
#include "formats/safetensors_header.h"
#include "formats/tensor_size.h"

namespace vitrine::formats {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;

std::uint64_t checkedHeaderLength(const Bytes& bytes, const std::string& where) {
    if (bytes.size == 0) fail(ErrorCode::badFormat, "the file is empty", where);
    if (bytes.size < kLengthBytes) fail(ErrorCode::badFormat, "the file is too short for a safetensors file", where);
    const auto length = readLittleEndian<std::uint64_t>(bytes.data.get());
    if (length > kLongestHeader)
        fail(ErrorCode::tooLarge,
             "claims a header of " + std::to_string(length) + " bytes; the safetensors format allows " +
                 std::to_string(kLongestHeader),
             where, "the file is damaged or no safetensors file");
    if (length > bytes.size - kLengthBytes)
        fail(ErrorCode::badFormat,
             "claims a header of " + std::to_string(length) + " bytes but has " + std::to_string(bytes.size) +
                 " bytes in all",
             where, "the file is cut short: copy or download it again");
    return length;
}

void checkSize(const std::string& name, const SafetensorsEntry& entry, std::size_t dataSize, const std::string& where) {
    const std::string tensor = "tensor " + inQuotes(name);
    if (entry.end < entry.begin) fail(ErrorCode::badFormat, tensor + " ends before it begins", where);
    if (entry.end > dataSize)
        fail(ErrorCode::badFormat,
             tensor + " ends at byte " + std::to_string(entry.end) + " of " + std::to_string(dataSize) +
                 " bytes of data",
             where, "the file is cut short or damaged: copy or download it again");
    const std::uint64_t size = entry.end - entry.begin;
    if (tensorByteCount(entry.dtype, entry.shape) != size)
        fail(ErrorCode::badFormat,
             tensor + " of type " + std::string(dtypeName(entry.dtype)) + " and shape " + shapeText(entry.shape) +
                 " does not fill its " + std::to_string(size) + " bytes",
             where);
}

/// Tensors must cover the data exactly.
void checkCover(const SafetensorsHeader& header, std::size_t dataSize, const std::string& where) {
    using Item = std::pair<const std::string, SafetensorsEntry>;
    std::vector<const Item*> order;
    for (const Item& item : header.entries) order.push_back(&item);
    std::sort(order.begin(), order.end(), [](const Item* a, const Item* b) {
        return std::pair(a->second.begin, a->second.end) < std::pair(b->second.begin, b->second.end);
    });
    std::uint64_t position = 0;
    for (const Item* item : order) {
        if (item->second.begin < position)
            fail(ErrorCode::badFormat, "tensor " + inQuotes(item->first) + " overlaps another one", where);
        if (item->second.begin > position)
            fail(ErrorCode::badFormat, "there is a gap of unused bytes before tensor " + inQuotes(item->first), where);
        position = item->second.end;
    }
    if (position != dataSize)
        fail(ErrorCode::badFormat, std::to_string(dataSize - position) + " bytes follow the last tensor", where);
}

HostTensor tensorAt(const Bytes& data, const SafetensorsEntry& entry) {
    HostTensor tensor;
    tensor.dtype = entry.dtype;
    tensor.shape = entry.shape;
    Bytes bytes = data.part(entry.begin, entry.end - entry.begin);
    const bool aligned = reinterpret_cast<std::uintptr_t>(bytes.data.get()) % dtypeSize(entry.dtype) == 0;
    if (!aligned) bytes = Bytes::copyOf(bytes.view());
    tensor.bytes = std::move(bytes.data);
    tensor.byteCount = bytes.size;
    return tensor;
}

std::vector<TensorMap::const_pointer> writingOrder(const TensorMap& tensors) {
    std::vector<TensorMap::const_pointer> order;
    for (const auto& item : tensors) order.push_back(&item);
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
        return dtypeSize(a->second.dtype) > dtypeSize(b->second.dtype);
    });
    return order;
}

std::string headerText(const std::vector<TensorMap::const_pointer>& order, const Metadata& metadata,
                       const std::string& where) {
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::uint64_t position = 0;
    for (const auto* item : order) {
        const HostTensor& tensor = item->second;
        if (item->first == "__metadata__")
            fail(ErrorCode::invalidArgument, "no tensor can be named \"__metadata__\" in a safetensors file", where);
        if (tensorByteCount(tensor.dtype, tensor.shape) != tensor.byteCount)
            fail(ErrorCode::invalidArgument,
                 "tensor " + inQuotes(item->first) + " of shape " + shapeText(tensor.shape) + " has " +
                     std::to_string(tensor.byteCount) + " bytes",
                 where);
        const std::uint64_t end = position + tensor.byteCount;
        header[item->first] = {
            {"dtype", dtypeName(tensor.dtype)}, {"shape", tensor.shape}, {"data_offsets", {position, end}}};
        position = end;
    }
    try {
        return header.dump();
    } catch (const nlohmann::json::exception&) {
        fail(ErrorCode::invalidArgument, "a tensor name or a metadata text is not valid UTF-8", where);
    }
}

}  // namespace

SafetensorsFile parseSafetensors(const Bytes& bytes, const std::string& where) {
    const std::uint64_t length = checkedHeaderLength(bytes, where);
    SafetensorsHeader header = parseSafetensorsHeader(bytes.text().substr(kLengthBytes, length), where);
    const std::size_t dataStart = kLengthBytes + length;
    const Bytes data = bytes.part(dataStart, bytes.size - dataStart);
    for (const auto& [name, entry] : header.entries) checkSize(name, entry, data.size, where);
    checkCover(header, data.size, where);
    SafetensorsFile file;
    for (const auto& [name, entry] : header.entries) file.tensors.emplace(name, tensorAt(data, entry));
    file.metadata = std::move(header.metadata);
    return file;
}

SafetensorsFile readSafetensorsFile(const std::filesystem::path& path) {
    return parseSafetensors(mapFile(path), path.string());
}

TensorMap readSafetensors(const std::filesystem::path& path) { return readSafetensorsFile(path).tensors; }

void writeSafetensors(const std::filesystem::path& path, const TensorMap& tensors, const Metadata& metadata) {
    const std::vector<TensorMap::const_pointer> order = writingOrder(tensors);
    std::string header = headerText(order, metadata, path.string());
    header.append((kLengthBytes - header.size() % kLengthBytes) % kLengthBytes, ' ');
    if (header.size() > kLongestHeader)
        fail(ErrorCode::tooLarge,
             "the header would take " + std::to_string(header.size()) + " bytes; the format allows " +
                 std::to_string(kLongestHeader),
             path.string());
    const std::uint64_t length = header.size();
    std::vector<std::string_view> parts = {{reinterpret_cast<const char*>(&length), sizeof length}, header};
    for (const auto* item : order)
        parts.emplace_back(reinterpret_cast<const char*>(item->second.bytes.get()), item->second.byteCount);
    writeFileAtomically(path, parts);
}

}  // namespace vitrine::formats
