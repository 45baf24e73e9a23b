// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/channel_ranges.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace vitrine::methods {

quant::Encoding withRoom(const quant::Encoding& channelwise, const ChannelRoom& room) {
    if (channelwise.kind != quant::QuantizerKind::uniform || channelwise.scale.empty())
        fail(ErrorCode::invalidArgument, "only uniform ranges can be widened", "headroom");
    if (!(room.headroom >= 1) || !(room.folded >= 0 && room.folded <= 1))
        fail(ErrorCode::invalidArgument, "headroom is at least 1, and what is folded a share", "headroom");
    if (room.headroom == 1 && room.folded == 1) return channelwise;
    quant::Encoding roomier = channelwise;
    const double widest = *std::max_element(channelwise.scale.begin(), channelwise.scale.end());
    const double middleCode = static_cast<double>(channelwise.qmin + channelwise.qmax) / 2;
    for (std::size_t c = 0; c < channelwise.scale.size(); ++c) {
        const double own = channelwise.scale[c];
        const double scale = std::max(room.headroom * own, std::pow(widest, 1 - room.folded) * std::pow(own, room.folded));
        const double middle = own * (middleCode - channelwise.zeroPoint[c]);
        roomier.scale[c] = static_cast<float>(scale);
        roomier.zeroPoint[c] = static_cast<float>(std::nearbyint(middleCode - middle / scale));
    }
    return roomier;
}

}  // namespace vitrine::methods
