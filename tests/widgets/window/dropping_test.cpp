// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDockWidget>
#include <QDropEvent>
#include <QMimeData>
#include <QTest>

#include "base/files.h"
#include "widgets/forms/drop_item.h"
#include "widgets/forms/drop_preview.h"
#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

class DroppingTest : public test::WindowTest {
  protected:
    /// Drags files over a point of the window and lets them go there, as the window system delivers it: to the innermost widget that
    /// accepts drops. Returns whether it was accepted.
    bool drop(const std::vector<std::filesystem::path>& files, const QPoint& place) {
        QMimeData data;
        QList<QUrl> urls;
        for (const auto& file : files) urls.append(QUrl::fromLocalFile(pathText(file)));
        data.setUrls(urls);
        QWidget* target = window->childAt(place);
        if (target == nullptr) target = window.get();
        for (; target != nullptr; target = target->parentWidget()) {
            if (!target->acceptDrops()) continue;
            const QPoint inside = target->mapFrom(window.get(), place);
            QDragEnterEvent enter(inside, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            QApplication::sendEvent(target, &enter);
            if (!enter.isAccepted()) continue;
            QDropEvent let(inside, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            QApplication::sendEvent(target, &let);
            return let.isAccepted();
        }
        return false;
    }
    /// The preview, once it has read everything.
    DropPreview* preview() {
        DropPreview* found = nullptr;
        waitFor([&] {
            found = static_cast<DropPreview*>(dialog(QStringLiteral("dropPreview")));
            return found != nullptr && !found->isReading();
        });
        return found;
    }
    std::vector<QPoint> places() const {
        const QSize size = window->size();
        return {{size.width() / 2, size.height() / 2}, {30, size.height() / 2}, {size.width() - 30, size.height() / 2}, {size.width() / 2, size.height() - 60}};
    }
    std::filesystem::path imageFolder() {
        const auto target = folder / "pictures";
        for (const char* name : {"cat", "dog"}) {
            std::filesystem::create_directories(target / name);
            std::filesystem::copy_file(runs.spec().evaluation.path.parent_path() / "0.png", target / name / "0.png", std::filesystem::copy_options::overwrite_existing);
        }
        return target;
    }
};

TEST_F(DroppingTest, InputsOnAnyPlaceOfTheWindow) {
    open();
    ASSERT_TRUE(openProject());
    for (const QPoint& place : places()) {
        ASSERT_TRUE(drop({runs.spec().model, imageFolder(), runs.spec().evaluation.path}, place)) << place.x() << "," << place.y();
        DropPreview* shown = preview();
        ASSERT_NE(shown, nullptr);
        EXPECT_EQ(shown->items().size(), 3u);
        EXPECT_TRUE(window->session().study.edits().models.empty()) << "nothing happens before it is accepted";
        shown->accept();
        ASSERT_TRUE(waitFor([&] { return window->session().study.edits().models.size() == 1; }));
        EXPECT_EQ(window->session().study.edits().imageSets.size(), 2u);
        window->session().study.undoStack().undo();
        ASSERT_TRUE(window->session().study.edits().models.empty());
        ASSERT_TRUE(waitFor([&] { return dialog(QStringLiteral("dropPreview")) == nullptr; }));
    }
}

TEST_F(DroppingTest, OnTheStartPageAProjectIsProposed) {
    open();
    const auto network = folder / "vit_sample.safetensors";  // the project will lie beside it
    std::filesystem::copy_file(runs.spec().model, network);
    ASSERT_TRUE(drop({network}, places()[0]));
    DropPreview* shown = preview();
    ASSERT_NE(shown, nullptr);
    shown->accept();
    ASSERT_TRUE(waitFor([&] { return window->session().study.isOpen() && window->session().study.edits().models.size() == 1; }));
    EXPECT_EQ(window->session().study.folder(), pathText(folder / "vit_sample-study"));
}

TEST_F(DroppingTest, AProjectIsOpened) {
    open();
    project::Project::create(runs.project(), "Dropped");
    ASSERT_TRUE(drop({runs.project()}, places()[0]));
    ASSERT_TRUE(waitFor([&] { return window->session().study.isOpen(); }));
    EXPECT_EQ(window->session().study.folder(), runs.projectText());

    // Another one, with a network beside it, dropped by its manifest.
    project::Project::create(folder / "second", "Second");
    ASSERT_TRUE(drop({folder / "second" / "study.vitrine", runs.spec().model}, places()[1]));
    ASSERT_TRUE(waitFor([&] { return window->session().study.folder() == pathText(folder / "second"); }));
    DropPreview* shown = preview();
    ASSERT_NE(shown, nullptr) << "the network is offered to the project that was opened";
    EXPECT_EQ(shown->items().size(), 1u);
    shown->reject();
}

TEST_F(DroppingTest, WhatIsNothingIsSaid) {
    open();
    ASSERT_TRUE(openProject());
    writeFileAtomically(folder / "letter.txt", "Dear user");
    ASSERT_TRUE(drop({folder / "letter.txt"}, places()[0]));
    DropPreview* shown = preview();
    ASSERT_NE(shown, nullptr);
    EXPECT_FALSE(shown->findChild<QPushButton*>(QStringLiteral("acceptDrop"))->isEnabled());
    shown->reject();
    QMimeData text;
    text.setText(QStringLiteral("no file"));
    QDragEnterEvent enter({10, 10}, Qt::CopyAction, &text, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window.get(), &enter);
    EXPECT_FALSE(enter.isAccepted());
}

}  // namespace
}  // namespace vitrine::widgets
