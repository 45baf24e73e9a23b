// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/theme.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>
#include <cmath>

namespace vitrine::widgets {
namespace {

double linear(double channel) { return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4); }

double luminance(const QColor& colour) {
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

/// Contrast of the Web Content Accessibility Guidelines 2.1.
double contrast(const QColor& one, const QColor& other) {
    const double a = luminance(one), b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

class EachTheme : public ::testing::TestWithParam<const Theme*> {};

TEST_P(EachTheme, TextsCanBeRead) {
    const Theme& theme = *GetParam();
    for (const QColor& behind : {theme.window, theme.surface, theme.raised, theme.selection}) {
        EXPECT_GE(contrast(theme.text, behind), 4.5) << behind.name().toStdString();
        EXPECT_GE(contrast(theme.mutedText, behind), 4.5) << behind.name().toStdString();
    }
    for (const QColor& text : {theme.good, theme.warning, theme.bad, theme.accent, theme.highlight})
        for (const QColor& behind : {theme.window, theme.surface}) EXPECT_GE(contrast(text, behind), 4.5) << text.name().toStdString();
    EXPECT_GE(contrast(theme.onAccent, theme.accent), 4.5);
}

TEST_P(EachTheme, FramesOfFieldsStandOut) {
    const Theme& theme = *GetParam();
    applyTheme(*qApp, theme.dark ? ThemeChoice::dark : ThemeChoice::light);
    QLineEdit line;
    QSpinBox number;
    QComboBox choice;
    choice.setEditable(true);
    for (QWidget* field : {static_cast<QWidget*>(&line), static_cast<QWidget*>(&number), static_cast<QWidget*>(&choice)}) {
        field->setFixedSize(120, 26);
        const QImage image = field->grab().toImage();
        const QColor frame = image.pixelColor(image.width() / 2, 0);
        for (const QColor& behind : {theme.window, theme.surface, theme.raised}) EXPECT_GE(contrast(frame, behind), 3) << field->metaObject()->className();
    }
}

TEST_P(EachTheme, MarksStandOut) {
    const Theme& theme = *GetParam();
    for (const QColor& mark : theme.series) EXPECT_GE(contrast(mark, theme.surface), 3) << mark.name().toStdString();
    for (const QColor& mark : {theme.runA, theme.runB, theme.floatData, theme.axis}) EXPECT_GE(contrast(mark, theme.surface), 3);
}

TEST_P(EachTheme, IsFoundByItsPalette) {
    EXPECT_EQ(&Theme::of(GetParam()->palette()), GetParam());
    EXPECT_EQ(GetParam()->series.size(), 8u);
    EXPECT_EQ(GetParam()->sequential.size(), 9u);
}

INSTANTIATE_TEST_SUITE_P(Both, EachTheme, ::testing::Values(&Theme::day(), &Theme::night()));

TEST(ApplyTheme, ChangesTheApplicationsPaletteAndCanGoBack) {
    auto& application = *qobject_cast<QApplication*>(QCoreApplication::instance());
    applyTheme(application, ThemeChoice::dark);
    EXPECT_EQ(&Theme::of(QApplication::palette()), &Theme::night());
    applyTheme(application, ThemeChoice::light);
    EXPECT_EQ(&Theme::of(QApplication::palette()), &Theme::day());
    EXPECT_EQ(themeChoice(), ThemeChoice::light);
    applyTheme(application, ThemeChoice::system);
    EXPECT_EQ(themeChoice(), ThemeChoice::system);
}

}  // namespace
}  // namespace vitrine::widgets
