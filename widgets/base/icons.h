// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QString>

namespace vitrine::widgets {

/// An icon of `resources/icons/<name>.svg` (24 x 24, one colour, `currentColor`), drawn sharp at any scale in the text colour of the
/// palette it is shown with, paler when disabled. UI thread. An unknown name gives an empty icon; a test lists all names.
QIcon icon(const QString& name);

}  // namespace vitrine::widgets
