// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/waiting_runs.h"

#include <QJsonObject>
#include <system_error>

#include "methods/method_info.h"
#include "methods/synthesizer_info.h"
#include "runs/rule_text.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

namespace fs = std::filesystem;

const QString kTitle = QStringLiteral("title"), kModel = QStringLiteral("model"), kOverrides = QStringLiteral("overrides"),
              kCalibration = QStringLiteral("calibration"), kEvaluation = QStringLiteral("evaluation"), kSynthetic = QStringLiteral("synthetic"),
              kMethod = QStringLiteral("method"), kParameters = QStringLiteral("parameters"), kRules = QStringLiteral("rules"),
              kSeed = QStringLiteral("seed"), kDevice = QStringLiteral("device"), kBatch = QStringLiteral("batch"),
              kPath = QStringLiteral("path"), kRoot = QStringLiteral("root"), kRows = QStringLiteral("rows"),
              kRelative = QStringLiteral("relative"), kAbsolute = QStringLiteral("absolute");

QJsonObject pathToJson(const fs::path& path, const fs::path& project) {
    if (path.empty()) return {};
    return {{kRelative, toQt(path.lexically_relative(project).generic_string())}, {kAbsolute, pathText(path)}};
}

fs::path pathFrom(const QJsonObject& object, const fs::path& project) {
    std::error_code ignored;
    const QString relative = object.value(kRelative).toString();
    const fs::path near = (project / toPath(relative)).lexically_normal();
    return !relative.isEmpty() && fs::exists(near, ignored) ? near : toPath(object.value(kAbsolute).toString());
}

QJsonObject valuesToJson(const ParameterSet& values) {
    QJsonObject object;
    for (const ParameterSpec& spec : values.schema())
        if (!values.isDefault(spec.id)) object.insert(toQt(spec.id), toQt(parameterText(values.value(spec.id))));
    return object;
}

ParameterSet valuesFrom(const QJsonObject& object, ParameterSchema schema) {
    ParameterSet values(std::move(schema));
    for (auto value = object.begin(); value != object.end(); ++value) values.setText(toStd(value.key()), toStd(value->toString()));
    return values;
}

QJsonObject dataToJson(const runs::DataSpec& data, const fs::path& project) {
    QJsonArray rows;
    for (const std::int64_t row : data.rows) rows.append(static_cast<qint64>(row));
    return {{kPath, pathToJson(data.path, project)}, {kRoot, pathToJson(data.root, project)}, {kRows, rows}};
}

runs::DataSpec dataFrom(const QJsonObject& object, const fs::path& project) {
    runs::DataSpec data{pathFrom(object.value(kPath).toObject(), project), pathFrom(object.value(kRoot).toObject(), project), {}};
    for (const QJsonValue& row : object.value(kRows).toArray()) data.rows.push_back(row.toInteger());
    return data;
}

QJsonObject toJson(const WaitingRun& run) {
    const runs::RunSpec& spec = run.spec;
    QJsonArray rules;
    for (const quant::PolicyRule& rule : spec.rules) rules.append(toQt(runs::ruleText(rule)));
    QJsonObject object{{kTitle, run.title},
                       {kModel, pathToJson(spec.model, spec.project)},
                       {kOverrides, valuesToJson(spec.modelOverrides)},
                       {kCalibration, dataToJson(spec.calibration, spec.project)},
                       {kEvaluation, dataToJson(spec.evaluation, spec.project)},
                       {kMethod, toQt(spec.method)},
                       {kParameters, valuesToJson(spec.parameters)},
                       {kRules, rules},
                       {kSeed, QString::number(spec.seed)},  // a number of JSON has 53 bits
                       {kDevice, toQt(spec.device)},
                       {kBatch, static_cast<qint64>(spec.batch)}};
    if (spec.synthetic)
        object.insert(kSynthetic, QJsonObject{{kMethod, toQt(spec.synthetic->method)}, {kParameters, valuesToJson(spec.synthetic->parameters)}});
    return object;
}

WaitingRun runFrom(const QJsonObject& object, const fs::path& project) {
    WaitingRun run;
    run.title = object.value(kTitle).toString();
    runs::RunSpec& spec = run.spec;
    spec.project = project;
    spec.model = pathFrom(object.value(kModel).toObject(), project);
    spec.modelOverrides = valuesFrom(object.value(kOverrides).toObject(), models::overrideSchema());
    spec.calibration = dataFrom(object.value(kCalibration).toObject(), project);
    spec.evaluation = dataFrom(object.value(kEvaluation).toObject(), project);
    spec.method = toStd(object.value(kMethod).toString());
    spec.parameters = valuesFrom(object.value(kParameters).toObject(), methods::methodInfo(spec.method).parameters);
    for (const QJsonValue& rule : object.value(kRules).toArray()) spec.rules.push_back(runs::parseRule(toStd(rule.toString())));
    spec.seed = object.value(kSeed).toString().toULongLong();
    spec.device = toStd(object.value(kDevice).toString());
    spec.batch = object.value(kBatch).toInteger(spec.batch);
    if (const QJsonObject made = object.value(kSynthetic).toObject(); !made.isEmpty()) {
        const std::string method = toStd(made.value(kMethod).toString());
        spec.synthetic = runs::SyntheticCalibration{method, valuesFrom(made.value(kParameters).toObject(), methods::synthesizerInfo(method).parameters)};
    }
    return run;
}

}  // namespace

QJsonArray waitingToJson(const std::vector<WaitingRun>& runs) {
    QJsonArray array;
    for (const WaitingRun& run : runs)
        if (!run.spec.resume) array.append(toJson(run));
    return array;
}

RestoredRuns waitingFromJson(const QJsonArray& array, const QString& folder) {
    RestoredRuns restored;
    for (const QJsonValue& value : array) {
        const QJsonObject object = value.toObject();
        try {
            restored.runs.push_back(runFrom(object, toPath(folder)));
        } catch (const std::exception& exception) {
            restored.problems.append(object.value(kTitle).toString() + QStringLiteral(": ") + errorText(describe(exception)));
        }
    }
    return restored;
}

}  // namespace vitrine::widgets
