// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <functional>

#include "report/document.h"

namespace vitrine::widgets {

/// Prints a report as PDF on A4: headings, facts, tables that repeat their head on each page, figures with captions,
/// page numbers. The same data as report::toHtml(). `progressed` gets the share that is done and returns false to stop;
/// then nothing is left behind. May run on any thread. Throws Exception(ioFailure) when the file cannot be written, and
/// stopped.
void printReport(const report::Document& document, const QString& file, const std::function<bool(double)>& progressed);

}  // namespace vitrine::widgets
