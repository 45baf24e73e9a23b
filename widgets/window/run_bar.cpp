// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/run_bar.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/base/themed.h"

namespace vitrine::widgets {
namespace {

/// A disc for A, a diamond for B, as plots mark them.
QIcon runMark(const QColor& colour, bool isB, double ratio) {
    constexpr int side = 12;
    QPixmap picture(QSize(side, side) * ratio);
    picture.setDevicePixelRatio(ratio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(colour);
    painter.setPen(Qt::NoPen);
    if (isB)
        painter.drawPolygon(
            QPolygonF({{side / 2.0, 0}, {side * 1.0, side / 2.0}, {side / 2.0, side * 1.0}, {0, side / 2.0}}));
    else
        painter.drawEllipse(QRectF(1, 1, side - 2, side - 2));
    return picture;
}

}  // namespace

RunBar::RunBar(ActionRegistry& registry, Session& session, QWidget* parent)
    : QToolBar(tr("Tool bar"), parent),
      session_(session),
      a_(makeBox(QStringLiteral("run.a"), tr("Run A"), tr("Run A: the one that is looked at"))),
      b_(makeBox(QStringLiteral("run.b"), tr("Run B"), tr("Run B: compared with A"))) {
    setObjectName(QStringLiteral("tools"));
    setMovable(false);
    setFloatable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    setIconSize({18, 18});
    for (const char* id : {"run.new", "run.pause", "run.stop"}) {
        addAction(registry.action(QLatin1String(id)));
        auto* button = qobject_cast<QToolButton*>(widgetForAction(registry.action(QLatin1String(id))));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    }
    addSeparator();
    const auto addLabel = [this](const QString& text, QWidget* buddy) {
        auto* label = new QLabel(text, this);
        label->setContentsMargins(6, 0, 2, 0);
        label->setBuddy(buddy);
        addWidget(label);
    };
    addLabel(tr("A"), a_);
    addWidget(a_);
    addLabel(tr("B"), b_);
    addWidget(b_);
    addAction(registry.action(QStringLiteral("compare.swap")));
    addWidget(makeModes(registry));
    auto* space = new QWidget(this);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(space);
    addWidget(makePaletteField(registry));
    connect(&session_.study, &Study::runsChanged, this, &RunBar::fill);
    connect(&session_.study, &Study::editsChanged, this, &RunBar::fill);
    connect(&session_.study, &Study::closed, this, &RunBar::fill);
    connect(&session_.selection, &SelectionHub::runsChanged, this, &RunBar::fill);
    followTheme(this, [this](const Theme&) { fill(); });
}

QComboBox* RunBar::makeBox(const QString& name, const QString& label, const QString& help) {
    auto* box = new QComboBox(this);
    box->setObjectName(name);
    box->setAccessibleName(label);
    box->setToolTip(help);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(16);
    box->setMaxVisibleItems(20);
    connect(box, &QComboBox::activated, this, [this, box] {
        const QString run = box->currentData().toString();
        if (box == a_)
            session_.selection.setRunA(run);
        else
            session_.selection.setRunB(run);
    });
    return box;
}

QWidget* RunBar::makeModes(ActionRegistry& registry) {
    auto* modes = new QFrame(this);
    modes->setObjectName(QStringLiteral("modes"));
    modes->setAccessibleName(tr("How two runs are shown"));
    auto* layout = new QHBoxLayout(modes);
    layout->setContentsMargins(8, 0, 8, 0);
    layout->setSpacing(0);
    for (const char* id : {"a", "b", "overlay", "difference"}) {
        auto* button = new QToolButton(modes);
        button->setObjectName(QStringLiteral("mode.") + QLatin1String(id));
        button->setDefaultAction(registry.action(QStringLiteral("compare.mode.") + QLatin1String(id)));
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setFocusPolicy(Qt::TabFocus);
        layout->addWidget(button);
    }
    layout->itemAt(layout->count() - 1)->widget()->setProperty("last", true);
    followTheme(modes, [modes](const Theme& theme) {
        modes->setStyleSheet(QStringLiteral("QToolButton { background: %1; color: %2; border: 1px solid %3; "
                                            "border-right-width: 0; padding: 4px 10px; }"
                                            "QToolButton:checked { background: %4; color: %5; border-color: %4; }"
                                            "QToolButton:disabled { color: %6; }"
                                            "QToolButton:focus { border: 1px solid %7; }"
                                            "QToolButton[last=\"true\"] { border-right-width: 1px; }")
                                 .arg(theme.surface.name(), theme.text.name(), theme.border.name(), theme.accent.name(),
                                      theme.onAccent.name(), theme.mutedText.name(), theme.text.name()));
    });
    return modes;
}

QWidget* RunBar::makePaletteField(ActionRegistry& registry) {
    QAction* action = registry.action(QStringLiteral("view.palette"));
    auto* field = new QPushButton(icon(QStringLiteral("find")), {}, this);
    field->setObjectName(QStringLiteral("palette.open"));
    field->setAccessibleName(tr("Search commands"));
    field->setToolTip(action->toolTip());
    const auto showText = [field, action] {
        field->setText(tr("Search  %1").arg(action->shortcut().toString(QKeySequence::NativeText)));
    };
    showText();
    connect(action, &QAction::changed, field, showText);
    connect(field, &QPushButton::clicked, action, &QAction::trigger);
    followTheme(field, [field](const Theme& theme) {
        field->setStyleSheet(QStringLiteral("QPushButton { background: %1; color: %2; border: 1px solid %3; "
                                            "border-radius: 4px; padding: 4px 12px; text-align: left; }"
                                            "QPushButton:hover, QPushButton:focus { border-color: %4; color: %5; }")
                                 .arg(theme.surface.name(), theme.mutedText.name(), theme.border.name(),
                                      theme.accent.name(), theme.text.name()));
    });
    return field;
}

void RunBar::fill() {
    const Theme& theme = Theme::of(QApplication::palette());
    const Selection& selection = session_.selection.selection();
    for (QComboBox* box : {a_, b_}) {
        const QSignalBlocker blocker(box);
        box->clear();
        const QIcon mark = runMark(box == a_ ? theme.runA : theme.runB, box == b_, devicePixelRatioF());
        box->addItem(box == a_ && session_.study.runs().empty() ? tr("No runs yet") : tr("None"), QString());
        for (const project::RunSummary& run : session_.study.runs()) {
            const QString id = toQt(run.id);
            if (box == b_ && id == selection.runA && id != selection.runB) continue;  // nothing is to be seen of a run beside itself
            box->addItem(mark, session_.study.runTitle(id), id);
            box->setItemData(box->count() - 1, QStringLiteral("%1, %2").arg(id, toQt(run.methodTitle)),
                             Qt::ToolTipRole);
        }
        box->setEnabled(!session_.study.runs().empty());
    }
    choose();
}

void RunBar::choose() {
    const Selection& selection = session_.selection.selection();
    for (const auto& [box, run] : {std::pair{a_, selection.runA}, std::pair{b_, selection.runB}}) {
        const QSignalBlocker blocker(box);
        box->setCurrentIndex(std::max(0, box->findData(run)));
    }
}

}  // namespace vitrine::widgets
