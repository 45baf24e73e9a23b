// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/column_help.h"

#include <QCoreApplication>
#include <map>
#include <string_view>

namespace vitrine::widgets {
namespace {

const std::map<std::string_view, const char*>& helps() {
    static const std::map<std::string_view, const char*> texts{
        {"sqnr_db", QT_TRANSLATE_NOOP("vitrine::widgets::columns",
                                      "Signal to quantization noise ratio: 10 log10 of the power of the float values over that of the error. Each quantizer alone. Higher is better.")},
        {"cosine", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Cosine of the angle between float and quantized values, each quantizer alone. 1 is without error.")},
        {"mse", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Mean squared error of the quantized values, each quantizer alone, in squared units of the site.")},
        {"accumulated_sqnr_db", QT_TRANSLATE_NOOP("vitrine::widgets::columns",
                                                  "Signal to quantization noise ratio with everything before the site quantized too. Higher is better.")},
        {"accumulated_cosine", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Cosine similarity with everything before the site quantized too.")},
        {"accumulated_mse", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Mean squared error with everything before the site quantized too.")},
        {"clipped_percent", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Values outside of the range that the quantizer covers.")},
        {"bits", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Width of the codes.")},
        {"weight_bits", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Average bits of the quantizable weights, by their parameters. Those in float count 32.")},
        {"activation_bits", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Average bits of the activations, by their elements. Those in float count 32.")},
        {"size", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "All parameters at their bits, without scales and zero points.")},
        {"size_mb", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "All parameters at their bits, without scales and zero points.")},
        {"gbops", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Bit operations for one image: multiplications times the bits of both operands, in thousand millions.")},
        {"bops", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Bit operations for one image: multiplications times the bits of both operands, in thousand millions.")},
        {"top1", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Images whose most likely class is the right one.")},
        {"top5", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Images whose right class is among the five most likely ones.")},
        {"float_top1", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Top-1 of the network before quantization.")},
        {"fidelity", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Images for which the quantized network predicts the same class as the float network.")},
        {"divergence", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "How far the class probabilities are from the float network's: mean Kullback-Leibler divergence over up to 512 images.")},
        {"seconds", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Work on the run, over all sittings.")},
        {"difference", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Value of run B minus that of run A.")},
        {"percent", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Value of run B minus that of run A, in percent of run A. Not for figures that are logarithmic or no numbers.")},
        {"ratio", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Value of run B divided by that of run A.")},
        {"verdict", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Whether run B is better or worse here. Empty where more is neither.")},
        {"provenance", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Where the default comes from: the paper, its official code, or our own choice.")},
        {"comparison", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Whether both runs have the setting, and with equal values.")},
        {"row", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Row of the image in the evaluation set, from 0 on.")},
        {"kind", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "Which of the runs predicts the right class.")},
        {"site", QT_TRANSLATE_NOOP("vitrine::widgets::columns", "A place of the network where a quantizer can sit.")},
    };
    return texts;
}

}  // namespace

QString columnHelp(const report::Column& column) {
    const auto found = helps().find(column.id);
    return found == helps().end() ? QString() : QCoreApplication::translate("vitrine::widgets::columns", found->second);
}

}  // namespace vitrine::widgets
