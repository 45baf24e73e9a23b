// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/pytorch_state_dict.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>

#include "base/error.h"
#include "formats/bytes.h"
#include "formats/pytorch_tensor.h"

namespace vitrine::formats {
namespace {

using Kind = PickleValue::Kind;

constexpr std::string_view kSaveAgain =
    "in Python, save the weights alone: torch.save(model.state_dict(), \"weights.pth\")";

/// Usual names of the weights in a training checkpoint, preferred first.
constexpr std::string_view kUsualNames[] = {"model",     "state_dict", "model_state_dict", "module",
                                            "model_ema", "ema",        "state_dict_ema",   "net"};

/// Calls visit(key, value) for every entry of a dictionary.
template <typename Visit>
void forEachEntry(const PickleObject& dictionary, Visit visit) {
    for (std::size_t i = 0; i + 1 < dictionary.items.size(); i += 2)
        visit(dictionary.items[i], dictionary.items[i + 1]);
}

bool holdsTensors(const Pickle& pickle, const PickleObject& dictionary) {
    bool found = false;
    forEachEntry(dictionary,
                 [&](const PickleValue&, const PickleValue& value) { found = found || isTensor(pickle, value); });
    return found;
}

std::string kindName(const Pickle& pickle, const PickleValue& value) {
    if (isTensor(pickle, value)) return "a tensor";
    if (value.kind == Kind::text) return "a text";
    if (value.kind == Kind::global) return "a Python name";
    if (value.kind != Kind::object) return "a plain value";
    switch (pickle.objects[value.object].kind) {
        case PickleObject::Kind::tuple:
            return "a tuple";
        case PickleObject::Kind::list:
            return "a list";
        case PickleObject::Kind::dictionary:
            return "a dictionary";
        case PickleObject::Kind::call:
            return "an object of " + std::string(pickle.objects[value.object].global->name);
        case PickleObject::Kind::persistent:
            return "a storage";
    }
    return "a value";
}

std::string contentSummary(const Pickle& pickle, const PickleObject& dictionary) {
    constexpr std::size_t kMost = 8;
    std::string text;
    std::size_t count = 0;
    forEachEntry(dictionary, [&](const PickleValue& key, const PickleValue& value) {
        if (++count > kMost) return;
        text += (count > 1 ? ", " : "") + (key.kind == Kind::text ? inQuotes(key.text) : "a key that is no text") +
                " (" + kindName(pickle, value) + ")";
    });
    return count == 0 ? "nothing" : text + (count > kMost ? ", ..." : "");
}

struct Candidate {
    std::string_view name;
    const PickleObject* dictionary = nullptr;

    /// Position in kUsualNames; names that are not in it come last, all equal.
    std::ptrdiff_t rank() const {
        return std::find(std::begin(kUsualNames), std::end(kUsualNames), name) - std::begin(kUsualNames);
    }
    bool isUsual() const { return rank() < std::ssize(kUsualNames); }
};

std::vector<Candidate> candidatesIn(const Pickle& pickle, const PickleObject& top) {
    std::vector<Candidate> candidates;
    std::set<std::uint32_t> seen;  // each dictionary is looked through once, however often it is referred to
    forEachEntry(top, [&](const PickleValue& key, const PickleValue& value) {
        const PickleObject* dictionary = pickle.object(value, PickleObject::Kind::dictionary);
        if (dictionary == nullptr || key.kind != Kind::text || !seen.insert(value.object).second) return;
        if (holdsTensors(pickle, *dictionary)) candidates.push_back({key.text, dictionary});
    });
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.rank() < b.rank(); });
    return candidates;
}

/// The dictionary that holds the weights: `top` itself when it has tensors and nothing below has a usual name.
Candidate choose(const Pickle& pickle, const PickleObject& top, const std::string& where,
                 std::vector<std::string>& warnings) {
    const std::vector<Candidate> candidates = candidatesIn(pickle, top);
    const bool usual = !candidates.empty() && candidates.front().isUsual();
    if (!usual && holdsTensors(pickle, top)) return {"", &top};
    if (candidates.empty())
        fail(ErrorCode::badFormat,
             "no state_dict was found at its top level or one level below; it holds " + contentSummary(pickle, top),
             where, std::string(kSaveAgain));
    if (candidates.size() == 1) return candidates.front();
    std::string names;
    for (const Candidate& candidate : candidates) names += (names.empty() ? "" : ", ") + inQuotes(candidate.name);
    if (!usual)
        fail(ErrorCode::unsupported, "holds several state_dicts (" + names + ") and none has a usual name", where,
             std::string(kSaveAgain));
    warnings.push_back("holds several state_dicts (" + names + "): took " + inQuotes(candidates.front().name));
    return candidates.front();
}

std::string realText(double value) {
    char buffer[32];
    return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

/// Keeps a few short plain values; a value may be referred to often, so its size is limited and not only its number.
void addMetadata(const PickleValue& key, const PickleValue& value, std::map<std::string, std::string>& metadata) {
    constexpr std::size_t kMost = 100;
    constexpr std::size_t kLongest = 1000;
    const auto isShortText = [](const PickleValue& text) {
        return text.kind == Kind::text && text.text.size() <= kLongest && isUtf8(text.text);
    };
    if (!isShortText(key) || metadata.size() >= kMost) return;
    const std::string name(key.text);
    if (value.kind == Kind::boolean) metadata[name] = value.integer != 0 ? "true" : "false";
    if (value.kind == Kind::integer) metadata[name] = std::to_string(value.integer);
    if (value.kind == Kind::real) metadata[name] = realText(value.real);
    if (isShortText(value)) metadata[name] = value.text;
}

void warnOfSkipped(const Pickle& pickle, const PickleValue& key, const PickleValue& value,
                   std::vector<std::string>& warnings) {
    constexpr std::size_t kMost = 20;
    if (warnings.size() < kMost)
        warnings.push_back("skipped " + (key.kind == Kind::text ? inQuotes(key.text) : "an entry without a name") +
                           ", which is " + kindName(pickle, value));
}

void collectTensors(const Pickle& pickle, const PickleObject& dictionary, const std::string& where, StateDict& result) {
    std::set<std::string_view> names;
    forEachEntry(dictionary, [&](const PickleValue& key, const PickleValue& value) {
        if (!isTensor(pickle, value)) {
            warnOfSkipped(pickle, key, value, result.warnings);
            return;
        }
        if (key.kind != Kind::text)
            fail(ErrorCode::badFormat, "the name of a tensor is no text", where, std::string(kSaveAgain));
        if (!isUtf8(key.text))
            fail(ErrorCode::badFormat, "the name of tensor " + inQuotes(key.text) + " is no valid UTF-8", where);
        if (!names.insert(key.text).second)
            fail(ErrorCode::badFormat, "the name " + inQuotes(key.text) + " occurs twice", where);
        result.tensors.emplace_back(key.text, value);
    });
}

}  // namespace

StateDict findStateDict(const Pickle& pickle, const std::string& where) {
    const PickleObject* top = pickle.object(pickle.root, PickleObject::Kind::dictionary);
    if (top == nullptr)
        fail(ErrorCode::badFormat, "holds " + kindName(pickle, pickle.root) + " instead of a state_dict", where,
             std::string(kSaveAgain));
    StateDict result;
    const Candidate chosen = choose(pickle, *top, where, result.warnings);
    if (chosen.dictionary != top) {
        forEachEntry(*top, [&](const PickleValue& key, const PickleValue& value) {
            addMetadata(key, value, result.metadata);
            const PickleObject* call = pickle.object(value, PickleObject::Kind::call);
            if (call != nullptr && !isTensor(pickle, value)) warnOfSkipped(pickle, key, value, result.warnings);
        });
    }
    collectTensors(pickle, *chosen.dictionary, where, result);
    return result;
}

}  // namespace vitrine::formats
