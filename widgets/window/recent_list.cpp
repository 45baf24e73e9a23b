// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/recent_list.h"

#include <QApplication>
#include <QDir>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/base/themed.h"
#include "widgets/window/fuzzy.h"

namespace vitrine::widgets {
namespace {

QString shortPath(const QString& folder) {
    const QString home = QDir::homePath();
    return folder.startsWith(home + QLatin1Char('/')) ? QStringLiteral("~") + folder.mid(home.size()) : folder;
}

QString stateText(const RecentProject& project) {
    if (project.missing) return RecentList::tr("folder missing");
    if (!project.looked) return {};
    QStringList parts{counted(project.runs, RecentList::tr("1 run"), RecentList::tr("%1 runs"))};
    if (project.interrupted > 0) parts.append(RecentList::tr("%1 interrupted").arg(QLocale().toString(project.interrupted)));
    if (project.unsaved) parts.append(RecentList::tr("unsaved edits"));
    return parts.join(QStringLiteral(", "));
}

QString whenText(const RecentProject& project) {
    if (!project.changed.isValid()) return {};
    return momentText(toStd(project.changed.toUTC().toString(Qt::ISODate)));
}

}  // namespace

/// One project. It has the focus itself; pin and Locate are reached with Tab.
class RecentList::Row final : public QFrame {
  public:
    Row(const RecentProject& project, RecentList* list)
        : QFrame(list), folder(project.folder), words(project.name + QLatin1Char(' ') + project.folder) {
        setObjectName(QStringLiteral("recent"));
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
        setCursor(project.missing ? Qt::ArrowCursor : Qt::PointingHandCursor);
        setAccessibleName(project.name + QStringLiteral(", ") + stateText(project));
        setAccessibleDescription(project.folder);
        setToolTip(project.folder);
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(12, 7, 8, 7);
        layout->setSpacing(12);
        layout->addWidget(iconLabel(project.missing ? QStringLiteral("missing") : QStringLiteral("folder"), 20, this));
        layout->addLayout(makeTexts(project), 1);
        layout->addLayout(makeFacts(project));
        if (project.missing) {
            auto* locate = new QPushButton(tr("Locate..."), this);
            connect(locate, &QPushButton::clicked, list, [list, where = folder] { Q_EMIT list->locateAsked(where); });
            layout->addWidget(locate);
        }
        layout->addWidget(makePin(project, list));
        setContextMenuPolicy(Qt::CustomContextMenu);
        connect(this, &QWidget::customContextMenuRequested, list,
                [this, list, project](const QPoint& at) { showMenu(project, list, mapToGlobal(at)); });
    }

    const QString folder, words;

  protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::of(QApplication::palette());
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (underMouse() || hasFocus()) {
            painter.setBrush(hasFocus() ? theme.selection : theme.raised);
            painter.setPen(hasFocus() ? QPen(theme.accent, 1.5) : QPen(Qt::NoPen));
            painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
        }
    }

    void mouseReleaseEvent(QMouseEvent* event) override {
        if (event->button() == Qt::LeftButton && rect().contains(event->pos())) Q_EMIT list()->openAsked(folder);
    }

  private:
    RecentList* list() const {
        QObject* at = parent();
        while (at && !qobject_cast<RecentList*>(at)) at = at->parent();
        return static_cast<RecentList*>(at);
    }

    QLayout* makeTexts(const RecentProject& project) {
        auto* texts = new QVBoxLayout;
        texts->setSpacing(1);
        auto* name = new QLabel(project.name, this);
        QFont bold = name->font();
        bold.setBold(true);
        name->setFont(bold);
        name->setTextFormat(Qt::PlainText);
        auto* path = mutedLabel({}, this);
        path->setWordWrap(false);
        path->setTextFormat(Qt::PlainText);
        path->setText(path->fontMetrics().elidedText(shortPath(project.folder), Qt::ElideMiddle, 320));
        name->setMinimumWidth(60);
        texts->addWidget(name);
        texts->addWidget(path);
        return texts;
    }

    QLayout* makeFacts(const RecentProject& project) {
        auto* facts = new QVBoxLayout;
        facts->setSpacing(1);
        auto* state = new QLabel(stateText(project), this);
        state->setAlignment(Qt::AlignRight);
        if (project.missing || project.interrupted > 0 || project.unsaved)
            followTheme(state, [state](const Theme& theme) {
                state->setStyleSheet(QStringLiteral("color: %1;").arg(theme.warning.name()));
            });
        auto* when = mutedLabel(whenText(project), this);
        when->setWordWrap(false);
        when->setAlignment(Qt::AlignRight);
        facts->addWidget(state);
        if (project.changed.isValid()) facts->addWidget(when);
        return facts;
    }

    QToolButton* makePin(const RecentProject& project, RecentList* list) {
        auto* pin = new QToolButton(this);
        pin->setAutoRaise(true);
        pin->setCheckable(true);
        pin->setChecked(project.pinned);
        pin->setIcon(icon(QStringLiteral("pin")));
        pin->setAccessibleName(tr("Pin %1").arg(project.name));
        pin->setToolTip(project.pinned ? tr("Pinned: stays at the top of the list") : tr("Pin to the top of the list"));
        connect(pin, &QToolButton::clicked, list,
                [list, where = folder](bool pinned) { list->recent_.setPinned(where, pinned); });
        return pin;
    }

    void showMenu(const RecentProject& project, RecentList* list, const QPoint& at) {
        auto* menu = new QMenu(list);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        if (!project.missing)
            menu->addAction(tr("Open"), list, [list, project] { Q_EMIT list->openAsked(project.folder); });
        menu->addAction(tr("Locate..."), list, [list, project] { Q_EMIT list->locateAsked(project.folder); });
        menu->addAction(project.pinned ? tr("Unpin") : tr("Pin to the top"), list,
                        [list, project] { list->recent_.setPinned(project.folder, !project.pinned); });
        menu->addAction(tr("Remove from this list"), list, [list, project] { list->recent_.remove(project.folder); });
        menu->popup(at);
    }
};

RecentList::RecentList(RecentProjects& recent, QWidget* parent)
    : QWidget(parent),
      recent_(recent),
      search_(new QLineEdit(this)),
      scroll_(new QScrollArea(this)),
      content_(new QWidget),
      rowsLayout_(new QVBoxLayout(content_)) {
    setObjectName(QStringLiteral("recent.list"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    auto* head = new QHBoxLayout;
    head->addWidget(headingLabel(tr("Recent projects"), this, 1.15), 1);
    search_->setObjectName(QStringLiteral("recent.search"));
    search_->setPlaceholderText(tr("Search"));
    search_->setAccessibleName(tr("Search recent projects"));
    search_->setClearButtonEnabled(true);
    search_->setFixedWidth(200);
    search_->installEventFilter(this);
    head->addWidget(search_);
    layout->addLayout(head);
    rowsLayout_->setContentsMargins(0, 0, 0, 0);
    rowsLayout_->setSpacing(2);
    empty_ = mutedLabel({}, content_);
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setMinimumHeight(120);
    rowsLayout_->addWidget(empty_);
    rowsLayout_->addStretch(1);
    scroll_->setWidget(content_);
    scroll_->setWidgetResizable(true);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(scroll_, 1);
    connect(search_, &QLineEdit::textChanged, this, &RecentList::filter);
    connect(&recent_, &RecentProjects::changed, this, &RecentList::rebuild);
    rebuild();
}

void RecentList::rebuild() {
    QString focused;
    for (Row* row : rows_) {
        if (row->hasFocus()) focused = row->folder;
        row->hide();
        row->deleteLater();
    }
    rows_.clear();
    int at = 0;
    for (const RecentProject& project : recent_.projects()) {
        auto* row = new Row(project, this);
        row->installEventFilter(this);
        rowsLayout_->insertWidget(at++, row);
        rows_.append(row);
        if (project.folder == focused) row->setFocus();
    }
    filter();
}

void RecentList::filter() {
    const QString wanted = search_->text().trimmed();
    int visible = 0;
    for (Row* row : rows_) {
        const bool matches = fuzzyMatch(wanted, row->words).has_value();
        row->setVisible(matches);
        visible += matches ? 1 : 0;
    }
    empty_->setVisible(visible == 0);
    empty_->setText(rows_.isEmpty() ? tr("Projects that you open are listed here.")
                                    : tr("No recent project matches “%1”.").arg(wanted));
    search_->setVisible(!rows_.isEmpty());
}

int RecentList::shown() const {
    int count = 0;
    for (const Row* row : rows_) count += row->isHidden() ? 0 : 1;
    return count;
}

bool RecentList::walk(QWidget* from, int by) {
    QList<Row*> visible;
    for (Row* row : rows_)
        if (!row->isHidden()) visible.append(row);
    if (visible.isEmpty()) return false;
    const qsizetype at = visible.indexOf(static_cast<Row*>(from));
    const qsizetype next = from == search_ ? (by > 0 ? 0 : visible.size() - 1) : at + by;
    if (next < 0 || next >= visible.size()) {
        search_->setFocus(Qt::OtherFocusReason);
        return true;
    }
    visible[next]->setFocus(Qt::OtherFocusReason);
    scroll_->ensureWidgetVisible(visible[next]);
    return true;
}

bool RecentList::handleKey(QWidget* watched, int key) {
    if (key == Qt::Key_Down) return walk(watched, 1);
    if (key == Qt::Key_Up) return walk(watched, -1);
    const bool isRow = watched != search_;
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        for (Row* row : rows_) {
            if (row->isHidden() || (isRow && row != watched)) continue;
            Q_EMIT openAsked(row->folder);
            return true;
        }
    }
    if (key == Qt::Key_Delete && isRow) {
        recent_.remove(static_cast<Row*>(watched)->folder);
        return true;
    }
    return false;
}

bool RecentList::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress &&
        handleKey(static_cast<QWidget*>(watched), static_cast<QKeyEvent*>(event)->key()))
        return true;
    return QWidget::eventFilter(watched, event);
}

}  // namespace vitrine::widgets
