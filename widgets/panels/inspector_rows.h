// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "widgets/panels/inspector_encodings.h"
#include "widgets/session/run_data.h"
#include "widgets/session/selection.h"
#include "widgets/views/site_facts.h"

namespace vitrine::widgets {

/// One line of the inspector: a name, and its value for run A (or for the network) and run B.
struct InspectorRow {
    QString name;
    QString a, b;     ///< empty: nothing to say
    QString site;     ///< a site that the line leads to; may be empty
    QString toolTip;
};
struct InspectorSection {
    QString title;
    std::vector<InspectorRow> rows;
};

/// What a run says: its measurements, and the quantizers that it stored.
struct InspectedRun {
    RunFacts facts;
    StoredEncodings stored;
};

/// Everything that is known of the selected site, else of the selected block, else of the network. `network` may be null; runs
/// without content add nothing. Thread safe.
std::vector<InspectorSection> inspect(const NetworkPtr& network, const Selection& selection, const InspectedRun& a, const InspectedRun& b);

/// Why the selected site deserves a look, a sentence each: "B: 38 % of the values are clipped." Empty when nothing is wrong.
QStringList attentionTexts(const Selection& selection, const RunFacts& a, const RunFacts& b);

/// What is inspected, in words: "blocks.3.attn.qkv", "Block blocks.3", "Network".
QString inspectedTitle(const NetworkPtr& network, const Selection& selection);

}  // namespace vitrine::widgets
