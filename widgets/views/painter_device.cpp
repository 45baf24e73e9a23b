// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/painter_device.h"

#include <QPaintEngine>
#include <QPainterPath>

namespace vitrine::widgets {
namespace {

class ForwardingEngine : public QPaintEngine {
  public:
    explicit ForwardingEngine(QPainter& target) : QPaintEngine(QPaintEngine::AllFeatures), target_(target), base_(target.transform()) {}

    bool begin(QPaintDevice*) override {
        target_.save();
        return true;
    }
    bool end() override {
        target_.restore();
        return true;
    }
    Type type() const override { return QPaintEngine::User; }

    void updateState(const QPaintEngineState& now) override {
        const DirtyFlags dirty = now.state();
        if (dirty & DirtyTransform) target_.setTransform(now.transform() * base_);
        if (dirty & DirtyPen) target_.setPen(now.pen());
        if (dirty & DirtyBrush) target_.setBrush(now.brush());
        if (dirty & DirtyBrushOrigin) target_.setBrushOrigin(now.brushOrigin());
        if (dirty & DirtyFont) target_.setFont(now.font());
        if (dirty & DirtyOpacity) target_.setOpacity(now.opacity());
        if (dirty & DirtyCompositionMode) target_.setCompositionMode(now.compositionMode());
        if (dirty & DirtyHints)
            for (const auto hint : {QPainter::Antialiasing, QPainter::TextAntialiasing, QPainter::SmoothPixmapTransform})
                target_.setRenderHint(hint, now.renderHints().testFlag(hint));
        if (dirty & DirtyClipRegion) target_.setClipRegion(now.clipRegion(), now.clipOperation());
        if (dirty & DirtyClipPath) target_.setClipPath(now.clipPath(), now.clipOperation());
        if (dirty & DirtyClipEnabled) target_.setClipping(now.isClipEnabled());
    }

    using QPaintEngine::drawEllipse;
    using QPaintEngine::drawLines;
    using QPaintEngine::drawPoints;
    using QPaintEngine::drawPolygon;
    using QPaintEngine::drawRects;
    void drawRects(const QRectF* rects, int count) override { target_.drawRects(rects, count); }
    void drawLines(const QLineF* lines, int count) override { target_.drawLines(lines, count); }
    void drawEllipse(const QRectF& box) override { target_.drawEllipse(box); }
    void drawPath(const QPainterPath& path) override { target_.drawPath(path); }
    void drawPoints(const QPointF* points, int count) override { target_.drawPoints(points, count); }
    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override {
        if (mode == PolylineMode)
            target_.drawPolyline(points, count);
        else
            target_.drawPolygon(points, count, mode == WindingMode ? Qt::WindingFill : Qt::OddEvenFill);
    }
    void drawPixmap(const QRectF& place, const QPixmap& pixmap, const QRectF& part) override { target_.drawPixmap(place, pixmap, part); }
    void drawImage(const QRectF& place, const QImage& image, const QRectF& part, Qt::ImageConversionFlags flags) override {
        target_.drawImage(place, image, part, flags);
    }
    void drawTextItem(const QPointF& at, const QTextItem& item) override { target_.drawTextItem(at, item); }

  private:
    QPainter& target_;
    QTransform base_;
};

}  // namespace

PainterDevice::PainterDevice(QPainter& target, const QSize& size) : engine_(std::make_unique<ForwardingEngine>(target)), size_(size) {}

PainterDevice::~PainterDevice() = default;

QPaintEngine* PainterDevice::paintEngine() const { return engine_.get(); }

int PainterDevice::metric(PaintDeviceMetric metric) const {
    constexpr double kMmPerPixel = 25.4 / 96;
    switch (metric) {
        case PdmWidth: return size_.width();
        case PdmHeight: return size_.height();
        case PdmWidthMM: return qRound(size_.width() * kMmPerPixel);
        case PdmHeightMM: return qRound(size_.height() * kMmPerPixel);
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
