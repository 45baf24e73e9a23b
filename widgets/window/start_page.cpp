// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/start_page.h"

#include <QApplication>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "widgets/base/text.h"
#include "widgets/base/themed.h"

namespace vitrine::widgets {
namespace {

constexpr int kLeftWidth = 350;
constexpr int kMostWidth = 1080;

/// A dashed frame that says what may be dropped.
class DropHint final : public QWidget {
  public:
    explicit DropHint(QWidget* parent) : QWidget(parent) {
        setMinimumHeight(64);
        setAccessibleName(text());
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::of(QApplication::palette());
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        QPen pen(theme.axis, 1.2, Qt::CustomDashLine);
        pen.setDashPattern({5, 4});
        painter.setPen(pen);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
        painter.setPen(theme.mutedText);
        painter.drawText(rect().adjusted(16, 0, -16, 0), Qt::AlignCenter | Qt::TextWordWrap, text());
    }

  private:
    static QString text() { return StartPage::tr("Drop a model file, a folder of images or a project here"); }
};

QWidget* makeBrand(QWidget* parent) {
    auto* brand = new QWidget(parent);
    auto* layout = new QHBoxLayout(brand);
    layout->setContentsMargins(0, 0, 0, 18);
    layout->setSpacing(14);
    layout->addWidget(iconLabel(QStringLiteral("vitrine"), 52, brand), 0, Qt::AlignTop);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(0);
    texts->addWidget(headingLabel(QStringLiteral("Vitrine"), brand, 2.1));
    texts->addWidget(mutedLabel(StartPage::tr("Post-training quantization of vision transformers"), brand));
    layout->addLayout(texts, 1);
    return brand;
}

}  // namespace

StartPage::StartPage(ActionRegistry& registry, RecentProjects& recent, QWidget* parent)
    : QWidget(parent), recent_(recent), list_(new RecentList(recent, this)) {
    setObjectName(QStringLiteral("start"));
    auto* columns = new QWidget(this);
    columns->setMaximumWidth(kMostWidth);
    columns->setMaximumHeight(640);
    auto* columnLayout = new QGridLayout(columns);
    columnLayout->setContentsMargins(32, 24, 32, 24);
    columnLayout->setHorizontalSpacing(40);
    columnLayout->setVerticalSpacing(20);
    columnLayout->addWidget(makeLeft(registry), 0, 0);
    columnLayout->addWidget(list_, 0, 1);
    columnLayout->addWidget(new DropHint(columns), 1, 0, 1, 2);
    columnLayout->setColumnStretch(1, 1);
    columnLayout->setRowStretch(0, 1);
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setRowStretch(0, 1);
    layout->setRowStretch(1, 100);
    layout->setRowStretch(2, 1);
    layout->setColumnStretch(0, 1);
    layout->setColumnStretch(1, 100);
    layout->setColumnStretch(2, 1);
    layout->addWidget(columns, 1, 1);
    connect(list_, &RecentList::openAsked, this, &StartPage::openAsked);
    connect(list_, &RecentList::locateAsked, this, &StartPage::locateAsked);
    connect(&recent_, &RecentProjects::changed, this, &StartPage::updateRecover);
    updateRecover();
}

QWidget* StartPage::makeLeft(ActionRegistry& registry) {
    auto* left = new QWidget(this);
    left->setFixedWidth(kLeftWidth);
    auto* layout = new QVBoxLayout(left);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    layout->addWidget(makeBrand(left));
    const auto addButton = [&](const QString& id, const QString& iconName, const QString& title,
                               const QString& detail) {
        auto* button = new StartButton(iconName, title, detail, left);
        button->setAction(registry.action(id));
        layout->addWidget(button);
        return button;
    };
    StartButton* sample = addButton(QStringLiteral("file.sample"), QStringLiteral("sample"),
                                    tr("Open the sample project"), tr("A small network and its images, in 10 s"));
    addButton(QStringLiteral("file.new"), QStringLiteral("new"), tr("New project"),
              tr("For your own networks and images"));
    addButton(QStringLiteral("file.open"), QStringLiteral("open"), tr("Open a project"), tr("From its folder"));
    recover_ = addButton(QStringLiteral("file.recover"), QStringLiteral("recover"), tr("Recover"), {});
    sample->setPrimary(recent_.projects().empty());
    busy_ = mutedLabel({}, left);
    busy_->setObjectName(QStringLiteral("start.busy"));
    layout->addWidget(busy_);
    layout->addStretch(1);
    return left;
}

void StartPage::setBusy(const QString& text) {
    busy_->setText(text);
    setEnabled(text.isEmpty());
}

void StartPage::updateRecover() {
    const QString folder = recent_.mostInterrupted();
    recover_->setVisible(!folder.isEmpty());
    for (const RecentProject& project : recent_.projects()) {
        if (project.folder != folder) continue;
        recover_->setDetail(project.interrupted > 0 ? tr("%1 in %2", "interrupted runs in a project")
                                                              .arg(counted(project.interrupted, tr("An interrupted run"), tr("%1 interrupted runs")), project.name)
                                                        : tr("Unsaved edits in %1").arg(project.name));
    }
}

}  // namespace vitrine::widgets
