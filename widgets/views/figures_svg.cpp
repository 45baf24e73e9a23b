// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/figures_svg.h"

#include <QBuffer>
#include <QFontMetricsF>
#include <QImage>
#include <QPaintEngine>
#include <QPainterPath>
#include <QPixmap>
#include <cmath>
#include <map>

namespace vitrine::widgets {
namespace {

constexpr double kUnitsPerMm = 96 / 25.4;

/// At most two decimals, without trailing zeros, with a point in every locale.
QByteArray number(double value, int decimals = 2) {
    if (!std::isfinite(value)) return "0";
    QByteArray text = QByteArray::number(value, 'f', decimals);
    if (text.contains('.')) {
        while (text.endsWith('0')) text.chop(1);
        if (text.endsWith('.')) text.chop(1);
    }
    return text == "-0" ? QByteArray("0") : text;
}

QByteArray point(const QPointF& at) { return number(at.x()) + ' ' + number(at.y()); }

QByteArray attribute(const char* name, const QByteArray& value) { return QByteArray(" ") + name + "=\"" + value + '"'; }

QByteArray escaped(const QString& text) { return text.toHtmlEscaped().toUtf8(); }

QByteArray pathData(const QPainterPath& path) {
    QByteArray data;
    for (int i = 0; i < path.elementCount(); ++i) {
        const QPainterPath::Element& element = path.elementAt(i);
        switch (element.type) {
            case QPainterPath::MoveToElement: data += 'M'; break;
            case QPainterPath::LineToElement: data += 'L'; break;
            case QPainterPath::CurveToElement: data += 'C'; break;
            case QPainterPath::CurveToDataElement: data += ' '; break;
        }
        data += point(element);
    }
    return data;
}

QByteArray matrixOf(const QTransform& t) {
    if (t.isIdentity()) return {};
    if (t.type() == QTransform::TxTranslate) return attribute("transform", "translate(" + number(t.dx()) + ' ' + number(t.dy()) + ')');
    QByteArray list;
    for (const double entry : {t.m11(), t.m12(), t.m21(), t.m22()}) list += number(entry, 5) + ' ';
    return attribute("transform", "matrix(" + list + point({t.dx(), t.dy()}) + ')');
}

QByteArray paintOf(const char* name, const QColor& colour) {
    QByteArray text = attribute(name, colour.name().toLatin1());
    if (colour.alpha() < 255) text += attribute((QByteArray(name) + "-opacity").constData(), number(colour.alphaF(), 3));
    return text;
}

QByteArray dashesOf(const QPen& pen, double width) {
    QByteArray list;
    const auto pattern = pen.dashPattern();
    for (const double length : pattern) list += (list.isEmpty() ? "" : " ") + number(length * width);
    return list;
}

QByteArray strokeOf(const QPen& pen) {
    if (pen.style() == Qt::NoPen || pen.color().alpha() == 0) return {};
    const double width = pen.widthF() > 0 ? pen.widthF() : 1;
    QByteArray text = paintOf("stroke", pen.color());
    if (width != 1) text += attribute("stroke-width", number(width));
    if (pen.style() != Qt::SolidLine) text += attribute("stroke-dasharray", dashesOf(pen, width));
    if (pen.capStyle() == Qt::SquareCap && pen.style() == Qt::SolidLine) text += attribute("stroke-linecap", "square");
    if (pen.capStyle() == Qt::RoundCap) text += attribute("stroke-linecap", "round");
    if (pen.joinStyle() == Qt::RoundJoin) text += attribute("stroke-linejoin", "round");
    if (pen.joinStyle() == Qt::BevelJoin) text += attribute("stroke-linejoin", "bevel");
    return text;
}

}  // namespace

class SvgEngine : public QPaintEngine {
  public:
    explicit SvgEngine(const QRectF& sheet) : QPaintEngine(QPaintEngine::AllFeatures), sheet_(sheet) {}

    bool begin(QPaintDevice*) override { return true; }
    bool end() override {
        useClip({});
        return true;
    }
    Type type() const override { return QPaintEngine::SVG; }

    void updateState(const QPaintEngineState& now) override {
        const DirtyFlags dirty = now.state();
        if (dirty & DirtyTransform) transform_ = now.transform();
        if (dirty & DirtyPen) pen_ = now.pen();
        if (dirty & DirtyBrush) brush_ = now.brush();
        if (dirty & DirtyOpacity) opacity_ = now.opacity();
        if (dirty & DirtyHints) isSmooth_ = now.renderHints().testFlag(QPainter::Antialiasing);
        if (dirty & DirtyClipRegion) {
            QPainterPath path;
            path.addRegion(now.clipRegion());
            setClip(path, now.clipOperation());
        }
        if (dirty & DirtyClipPath) setClip(now.clipPath(), now.clipOperation());
        if (dirty & DirtyClipEnabled) isClipping_ = now.isClipEnabled();
    }

    using QPaintEngine::drawEllipse;
    using QPaintEngine::drawLines;
    using QPaintEngine::drawPoints;
    using QPaintEngine::drawPolygon;
    using QPaintEngine::drawRects;

    void drawRects(const QRectF* rects, int count) override {
        for (int i = 0; i < count; ++i) {
            const QRectF box = rects[i].normalized();
            shape("rect", attribute("x", number(box.x())) + attribute("y", number(box.y())) + attribute("width", number(box.width())) +
                              attribute("height", number(box.height())), Filled::yes);
        }
    }
    void drawLines(const QLineF* lines, int count) override {
        QByteArray data;
        for (int i = 0; i < count; ++i) data += 'M' + point(lines[i].p1()) + 'L' + point(lines[i].p2());
        shape("path", attribute("d", data), Filled::no);
    }
    void drawEllipse(const QRectF& box) override {
        shape("ellipse", attribute("cx", number(box.center().x())) + attribute("cy", number(box.center().y())) +
                             attribute("rx", number(box.width() / 2)) + attribute("ry", number(box.height() / 2)), Filled::yes);
    }
    void drawPath(const QPainterPath& path) override {
        if (path.isEmpty()) return;
        const QByteArray rule = path.fillRule() == Qt::OddEvenFill ? attribute("fill-rule", "evenodd") : QByteArray();
        shape("path", attribute("d", pathData(path)) + rule, Filled::yes);
    }
    void drawPoints(const QPointF* points, int count) override {
        QByteArray data;
        for (int i = 0; i < count; ++i) data += 'M' + point(points[i]) + "h0";
        shape("path", attribute("d", data) + attribute("stroke-linecap", "round"), Filled::no);
    }
    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override {
        QByteArray list;
        for (int i = 0; i < count; ++i) list += (i == 0 ? "" : " ") + number(points[i].x()) + ',' + number(points[i].y());
        const QByteArray rule = mode == OddEvenMode ? attribute("fill-rule", "evenodd") : QByteArray();
        if (mode == PolylineMode)
            shape("polyline", attribute("points", list), Filled::no);
        else
            shape("polygon", attribute("points", list) + rule, Filled::yes);
    }
    void drawPixmap(const QRectF& place, const QPixmap& pixmap, const QRectF& part) override { drawImage(place, pixmap.toImage(), part, Qt::AutoColor); }
    void drawImage(const QRectF& place, const QImage& image, const QRectF& part, Qt::ImageConversionFlags) override {
        QByteArray png;
        QBuffer buffer(&png);
        if (hidesAll() || !image.copy(part.toAlignedRect()).save(&buffer, "PNG")) return;
        useClip(clip());
        body_ += "<image" + attribute("x", number(place.x())) + attribute("y", number(place.y())) + attribute("width", number(place.width())) +
                 attribute("height", number(place.height())) + attribute("preserveAspectRatio", "none") + placement() +
                 attribute("href", "data:image/png;base64," + png.toBase64()) + "/>\n";
    }
    void drawTextItem(const QPointF& at, const QTextItem& item) override {
        const QString text = item.text();
        if (text.trimmed().isEmpty() || pen_.style() == Qt::NoPen || hidesAll()) return;
        const QFont font = item.font();
        const double size = font.pixelSize() > 0 ? font.pixelSize() : font.pointSizeF() * 96 / 72;
        useClip(clip());
        body_ += "<text" + attribute("x", number(at.x())) + attribute("y", number(at.y())) + attribute("font-size", number(size)) +
                 attribute("font-family", escaped(u'\'' + font.family() + QStringLiteral("', 'DejaVu Sans', sans-serif"))) + paintOf("fill", pen_.color());
        if (font.weight() > QFont::Normal) body_ += attribute("font-weight", QByteArray::number(static_cast<int>(font.weight())));
        if (font.italic()) body_ += attribute("font-style", "italic");
        // Whatever font a reader has, the text keeps the width that the layout gave it.
        if (text.size() > 1) body_ += attribute("textLength", number(item.width())) + attribute("lengthAdjust", "spacingAndGlyphs");
        body_ += attribute("xml:space", "preserve") + placement() + '>' + escaped(text) + "</text>\n";
    }

    const QByteArray& body() const { return body_; }
    const QByteArray& definitions() const { return definitions_; }

  private:
    enum class Filled { no, yes };

    QByteArray placement() const {
        QByteArray text = matrixOf(transform_);
        if (opacity_ < 1) text += attribute("opacity", number(opacity_, 3));
        return text;
    }

    void shape(const char* element, const QByteArray& geometry, Filled filled) {
        const QByteArray stroke = strokeOf(pen_);
        const bool fills = filled == Filled::yes && brush_.style() != Qt::NoBrush && (brush_.gradient() != nullptr || brush_.color().alpha() > 0);
        if ((stroke.isEmpty() && !fills) || hidesAll()) return;
        useClip(clip());
        body_ += '<' + QByteArray(element) + geometry + (fills ? fill() : attribute("fill", "none")) + stroke;
        if (!isSmooth_) body_ += attribute("shape-rendering", "crispEdges");
        body_ += placement() + "/>\n";
    }

    QByteArray fill() {
        const QGradient* gradient = brush_.gradient();
        if (gradient == nullptr || gradient->type() != QGradient::LinearGradient) return paintOf("fill", gradient ? gradient->stops().front().second : brush_.color());
        const auto& linear = static_cast<const QLinearGradient&>(*gradient);
        const bool isRelative = gradient->coordinateMode() != QGradient::LogicalMode;
        QByteArray text = attribute("gradientUnits", isRelative ? "objectBoundingBox" : "userSpaceOnUse") + attribute("x1", number(linear.start().x(), 4)) +
                          attribute("y1", number(linear.start().y(), 4)) + attribute("x2", number(linear.finalStop().x(), 4)) +
                          attribute("y2", number(linear.finalStop().y(), 4)) + ">";
        const auto stops = gradient->stops();
        for (const auto& [place, colour] : stops) text += "<stop" + attribute("offset", number(place, 4)) + paintOf("stop-color", colour).replace("stop-color-opacity", "stop-opacity") + "/>";
        return attribute("fill", "url(#" + defined("linearGradient", text, "g") + ')');
    }

    /// The id of a definition; equal ones are kept once.
    QByteArray defined(const QByteArray& element, const QByteArray& content, const QByteArray& letter) {
        QByteArray& id = ids_[element + content];
        if (id.isEmpty()) {
            id = letter + QByteArray::number(ids_.size());
            definitions_ += '<' + element + attribute("id", id) + content + "</" + element + ">\n";
        }
        return id;
    }

    void setClip(const QPainterPath& path, Qt::ClipOperation operation) {
        const QPainterPath onSheet = transform_.map(path);
        isClipping_ = operation != Qt::NoClip;
        if (operation == Qt::ReplaceClip || !hasClip_)
            clip_ = onSheet;
        else if (operation == Qt::IntersectClip)
            clip_ = clip_.intersected(onSheet);
        hasClip_ = operation != Qt::NoClip;
    }

    bool hidesAll() const { return isClipping_ && hasClip_ && clip_.isEmpty(); }
    /// Empty where nothing of the sheet is cut off.
    QPainterPath clip() const {
        if (!isClipping_ || !hasClip_) return {};
        return clip_.contains(sheet_.adjusted(2, 2, -2, -2)) ? QPainterPath() : clip_;
    }

    /// Opens a group that is clipped like what follows; an empty path is no clip.
    void useClip(const QPainterPath& path) {
        const QByteArray data = path.isEmpty() ? QByteArray() : pathData(path);
        if (data == usedClip_) return;
        if (!usedClip_.isEmpty()) body_ += "</g>\n";
        usedClip_ = data;
        if (!data.isEmpty()) body_ += "<g" + attribute("clip-path", "url(#" + defined("clipPath", "><path" + attribute("d", data) + "/>", "c") + ')') + ">\n";
    }

    QRectF sheet_;
    QByteArray body_, definitions_;
    std::map<QByteArray, QByteArray> ids_;
    QTransform transform_;
    QPen pen_;
    QBrush brush_;
    double opacity_ = 1;
    bool isSmooth_ = false;
    bool isClipping_ = false, hasClip_ = false;
    QPainterPath clip_;
    QByteArray usedClip_;
};

SvgSheet::SvgSheet(const QSizeF& sizeMm, const QString& title) : sizeMm_(sizeMm), title_(title), engine_(std::make_unique<SvgEngine>(QRectF(QPointF(0, 0), sizeMm * kUnitsPerMm))) {}

SvgSheet::~SvgSheet() = default;

QSizeF SvgSheet::units() const { return sizeMm_ * kUnitsPerMm; }

QByteArray SvgSheet::svg() const {
    const QSizeF size = units();
    QByteArray text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg" + attribute("xmlns", "http://www.w3.org/2000/svg") +
                      attribute("width", number(sizeMm_.width(), 3) + "mm") + attribute("height", number(sizeMm_.height(), 3) + "mm") +
                      attribute("viewBox", "0 0 " + number(size.width(), 3) + ' ' + number(size.height(), 3)) + ">\n";
    if (!title_.isEmpty()) text += "<title>" + escaped(title_) + "</title>\n";
    if (!engine_->definitions().isEmpty()) text += "<defs>\n" + engine_->definitions() + "</defs>\n";
    return text + engine_->body() + "</svg>\n";
}

QPaintEngine* SvgSheet::paintEngine() const { return engine_.get(); }

int SvgSheet::metric(PaintDeviceMetric metric) const {
    switch (metric) {
        case PdmWidth: return qRound(units().width());
        case PdmHeight: return qRound(units().height());
        case PdmWidthMM: return qRound(sizeMm_.width());
        case PdmHeightMM: return qRound(sizeMm_.height());
        case PdmDpiX:
        case PdmDpiY:
        case PdmPhysicalDpiX:
        case PdmPhysicalDpiY: return 96;
        case PdmNumColors: return 1 << 24;
        case PdmDepth: return 24;
        case PdmDevicePixelRatio: return 1;
        case PdmDevicePixelRatioScaled: return qRound(devicePixelRatioFScale());
        default: return 0;
    }
}

}  // namespace vitrine::widgets
