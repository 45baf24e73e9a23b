// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/svg.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "report/html.h"

namespace vitrine::report {
namespace {

constexpr std::size_t kDeepest = 100;
constexpr std::array<std::string_view, 25> kElements = {
    "svg",     "g",    "defs",  "symbol",   "use",      "path",           "rect",          "circle", "ellipse",
    "line",    "text", "tspan", "textPath", "title",    "polyline",       "polygon",       "desc",   "stop",
    "pattern", "mask", "image", "marker",   "clipPath", "linearGradient", "radialGradient"};
constexpr std::array<std::string_view, 2> kPictures = {"data:image/png;base64,", "data:image/jpeg;base64,"};

[[noreturn]] void refuse(const std::string& what) { fail(ErrorCode::badFormat, what, "drawing", "draw it anew"); }

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool isNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isNameCharacter(char c) { return isNameStart(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'; }

std::string lowerCase(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

std::string utf8Of(std::uint32_t code) {
    const auto byte = [](std::uint32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
    if (code < 0x80) return {byte(code)};
    if (code < 0x800) return {byte(0xc0 | code >> 6), byte(0x80 | (code & 0x3f))};
    if (code < 0x10000) return {byte(0xe0 | code >> 12), byte(0x80 | (code >> 6 & 0x3f)), byte(0x80 | (code & 0x3f))};
    return {byte(0xf0 | code >> 18), byte(0x80 | (code >> 12 & 0x3f)), byte(0x80 | (code >> 6 & 0x3f)),
            byte(0x80 | (code & 0x3f))};
}

/// What stands between '&' and ';'.
std::string entityText(std::string_view name) {
    for (const auto& [known, text] : {std::pair{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}})
        if (name == known) return text;
    const bool hexadecimal = name.starts_with("#x") || name.starts_with("#X");
    const std::string_view digits = name.substr(std::min<std::size_t>(name.size(), hexadecimal ? 2 : 1));
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 10);
    const bool isNumber = name.starts_with('#') && error == std::errc() && end == digits.data() + digits.size();
    if (!isNumber || code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        refuse("holds an unknown entity");
    return utf8Of(code);
}

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '&') {
            if (text[at] != '\r') plain += text[at];
            continue;
        }
        const std::size_t end = text.find(';', at);
        if (end == std::string_view::npos) refuse("holds an '&' that begins nothing");
        plain += entityText(text.substr(at + 1, end - at - 1));
        at = end;
    }
    return plain;
}

struct Attribute {
    std::string name;
    std::string value;
};

/// Adds `prefix` to the ids that "url(#id)" names; any other url is refused.
std::string prefixedUrls(std::string value, std::string_view prefix) {
    const std::string lower = lowerCase(value);
    // CSS lets a backslash stand for any character, and a style load by more functions than url().
    for (const char* word : {"\\", "@", "expression", "image(", "image-set(", "src(", "javascript:", "/*"})
        if (lower.find(word) != std::string::npos) refuse("holds a value that could load something");
    std::string result;
    std::size_t from = 0;
    for (std::size_t at = lower.find("url("); at != std::string::npos; at = lower.find("url(", from)) {
        std::size_t id = at + 4;
        while (id < value.size() && (isBlank(value[id]) || value[id] == '\'' || value[id] == '"')) ++id;
        if (id >= value.size() || value[id] != '#') refuse("refers to something outside of itself");
        result += value.substr(from, id + 1 - from) + std::string(prefix);
        from = id + 1;
    }
    return result + value.substr(from);
}

std::string prefixedIds(const std::string& list, std::string_view prefix) {
    std::string result;
    bool inside = false;
    for (const char c : list) {
        if (!inside && !isBlank(c)) result += prefix;
        inside = !isBlank(c);
        result += c;
    }
    return result;
}

/// A reference: an id of the drawing, or for an image a picture as data.
std::string prefixedReference(const std::string& element, const std::string& value, std::string_view prefix) {
    if (value.starts_with('#')) return "#" + std::string(prefix) + value.substr(1);
    const bool isPicture = std::any_of(kPictures.begin(), kPictures.end(),
                                       [&](std::string_view start) { return value.starts_with(start); });
    if (element != "image" || !isPicture) refuse("refers to something outside of itself");
    return value;
}

/// The attribute as it may stand in a page; nothing for one that is left out.
std::optional<Attribute> safeAttribute(const std::string& element, Attribute attribute, std::string_view prefix) {
    const std::string name = lowerCase(attribute.name);
    if (name == "xmlns" || name.starts_with("xmlns:") || name == "class" || name == "version" || name == "baseprofile")
        return std::nullopt;
    if (name.starts_with("on")) refuse("holds a handler of an event (" + attribute.name + ")");
    if (name == "id") return Attribute{"id", std::string(prefix) + attribute.value};
    if (name == "href" || name == "xlink:href")
        return Attribute{attribute.name, prefixedReference(element, attribute.value, prefix)};
    if (name == "aria-labelledby" || name == "aria-describedby")
        return Attribute{name, prefixedIds(attribute.value, prefix)};
    if (name.find(':') != std::string::npos && name != "xml:space" && name != "xml:lang")
        refuse("holds an attribute that is not known (" + attribute.name + ")");
    if (name == "aria-label") return attribute;
    attribute.value = prefixedUrls(attribute.value, prefix);
    return attribute;
}

/// Reads the file once from left to right and writes what may stay.
class Embedding {
  public:
    Embedding(std::string_view text, std::string_view prefix) : text_(text), prefix_(prefix) {}

    std::string run() {
        while (at_ < text_.size())
            if (text_[at_] == '<')
                markup();
            else
                characters();
        if (!open_.empty() || !hasRoot_) refuse("is no complete <svg> element");
        return std::move(result_);
    }

  private:
    bool follows(std::string_view word) const { return text_.substr(at_).starts_with(word); }

    void skipBehind(std::string_view end) {
        const std::size_t found = text_.find(end, at_);
        if (found == std::string_view::npos) refuse("is cut off");
        at_ = found + end.size();
    }

    void skipBlanks() {
        while (at_ < text_.size() && isBlank(text_[at_])) ++at_;
    }

    void expect(char c) {
        if (at_ >= text_.size() || text_[at_] != c) refuse("is malformed");
        ++at_;
    }

    std::string name() {
        const std::size_t from = at_;
        if (at_ < text_.size() && isNameStart(text_[at_]))
            while (at_ < text_.size() && isNameCharacter(text_[at_])) ++at_;
        if (at_ == from) refuse("is malformed");
        return std::string(text_.substr(from, at_ - from));
    }

    void characters() {
        const std::size_t end = std::min(text_.find('<', at_), text_.size());
        const std::string_view raw = text_.substr(at_, end - at_);
        at_ = end;
        if (!open_.empty())
            result_ += escapeHtml(decoded(raw));
        else if (!std::all_of(raw.begin(), raw.end(), isBlank) &&
                 raw != "\xEF\xBB\xBF")  // a mark of byte order may come first
            refuse("holds text outside of its <svg> element");
    }

    void markup() {
        if (follows("<!--")) return skipBehind("-->");
        if (follows("<?")) return skipBehind("?>");
        if (follows("<!DOCTYPE") && !hasRoot_) return documentType();
        if (follows("</")) return closing();
        if (follows("<!")) refuse("holds a declaration");
        opening();
    }

    void documentType() {
        const std::size_t from = at_;
        skipBehind(">");
        if (text_.substr(from, at_ - from).find('[') != std::string_view::npos) refuse("declares entities");
    }

    void closing() {
        at_ += 2;
        const std::string element = name();
        skipBlanks();
        expect('>');
        if (open_.empty() || open_.back() != element) refuse("closes an element that is not open");
        open_.pop_back();
        result_ += "</" + element + ">";
    }

    void requireAllowed(const std::string& element) const {
        if (std::find(kElements.begin(), kElements.end(), element) == kElements.end())
            refuse("holds an element that is not known (" + element.substr(0, 40) + ")");
        if (open_.empty() && (hasRoot_ || element != "svg")) refuse("is no single <svg> element");
        if (!open_.empty() && (open_.back() == "title" || open_.back() == "desc"))
            refuse("holds an element in a title");
        if (open_.size() >= kDeepest) refuse("is nested too deeply");
    }

    void opening() {
        expect('<');
        const std::string element = name();
        requireAllowed(element);
        hasRoot_ = true;
        result_ += "<" + element;
        std::vector<std::string> seen;
        for (skipBlanks(); at_ < text_.size() && text_[at_] != '>' && text_[at_] != '/'; skipBlanks()) {
            const Attribute attribute = readAttribute();
            if (std::find(seen.begin(), seen.end(), attribute.name) != seen.end()) refuse("sets an attribute twice");
            seen.push_back(attribute.name);
            if (const auto safe = safeAttribute(element, attribute, prefix_))
                result_ += " " + safe->name + "=\"" + escapeHtml(safe->value) + "\"";
        }
        const bool isEmpty = follows("/>");
        if (isEmpty) ++at_;
        expect('>');
        result_ += isEmpty ? "></" + element + ">" : ">";
        if (!isEmpty) open_.push_back(element);
    }

    Attribute readAttribute() {
        Attribute attribute{name(), {}};
        skipBlanks();
        expect('=');
        skipBlanks();
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        if (quote != '"' && quote != '\'') refuse("holds an attribute without quotes");
        const std::size_t from = ++at_;
        skipBehind(std::string_view(&quote, 1));
        const std::string_view raw = text_.substr(from, at_ - 1 - from);
        if (raw.find('<') != std::string_view::npos) refuse("is malformed");
        attribute.value = decoded(raw);
        return attribute;
    }

    std::string_view text_;
    std::string_view prefix_;
    std::size_t at_ = 0;
    bool hasRoot_ = false;
    std::vector<std::string> open_;
    std::string result_;
};

}  // namespace

std::string embeddableSvg(std::string_view text, std::string_view idPrefix) {
    if (text.size() > kMaximumSvg)
        fail(ErrorCode::tooLarge, "is larger than " + std::to_string(kMaximumSvg >> 20) + " MiB", "drawing");
    return Embedding(text, idPrefix).run();
}

}  // namespace vitrine::report
