// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/command_palette.h"

#include <QAbstractListModel>
#include <QApplication>
#include <QGraphicsDropShadowEffect>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTextLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/base/themed.h"
#include "widgets/window/fuzzy.h"

namespace vitrine::widgets {
namespace {

constexpr int kWidth = 640;
constexpr int kMostRows = 11;            ///< seen at once
constexpr std::size_t kMostItems = 200;  ///< listed at once
constexpr int kMargin = 10;
constexpr int kDisabledPenalty = 15;

}  // namespace

/// The items that match, best first.
class CommandPalette::Model final : public QAbstractListModel {
  public:
    using QAbstractListModel::QAbstractListModel;

    struct Row {
        std::size_t item = 0;
        int score = 0;
        QList<int> positions;
    };

    void setItems(std::vector<PaletteItem> items) {
        items_ = std::move(items);
        filter({});
    }

    void filter(const QString& text) {
        beginResetModel();
        rows_.clear();
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const PaletteItem& each = items_[i];
            const auto title = fuzzyMatch(text, each.title);
            // "view dark" finds "Dark theme" of the group View.
            const auto whole = title ? title : fuzzyMatch(text, each.group + QLatin1Char(' ') + each.title);
            if (!whole) continue;
            const int penalty = (title ? 0 : 5) + (each.whyDisabled.isEmpty() ? 0 : kDisabledPenalty);
            rows_.push_back({i, text.isEmpty() ? 0 : whole->score - penalty, title ? title->positions : QList<int>{}});
        }
        std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.score > b.score; });
        if (rows_.size() > kMostItems) rows_.resize(kMostItems);
        endResetModel();
    }

    const PaletteItem& item(int row) const { return items_[rows_[static_cast<std::size_t>(row)].item]; }
    const QList<int>& positions(int row) const { return rows_[static_cast<std::size_t>(row)].positions; }

    int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(rows_.size());
    }

    QVariant data(const QModelIndex& index, int role) const override {
        if (!index.isValid() || index.row() >= rowCount()) return {};
        const PaletteItem& each = item(index.row());
        switch (role) {
            case Qt::DisplayRole:
                return each.title;
            case Qt::DecorationRole:
                return each.icon;
            case Qt::AccessibleTextRole: {
                QStringList parts{each.group, each.title};
                if (!each.shortcut.isEmpty()) parts.append(each.shortcut);
                if (!each.whyDisabled.isEmpty()) parts.append(each.whyDisabled);
                return parts.join(QStringLiteral(", "));
            }
            case Qt::ToolTipRole:
                return each.whyDisabled.isEmpty() ? each.detail : each.whyDisabled;
            default:
                return {};
        }
    }

  private:
    std::vector<PaletteItem> items_;
    std::vector<Row> rows_;
};

class CommandPalette::Delegate final : public QStyledItemDelegate {
  public:
    Delegate(const Model* model, QObject* parent) : QStyledItemDelegate(parent), model_(model) {}

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
        return {100, 2 * option.fontMetrics.height() + 12};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const PaletteItem& item = model_->item(index.row());
        const Theme& theme = Theme::of(QApplication::palette());
        const bool enabled = item.whyDisabled.isEmpty();
        painter->save();
        if (option.state & QStyle::State_Selected) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme.selection);
            painter->setRenderHint(QPainter::Antialiasing);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(4, 1, -4, -1), 4, 4);
        }
        QRect area = option.rect.adjusted(14, 5, -14, -5);
        const int side = 18;
        item.icon.paint(painter, QRect(area.left(), area.center().y() - side / 2, side, side), Qt::AlignCenter,
                        enabled ? QIcon::Normal : QIcon::Disabled);
        area.setLeft(area.left() + side + 12);
        area.setRight(area.right() - paintRight(*painter, area, item, theme) - 12);
        const int line = option.fontMetrics.height();
        const QRect titleArea(area.left(), area.top(), area.width(), line);
        paintTitle(*painter, titleArea, item, model_->positions(index.row()), enabled ? theme.text : theme.mutedText,
                   theme);
        painter->setPen(enabled ? theme.mutedText : theme.warning);
        const QString below = enabled ? item.detail : item.whyDisabled;
        painter->drawText(QRect(area.left(), area.top() + line + 1, area.width(), line),
                          Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(below, Qt::ElideRight, area.width()));
        painter->restore();
    }

  private:
    /// Group and shortcut; the width they take.
    static int paintRight(QPainter& painter, const QRect& area, const PaletteItem& item, const Theme& theme) {
        painter.setPen(theme.mutedText);
        const QFontMetrics metrics = painter.fontMetrics();
        const int line = metrics.height();
        painter.drawText(QRect(area.left(), area.top(), area.width(), line), Qt::AlignRight | Qt::AlignVCenter,
                         item.group);
        painter.setPen(theme.text);
        painter.drawText(QRect(area.left(), area.top() + line + 1, area.width(), line),
                         Qt::AlignRight | Qt::AlignVCenter, item.shortcut);
        return std::max(metrics.horizontalAdvance(item.group), metrics.horizontalAdvance(item.shortcut));
    }

    static void paintTitle(QPainter& painter, const QRect& area, const PaletteItem& item, const QList<int>& positions,
                           const QColor& colour, const Theme& theme) {
        const QString title = item.checked ? item.title + QStringLiteral("  ✓") : item.title;
        QTextLayout layout(painter.fontMetrics().elidedText(title, Qt::ElideMiddle, area.width()), painter.font());
        QList<QTextLayout::FormatRange> formats;
        for (const int position : positions) {
            QTextCharFormat format;
            format.setFontWeight(QFont::Bold);
            format.setForeground(theme.accent);
            format.setFontUnderline(true);
            formats.append({position, 1, format});
        }
        layout.setFormats(formats);
        layout.beginLayout();
        QTextLine line = layout.createLine();
        line.setLineWidth(area.width());
        layout.endLayout();
        painter.setPen(colour);
        layout.draw(&painter, area.topLeft());
    }

    const Model* model_;
};

CommandPalette::CommandPalette(QWidget* window, Source source)
    : QFrame(window),
      source_(std::move(source)),
      field_(new QLineEdit(this)),
      list_(new QListView(this)),
      nothing_(mutedLabel(tr("Nothing matches."), this)),
      model_(new Model(this)) {
    setObjectName(QStringLiteral("palette"));
    setAutoFillBackground(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    layout->setSpacing(kMargin);
    field_->setObjectName(QStringLiteral("palette.field"));
    field_->setAccessibleName(tr("Search commands, views, runs, sites and projects"));
    field_->setPlaceholderText(tr("Type a command, view, run, site or project"));
    field_->setClearButtonEnabled(true);
    field_->installEventFilter(this);
    list_->setObjectName(QStringLiteral("palette.list"));
    list_->setAccessibleName(tr("Matches"));
    list_->setModel(model_);
    list_->setItemDelegate(new Delegate(model_, list_));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setUniformItemSizes(true);
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    nothing_->setAlignment(Qt::AlignCenter);
    layout->addWidget(field_);
    layout->addWidget(list_, 1);
    layout->addWidget(nothing_);
    connect(field_, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(list_, &QListView::clicked, this, &CommandPalette::choose);
    followTheme(this, [this](const Theme& theme) {
        setStyleSheet(
            QStringLiteral("QFrame#palette { background: %1; border: 1px solid %2; border-radius: 8px; }"
                           "QLineEdit { background: %3; border: 1px solid %2; border-radius: 4px; padding: 6px 8px; }"
                           "QLineEdit:focus { border-color: %4; }"
                           "QListView { background: transparent; border: none; }")
                .arg(theme.raised.name(), theme.border.name(), theme.surface.name(), theme.accent.name()));
    });
    auto* shadow = new QGraphicsDropShadowEffect(this);
    shadow->setBlurRadius(32);
    shadow->setOffset(0, 6);
    shadow->setColor(QColor(0, 0, 0, 90));
    setGraphicsEffect(shadow);
    window->installEventFilter(this);
    hide();
}

CommandPalette::~CommandPalette() = default;

void CommandPalette::open() {
    focusBefore_ = QApplication::focusWidget();
    model_->setItems(source_());
    field_->clear();
    filter({});
    place();
    show();
    raise();
    field_->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::close() {
    if (isHidden()) return;
    hide();
    if (focusBefore_) focusBefore_->setFocus();
}

void CommandPalette::place() {
    const int width = std::min(kWidth, parentWidget()->width() - 4 * kMargin);
    const int rows = std::clamp(model_->rowCount(), 1, kMostRows);
    const int rowHeight = model_->rowCount() > 0 ? list_->sizeHintForRow(0) : nothing_->sizeHint().height();
    const int wanted = field_->sizeHint().height() + 3 * kMargin + rows * rowHeight + 4;
    const int top = 48;
    setGeometry((parentWidget()->width() - width) / 2, top, width,
                std::min(wanted, parentWidget()->height() - top - kMargin));
}

void CommandPalette::filter(const QString& text) {
    model_->filter(text.trimmed());
    const bool any = model_->rowCount() > 0;
    list_->setVisible(any);
    nothing_->setVisible(!any);
    if (any) list_->setCurrentIndex(model_->index(0));
    list_->scrollToTop();
    place();
}

void CommandPalette::choose(const QModelIndex& index) {
    if (!index.isValid()) return;
    const PaletteItem item = model_->item(index.row());
    if (!item.whyDisabled.isEmpty()) return;
    close();
    if (item.run) item.run();
}

void CommandPalette::move(int by) {
    const int rows = model_->rowCount();
    if (rows == 0) return;
    const int now = list_->currentIndex().row();
    const int next = std::abs(by) == 1 ? (now + by + rows) % rows : std::clamp(now + by, 0, rows - 1);
    list_->setCurrentIndex(model_->index(next));
}

bool CommandPalette::handleKey(int key) {
    switch (key) {
        case Qt::Key_Escape:
            close();
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            choose(list_->currentIndex());
            return true;
        case Qt::Key_Up:
            move(-1);
            return true;
        case Qt::Key_Down:
            move(1);
            return true;
        case Qt::Key_PageUp:
            move(-kMostRows);
            return true;
        case Qt::Key_PageDown:
            move(kMostRows);
            return true;
        default:
            return false;
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == field_) {
        if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
            event->accept();  // Esc closes the palette and does nothing else
            return true;
        }
        if (event->type() == QEvent::KeyPress) return handleKey(static_cast<QKeyEvent*>(event)->key());
        if (event->type() == QEvent::FocusOut &&
            static_cast<QFocusEvent*>(event)->reason() != Qt::ActiveWindowFocusReason &&
            static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason)
            hide();
    } else if (event->type() == QEvent::Resize && isVisible()) {
        place();
    }
    return QFrame::eventFilter(watched, event);
}

}  // namespace vitrine::widgets
