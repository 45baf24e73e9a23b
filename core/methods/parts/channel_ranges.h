// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "quant/encoding.h"

namespace vitrine::methods {

/// How channel-wise ranges are changed before one scale replaces them (ours).
struct ChannelRoom {
    double headroom = 1;  ///< every range is widened so much about its middle; at least 1
    double folded = 1;    ///< share, in logarithms, of the spread of the scales that stays: 1 all, 0 none; within 0..1
};

/// A channel-wise uniform encoding whose scales are  s_c' = max(headroom s_c, s_max^(1 - folded) s_c^folded)  about the same middles.
/// No range shrinks. Scales that differ less rewrite the weights behind the norm less, and narrow channels get room for values that
/// calibration has not seen; the price is resolution. With {1, 1} the encoding stays as it is.
/// Throws Exception(invalidArgument) for other kinds and for settings outside their bounds.
quant::Encoding withRoom(const quant::Encoding& channelwise, const ChannelRoom& room);

}  // namespace vitrine::methods
