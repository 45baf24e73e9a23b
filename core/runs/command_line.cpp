// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <string>
#include <vector>

#include "runs/preview.h"
#include "runs/rule_text.h"

namespace vitrine::runs {
namespace {

/// As one word of a POSIX shell.
std::string quoted(const std::string& text) {
    constexpr const char* kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
    if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
    std::string result = "'";
    for (const char letter : text) result += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return result + "'";
}

/// "0-31,40,50-60": in their order.
std::string rowsText(const std::vector<std::int64_t>& rows) {
    std::string text;
    for (std::size_t first = 0; first < rows.size();) {
        std::size_t last = first;
        while (last + 1 < rows.size() && rows[last + 1] == rows[last] + 1) ++last;
        text += (text.empty() ? "" : ",") + std::to_string(rows[first]);
        if (last > first) text += "-" + std::to_string(rows[last]);
        first = last + 1;
    }
    return text;
}

class Line {
  public:
    void add(const std::string& option, const std::string& value) { text_ += " --" + option + " " + quoted(value); }

    void addData(const std::string& option, const std::string& prefix, const DataSpec& data) {
        if (data.path.empty()) return;
        add(option, data.path.string());
        if (!data.root.empty()) add(prefix + "root", data.root.string());
        if (!data.rows.empty()) add(prefix + "rows", rowsText(data.rows));
    }

    void addChanged(const std::string& option, const ParameterSet& parameters) {
        for (const ParameterSpec& spec : parameters.schema())
            if (!parameters.isDefault(spec.id)) add(option, spec.id + "=" + parameterText(parameters.value(spec.id)));
    }

    const std::string& text() const { return text_; }

  private:
    std::string text_ = "vitrine-cli run";
};

}  // namespace

std::string commandLine(const RunSpec& spec) {
    Line line;
    line.add("project", spec.project.string());
    if (spec.resume) {
        line.add("resume", *spec.resume);
        return line.text();
    }
    line.add("model", spec.model.string());
    line.addChanged("model-set", spec.modelOverrides);
    line.add("method", spec.method);
    line.addChanged("set", spec.parameters);
    for (const quant::PolicyRule& rule : spec.rules) line.add("rule", ruleText(rule));
    if (spec.synthetic) {
        line.add("synthetic", spec.synthetic->method);
        line.addChanged("synthetic-set", spec.synthetic->parameters);
    }
    line.addData("calib", "", spec.calibration);
    line.addData("eval", "eval-", spec.evaluation);
    const RunSpec defaults;
    if (spec.seed != defaults.seed) line.add("seed", std::to_string(spec.seed));
    if (spec.batch != defaults.batch) line.add("batch", std::to_string(spec.batch));
    if (spec.device != defaults.device) line.add("device", spec.device);
    return line.text();
}

}  // namespace vitrine::runs
