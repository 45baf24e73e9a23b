// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/icons.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QPalette>

namespace vitrine::widgets {
namespace {

int opaquePixels(const QImage& image) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) count += qAlpha(image.pixel(x, y)) > 40;
    return count;
}

TEST(Icons, AllOfThemDrawSomethingInsideTheirSquare) {
    const QStringList files = QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")});
    ASSERT_GT(files.size(), 60);
    for (const QString& file : files) {
        const QImage image = icon(QString(file).chopped(4)).pixmap(48, 48).toImage();
        EXPECT_GT(opaquePixels(image), 40) << file.toStdString();
        EXPECT_LT(opaquePixels(image), 48 * 48) << file.toStdString();
    }
}

TEST(Icons, TakeTheColourOfThePalette) {
    const QPalette before = QApplication::palette();
    QPalette palette = before;
    palette.setColor(QPalette::WindowText, QColor(200, 30, 40));
    QApplication::setPalette(palette);
    const QImage image = icon(QStringLiteral("add")).pixmap(48, 48).toImage();
    QApplication::setPalette(before);
    EXPECT_EQ(image.pixelColor(24, 24).red(), 200);
    EXPECT_EQ(image.pixelColor(24, 24).blue(), 40);
}

TEST(Icons, AnUnknownNameIsEmpty) { EXPECT_TRUE(icon(QStringLiteral("no-such-icon")).isNull()); }

}  // namespace
}  // namespace vitrine::widgets
