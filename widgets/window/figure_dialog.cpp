// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/figure_dialog.h"

#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>
#include <cmath>

#include "base/files.h"
#include "widgets/base/background.h"
#include "widgets/base/text.h"
#include "widgets/base/themed.h"

namespace vitrine::widgets {
namespace {

constexpr int kPreviewWidth = 460, kPreviewHeight = 340;
constexpr int kPreviewDelayMs = 120;
constexpr double kMmPerUnit = 25.4 / 96;

QString extensionOf(FigureFormat format) {
    switch (format) {
        case FigureFormat::svg:
            return QStringLiteral("svg");
        case FigureFormat::pdf:
            return QStringLiteral("pdf");
        case FigureFormat::png:
            return QStringLiteral("png");
    }
    return {};
}

}  // namespace

FigureDialog::FigureDialog(View& view, const QString& name, Settings& settings, QThreadPool& pool, QWidget* parent)
    : QDialog(parent),
      view_(&view),
      settings_(settings),
      pool_(pool),
      preview_(new QLabel(this)),
      facts_(mutedLabel({}, this)) {
    setObjectName(QStringLiteral("figure"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Save figure"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(18, 18, 18, 16);
    layout->setSpacing(20);
    auto* left = new QVBoxLayout;
    preview_->setObjectName(QStringLiteral("figure.preview"));
    preview_->setAccessibleName(tr("Preview of the figure"));
    preview_->setAlignment(Qt::AlignCenter);
    preview_->setFixedSize(kPreviewWidth + 2, kPreviewHeight + 2);
    followTheme(preview_, [this](const Theme& theme) {
        preview_->setStyleSheet(
            QStringLiteral("border: 1px solid %1; background: %2;").arg(theme.border.name(), theme.window.name()));
    });
    left->addWidget(preview_);
    left->addWidget(facts_);
    left->addStretch(1);
    layout->addLayout(left);
    layout->addWidget(makeControls(), 1);
    const QString folder = settings_.value(SettingKey::exportFolder).toString();
    file_->setText(QDir(folder).filePath(name + QStringLiteral(".svg")));
    updateFileName();
    previewSoon_.setSingleShot(true);
    previewSoon_.setInterval(kPreviewDelayMs);
    connect(&previewSoon_, &QTimer::timeout, this, &FigureDialog::updatePreview);
    connect(&view, &QObject::destroyed, this, &QDialog::reject);
    connect(&view, &View::drawn, &previewSoon_, qOverload<>(&QTimer::start));
    previewSoon_.start();
}

QWidget* FigureDialog::makeControls() {
    auto* controls = new QWidget(this);
    auto* layout = new QVBoxLayout(controls);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* form = new QFormLayout;
    form->setVerticalSpacing(10);
    format_ = new QComboBox(controls);
    format_->setObjectName(QStringLiteral("figure.format"));
    format_->addItem(tr("SVG (vector)"), static_cast<int>(FigureFormat::svg));
    format_->addItem(tr("PDF (vector)"), static_cast<int>(FigureFormat::pdf));
    format_->addItem(tr("PNG (pixels)"), static_cast<int>(FigureFormat::png));
    form->addRow(tr("&Format"), format_);
    const auto makeBox = [&](const QString& name, double value, double minimum, double maximum, const QString& suffix,
                             int decimals) {
        auto* box = new QDoubleSpinBox(controls);
        box->setObjectName(QStringLiteral("figure.") + name);
        box->setRange(minimum, maximum);
        box->setDecimals(decimals);
        box->setSuffix(suffix);
        box->setValue(value);
        connect(box, &QDoubleSpinBox::valueChanged, &previewSoon_, qOverload<>(&QTimer::start));
        return box;
    };
    width_ =
        makeBox(QStringLiteral("width"), settings_.value(SettingKey::figureWidthMm).toDouble(), 20, 1000, tr(" mm"), 1);
    height_ = makeBox(QStringLiteral("height"), settings_.value(SettingKey::figureHeightMm).toDouble(), 20, 1000,
                      tr(" mm"), 1);
    scale_ = makeBox(QStringLiteral("scale"), settings_.value(SettingKey::figureScale).toDouble(), 0.5, 8, tr(" ×"), 1);
    form->addRow(tr("&Width"), width_);
    form->addRow(tr("&Height"), height_);
    form->addRow(tr("&Scale"), scale_);
    auto* natural = new QPushButton(tr("Size for this view"), controls);
    connect(natural, &QPushButton::clicked, this, [this] {
        if (!view_) return;
        width_->setValue(view_->figureSizeMm().width());
        height_->setValue(view_->figureSizeMm().height());
    });
    form->addRow(QString(), natural);
    colours_ = new QComboBox(controls);
    colours_->setObjectName(QStringLiteral("figure.colours"));
    colours_->addItem(tr("Light"), QStringLiteral("light"));
    colours_->addItem(tr("Dark"), QStringLiteral("dark"));
    colours_->addItem(tr("As on the screen"), QStringLiteral("screen"));
    colours_->setCurrentIndex(colours_->findData(settings_.value(SettingKey::figureTheme)));
    form->addRow(tr("&Colours"), colours_);
    auto* fileRow = new QHBoxLayout;
    file_ = new QLineEdit(controls);
    file_->setObjectName(QStringLiteral("figure.file"));
    file_->setMinimumWidth(240);
    auto* browseButton = new QPushButton(tr("Browse..."), controls);
    fileRow->addWidget(file_, 1);
    fileRow->addWidget(browseButton);
    form->addRow(tr("F&ile"), fileRow);
    static_cast<QLabel*>(form->labelForField(fileRow))->setBuddy(file_);
    layout->addLayout(form);
    layout->addStretch(1);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    auto* cancel = new QPushButton(tr("Cancel"), controls);
    save_ = new QPushButton(tr("Save"), controls);
    save_->setObjectName(QStringLiteral("figure.save"));
    buttons->addWidget(cancel);
    buttons->addWidget(save_);
    layout->addLayout(buttons);
    makePrimary(save_);
    connect(format_, &QComboBox::activated, this, [this] {
        updateFileName();
        previewSoon_.start();
    });
    connect(colours_, &QComboBox::activated, &previewSoon_, qOverload<>(&QTimer::start));
    connect(browseButton, &QPushButton::clicked, this, &FigureDialog::browse);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(save_, &QPushButton::clicked, this, &FigureDialog::save);
    return controls;
}

FigureFormat FigureDialog::format() const { return static_cast<FigureFormat>(format_->currentData().toInt()); }

FigureOptions FigureDialog::options() const {
    const QString colours = colours_->currentData().toString();
    FigureOptions options;
    options.sizeMm = {width_->value(), height_->value()};
    options.scale = scale_->value();
    options.theme = colours == QLatin1String("dark")     ? &Theme::night()
                    : colours == QLatin1String("screen") ? &Theme::of(QApplication::palette())
                                                         : &Theme::day();
    options.title = QFileInfo(file_->text()).completeBaseName();
    return options;
}

void FigureDialog::updatePreview() {
    if (!view_) return;
    FigureOptions shown = options();
    const QSizeF units = shown.sizeMm / kMmPerUnit;
    const double fit = std::min(kPreviewWidth / units.width(), kPreviewHeight / units.height());
    shown.scale = fit * devicePixelRatioF();
    try {
        QImage image = QImage::fromData(figure(*view_, FigureFormat::png, shown), "PNG");
        image.setDevicePixelRatio(devicePixelRatioF());
        preview_->setPixmap(QPixmap::fromImage(image));
    } catch (const Exception& exception) {
        preview_->setText(errorText(exception.error()));
    }
    scale_->setEnabled(format() == FigureFormat::png);
    const QLocale locale;
    facts_->setText(format() == FigureFormat::png
                        ? tr("%1 × %2 pixels, %3 dpi")
                              .arg(locale.toString(std::lround(units.width() * scale_->value())),
                                   locale.toString(std::lround(units.height() * scale_->value())),
                                   locale.toString(std::lround(96 * scale_->value())))
                        : tr("%1 × %2 mm, lines and letters stay sharp at any size")
                              .arg(locale.toString(width_->value()), locale.toString(height_->value())));
}

void FigureDialog::updateFileName() {
    const QFileInfo info(file_->text());
    if (!figureFormatOf(info.fileName())) {
        file_->setText(file_->text() + QLatin1Char('.') + extensionOf(format()));
        return;
    }
    file_->setText(QDir(info.path()).filePath(info.completeBaseName() + QLatin1Char('.') + extensionOf(format())));
}

void FigureDialog::browse() {
    auto* dialog = new QFileDialog(this, tr("Save figure as"), file_->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(extensionOf(format()));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& chosen) {
        file_->setText(chosen);
        if (const auto chosenFormat = figureFormatOf(chosen))
            format_->setCurrentIndex(format_->findData(static_cast<int>(*chosenFormat)));
        updateFileName();
    });
    dialog->open();
}

void FigureDialog::remember() {
    settings_.set(SettingKey::figureWidthMm, width_->value());
    settings_.set(SettingKey::figureHeightMm, height_->value());
    settings_.set(SettingKey::figureScale, scale_->value());
    settings_.set(SettingKey::figureTheme, colours_->currentData());
    settings_.set(SettingKey::exportFolder, QFileInfo(file_->text()).path());
}

void FigureDialog::save() {
    if (!view_) return;
    updateFileName();
    remember();
    QByteArray bytes;
    try {
        bytes = figure(*view_, format(), options());
    } catch (const Exception& exception) {
        Q_EMIT failed(exception.error());
        return;
    }
    save_->setEnabled(false);
    inBackground(
        pool_, this,
        [bytes, file = file_->text()] {
            writeFileAtomically(toPath(file), bytes.toStdString());
            return file;
        },
        [this](const Outcome<QString>& outcome) {
            save_->setEnabled(true);
            if (const QString* file = valueOf(outcome)) {
                Q_EMIT saved(*file);
                accept();
            } else {
                Q_EMIT failed(std::get<Error>(outcome));
            }
        });
}

}  // namespace vitrine::widgets
