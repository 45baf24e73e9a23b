// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/help_windows.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QScreen>
#include <QSysInfo>
#include <QTabBar>
#include <QTabWidget>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "engine/runtime.h"
#include "widgets/base/background.h"
#include "widgets/base/text.h"
#include "widgets/base/themed.h"
#include "widgets/window/shortcut_editor.h"

namespace vitrine::widgets {
namespace {

struct Part {
    const char* name;
    const char* licence;
};

constexpr Part kParts[] = {
    {"Qt 6", "LGPL-3.0"},
    {"QCustomPlot", "GPL-3.0-or-later"},
    {"LibTorch", "BSD-3-Clause"},
    {"oneDNN", "Apache-2.0"},
    {"OpenBLAS", "BSD-3-Clause"},
    {"OpenCV", "Apache-2.0"},
    {"Highway", "Apache-2.0 or BSD-3-Clause"},
    {"nlohmann-json", "MIT"},
    {"CLI11", "BSD-3-Clause"},
    {"xxHash", "BSD-2-Clause"},
    {"zlib", "Zlib"},
    {"libjpeg", "IJG and BSD-3-Clause"},
};

QDialogButtonBox* closeButtons(QDialog* dialog) {
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return buttons;
}

}  // namespace

ShortcutsWindow::ShortcutsWindow(ActionRegistry& registry, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("shortcuts"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keyboard shortcuts"));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(new ShortcutTable(registry, this), 1);
    layout->addWidget(mutedLabel(tr("In plots: arrow keys read values, Enter chooses, + and − zoom, 0 shows all, P "
                                    "pins a value. In tables Ctrl+C copies the "
                                    "chosen rows. Keys are changed in the preferences."),
                                 this));
    layout->addWidget(closeButtons(this));
    resize(560, 600);
}

QString displayText() {
    QStringList lines{QStringLiteral("Platform: %1").arg(QGuiApplication::platformName()),
                      QStringLiteral("Locale: %1").arg(QLocale().name())};
    for (const QScreen* screen : QGuiApplication::screens())
        lines.append(QStringLiteral("Screen: %1 × %2 at %3")
                         .arg(screen->geometry().width())
                         .arg(screen->geometry().height())
                         .arg(screen->devicePixelRatio()));
    return lines.join(QLatin1Char('\n'));
}

QString environmentText(const QString& display) {
    const engine::RuntimeInfo runtime = engine::runtimeInfo();
    QStringList devices;
    for (const std::string& device : runtime.devices) devices.append(toQt(device));
    const QStringList lines{
        QStringLiteral("Vitrine: " VITRINE_VERSION),
        QStringLiteral("Qt: %1 (built with %2)").arg(QString::fromLatin1(qVersion()), QStringLiteral(QT_VERSION_STR)),
        QStringLiteral("LibTorch: %1").arg(toQt(runtime.torchVersion)),
        QStringLiteral("BLAS: %1").arg(toQt(runtime.blas)),
        QStringLiteral("SIMD: %1").arg(toQt(runtime.simd)),
        QStringLiteral("Threads: %1").arg(runtime.threads),
        QStringLiteral("Devices: %1").arg(devices.join(QStringLiteral(", "))),
        QStringLiteral("System: %1, %2").arg(QSysInfo::prettyProductName(), QSysInfo::currentCpuArchitecture()),
        QStringLiteral("Kernel: %1 %2").arg(QSysInfo::kernelType(), QSysInfo::kernelVersion()),
        display,
    };
    return lines.join(QLatin1Char('\n'));
}

AboutDialog::AboutDialog(QThreadPool& pool, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("about"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("About Vitrine"));
    auto* pages = new QTabWidget(this);
    pages->setDocumentMode(true);
    pages->tabBar()->setDrawBase(false);
    pages->addTab(makeAboutPage(), tr("About"));
    pages->addTab(makeLicencesPage(), tr("Licences"));
    pages->addTab(makeEnvironmentPage(pool), tr("Environment"));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(pages, 1);
    layout->addWidget(closeButtons(this));
    resize(520, 400);
}

QWidget* AboutDialog::makeAboutPage() {
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(24, 28, 24, 16);
    layout->setSpacing(8);
    auto* head = new QHBoxLayout;
    head->setSpacing(16);
    head->addWidget(iconLabel(QStringLiteral("vitrine"), 64, page));
    auto* names = new QVBoxLayout;
    names->addWidget(headingLabel(QStringLiteral("Vitrine"), page, 2));
    names->addWidget(mutedLabel(tr("Version %1").arg(QStringLiteral(VITRINE_VERSION)), page));
    head->addLayout(names, 1);
    layout->addLayout(head);
    layout->addSpacing(12);
    auto* text = new QLabel(tr("A workbench for post-training quantization of vision transformers: runs a published "
                               "method, shows what it did to "
                               "every layer, compares runs and reports them."),
                            page);
    text->setWordWrap(true);
    layout->addWidget(text);
    layout->addWidget(mutedLabel(
        tr("Free software under the GNU General Public License, version 3 or later. It comes without any warranty."),
        page));
    layout->addStretch(1);
    return page;
}

QWidget* AboutDialog::makeLicencesPage() {
    auto* page = new QTextBrowser(this);
    page->setAccessibleName(tr("Licences"));
    page->setFrameShape(QFrame::NoFrame);
    QString rows;
    for (const Part& part : kParts)
        rows += QStringLiteral("<tr><td style='padding: 3px 24px 3px 0'>%1</td><td style='padding: 3px 0'>%2</td></tr>")
                    .arg(QLatin1String(part.name), QLatin1String(part.licence));
    page->setHtml(QStringLiteral("<p>%1</p><table>%2</table>")
                      .arg(tr("Vitrine is free software: GPL-3.0-or-later. It is built on:"), rows));
    return page;
}

QWidget* AboutDialog::makeEnvironmentPage(QThreadPool& pool) {
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    auto* text = new QPlainTextEdit(tr("Looking..."), page);
    text->setObjectName(QStringLiteral("about.environment"));
    text->setAccessibleName(tr("Environment"));
    text->setReadOnly(true);
    layout->addWidget(text, 1);
    auto* copy = new QPushButton(tr("Copy"), page);
    copy->setObjectName(QStringLiteral("about.copy"));
    connect(copy, &QPushButton::clicked, text, [text] { QGuiApplication::clipboard()->setText(text->toPlainText()); });
    layout->addWidget(copy, 0, Qt::AlignLeft);
    inBackground(
        pool, this, [display = displayText()] { return environmentText(display); },
        [text](const Outcome<QString>& outcome) {
            const QString* found = valueOf(outcome);
            text->setPlainText(found ? *found : errorText(std::get<Error>(outcome)));
        });
    return page;
}

}  // namespace vitrine::widgets
