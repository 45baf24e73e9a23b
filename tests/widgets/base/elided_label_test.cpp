// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/elided_label.h"

#include <gtest/gtest.h>

#include <QHelpEvent>
#include <QTest>
#include <QToolTip>

namespace vitrine::widgets {
namespace {

TEST(ElidedLabels, ShowAllOfACutTextAsTheirToolTip) {
    ElidedLabel label(Qt::ElideRight);
    label.setText(QStringLiteral("148 sites; lowest SQNR 17.8 dB at blocks.7.mlp.gelu."));
    label.resize(600, 20);
    label.show();
    EXPECT_FALSE(label.isCut());
    label.resize(120, 20);
    EXPECT_TRUE(label.isCut());
    QHelpEvent help(QEvent::ToolTip, {5, 5}, label.mapToGlobal(QPoint(5, 5)));
    QCoreApplication::sendEvent(&label, &help);
    EXPECT_TRUE(QToolTip::text().contains(QStringLiteral("blocks.7.mlp.gelu")));
    EXPECT_LT(label.minimumSizeHint().width(), 120);
}

}  // namespace
}  // namespace vitrine::widgets
