// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"
#include "models/plan.h"
#include "models/weights.h"

namespace vitrine::models {

/// ViT, DeiT and distilled DeiT. Source: timm 0.6.13, vision_transformer.py and deit.py.
graph::Graph buildVit(const ModelPlan& plan, Weights& weights);

/// Swin, for images of any size that divides into patches. Source: timm 1.0.28, swin_transformer.py: a shifted block
/// rolls the map, then pads it to whole windows; padded tokens take part in attention. Parameter ids as in timm 0.6.13.
graph::Graph buildSwin(const ModelPlan& plan, Weights& weights);

}  // namespace vitrine::models
