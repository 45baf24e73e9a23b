// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/flips_view.h"

#include <QEvent>
#include <QFontInfo>
#include <QGridLayout>
#include <QListView>
#include <QLocale>
#include <QResizeEvent>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/report_table_paint.h"
#include "widgets/views/tile_grid.h"

namespace vitrine::widgets {
namespace {

/// Values of the option `kind`, in the order of the chips.
const std::vector<std::string>& kindChoices() {
    static const std::vector<std::string> choices{"all", "lost", "gained", "both_wrong", "unlabelled"};
    return choices;
}

QString countText(std::int64_t count) { return QLocale().toString(static_cast<qlonglong>(count)); }

}  // namespace

FlipsView::FlipsView(QWidget* parent)
    : View(parent), options_(FlipsView::options()), header_(new QWidget(this)), grid_(new QListView(this)), model_(new FlipModel(this)),
      delegate_(new FlipDelegate(*model_, this)) {
    setObjectName(QStringLiteral("flipsView"));
    auto* chips = new QGridLayout(header_);
    chips->setContentsMargins(8, 6, 8, 6);
    chips->setSpacing(6);
    chips->setColumnStretch(static_cast<int>(kKinds), 1);
    header_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    for (std::size_t k = 0; k < kKinds; ++k) {
        chips_[k] = new QToolButton(header_);
        chips_[k]->setObjectName(QStringLiteral("flips.kind.") + toQt(kindChoices()[k]));
        chips_[k]->setCheckable(true);
        chips_[k]->setAutoRaise(true);
        connect(chips_[k], &QToolButton::clicked, this, [this, k] {
            filter();  // the button follows the option, not the click
            Q_EMIT optionsAsked(QStringLiteral("kind"), toQt(kindChoices()[k]));
        });
    }
    grid_->setObjectName(QStringLiteral("flips.grid"));
    grid_->setAccessibleName(tr("Images with another prediction"));
    grid_->setModel(model_);
    grid_->setItemDelegate(delegate_);
    makeTileGrid(*grid_);
    grid_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);  // a width that does not depend on the number of tiles
    grid_->viewport()->installEventFilter(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(header_);
    layout->addWidget(grid_, 1);
    setFocusProxy(grid_);
    delegate_->setPictures([this](qint64 row, int side) {
        if (!input_.images.thumbnail || !input_.a) return QImage();
        return input_.images.thumbnail(toQt(input_.a->record.id), row, side);
    });
    connect(grid_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& current) {
        if (quiet_ || !current.isValid()) return;
        const FlipTile& tile = model_->tiles()[static_cast<std::size_t>(current.row())];
        Q_EMIT readoutChanged(tileText(tile, model_->namer()));
        Q_EMIT imageChosen(tile.flip.row);
    });
    connect(grid_, &QListView::entered, this, [this](const QModelIndex& index) {
        Q_EMIT readoutChanged(tileText(model_->tiles()[static_cast<std::size_t>(index.row())], model_->namer()));
    });
    compare();
    filter();
}

ParameterSchema FlipsView::options() const {
    return {choiceOption("kind", "all", kindChoices(),
                         tr("Which images: all, lost (A right, B wrong), gained (A wrong, B right), both_wrong, or unlabelled ones."))};
}

report::FlipNames FlipsView::names() const {
    report::FlipNames names;
    if (!input_.a) return names;
    const QString run = toQt(input_.a->record.id);
    if (input_.images.label) names.label = [label = input_.images.label, run](std::int64_t row) { return std::int64_t{label(run, row)}; };
    if (input_.images.classNames)
        names.className = [list = input_.images.classNames(run)](std::int64_t classId) {
            return classId >= 0 && classId < list.size() ? toStd(list[static_cast<qsizetype>(classId)]) : std::string();
        };
    return names;
}

bool FlipsView::isAsked(report::FlipKind kind) const {
    const std::string& asked = options_.text("kind");
    return asked == "all" || asked == report::flipKindName(kind);
}

void FlipsView::setInput(const ViewInput& input) {
    const bool sameRuns = input.a == input_.a && input.b == input_.b;
    input_ = input;
    if (!sameRuns) compare();
    filter();
}

void FlipsView::setOptions(const ParameterSet& values) {
    options_ = values;
    filter();
}

void FlipsView::compare() {
    list_.reset();
    if (input_.a && input_.b) list_ = report::flipList(*input_.a, *input_.b);
}

void FlipsView::filter() {
    const report::FlipNames known = names();
    model_->setNamer([className = known.className](std::int64_t classId) {
        const QString name = className ? toQt(className(classId)) : QString();
        return name.isEmpty() ? tr("class %1").arg(classId) : name;
    });
    counts_.fill(0);
    std::vector<FlipTile> asked;
    if (list_)
        for (const report::Flip& flip : list_->flips) {
            const std::int64_t label = known.label ? known.label(flip.row) : -1;
            const report::FlipKind kind = report::flipKind(flip, label);
            ++counts_[0];
            ++counts_[1 + static_cast<std::size_t>(kind)];
            if (isAsked(kind)) asked.push_back({flip, kind, label});
        }
    for (std::size_t k = 0; k < kKinds; ++k) {
        const auto kind = static_cast<report::FlipKind>(k == 0 ? 0 : k - 1);
        const QString name = k == 0 ? tr("All changed") : flipSymbol(kind) + QLatin1Char(' ') + flipKindText(kind);
        chips_[k]->setText(QStringLiteral("%1  %2").arg(name, countText(counts_[k])));
        chips_[k]->setChecked(options_.text("kind") == kindChoices()[k]);
        chips_[k]->setVisible(k == 0 || counts_[k] > 0 || (kind != report::FlipKind::unlabelled && counts_[0] > counts_[kKinds - 1]));
    }
    const int place = grid_->verticalScrollBar()->value();
    const bool isSame = asked == model_->tiles();
    {
        const QScopedValueRollback<bool> quiet(quiet_, true);
        if (!isSame) model_->setTiles(std::move(asked));
    }
    const bool hasTiles = emptyText().isEmpty();
    header_->setVisible(counts_[0] > 0);
    grid_->setVisible(hasTiles);
    arrange();
    if (!isSame) grid_->verticalScrollBar()->setValue(place);
    showSelection();
    grid_->viewport()->update();  // pictures may have come
    update();
    setAccessibleDescription(summary());
    Q_EMIT drawn();
}

void FlipsView::showSelection() {
    const QScopedValueRollback<bool> quiet(quiet_, true);
    const int row = input_.selection.image ? model_->rowOf(*input_.selection.image) : -1;
    if (row < 0) {
        grid_->clearSelection();
        return;
    }
    if (grid_->currentIndex().row() == row && grid_->selectionModel()->isSelected(grid_->currentIndex())) return;
    grid_->selectionModel()->setCurrentIndex(model_->index(row), QItemSelectionModel::ClearAndSelect);
    grid_->scrollTo(model_->index(row));
}

void FlipsView::arrangeChips() {
    auto* layout = static_cast<QGridLayout*>(header_->layout());
    int wanted = 16, widest = 0, count = 0;
    for (const QToolButton* chip : chips_) {
        if (chip->isHidden()) continue;
        wanted += chip->sizeHint().width() + layout->spacing();
        widest = std::max(widest, chip->sizeHint().width() + layout->spacing());
        ++count;
    }
    const int columns = wanted <= width() ? std::max(1, count) : std::clamp((width() - 16) / std::max(1, widest), 1, 2);
    int place = 0;
    for (QToolButton* chip : chips_) {
        if (chip->isHidden()) continue;
        layout->addWidget(chip, place / columns, place % columns, Qt::AlignLeft);
        ++place;
    }
}

void FlipsView::arrange() {
    arrangeChips();
    const TileMetrics metrics{static_cast<double>(QFontInfo(font()).pixelSize())};
    const int width = grid_->viewport()->width() - 1;
    const QSize cell(width / metrics.columns(width), static_cast<int>(std::ceil(metrics.height())));
    if (grid_->gridSize() != cell && cell.width() > 0) grid_->setGridSize(cell);
}

report::Table FlipsView::table() const {
    std::vector<report::Flip> flips;
    for (const FlipTile& tile : model_->tiles()) flips.push_back(tile.flip);
    return report::flipTable(flips, names());
}

QString FlipsView::summary() const {
    if (!list_) return {};
    QString text = tr("A and B predict different classes for %1 of %2 images").arg(countText(counts_[0]), countText(list_->compared));
    QStringList parts;
    for (std::size_t k = 1; k < kKinds; ++k)
        if (counts_[k] > 0) parts.append(tr("%1 × %2", "a number and what happened").arg(countText(counts_[k]), flipKindText(static_cast<report::FlipKind>(k - 1))));
    if (!parts.isEmpty()) text += QStringLiteral(": ") + parts.join(QStringLiteral("; "));
    return text + QLatin1Char('.');
}

QString FlipsView::emptyText() const {
    const QString missing = missingRunText(input_);
    if (!missing.isEmpty()) return missing;
    if (!list_) {
        const bool isWorking = !project::isComplete(input_.a->record.state) || !project::isComplete(input_.b->record.state);
        if (isWorking) return tr("Predictions are missing as long as a run is at work. They follow at its end.");
        const bool measured = input_.a->accuracy("quantized") != nullptr && input_.b->accuracy("quantized") != nullptr;
        return measured ? tr("The runs were evaluated on different images, so their predictions cannot be compared.")
                        : tr("Predictions are missing: both runs need evaluation images.");
    }
    if (counts_[0] == 0) return tr("Both networks predict the same class for all %1 images.").arg(countText(list_->compared));
    if (model_->tiles().empty()) return tr("No image is of this kind. Choose another one above.");
    return {};
}

void FlipsView::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    const QRectF page(QPointF(0, 0), size);
    if (const QString empty = emptyText(); !empty.isEmpty()) {
        paintEmptyText(painter, page, empty, figureFont(), theme);
        return;
    }
    painter.save();
    painter.fillRect(page, theme.surface);
    const QFont font = figureFont(11);
    const TileMetrics metrics{11};
    painter.setFont(font);
    painter.setPen(theme.text);
    const double header = 2.4 * metrics.em;
    const int columns = metrics.columns(size.width());
    const int lines = std::max(1, static_cast<int>((size.height() - header) / metrics.height()));
    const double width = size.width() / columns;
    const auto& tiles = model_->tiles();
    const std::size_t shown = std::min(tiles.size(), static_cast<std::size_t>(columns) * static_cast<std::size_t>(lines));
    const QString more = shown < tiles.size() ? tr("Shown: %1 of %2.").arg(countText(shown), countText(tiles.size())) : QString();
    painter.drawText(QRectF(8, 0, size.width() - 16, header), Qt::AlignVCenter | Qt::AlignLeft,
                     QFontMetricsF(font).elidedText(QStringList{summary(), more}.join(u' '), Qt::ElideRight, size.width() - 16));
    for (std::size_t i = 0; i < shown; ++i) {
        const auto column = static_cast<double>(i % static_cast<std::size_t>(columns)), line = static_cast<double>(i / static_cast<std::size_t>(columns));
        const QRectF box(width * column, header + metrics.height() * line, width, metrics.height());
        const QImage picture = input_.images.thumbnail ? input_.images.thumbnail(toQt(input_.a->record.id), tiles[i].flip.row, 160) : QImage();
        paintTile(painter, box, tiles[i], {picture, model_->namer(), font, theme});
    }
    painter.restore();
}

void FlipsView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::of(palette());
    painter.fillRect(rect(), theme.surface);
    if (const QString empty = emptyText(); !empty.isEmpty()) paintEmptyText(painter, QRectF(rect()).adjusted(0, header_->isVisible() ? header_->height() : 0, 0, 0), empty, font(), theme);
}

void FlipsView::resizeEvent(QResizeEvent* event) {
    View::resizeEvent(event);
    arrange();
}

void FlipsView::changeEvent(QEvent* event) {
    View::changeEvent(event);
    if (event->type() == QEvent::FontChange) arrange();
}

bool FlipsView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize) arrange();
    if (event->type() == QEvent::Leave) Q_EMIT readoutChanged({});
    return View::eventFilter(watched, event);
}

}  // namespace vitrine::widgets
