// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/parameter_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>
#include <QStringList>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::parameters", text); }

/// Short words of the field, and joints that English writes with a hyphen.
QString fieldWord(const QString& word) {
    static const QHash<QString, QString> words{{QStringLiteral("gelu"), QStringLiteral("GELU")},
                                               {QStringLiteral("relu"), QStringLiteral("ReLU")},
                                               {QStringLiteral("mlp"), QStringLiteral("MLP")},
                                               {QStringLiteral("omse"), QStringLiteral("OMSE")},
                                               {QStringLiteral("mse"), QStringLiteral("MSE")},
                                               {QStringLiteral("ema"), QStringLiteral("EMA")},
                                               {QStringLiteral("minmax"), QStringLiteral("min-max")},
                                               {QStringLiteral("sqrt2"), QStringLiteral("√2")},
                                               {QStringLiteral("vit"), QStringLiteral("ViT")},
                                               {QStringLiteral("deit"), QStringLiteral("DeiT")},
                                               {QStringLiteral("swin"), QStringLiteral("Swin")},
                                               {QStringLiteral("8bit"), QStringLiteral("8 bit")},
                                               {QStringLiteral("std"), QStringLiteral("standard deviation")},
                                               {QStringLiteral("dim"), QStringLiteral("dimension")},
                                               {QStringLiteral("cls"), QStringLiteral("class token")},
                                               {QStringLiteral("erf"), QStringLiteral("(erf)")},
                                               {QStringLiteral("tanh"), QStringLiteral("(tanh)")},
                                               {QStringLiteral("auto"), QStringLiteral("automatic")},
                                               {QStringLiteral("lr"), QStringLiteral("learning rate")},
                                               {QStringLiteral("layernorm"), QStringLiteral("LayerNorm")},
                                               {QStringLiteral("kl"), QStringLiteral("KL")},
                                               {QStringLiteral("ptf"), QStringLiteral("Power-of-two factors")},
                                               {QStringLiteral("sqnr"), QStringLiteral("SQNR")},
                                               {QStringLiteral("bops"), QStringLiteral("bit operations")}};
    return words.value(word, word);
}

QString joined(const QStringList& parts) {
    QString text;
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const bool prefix = i > 0 && (parts[i - 1] == QLatin1String("post") || parts[i - 1] == QLatin1String("pre"));
        if (i > 0) text += prefix ? QChar(u'-') : QChar(u' ');
        text += fieldWord(parts[i]);
    }
    return text;
}

QString numberHint(double value) { return withMinus(QLocale().toString(value, 'g', 6)); }

}  // namespace

QString readableWords(std::string_view id) {
    QString text = toQt(id);
    text.replace(u'.', u'_').replace(u'-', u'_');
    return joined(text.split(u'_', Qt::SkipEmptyParts));
}

QString readableTitle(std::string_view id) {
    QString text = readableWords(id);
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

std::string parameterGroup(std::string_view id) {
    const std::size_t dot = id.find('.');
    return dot == std::string_view::npos ? std::string() : std::string(id.substr(0, dot));
}

QString parameterLabel(std::string_view id) {
    const std::size_t dot = id.find('.');
    return readableTitle(dot == std::string_view::npos ? id : id.substr(dot + 1));
}

QString choiceText(std::string_view choice) { return readableWords(choice); }

QString provenanceWord(Provenance provenance) {
    switch (provenance) {
        case Provenance::published:
            return translated("paper");
        case Provenance::code:
            return translated("code");
        case Provenance::ours:
            return translated("ours");
    }
    return {};
}

QString provenanceHelp(const ParameterSpec& spec) {
    const QString source = toQt(spec.reference);
    switch (spec.provenance) {
        case Provenance::published:
            return translated("The default is published: %1.").arg(source);
        case Provenance::code:
            return translated("The default is that of the official code: %1.").arg(source);
        case Provenance::ours:
            return translated("The sources do not say: the default is ours.");
    }
    return {};
}

QString rangeHint(const ParameterSpec& spec) {
    const QString unit = toQt(spec.unit);
    QString range;
    if (spec.minimum && spec.maximum)
        range = translated("%1 to %2").arg(numberHint(*spec.minimum), numberHint(*spec.maximum));
    else if (spec.minimum)
        range = translated("at least %1").arg(numberHint(*spec.minimum));
    else if (spec.maximum)
        range = translated("at most %1").arg(numberHint(*spec.maximum));
    if (range.isEmpty() || unit.isEmpty()) return range + unit;
    return range + QChar(0x00a0) + unit;
}

QString defaultHint(const ParameterSpec& spec) {
    QString value = toQt(parameterText(spec.defaultValue));
    if (spec.type == ParameterType::choice) value = choiceText(parameterText(spec.defaultValue));
    if (spec.type == ParameterType::boolean) value = std::get<bool>(spec.defaultValue) ? translated("on") : translated("off");
    if (value.isEmpty()) value = translated("empty");
    return translated("Default: %1").arg(value.replace(u',', QStringLiteral(", ")));
}

QString fullHelp(const ParameterSpec& spec) {
    QStringList lines{toQt(spec.help)};
    const QString range = rangeHint(spec);
    lines.append(range.isEmpty() ? defaultHint(spec) : translated("%1. Range: %2").arg(defaultHint(spec), range));
    lines.append(provenanceHelp(spec));
    lines.append(translated("Key: %1").arg(toQt(spec.id)));
    return lines.join(u'\n');
}

QString problemText(std::string_view what, std::string_view remedy) {
    QString text;
    for (const std::string_view part : {what, remedy}) {
        QString words = toQt(part);
        if (words.isEmpty()) continue;
        words[0] = words[0].toUpper();
        if (!words.endsWith(u'.') && !words.endsWith(u'?')) words += u'.';
        text += (text.isEmpty() ? QString() : QStringLiteral(" ")) + words;
    }
    static const QRegularExpression range(QStringLiteral(R"((\d)\.\.(?=-?\d))"));
    text.replace(range, translated("%1 to ").arg(QStringLiteral("\\1")));
    return text.replace(u'|', translated(" or "));
}

QString roleTitle(graph::Role role) {
    switch (role) {
        case graph::Role::weight:
            return translated("Weight");
        case graph::Role::patchInput:
            return translated("Patch input");
        case graph::Role::postLayerNorm:
            return translated("Post-LayerNorm");
        case graph::Role::query:
            return translated("Query");
        case graph::Role::key:
            return translated("Key");
        case graph::Role::value:
            return translated("Value");
        case graph::Role::postSoftmax:
            return translated("Post-softmax");
        case graph::Role::postGelu:
            return translated("Post-GELU");
        case graph::Role::headInput:
            return translated("Head input");
        case graph::Role::other:
            return translated("Other activation");
    }
    return {};
}

}  // namespace vitrine::widgets
