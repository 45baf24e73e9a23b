// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/images_view.h"

#include <QEvent>
#include <QFontInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QScopedValueRollback>
#include <QSlider>
#include <QStackedWidget>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include "report/tables.h"
#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/report_table_paint.h"
#include "widgets/views/tile_grid.h"

namespace vitrine::widgets {
namespace {

constexpr int kPlayMs = 350;
constexpr int kFlickerMs = 700;

QToolButton* addButton(QWidget* parent, QLayout& layout, const QString& name, const QString& iconName, const QString& text, const QString& hint) {
    auto* button = new QToolButton(parent);
    button->setObjectName(QStringLiteral("images.") + name);
    button->setIcon(icon(iconName));
    button->setAutoRaise(true);
    button->setAccessibleName(text);
    button->setToolTip(hint);
    layout.addWidget(button);
    return button;
}

ImageSort sortOf(const std::string& name) {
    if (name == "class") return ImageSort::label;
    if (name == "confidence") return ImageSort::confidence;
    if (name == "loss") return ImageSort::loss;
    return name == "mistaken" ? ImageSort::mistaken : ImageSort::order;
}

}  // namespace

ImagesView::ImagesView(QWidget* parent) : View(parent), options_(allOptions()) {
    setObjectName(QStringLiteral("imagesView"));
    setAccessibleName(tr("Synthetic images"));
    makeHeader();
    makeGrid();
    large_ = new ImagesLarge(this);
    pages_ = new QStackedWidget(this);
    pages_->addWidget(grid_);
    pages_->addWidget(large_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(header_);
    layout->addWidget(pages_, 1);
    setFocusProxy(grid_);
    large_->installEventFilter(this);
    connect(large_, &ImagesLarge::readoutChanged, this, &View::readoutChanged);
    playTimer_.setInterval(kPlayMs);
    flickerTimer_.setInterval(kFlickerMs);
    connect(&playTimer_, &QTimer::timeout, this, [this] {
        if (sheet_ >= static_cast<std::size_t>(slider_->maximum()))
            play();
        else
            step(1);
    });
    connect(&flickerTimer_, &QTimer::timeout, this, [this] { flicker(); });
    rebuild();
}

void ImagesView::makeHeader() {
    header_ = new QWidget(this);
    auto* layout = new QHBoxLayout(header_);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(4);
    back_ = addButton(header_, *layout, QStringLiteral("back"), QStringLiteral("back"), tr("All images"), tr("Show all images (Esc)"));
    playButton_ = addButton(header_, *layout, QStringLiteral("play"), QStringLiteral("play"), tr("Play"), tr("Play from noise to image (Space)"));
    slider_ = new QSlider(Qt::Horizontal, header_);
    slider_->setObjectName(QStringLiteral("images.step"));
    slider_->setAccessibleName(tr("Step"));
    slider_->setToolTip(tr("From noise to image (comma and full stop)"));
    slider_->setPageStep(1);
    slider_->setMinimumWidth(60);
    layout->addWidget(slider_, 1);
    label_ = new QLabel(header_);
    label_->setObjectName(QStringLiteral("images.stepText"));
    layout->addWidget(label_);
    flickerButton_ = addButton(header_, *layout, QStringLiteral("flicker"), QStringLiteral("flicker"), tr("Flicker between A and B"), tr("Show A and B one after the other (F)"));
    flickerButton_->setCheckable(true);
    save_ = addButton(header_, *layout, QStringLiteral("save"), QStringLiteral("save"), tr("Save images"), tr("Save these images as files…"));
    calibrate_ = addButton(header_, *layout, QStringLiteral("calibrate"), QStringLiteral("add"), tr("Use for calibration"), tr("Add these images to the project, to calibrate other runs on"));
    connect(slider_, &QSlider::valueChanged, this, [this](int value) {
        if (!quiet_) setSheet(static_cast<std::size_t>(value));
    });
    connect(back_, &QToolButton::clicked, this, [this] { setLarge(false); });
    connect(playButton_, &QToolButton::clicked, this, [this] { play(); });
    connect(flickerButton_, &QToolButton::clicked, this, [this] { toggleFlicker(); });
    connect(save_, &QToolButton::clicked, this, [this] { Q_EMIT saveImagesAsked(toQt(runId()), static_cast<qint64>(sheet_)); });
    connect(calibrate_, &QToolButton::clicked, this, [this] { Q_EMIT calibrationSetAsked(toQt(runId()), static_cast<qint64>(sheet_)); });
}

void ImagesView::makeGrid() {
    grid_ = new QListView(this);
    model_ = new ImagesModel(this);
    delegate_ = new ImagesDelegate(*model_, this);
    grid_->setObjectName(QStringLiteral("images.grid"));
    grid_->setAccessibleName(tr("Synthetic images"));
    grid_->setModel(model_);
    grid_->setItemDelegate(delegate_);
    makeTileGrid(*grid_);
    grid_->installEventFilter(this);
    grid_->viewport()->installEventFilter(this);
    connect(grid_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& current) {
        if (quiet_ || !current.isValid()) return;
        image_ = model_->imageAt(current.row());
        Q_EMIT readoutChanged(imageText(model_->content().shown.front(), image_, model_->namer()));
    });
    connect(grid_, &QListView::entered, this, [this](const QModelIndex& index) {
        Q_EMIT readoutChanged(imageText(model_->content().shown.front(), model_->imageAt(index.row()), model_->namer()));
    });
    connect(grid_, &QListView::doubleClicked, this, [this](const QModelIndex& index) {
        image_ = model_->imageAt(index.row());
        setLarge(true);
    });
}

void ImagesView::setInput(const ViewInput& input) {
    input_ = input;
    rebuild();
}

bool ImagesView::isPair() const {
    const CompareMode mode = input_.selection.mode;
    return syntheticImages(input_.a) != nullptr && syntheticImages(input_.b) != nullptr && (mode == CompareMode::overlay || mode == CompareMode::difference);
}

/// With two runs, B shows the step that is nearest to A's.
std::vector<ImagesShown> ImagesView::shownRuns() const {
    const bool onlyB = input_.b && !isPair() && (input_.selection.mode == CompareMode::b || syntheticImages(input_.a) == nullptr);
    const auto* first = syntheticImages(onlyB ? input_.b : input_.a);
    if (first == nullptr || first->sheets.empty()) return {};
    std::vector<ImagesShown> shown{{first, std::min(sheet_, first->sheets.size() - 1), onlyB}};
    if (!isPair()) return shown;
    const auto* second = syntheticImages(input_.b);
    if (second->sheets.empty()) return shown;
    std::size_t nearest = 0;
    const auto distance = [&](std::size_t sheet) { return std::abs(second->sheets[sheet].step - shown.front().step()); };
    for (std::size_t sheet = 0; sheet < second->sheets.size(); ++sheet)
        if (distance(sheet) <= distance(nearest)) nearest = sheet;
    // The last step of one run is shown beside the last one of the other, however many they have.
    if (shown.front().sheet + 1 == first->sheets.size()) nearest = second->sheets.size() - 1;
    shown.push_back({second, nearest, true});
    return shown;
}

std::string ImagesView::runId() const {
    const auto& shown = model_->content().shown;
    if (shown.empty()) return {};
    return (shown.front().isB ? input_.b : input_.a)->record.id;
}

ImageClassNamer ImagesView::namer() const {
    QStringList names;
    if (input_.images.classNames && input_.a) names = input_.images.classNames(toQt(input_.a->record.id));
    return [names](std::int64_t classId) { return classId >= 0 && classId < names.size() ? names[static_cast<qsizetype>(classId)] : tr("class %1").arg(classId); };
}

void ImagesView::rebuild() {
    const auto id = [](const RunDataPtr& run) { return run ? toQt(run->record.id) : QString(); };
    const QString runs = id(input_.a) + u'\n' + (input_.selection.mode == CompareMode::b ? id(input_.b) : QString());
    if (runs != runs_) {
        runs_ = runs;
        asked_.clear();
        flicker_.reset();
        choosePlace();
    }
    const auto available = shownRuns();
    if (follows_ && !available.empty()) sheet_ = available.front().images->sheets.size() - 1;
    std::vector<ImagesShown> shown = shownRuns();
    if (!shown.empty()) {
        sheet_ = shown.front().sheet;
        image_ = std::min(image_, std::max<std::size_t>(1, shown.front().images->images.size()) - 1);
    }
    if (shown.size() < 2) flicker_.reset();
    {
        const QScopedValueRollback<bool> quiet(quiet_, true);
        slider_->setRange(0, shown.empty() ? 0 : static_cast<int>(shown.front().images->sheets.size()) - 1);
        slider_->setValue(static_cast<int>(sheet_));
        std::vector<QImage> sheets;
        for (const ImagesShown& each : shown) sheets.push_back(each ? each.picture() : QImage());
        delegate_->setSheets(std::move(sheets));
        delegate_->setFlicker(flicker_);
        model_->setContent({shown, sortOf(options_.text("sort")), namer()});
        if (const int row = model_->rowOf(image_); row >= 0 && grid_->currentIndex().row() != row)
            grid_->selectionModel()->setCurrentIndex(model_->index(row, 0), QItemSelectionModel::ClearAndSelect);
    }
    const bool hasImages = emptyText().isEmpty();
    header_->setVisible(hasImages);
    pages_->setVisible(hasImages);
    if (!hasImages) playTimer_.stop();
    showStep();
    showLarge();
    arrange();
    update();
    setAccessibleDescription(hasImages ? summary() : emptyText());
    Q_EMIT drawn();
}

void ImagesView::showStep() {
    const auto& shown = model_->content().shown;
    if (!shown.empty()) {
        const QLocale locale;
        const auto& sheets = shown.front().images->sheets;
        const QString now = locale.toString(static_cast<qlonglong>(shown.front().step())), last = locale.toString(static_cast<qlonglong>(sheets.back().step));
        label_->setMinimumWidth(label_->fontMetrics().horizontalAdvance(tr("step %1 of %2").arg(last, last)));
        label_->setText(tr("step %1 of %2").arg(now, last));
    }
    back_->setVisible(isLarge());
    slider_->setEnabled(slider_->maximum() > 0);
    playButton_->setEnabled(slider_->maximum() > 0 && !movesLittle());
    playButton_->setIcon(icon(playTimer_.isActive() ? QStringLiteral("pause") : QStringLiteral("play")));
    flickerButton_->setVisible(isPair());
    flickerButton_->setChecked(flicker_.has_value());
    if (!flicker_) flickerTimer_.stop();
}

void ImagesView::showLarge() {
    const auto& shown = model_->content().shown;
    if (shown.empty()) {
        large_->setContent({});
        return;
    }
    const auto& images = *shown.front().images;
    const std::int64_t patch = input_.network ? input_.network->graph->info.patchSize : 0;
    ImagesLarge::Content content{shown, image_, namer(), patch > 0 ? images.height / patch : 0, patch > 0 ? images.width / patch : 0, mapKind(), {}, {}, {}};
    takePatches(content);
    large_->setContent(std::move(content));
    large_->setFlicker(flicker_);
}

void ImagesView::setSheet(std::size_t sheet) {
    follows_ = sheet >= static_cast<std::size_t>(slider_->maximum());
    sheet_ = sheet;
    rebuild();
}

void ImagesView::step(int by) {
    const int value = std::clamp(static_cast<int>(sheet_) + by, 0, slider_->maximum());
    setSheet(static_cast<std::size_t>(value));
}

void ImagesView::play() {
    if (playTimer_.isActive()) {
        playTimer_.stop();
    } else if (!movesLittle() && slider_->maximum() > 0) {
        if (sheet_ >= static_cast<std::size_t>(slider_->maximum())) setSheet(0);
        playTimer_.start();
    }
    showStep();
}

bool ImagesView::movesLittle() const { return style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) == 0; }

/// Without animations each press shows the other run, and the third both again.
void ImagesView::toggleFlicker() {
    if (!isPair()) {
        flicker_.reset();
    } else if (movesLittle()) {
        flicker_ = !flicker_ ? std::optional<std::size_t>(0) : (*flicker_ == 0 ? std::optional<std::size_t>(1) : std::nullopt);
    } else {
        flicker_ = flicker_ ? std::nullopt : std::optional<std::size_t>(0);
        if (flicker_) flickerTimer_.start();
    }
    rebuild();
}

void ImagesView::flicker() {
    if (!flicker_ || !isVisible()) return;
    flicker_ = 1 - *flicker_;
    delegate_->setFlicker(flicker_);
    large_->setFlicker(flicker_);
    grid_->viewport()->update();
}

bool ImagesView::isLarge() const { return pages_->currentIndex() == 1; }

void ImagesView::setLarge(bool large) {
    if (large != isLarge()) {
        pages_->setCurrentIndex(large ? 1 : 0);
        setFocusProxy(pages_->currentWidget());
        Q_EMIT optionsAsked(QStringLiteral("show"), large ? QStringLiteral("one") : QStringLiteral("all"));
    }
    rebuild();
    pages_->currentWidget()->setFocus();
}

ImageTileMetrics ImagesView::tileMetrics(double em, std::size_t runs) const {
    const std::string& size = options_.text("size");
    const double ems = size == "small" ? 6 : (size == "large" ? 15 : 9);
    return {em, ems * em, std::max<std::size_t>(1, runs), options_.boolean("captions")};
}

void ImagesView::arrange() {
    const std::size_t runs = flicker_ ? 1 : model_->content().shown.size();
    const ImageTileMetrics metrics = tileMetrics(QFontInfo(font()).pixelSize(), runs);
    delegate_->setMetrics(metrics);
    const QSize cell(static_cast<int>(std::ceil(metrics.width())), static_cast<int>(std::ceil(metrics.height())));
    if (grid_->gridSize() != cell) grid_->setGridSize(cell);
    grid_->viewport()->update();
}

void ImagesView::changeEvent(QEvent* event) {
    View::changeEvent(event);
    if (event->type() == QEvent::FontChange && grid_ != nullptr) arrange();
}

void ImagesView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::of(palette());
    painter.fillRect(rect(), theme.surface);
    if (const QString empty = emptyText(); !empty.isEmpty()) paintEmptyText(painter, QRectF(rect()), empty, font(), theme);
}

}  // namespace vitrine::widgets
