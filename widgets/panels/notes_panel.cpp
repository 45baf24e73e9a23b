// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/notes_panel.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTextCursor>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/base/text.h"
#include "widgets/base/theme.h"

namespace vitrine::widgets {
namespace {

constexpr int kMargin = 8;

// The place of the cursor matters to who is typing: it stays where the text allows.
void setText(QPlainTextEdit* editor, const QString& text) {
    if (editor->toPlainText() == text) return;
    const int position = editor->textCursor().position();
    editor->setPlainText(text);
    QTextCursor cursor = editor->textCursor();
    cursor.setPosition(std::min(position, static_cast<int>(text.size())));
    editor->setTextCursor(cursor);
}

}  // namespace

NotesPanel::NotesPanel(Session& session, QWidget* parent) : QWidget(parent), session_(session) {
    setObjectName(QStringLiteral("notesPanel"));
    projectTitle_ = new QLabel(tr("Project"), this);
    runTitle_ = new QLabel(this);
    project_ = makeEditor(QStringLiteral("projectNotes"), projectTitle_);
    run_ = makeEditor(QStringLiteral("runNotes"), runTitle_);
    project_->setAccessibleName(tr("Notes of the project"));
    run_->setAccessibleName(tr("Notes of run A"));
    warning_ = new QLabel(this);
    warning_->setObjectName(QStringLiteral("notesWarning"));
    warning_->setWordWrap(true);
    warning_->hide();

    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("notesSplitter"));
    splitter->setChildrenCollapsible(false);
    for (const auto& [label, editor] : {std::pair(projectTitle_, project_), std::pair(runTitle_, run_)}) {
        auto* part = new QWidget(splitter);
        auto* column = new QVBoxLayout(part);
        column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
        column->addWidget(label);
        column->addWidget(editor, 1);
        splitter->addWidget(part);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter, 1);
    layout->addWidget(warning_);

    connect(project_, &QPlainTextEdit::textChanged, this, &NotesPanel::projectTyped);
    connect(run_, &QPlainTextEdit::textChanged, this, &NotesPanel::runTyped);
    for (const auto signal : {&Study::opened, &Study::closed, &Study::editsChanged}) connect(&session_.study, signal, this, &NotesPanel::update);
    connect(&session_.selection, &SelectionHub::runsChanged, this, &NotesPanel::update);
    update();
}

QPlainTextEdit* NotesPanel::makeEditor(const QString& name, QLabel* label) {
    auto* editor = new QPlainTextEdit(this);
    editor->setObjectName(name);
    editor->setUndoRedoEnabled(false);  // the project's undo covers typing too
    editor->setTabChangesFocus(true);
    editor->installEventFilter(this);
    label->setBuddy(editor);
    label->setTextFormat(Qt::PlainText);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    return editor;
}

void NotesPanel::update() {
    showing_ = true;
    const Study& study = session_.study;
    const QString run = session_.selection.selection().runA;
    const bool writable = study.isOpen() && !study.readOnly();
    setText(project_, toQt(study.edits().notes));
    setText(run_, run.isEmpty() ? QString() : toQt(project::noteOf(study.edits(), toStd(run)).note));
    runTitle_->setText(run.isEmpty() ? tr("Run A") : tr("Run A: %1").arg(study.runTitle(run)));
    project_->setReadOnly(!writable);
    run_->setReadOnly(!writable || run.isEmpty());
    project_->setPlaceholderText(study.isOpen() ? tr("What this study is about, what was found") : tr("Open a project to write notes."));
    run_->setPlaceholderText(run.isEmpty() ? tr("Set a run as A to write about it.") : tr("What this run showed"));
    showing_ = false;
}

bool NotesPanel::fits(QPlainTextEdit* editor, std::size_t bytes) {
    const bool fitting = toStd(editor->toPlainText()).size() <= bytes;
    warning_->setVisible(!fitting);
    if (fitting) return true;
    warning_->setText(tr("A note holds at most %1. What is beyond that was not taken over.").arg(bytesText(static_cast<double>(bytes))));
    update();
    return false;
}

void NotesPanel::projectTyped() {
    if (showing_ || !fits(project_, project::kMaximumNotes)) return;
    const std::string text = toStd(project_->toPlainText());
    session_.study.edit(tr("notes of the project"), [&](project::Edits& edits) { edits.notes = text; }, QStringLiteral("notes"));
}

void NotesPanel::runTyped() {
    const QString run = session_.selection.selection().runA;
    if (showing_ || run.isEmpty() || !fits(run_, project::kMaximumRunNote)) return;
    const std::string text = toStd(run_->toPlainText());
    session_.study.editRun(tr("note of a run"), run, [&](project::RunNote& note) { note.note = text; }, QStringLiteral("note ") + run);
}

// An editor would keep Ctrl+Z for itself, and do nothing with it.
bool NotesPanel::eventFilter(QObject* watched, QEvent* event) {
    if ((watched == project_ || watched == run_) && (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride)) {
        auto* key = static_cast<QKeyEvent*>(event);
        const bool undo = key->matches(QKeySequence::Undo), redo = key->matches(QKeySequence::Redo);
        if (undo || redo) {
            if (event->type() == QEvent::KeyPress) undo ? session_.study.undoStack().undo() : session_.study.undoStack().redo();
            if (event->type() == QEvent::ShortcutOverride) event->ignore();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace vitrine::widgets
