// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "widgets/views/images_large.h"
#include "widgets/views/view.h"

class QLabel;
class QListView;
class QSlider;
class QStackedWidget;
class QToolButton;

namespace vitrine::widgets {

/// Images that a run made without data: all of them at a step between noise and result, or one with its patches. With two runs their
/// images stand beside each other or, after F, one after the other.
///
/// Keys: arrows choose an image, Enter shows it large and Esc goes back, comma and full stop step back and forth, Page Up and Page Down
/// walk over the large images, Space plays the steps, F flickers between A and B.
class ImagesView : public View {
    Q_OBJECT
  public:
    explicit ImagesView(QWidget* parent = nullptr);

    void setInput(const ViewInput& input) override;
    /// "show", "sort", "size", "captions", "map", "block", "network"; and what one chooses with the mouse in the window: "image", "row", "column", "step".
    ParameterSchema options() const override;
    void setOptions(const ParameterSet& values) override;
    report::Table table() const override;
    QString summary() const override;
    QString emptyText() const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;
    QSizeF figureSizeMm() const override;
    void addToContextMenu(QMenu& menu, const QPoint& position) override;
    std::vector<analysis::PatchRequest> patchesMissing() const override { return patchesMissing_; }

    std::size_t sheet() const { return sheet_; }  ///< index of what is shown
    void setSheet(std::size_t sheet);             ///< as the user does: the newest one is followed, another one stays
    void setLarge(bool large);
    bool isLarge() const;
    void toggleFlicker();

  Q_SIGNALS:
    /// The user wants these images as files: project::exportSyntheticImages() writes them. `sheet` is an index in the run's artefact.
    void saveImagesAsked(const QString& run, qint64 sheet);
    /// The user wants them as an image set of the project, to calibrate other runs on.
    void calibrationSetAsked(const QString& run, qint64 sheet);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    ParameterSchema allOptions() const;  ///< of both modes
    void makeHeader();
    void makeGrid();
    void rebuild();
    void arrange();
    void showStep();
    void showLarge();
    std::vector<std::string> patchBlocks() const;  ///< "last" and the blocks that may have attention
    PatchMapKind mapKind() const;
    analysis::PatchRequest patchRequest(const ImagesShown& shown) const;
    const RunDataPtr& runOf(const ImagesShown& shown) const;
    QString noteOf(const analysis::PatchMaps& maps, const ImagesShown& shown) const;  ///< which picture was looked at
    void takeKnown(const analysis::PatchMaps& maps, const ImagesShown& shown, ImagesLarge::Content& content) const;
    /// Takes the maps of what is shown large, or asks for them.
    void takePatches(ImagesLarge::Content& content);
    void step(int by);
    void play();
    void flicker();
    bool isPair() const;
    bool movesLittle() const;  ///< the user asked the desktop for no animations
    std::vector<ImagesShown> shownRuns() const;
    void choosePlace();  ///< step, image and patch as the options say
    ImageTileMetrics tileMetrics(double em, std::size_t runs) const;
    ImageClassNamer namer() const;
    std::string runId() const;  ///< of the first run shown
    bool handleKey(const QKeyEvent& event);

    ViewInput input_;
    ParameterSet options_;
    std::size_t sheet_ = 0;
    bool follows_ = true;      ///< the newest sheet
    QString runs_;             ///< ids of what is shown
    std::size_t image_ = 0;
    std::optional<std::size_t> flicker_;
    QTimer playTimer_, flickerTimer_;
    QWidget* header_ = nullptr;
    QToolButton *back_ = nullptr, *playButton_ = nullptr, *flickerButton_ = nullptr, *save_ = nullptr, *calibrate_ = nullptr;
    QSlider* slider_ = nullptr;
    QLabel* label_ = nullptr;
    QStackedWidget* pages_ = nullptr;
    QListView* grid_ = nullptr;
    ImagesModel* model_ = nullptr;
    ImagesDelegate* delegate_ = nullptr;
    ImagesLarge* large_ = nullptr;
    std::vector<analysis::PatchRequest> patchesMissing_;
    std::vector<analysis::PatchRequest> asked_;  ///< of them, last
    bool quiet_ = false;  ///< the program, not the user, moves slider and selection
};

}  // namespace vitrine::widgets
