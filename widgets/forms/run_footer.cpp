// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/run_footer.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/base/themed.h"

namespace vitrine::widgets {
namespace {

constexpr std::size_t kListed = 4;

/// A problem with its field as a link to it.
class ProblemLine final : public QWidget {
  public:
    ProblemLine(const RunFooter::Item& item, RunFooter* footer) : QWidget(footer) {
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(6);
        auto* badge = new Badge(item.fatal ? Tone::bad : Tone::warning, item.fatal ? RunFooter::tr("Error") : RunFooter::tr("Note"), this);
        auto* text = new QLabel(QStringLiteral("<a href=\"%1\">%2</a>: %3")
                                    .arg(item.field.toHtmlEscaped(), item.title.toHtmlEscaped(), item.text.toHtmlEscaped()),
                                this);
        text->setTextFormat(Qt::RichText);
        text->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
        text->setFocusPolicy(Qt::StrongFocus);
        text->setWordWrap(true);
        text->setAccessibleName((item.fatal ? RunFooter::tr("Error: %1: %2") : RunFooter::tr("Note: %1: %2")).arg(item.title, item.text));
        layout->addWidget(badge, 0, Qt::AlignTop);
        layout->addWidget(text, 1);
        connect(text, &QLabel::linkActivated, footer, &RunFooter::fieldAsked);
    }
};

}  // namespace

RunFooter::RunFooter(QWidget* parent)
    : QWidget(parent),
      estimate_(new ToneLabel(Tone::plain, {}, this)),
      basis_(new ToneLabel(Tone::muted, {}, this)),
      good_(new Notice(this)),
      problems_(new QWidget(this)) {
    setObjectName(QStringLiteral("runFooter"));
    estimate_->setObjectName(QStringLiteral("estimate"));
    QFont bold = estimate_->font();
    bold.setBold(true);
    estimate_->setFont(bold);
    basis_->setWordWrap(true);
    problems_->setObjectName(QStringLiteral("problems"));
    list_ = new QVBoxLayout(problems_);
    list_->setContentsMargins(0, 0, 0, 0);
    list_->setSpacing(4);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(estimate_);
    line->addWidget(basis_, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 10);
    layout->setSpacing(6);
    layout->addWidget(problems_);
    layout->addWidget(good_);
    layout->addLayout(line);
    layout->addWidget(makeButtons());
    setProblems({});
}

QWidget* RunFooter::makeButtons() {
    auto* buttons = new QWidget(this);
    copy_ = new QPushButton(icon(QStringLiteral("copy")), tr("Copy as command line"), buttons);
    copy_->setObjectName(QStringLiteral("copyCommand"));
    copy_->setToolTip(tr("The command that does the same run without the window"));
    queue_ = new QPushButton(tr("Queue"), buttons);
    queue_->setObjectName(QStringLiteral("queueRun"));
    run_ = new QPushButton(tr("Run now"), buttons);
    run_->setObjectName(QStringLiteral("runNow"));
    auto* layout = new QHBoxLayout(buttons);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(copy_);
    layout->addStretch(1);
    layout->addWidget(queue_);
    layout->addWidget(run_);
    connect(copy_, &QPushButton::clicked, this, &RunFooter::copyAsked);
    connect(queue_, &QPushButton::clicked, this, &RunFooter::queueAsked);
    connect(run_, &QPushButton::clicked, this, &RunFooter::runAsked);
    makePrimary(run_);
    return buttons;
}

void RunFooter::setProblems(const std::vector<Item>& items) {
    while (QLayoutItem* item = list_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();  // a link in it may be what asked
        delete item;
    }
    for (std::size_t i = 0; i < items.size() && i < kListed; ++i) list_->addWidget(new ProblemLine(items[i], this));
    if (items.size() > kListed) list_->addWidget(new ToneLabel(Tone::muted, tr("And %1 more.").arg(items.size() - kListed), this));
    problems_->setVisible(!items.empty());
}

void RunFooter::setEstimate(const std::optional<runs::Estimate>& estimate, const QString& instead) {
    if (!estimate) {
        estimate_->clear();
        estimate_->hide();
        basis_->setText(instead);
        return;
    }
    estimate_->show();
    estimate_->setText(tr("About %1, %2").arg(durationText(estimate->seconds), bytesText(estimate->bytes)));
    basis_->setText(toQt(estimate->basis));
}

void RunFooter::setCanRun(bool can, const QString& reason) {
    run_->setEnabled(can);
    queue_->setEnabled(can);
    run_->setToolTip(can ? tr("Starts before all runs that wait (Ctrl+Return)") : reason);
    queue_->setToolTip(can ? tr("Starts when the runs before it are done") : reason);
    good_->setContent(Tone::good, can && problems_->isHidden() ? tr("No problems found") : QString());
}

void RunFooter::setCanCopy(bool can) { copy_->setEnabled(can); }

}  // namespace vitrine::widgets
