// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/pytorch_checkpoint.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "formats/memory_budget.h"
#include "formats/pickle.h"
#include "formats/pytorch_state_dict.h"
#include "formats/pytorch_tensor.h"
#include "formats/zip_archive.h"

namespace vitrine::formats {
namespace {

constexpr std::string_view kZipMagic = "PK\x03\x04";
constexpr std::string_view kEmptyZipMagic = "PK\x05\x06";
constexpr std::uint64_t kTensorCost = 512;  // of the entries in the maps of names, for the budget
constexpr std::string_view kCopyAgain = "copy or download the file again";

/// The last step of both formats: picks the state_dict and reads its tensors.
Checkpoint collect(const Pickle& pickle, const StorageLookup& lookup, MemoryBudget& budget, const std::string& where) {
    StateDict found = findStateDict(pickle, where);
    const PytorchTensorReader reader(pickle, lookup, budget, where);
    Checkpoint checkpoint;
    checkpoint.metadata = std::move(found.metadata);
    checkpoint.warnings = std::move(found.warnings);
    for (const auto& item : found.tensors) {
        const std::string name(item.first);
        budget.take(kTensorCost + name.size(), "the list of tensors");
        checkpoint.tensors.emplace(name, reader.read(name, item.second));
    }
    return checkpoint;
}

/// Checks that a storage has as many elements as the pickle says. A remainder of less than one element is allowed:
/// PyTorch 2 cuts storages in bytes.
void checkStorage(const PytorchStorage& storage, std::uint64_t bytes, const std::string& where) {
    if (!storage.type->dtype)
        fail(ErrorCode::unsupported,
             "has a storage of " + std::string(storage.type->name) + ", a type that Vitrine does not read", where);
    if (bytes / dtypeSize(*storage.type->dtype) != storage.count)
        fail(ErrorCode::badFormat,
             "storage " + inQuotes(storage.key) + " should hold " + std::to_string(storage.count) +
                 " elements but has " + std::to_string(bytes) + " bytes",
             where, std::string(kCopyAgain));
}

/// The zip format: data.pkl and one entry data/KEY per storage, all below one folder.
class ZipCheckpoint {
  public:
    ZipCheckpoint(const Bytes& bytes, const std::string& where)
        : where_(where), archive_(bytes, where), budget_(bytes.size, where), root_(findRoot()) {}

    Checkpoint read() {
        checkKind();
        const Bytes pickleBytes = content(*archive_.find(root_ + "data.pkl"));
        const Pickle pickle = parsePickle(pickleBytes.text(), budget_, where_);
        Checkpoint checkpoint = collect(
            pickle, [this](const PytorchStorage& storage) { return bytesOf(storage); }, budget_, where_);
        if (damaged_ > 0)
            checkpoint.warnings.push_back(std::to_string(damaged_) +
                                          " entries do not match their checksum (the first is " +
                                          inQuotes(firstDamaged_) + "): the file may be corrupt");
        return checkpoint;
    }

  private:
    std::string findRoot() const {
        constexpr std::string_view kName = "data.pkl";
        std::vector<std::string> roots;
        for (const auto& [name, entry] : archive_.entries()) {
            const std::string root = name.ends_with(kName) ? name.substr(0, name.size() - kName.size()) : "?";
            if (root.empty() || root.ends_with('/')) roots.push_back(root);
        }
        if (roots.size() == 1) return roots[0];
        fail(ErrorCode::badFormat,
             roots.empty() ? "is a zip archive without data.pkl, so torch.save did not write it"
                           : "is a zip archive with several data.pkl",
             where_, "unpack it and load the checkpoint inside, or choose another file");
    }

    void checkKind() {
        const bool script = std::any_of(archive_.entries().begin(), archive_.entries().end(), [this](const auto& item) {
            return item.first.starts_with(root_ + "code/") || item.first == root_ + "constants.pkl";
        });
        if (script)
            fail(ErrorCode::unsupported, "is a TorchScript archive, a program and not a state_dict", where_,
                 "in Python: torch.save(torch.jit.load(path).state_dict(), \"weights.pth\")");
        const ZipEntry* order = archive_.find(root_ + "byteorder");
        if (order != nullptr && content(*order).text() != "little")
            fail(ErrorCode::unsupported, "was written on a big-endian machine", where_,
                 "save it again on a little-endian one");
    }

    Bytes content(const ZipEntry& entry) {
        const Bytes bytes = archive_.content(entry, budget_);
        if (crc32Of(bytes.view()) != entry.checksum && damaged_++ == 0) firstDamaged_ = entry.name;
        return bytes;
    }

    Bytes bytesOf(const PytorchStorage& storage) {
        auto found = storages_.find(storage.key);
        if (found == storages_.end()) {
            const ZipEntry* entry = archive_.find(root_ + "data/" + storage.key);
            if (entry == nullptr)
                fail(ErrorCode::badFormat, "storage " + inQuotes(storage.key) + " is missing from the archive", where_,
                     std::string(kCopyAgain));
            checkStorage(storage, entry->size, where_);
            found = storages_.emplace(storage.key, content(*entry)).first;
        }
        checkStorage(storage, found->second.size, where_);
        return found->second;
    }

    const std::string& where_;
    ZipArchive archive_;
    MemoryBudget budget_;
    std::string root_;
    std::map<std::string, Bytes> storages_;
    std::size_t damaged_ = 0;
    std::string firstDamaged_;
};

/// The format before PyTorch 1.6: five pickles (magic number, version, system, content, storage keys), then for every
/// key the element count in 8 bytes and the elements.
class LegacyCheckpoint {
  public:
    LegacyCheckpoint(const Bytes& bytes, const std::string& where)
        : bytes_(bytes), where_(where), budget_(bytes.size, where) {}

    Checkpoint read() {
        checkPrologue();
        const Pickle content = next();
        placeStorages(content, next());
        return collect(
            content, [this](const PytorchStorage& storage) { return bytesOf(storage); }, budget_, where_);
    }

  private:
    Pickle next() {
        Pickle pickle = parsePickle(bytes_.text().substr(position_), budget_, where_);
        position_ += pickle.size;
        return pickle;
    }

    void checkPrologue() {
        constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";  // 0x1950a86a20f9469cfc6c
        constexpr std::int64_t kVersion = 1001;
        if (next().root.text != kMagic)
            fail(ErrorCode::badFormat, "is a pickle that torch.save did not write", where_,
                 "in Python, save the weights with torch.save(model.state_dict(), \"weights.pth\")");
        if (next().root.integer != kVersion)
            fail(ErrorCode::unsupported, "has an unknown version of the format before PyTorch 1.6", where_);
        const Pickle system = next();
        const PickleObject* entries = system.object(system.root, PickleObject::Kind::dictionary);
        for (std::size_t i = 0; entries != nullptr && i + 1 < entries->items.size(); i += 2)
            if (entries->items[i].text == "little_endian" && entries->items[i + 1].integer == 0)
                fail(ErrorCode::unsupported, "was written on a big-endian machine", where_,
                     "save it again on a little-endian one");
    }

    void placeStorages(const Pickle& content, const Pickle& keyList) {
        std::map<std::string, PytorchStorage> expected;
        for (const PickleObject& object : content.objects) {
            if (object.kind != PickleObject::Kind::persistent) continue;
            PytorchStorage storage = storageOf(object, where_);
            const std::string key = storage.key;
            budget_.take(kTensorCost + key.size(), "the list of storages");
            expected.emplace(key, std::move(storage));
        }
        const PickleObject* keys = keyList.object(keyList.root, PickleObject::Kind::list);
        if (keys == nullptr) damaged("the list of storages is missing");
        for (const PickleValue& key : keys->items) {
            const auto found = expected.find(std::string(key.text));
            if (found == expected.end()) damaged("it lists a storage that nothing refers to");
            placeStorage(found->second);
        }
    }

    void placeStorage(const PytorchStorage& storage) {
        if (!storage.type->dtype)
            fail(ErrorCode::unsupported,
                 "has a storage of " + std::string(storage.type->name) + ", a type that Vitrine does not read", where_);
        const std::uint64_t elementSize = dtypeSize(*storage.type->dtype);
        if (bytes_.size - position_ < sizeof(std::uint64_t)) damaged("its storages end too early");
        const auto count = readLittleEndian<std::uint64_t>(bytes_.data.get() + position_);
        position_ += sizeof(std::uint64_t);
        if (count != storage.count || count > (bytes_.size - position_) / elementSize)
            damaged("storage " + inQuotes(storage.key) + " has not the " + std::to_string(storage.count) +
                    " elements that it should");
        if (!storages_.emplace(storage.key, bytes_.part(position_, count * elementSize)).second)
            damaged("storage " + inQuotes(storage.key) + " occurs twice");
        position_ += count * elementSize;
    }

    Bytes bytesOf(const PytorchStorage& storage) const {
        const auto found = storages_.find(storage.key);
        if (found == storages_.end()) damaged("storage " + inQuotes(storage.key) + " is missing");
        checkStorage(storage, found->second.size, where_);
        return found->second;
    }

    [[noreturn]] void damaged(const std::string& what) const {
        fail(ErrorCode::badFormat, "is a damaged checkpoint: " + what, where_, std::string(kCopyAgain));
    }

    const Bytes& bytes_;
    const std::string& where_;
    MemoryBudget budget_;
    std::size_t position_ = 0;
    std::map<std::string, Bytes> storages_;
};

bool isZip(const Bytes& bytes) {
    return bytes.text().starts_with(kZipMagic) || bytes.text().starts_with(kEmptyZipMagic);
}

}  // namespace

bool looksLikePytorch(const Bytes& bytes) {
    const std::string_view text = bytes.text();
    // A pickle begins with the PROTO opcode and its protocol.
    const bool pickle = text.size() > 1 && text[0] == '\x80' && text[1] > 0 && text[1] <= 5;
    return pickle || isZip(bytes);
}

Checkpoint parsePytorchCheckpoint(const Bytes& bytes, const std::string& where) {
    if (isZip(bytes)) return ZipCheckpoint(bytes, where).read();
    return LegacyCheckpoint(bytes, where).read();
}

}  // namespace vitrine::formats
