// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QString>
#include <string_view>

#include "base/parameters.h"
#include "graph/sites.h"

/// What a form says about a parameter, from its schema alone. Thread safe.
namespace vitrine::widgets {

/// "post_gelu" -> "post-GELU"; the field's short words keep their letters.
QString readableWords(std::string_view id);
/// readableWords() with a capital.
QString readableTitle(std::string_view id);

std::string parameterGroup(std::string_view id);  ///< "weight" of "weight.bits"; "" of an id without a dot
QString parameterLabel(std::string_view id);      ///< "Bits" of "weight.bits"
QString choiceText(std::string_view choice);      ///< a choice as combos show it

QString provenanceWord(Provenance provenance);      ///< "paper", "code", "ours"
QString provenanceHelp(const ParameterSpec& spec);  ///< where the default comes from, in a sentence
QString rangeHint(const ParameterSpec& spec);       ///< "2 to 8 bits", "bits", or empty
QString defaultHint(const ParameterSpec& spec);     ///< "Default: 4"
QString fullHelp(const ParameterSpec& spec);        ///< help, range, default, provenance and id, line by line

/// "99 is out of range. It takes 2 to 8.": what core says of a value, and what to do, as sentences.
QString problemText(std::string_view what, std::string_view remedy);

QString roleTitle(graph::Role role);  ///< "Post-softmax"

}  // namespace vitrine::widgets
