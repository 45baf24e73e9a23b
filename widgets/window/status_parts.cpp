// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/status_parts.h"

#include <unistd.h>

#include <QLocale>
#include <QTime>
#include <fstream>

#include "widgets/base/background.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

constexpr int kEveryMs = 2000;

/// Resident memory in bytes; 0 where the system does not say.
double residentBytes() {
    std::ifstream file("/proc/self/statm");
    double all = 0, resident = 0;
    file >> all >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

SavedIndicator::SavedIndicator(Study& study, QWidget* parent) : QLabel(parent), study_(study) {
    setObjectName(QStringLiteral("saved"));
    connect(&study_, &Study::opened, this, [this] {
        savedAt_.clear();
        update();
    });
    connect(&study_, &Study::closed, this, &SavedIndicator::update);
    connect(&study_, &Study::modifiedChanged, this, &SavedIndicator::update);
    connect(&study_, &Study::busyChanged, this, &SavedIndicator::update);
    connect(&study_, &Study::saved, this, [this] {
        savedAt_ = QLocale().toString(QTime::currentTime(), QLocale::ShortFormat);
        update();
    });
    update();
}

void SavedIndicator::update() {
    if (!study_.isOpen()) {
        setText({});
        setToolTip({});
        return;
    }
    if (study_.readOnly()) {
        setText(tr("Read-only"));
        setToolTip(tr("A newer version of Vitrine wrote this project, or it may not be written."));
    } else if (study_.isModified()) {
        setText(study_.isBusy() ? tr("Saving...") : tr("Not saved yet"));
        setToolTip(tr("Edits are kept for recovery within two seconds. Ctrl+S writes them to the project."));
    } else {
        setText(savedAt_.isEmpty() ? tr("Saved") : tr("Saved %1").arg(savedAt_));
        setToolTip(tr("All edits are in the project."));
    }
}

MemoryLabel::MemoryLabel(QWidget* parent) : QLabel(parent) {
    setObjectName(QStringLiteral("memory"));
    setToolTip(tr("Memory that the program holds"));
    pool_.setMaxThreadCount(1);
    connect(&timer_, &QTimer::timeout, this, &MemoryLabel::look);
    timer_.start(kEveryMs);
    look();
}

MemoryLabel::~MemoryLabel() { pool_.waitForDone(); }

void MemoryLabel::look() {
    inBackground(pool_, this, residentBytes, [this](const Outcome<double>& outcome) {
        const double* bytes = valueOf(outcome);
        if (!bytes || *bytes <= 0) return;
        setText(tr("Memory %1").arg(bytesText(*bytes)));
    });
}

}  // namespace vitrine::widgets
