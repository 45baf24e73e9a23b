// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of ImagesView.
#include <QKeyEvent>
#include <QListView>

#include "widgets/views/images_view.h"

namespace vitrine::widgets {

bool ImagesView::handleKey(const QKeyEvent& event) {
    switch (event.key()) {
        case Qt::Key_F: toggleFlicker(); return true;
        case Qt::Key_Space: play(); return true;
        case Qt::Key_Comma: step(-1); return true;
        case Qt::Key_Period: step(1); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (!isLarge()) setLarge(true);
            return true;
        case Qt::Key_Escape:
            if (!isLarge()) return false;
            setLarge(false);
            return true;
        case Qt::Key_PageUp:
        case Qt::Key_PageDown: {
            if (!isLarge()) return false;
            const int row = model_->rowOf(image_) + (event.key() == Qt::Key_PageUp ? -1 : 1);
            if (row < 0 || row >= model_->rowCount()) return true;
            image_ = model_->imageAt(row);
            rebuild();
            Q_EMIT readoutChanged(imageText(model_->content().shown.front(), image_, model_->namer()));
            return true;
        }
        default: return false;
    }
}

void ImagesView::keyPressEvent(QKeyEvent* event) {
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier) || !handleKey(*event)) View::keyPressEvent(event);
}

bool ImagesView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Leave && watched == grid_->viewport()) Q_EMIT readoutChanged({});
    // Before the list takes them for its search.
    if (event->type() == QEvent::KeyPress && (watched == grid_ || watched == large_)) {
        const auto& key = *static_cast<QKeyEvent*>(event);
        if (!(key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) && handleKey(key)) return true;
    }
    return View::eventFilter(watched, event);
}

}  // namespace vitrine::widgets
