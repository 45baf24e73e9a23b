// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/manual_window.h"

#include <QApplication>
#include <QDesktopServices>
#include <QEvent>
#include <QFile>
#include <QHBoxLayout>
#include <QListWidget>
#include <QRegularExpression>
#include <QSplitter>
#include <QTextBrowser>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextTable>
#include <QUrl>

#include "widgets/base/theme.h"

namespace vitrine::widgets {
namespace {

QString textOf(const QString& id) {
    QFile file(QStringLiteral(":/manual/%1.md").arg(id));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString titleOf(const QString& text) { return text.section(QLatin1Char('\n'), 0, 0).mid(2).trimmed(); }

/// Markdown brings no air and no colours: headings, paragraphs and tables get them.
void format(QTextDocument& document, const Theme& theme) {
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        QTextBlockFormat format = block.blockFormat();
        QTextCursor cursor(block);
        const bool inTable = cursor.currentTable() != nullptr;
        format.setLineHeight(inTable ? 115 : 130, QTextBlockFormat::ProportionalHeight);
        if (format.headingLevel() > 0)
            format.setTopMargin(format.headingLevel() == 1 ? 0 : 14);
        else
            format.setTopMargin(0);
        format.setBottomMargin(inTable || block.textList() != nullptr ? 2 : 8);
        cursor.setBlockFormat(format);
        for (auto part = block.begin(); !part.atEnd(); ++part) {
            if (!part.fragment().charFormat().isAnchor()) continue;
            QTextCursor link(&document);
            link.setPosition(part.fragment().position());
            link.setPosition(part.fragment().position() + part.fragment().length(), QTextCursor::KeepAnchor);
            QTextCharFormat colours;
            colours.setForeground(theme.accent);
            link.mergeCharFormat(colours);
        }
    }
    for (QTextFrame* frame : document.rootFrame()->childFrames()) {
        auto* table = qobject_cast<QTextTable*>(frame);
        if (table == nullptr) continue;
        QTextTableFormat format = table->format();
        format.setBorder(0);
        format.setCellPadding(3);
        format.setCellSpacing(0);
        format.setTopMargin(4);
        format.setBottomMargin(10);
        QList<QTextLength> widths;
        if (table->columns() == 2) widths = {QTextLength(QTextLength::FixedLength, 120), QTextLength(QTextLength::VariableLength, 0)};
        format.setColumnWidthConstraints(widths);
        table->setFormat(format);
        // The first row of ours is an empty head: Markdown has no table without one.
        if (table->rows() > 1 && table->cellAt(0, 0).firstCursorPosition().block().text().isEmpty()) table->removeRows(0, 1);
    }
}

}  // namespace

QStringList ManualWindow::pages() {
    return {QStringLiteral("start"), QStringLiteral("model"),   QStringLiteral("run"),    QStringLiteral("jobs"),
            QStringLiteral("views"), QStringLiteral("compare"), QStringLiteral("report"), QStringLiteral("cli")};
}

ManualWindow::ManualWindow(QWidget* parent) : QDialog(parent), list_(new QListWidget(this)), text_(new QTextBrowser(this)) {
    setObjectName(QStringLiteral("manual"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Manual"));
    list_->setObjectName(QStringLiteral("manual.pages"));
    list_->setAccessibleName(tr("Pages"));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setStyleSheet(QStringLiteral("QListWidget { padding: 8px 6px; border: none; } QListWidget::item { padding: 6px 10px; border-radius: 4px; }"
                                        "QListWidget::item:selected { background: palette(highlight); color: palette(highlighted-text); }"));
    for (const QString& id : pages()) {
        auto* item = new QListWidgetItem(titleOf(textOf(id)), list_);
        item->setData(Qt::UserRole, id);
    }
    text_->setObjectName(QStringLiteral("manual.text"));
    text_->setAccessibleName(tr("Page"));
    text_->setFrameShape(QFrame::NoFrame);
    text_->setStyleSheet(QStringLiteral("QTextBrowser { border: none; }"));
    text_->setOpenLinks(false);
    text_->document()->setDocumentMargin(20);
    auto* split = new QSplitter(this);
    split->setChildrenCollapsible(false);
    split->addWidget(list_);
    split->addWidget(text_);
    split->setSizes({210, 640});
    split->setStretchFactor(1, 1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);
    resize(850, 620);
    connect(list_, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem* item) {
        if (item) showPage(item->data(Qt::UserRole).toString());
    });
    connect(text_, &QTextBrowser::anchorClicked, this, &ManualWindow::follow);
    list_->setCurrentRow(0);
}

QString ManualWindow::page() const { return page_; }

void ManualWindow::showPage(const QString& id) {
    if (!pages().contains(id) || id == page_) return;
    page_ = id;
    list_->setCurrentRow(static_cast<int>(pages().indexOf(id)));
    draw();
}

void ManualWindow::draw() {
    text_->setMarkdown(textOf(page_));
    format(*text_->document(), Theme::of(QApplication::palette()));
    text_->moveCursor(QTextCursor::Start);
}

void ManualWindow::follow(const QUrl& link) {
    if (link.scheme().isEmpty())
        showPage(link.path().section(QLatin1Char('.'), 0, 0));
    else
        QDesktopServices::openUrl(link);
}

void ManualWindow::changeEvent(QEvent* event) {
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !page_.isEmpty()) draw();
}

}  // namespace vitrine::widgets
