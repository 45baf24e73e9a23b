// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemView>
#include <QString>

class QAction;

namespace vitrine::widgets {

/// The marked rows of a table as tab-separated text, with a line of headers: the columns that are shown, in the order in which they are. All
/// rows when none is marked. Tabs and line ends within cells become spaces.
QString tabSeparated(const QAbstractItemView& view);

/// A cell as programs read it: tabs and line ends become spaces, minus signs before digits hyphens.
QString plainCell(QString text);

/// Gives a table Ctrl+C, which copies tabSeparated(). The action belongs to the view, for its menu. UI thread.
QAction* addTableCopy(QAbstractItemView* view);

}  // namespace vitrine::widgets
