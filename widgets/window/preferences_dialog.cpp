// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/preferences_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QPushButton>
#include <QTabBar>
#include <QVBoxLayout>

#include "widgets/base/themed.h"

namespace vitrine::widgets {

PreferencesDialog::PreferencesDialog(const WindowContext& context, QWidget* parent)
    : QDialog(parent),
      settings_(context.session.settings),
      pages_(new QTabWidget(this)),
      shortcuts_(new ShortcutEditor(context.registry, context.session.settings.store(), this)) {
    setObjectName(QStringLiteral("preferences"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Preferences"));
    pages_->addTab(makeGeneralPage(), tr("General"));
    pages_->addTab(makeFiguresPage(), tr("Figures"));
    pages_->addTab(shortcuts_, tr("Shortcuts"));
    pages_->setDocumentMode(true);
    pages_->tabBar()->setDrawBase(false);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(pages_, 1);
    layout->addWidget(buttons);
    resize(640, 560);
}

QComboBox* PreferencesDialog::makeChoice(SettingKey key, const QString& name,
                                         const QList<QPair<QString, QString>>& choices, QWidget* page) {
    auto* box = new QComboBox(page);
    box->setObjectName(QStringLiteral("preferences.") + name);
    for (const auto& [id, title] : choices) box->addItem(title, id);
    box->setCurrentIndex(box->findData(settings_.value(key)));
    connect(box, &QComboBox::activated, this, [this, key, box] { settings_.set(key, box->currentData()); });
    connect(&settings_, &Settings::changed, box, [this, key, box](SettingKey changed) {
        if (changed == key) box->setCurrentIndex(box->findData(settings_.value(key)));
    });
    return box;
}

template <typename Box>
Box* PreferencesDialog::makeNumber(SettingKey key, const QString& name, const QString& suffix, double minimum,
                                   double maximum, double step, QWidget* page) {
    using Number = decltype(std::declval<Box>().value());
    auto* box = new Box(page);
    box->setObjectName(QStringLiteral("preferences.") + name);
    box->setRange(static_cast<Number>(minimum), static_cast<Number>(maximum));
    box->setSingleStep(static_cast<Number>(step));
    box->setSuffix(suffix);
    box->setValue(settings_.value(key).template value<Number>());
    connect(box, &Box::valueChanged, this, [this, key](Number value) { settings_.set(key, value); });
    return box;
}

QWidget* PreferencesDialog::makeGeneralPage() {
    auto* page = new QWidget;
    auto* form = new QFormLayout(page);
    form->setContentsMargins(20, 20, 20, 20);
    form->setVerticalSpacing(12);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("&Theme"), makeChoice(SettingKey::theme, QStringLiteral("theme"),
                                          {{QStringLiteral("system"), tr("Like the system")},
                                           {QStringLiteral("light"), tr("Light")},
                                           {QStringLiteral("dark"), tr("Dark")}},
                                          page));
    auto* reopen = new QCheckBox(tr("Open the last project at start"), page);
    reopen->setObjectName(QStringLiteral("preferences.reopen"));
    reopen->setChecked(settings_.value(SettingKey::reopenLast).toBool());
    connect(reopen, &QCheckBox::toggled, this, [this](bool on) { settings_.set(SettingKey::reopenLast, on); });
    form->addRow(tr("Start"), reopen);

    auto* folder = new QPushButton(page);
    folder->setObjectName(QStringLiteral("preferences.folder"));
    const auto showFolder = [this, folder] {
        folder->setText(QDir::toNativeSeparators(settings_.value(SettingKey::projectsFolder).toString()));
    };
    showFolder();
    folder->setAccessibleName(tr("Folder for new projects"));
    connect(&settings_, &Settings::changed, folder, showFolder);
    connect(folder, &QPushButton::clicked, this, [this] {
        auto* dialog = new QFileDialog(this, tr("Folder for new projects"),
                                       settings_.value(SettingKey::projectsFolder).toString());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
        connect(dialog, &QFileDialog::fileSelected, this,
                [this](const QString& chosen) { settings_.set(SettingKey::projectsFolder, chosen); });
        dialog->open();
    });
    form->addRow(tr("New &projects in"), folder);

    auto* threads = makeNumber<QSpinBox>(SettingKey::threads, QStringLiteral("threads"), {}, 0, 1024, 1, page);
    threads->setSpecialValueText(tr("All processors"));
    form->addRow(tr("&Threads of runs"), threads);
    form->addRow(QString(), mutedLabel(tr("A changed number of threads counts from the next start. The same number of "
                                          "threads gives the same results, "
                                          "bit for bit."),
                                       page));
    return page;
}

QWidget* PreferencesDialog::makeFiguresPage() {
    auto* page = new QWidget;
    auto* form = new QFormLayout(page);
    form->setContentsMargins(20, 20, 20, 20);
    form->setVerticalSpacing(12);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(mutedLabel(tr("What the export of a figure proposes. A figure in a report has its own size."), page));
    form->addRow(tr("&Width"), makeNumber<QDoubleSpinBox>(SettingKey::figureWidthMm, QStringLiteral("width"), tr(" mm"),
                                                          20, 1000, 5, page));
    form->addRow(tr("&Height"), makeNumber<QDoubleSpinBox>(SettingKey::figureHeightMm, QStringLiteral("height"),
                                                           tr(" mm"), 20, 1000, 5, page));
    form->addRow(tr("&Colours"), makeChoice(SettingKey::figureTheme, QStringLiteral("figure_theme"),
                                            {{QStringLiteral("light"), tr("Light")},
                                             {QStringLiteral("dark"), tr("Dark")},
                                             {QStringLiteral("screen"), tr("As on the screen")}},
                                            page));
    auto* scale =
        makeNumber<QDoubleSpinBox>(SettingKey::figureScale, QStringLiteral("scale"), tr(" ×"), 0.5, 8, 0.5, page);
    scale->setDecimals(1);
    scale->setToolTip(tr("Pixels of a PNG per 1/96 inch: 2 gives 192 dpi, 3.1 about 300 dpi."));
    form->addRow(tr("&Scale of PNG"), scale);
    return page;
}

}  // namespace vitrine::widgets
