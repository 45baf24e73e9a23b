// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QPushButton>
#include <QTableView>
#include <QThreadPool>
#include <QToolButton>
#include <QWidget>

class QBoxLayout;

#include "widgets/base/background.h"
#include "widgets/forms/inputs_model.h"
#include "widgets/forms/parts.h"
#include "widgets/session/session.h"

namespace vitrine::widgets {

class ThumbnailStrip;

/// The networks and image sets of the project: what they are for, where they are, and a look at the pictures. All changes are
/// undoable edits. UI thread.
class ImageSetsPanel : public QWidget {
    Q_OBJECT
  public:
    explicit ImageSetsPanel(Session& session, QWidget* parent = nullptr);
    ~ImageSetsPanel() override;  ///< waits for what looks at the disk

    InputsModel* model() const { return model_; }
    QTableView* view() const { return view_; }
    ThumbnailStrip* strip() const { return strip_; }

    // What the buttons do, by name.
    void rename(bool isModel, const QString& name, const QString& wanted);
    void remove(bool isModel, const QString& name);
    void setRole(const QString& images, project::ImageRole role);
    /// The input lies at `path` now. Other inputs that were missing in the same way are found along with it, in the same step.
    void relocate(bool isModel, const QString& name, const QString& path);

  Q_SIGNALS:
    void addAsked();  ///< files are to be chosen and added
    void placesKnown();

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void makeView();
    QWidget* makeButtons();
    void showEdits();
    void showCurrent();
    void lookForPlaces();
    void locateCurrent();
    int currentRow() const { return view_->currentIndex().row(); }

    QBoxLayout* layout_ = nullptr;
    Session& session_;
    QThreadPool pool_;
    RequestCounter requests_;
    InputsModel* model_;
    QTableView* view_;
    ThumbnailStrip* strip_;
    Notice* missing_;
    ToneLabel* empty_;
    QComboBox* role_;
    ToneLabel* roleLabel_;
    QPushButton *add_, *locate_;
    QToolButton *rename_, *remove_;
};

}  // namespace vitrine::widgets
