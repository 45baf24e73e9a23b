// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/drop_item.h"

#include <QApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "models/model.h"
#include "widgets/base/text.h"
#include "widgets/forms/parameter_form.h"
#include "widgets/forms/parameter_text.h"

namespace vitrine::widgets {
namespace {

constexpr int kPicture = 56;  // pixels
constexpr qsizetype kMostWarnings = 6;

QString kindTitle(const Recognition& recognition) {
    switch (recognition.kind) {
        case InputKind::model:
            return DropItem::tr("Network");
        case InputKind::images:
            return DropItem::tr("Images");
        case InputKind::project:
            return DropItem::tr("Project");
        case InputKind::unknown:
            break;
    }
    return DropItem::tr("Unknown");
}

/// Small squares side by side.
QPixmap contactSheet(const QList<QImage>& samples, qreal ratio) {
    const int gap = 4, count = static_cast<int>(samples.size());
    QPixmap sheet(QSize(count * (kPicture + gap), kPicture) * ratio);
    sheet.setDevicePixelRatio(ratio);
    sheet.fill(Qt::transparent);
    QPainter painter(&sheet);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    for (int i = 0; i < count; ++i) {
        const QRectF target(i * (kPicture + gap), 0, kPicture, kPicture);
        const QImage& image = samples[i];
        const int side = std::min(image.width(), image.height());
        QPainterPath corner;
        corner.addRoundedRect(target, 4, 4);
        painter.setClipPath(corner);
        painter.drawImage(target, image, QRectF((image.width() - side) / 2.0, (image.height() - side) / 2.0, side, side));
    }
    return sheet;
}

}  // namespace

DropItem::DropItem(const QString& path, project::ImageRole role, QWidget* parent)
    : QWidget(parent),
      path_(path),
      role_(role),
      kind_(new Badge(Tone::muted, tr("Reading…"), this)),
      title_(new ElidedLabel(Qt::ElideMiddle, this)),
      outcome_(new Notice(this)),
      trouble_(new Notice(this)),
      facts_(new ToneLabel(Tone::plain, {}, this)),
      samples_(new QLabel(this)),
      more_(new QPushButton(tr("Describe the network..."), this)) {
    setObjectName(QStringLiteral("dropItem"));
    makeFields();
    auto* remove = iconButton(QStringLiteral("close"), tr("Leave %1 out").arg(QFileInfo(path).fileName()), this);
    remove->setObjectName(QStringLiteral("leaveOut"));
    connect(remove, &QToolButton::clicked, this, &DropItem::removeAsked);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(kind_);
    head->addWidget(title_, 1);
    head->addWidget(remove);
    title_->setForegroundRole(QPalette::PlaceholderText);
    title_->setText(path);
    facts_->setTextFormat(Qt::RichText);
    facts_->setWordWrap(true);
    samples_->setAccessibleName(tr("A few of the pictures"));
    samples_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    more_->setObjectName(QStringLiteral("describeNetwork"));
    more_->setCheckable(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 12);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(outcome_);
    layout->addWidget(trouble_);
    layout->addWidget(fields_);
    layout->addWidget(facts_);
    layout->addWidget(samples_);
    layout->addWidget(more_, 0, Qt::AlignLeft);
    connect(more_, &QPushButton::toggled, this, [this, layout](bool on) {
        if (overrides_ == nullptr) {
            overrides_ = new ParameterForm(this);
            overrides_->setSchema(models::overrideSchema());
            overrides_->setToolsVisible(false);
            overrides_->setProvenanceVisible(false);
            layout->addWidget(overrides_);
            connect(overrides_, &ParameterForm::changed, this, [this] {
                if (overrides_->isValid()) Q_EMIT hintsChanged();
            });
        }
        overrides_->setVisible(on);
    });
    setReading();
}

void DropItem::makeFields() {
    fields_ = new QWidget(this);
    auto* form = new QFormLayout(fields_);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(8);
    form->setVerticalSpacing(4);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    name_ = new QLineEdit(fields_);
    name_->setObjectName(QStringLiteral("dropName"));
    roleBox_ = new QComboBox(fields_);
    roleBox_->setObjectName(QStringLiteral("dropRole"));
    for (const auto role : {project::ImageRole::calibration, project::ImageRole::evaluation, project::ImageRole::any})
        roleBox_->addItem(imageRoleTitle(role), static_cast<int>(role));
    rootLine_ = new QWidget(fields_);
    auto* rootLayout = new QHBoxLayout(rootLine_);
    rootLayout->setContentsMargins(0, 0, 0, 0);
    rootLabel_ = new ElidedLabel(Qt::ElideMiddle, rootLine_);
    auto* chooseRootButton = new QPushButton(tr("Choose..."), rootLine_);
    chooseRootButton->setObjectName(QStringLiteral("chooseRoot"));
    rootLayout->addWidget(rootLabel_, 1);
    rootLayout->addWidget(chooseRootButton);
    form->addRow(tr("Name"), name_);
    form->addRow(tr("Used for"), roleBox_);
    form->addRow(tr("Pictures in"), rootLine_);
    roleLine_ = roleBox_;
    connect(name_, &QLineEdit::textEdited, this, [this] {
        named_ = true;
        Q_EMIT changed();
    });
    connect(roleBox_, &QComboBox::activated, this, [this] {
        roleChosen_ = true;
        showOutcome();
        Q_EMIT changed();
    });
    connect(chooseRootButton, &QPushButton::clicked, this, &DropItem::chooseRoot);
}

void DropItem::chooseRoot() {
    auto* dialog = new QFileDialog(this, tr("Folder that the paths in the table begin in"), QFileInfo(path_).path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
        root_ = folder;
        Q_EMIT hintsChanged();
    });
    dialog->open();
}

void DropItem::setBeside(const QStringList& paths) { beside_ = paths; }

void DropItem::setReading() {
    recognition_.reset();
    kind_->setContent(Tone::muted, tr("Reading…"));
    outcome_->setContent(Tone::muted, tr("Finding out what it is…"));
    trouble_->setContent(Tone::bad, {});
    if (overrides_ != nullptr && overrides_->isVisible()) return;  // the fields stay under the user's hands
    for (QWidget* part : {fields_, static_cast<QWidget*>(facts_), static_cast<QWidget*>(samples_), static_cast<QWidget*>(more_)})
        part->hide();
}

void DropItem::setRecognition(const Recognition& recognition) {
    recognition_ = recognition;
    const bool usable = recognition.isUsable(), images = recognition.kind == InputKind::images;
    kind_->setContent(usable ? Tone::accent : Tone::bad, kindTitle(recognition));
    title_->setText(pathText(recognition.path));
    if (!named_) name_->setText(toQt(recognition.name));
    if (!roleChosen_) {
        const auto role = role_ == project::ImageRole::any ? recognition.role : role_;
        roleBox_->setCurrentIndex(roleBox_->findData(static_cast<int>(role)));
    }
    auto* form = static_cast<QFormLayout*>(fields_->layout());
    const bool named = usable && recognition.kind != InputKind::project;
    fields_->setVisible(named || recognition.isTable);
    for (const auto& [field, visible] :
         {std::pair<QWidget*, bool>{name_, named}, {roleLine_, named && images}, {rootLine_, recognition.isTable}}) {
        field->setVisible(visible);
        if (QWidget* label = form->labelForField(field)) label->setVisible(visible);
    }
    const QString root = pathText(recognition.root);
    rootLabel_->setText(root.isEmpty() ? tr("the folder of the table") : root_.isEmpty() ? tr("%1 (found)").arg(root) : root);
    more_->setVisible(recognition.kind == InputKind::model && (usable || recognition.wantsOverrides));
    if (recognition.error && recognition.wantsOverrides) more_->setChecked(true);
    showFacts();
    showSamples();
    showOutcome();
    Q_EMIT changed();
}

void DropItem::showFacts() {
    QString rows;
    const QString muted = Theme::of(QApplication::palette()).mutedText.name();
    for (const auto& [name, value] : recognition_->facts)
        rows += QStringLiteral("<tr><td style=\"color:%1; padding-right:12px\">%2</td><td>%3</td></tr>")
                    .arg(muted, name.toHtmlEscaped(), value.toHtmlEscaped());
    facts_->setText(rows.isEmpty() ? QString() : QStringLiteral("<table cellspacing=\"0\" cellpadding=\"1\">%1</table>").arg(rows));
    facts_->setVisible(!rows.isEmpty() && !recognition_->error);
}

void DropItem::showSamples() {
    samples_->setVisible(!recognition_->samples.isEmpty());
    if (!recognition_->samples.isEmpty()) samples_->setPixmap(contactSheet(recognition_->samples, devicePixelRatioF()));
}

void DropItem::showOutcome() {
    if (!recognition_) return;
    if (recognition_->error) {
        outcome_->setContent(Tone::bad, tr("Will not be added."));
        const Error& error = *recognition_->error;
        const bool elsewhere = !error.where.empty() && error.where != recognition_->path.string();
        const QString text = problemText(error.what, error.remedy);
        trouble_->setContent(Tone::bad, elsewhere ? QStringLiteral("%1: %2").arg(toQt(error.where), text) : text);
        return;
    }
    QString text;
    if (recognition_->kind == InputKind::model)
        text = tr("Will be added as a network.");
    else if (recognition_->kind == InputKind::project)
        text = tr("Will be opened; the project that is open now will be closed.");
    else
        switch (static_cast<project::ImageRole>(roleBox_->currentData().toInt())) {
            case project::ImageRole::calibration:
                text = tr("Will be added as calibration images.");
                break;
            case project::ImageRole::evaluation:
                text = tr("Will be added as evaluation images.");
                break;
            case project::ImageRole::any:
                text = tr("Will be added as images for calibration and evaluation.");
                break;
        }
    outcome_->setContent(Tone::good, text);
    QStringList warnings = recognition_->warnings.mid(0, kMostWarnings);
    if (recognition_->warnings.size() > kMostWarnings)
        warnings.append(tr("And %1 more.").arg(recognition_->warnings.size() - kMostWarnings));
    trouble_->setContent(Tone::warning, warnings.join(u'\n'));
}

InputHints DropItem::hints() const {
    InputHints hints{.root = toPath(root_)};
    for (const QString& path : beside_) hints.beside.push_back(toPath(path));
    if (overrides_ != nullptr) hints.overrides = overrides_->values();
    return hints;
}

std::optional<InputChoice> DropItem::choice() const {
    if (!recognition_ || !recognition_->isUsable() || recognition_->kind == InputKind::project) return std::nullopt;
    if (overrides_ != nullptr && !overrides_->isValid()) return std::nullopt;
    const std::string typed = toStd(name_->text().trimmed());
    InputHints told = hints();
    told.root = recognition_->root;
    return InputChoice{.kind = recognition_->kind,
                       .path = recognition_->path,
                       .name = typed.empty() ? recognition_->name : typed,
                       .role = static_cast<project::ImageRole>(roleBox_->currentData().toInt()),
                       .images = recognition_->images,
                       .hints = std::move(told)};
}

void DropItem::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::of(QApplication::palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.border);
    painter.setBrush(theme.dark ? theme.raised : theme.surface);  // fields stand out from it in both
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

}  // namespace vitrine::widgets
