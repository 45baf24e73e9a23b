// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// QCustomPlot's header relies on Qt's bare keywords, which the rest of the window is compiled without.
#include <QObject>

#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach Q_FOREACH
#undef QT_NO_CAST_FROM_ASCII
#include <qcustomplot.h>
#define QT_NO_CAST_FROM_ASCII
#undef signals
#undef slots
#undef foreach
