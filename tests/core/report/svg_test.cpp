// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/svg.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "base/random.h"

namespace vitrine::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A file as plotting programs write it.
const std::string kDrawing =
    "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\r\n"
    "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n"
    "<svg width=\"160mm\" height=\"90mm\" viewBox=\"0 0 605 340\" xmlns=\"http://www.w3.org/2000/svg\" "
    "xmlns:xlink='http://www.w3.org/1999/xlink' version=\"1.2\" baseProfile=\"tiny\">\n"
    "<title>Errors &amp; ranges</title><desc/>\n"
    "<defs><linearGradient id=\"shade\"><stop offset=\"0\" stop-color=\"#fff\"/></linearGradient>\n"
    "<clipPath id=\"clip1\"><path d=\"M0,0L5,5\"/></clipPath></defs>\n"
    "<!-- a <script> in a comment -->\n"
    "<g clip-path=\"url(#clip1)\" fill='url(&quot;#shade&quot;)' class=\"number\" style=\"stroke: url( #shade )\">\n"
    "<text x=\"1\" y=\"2\" font-family=\"DejaVu Sans\" xml:space=\"preserve\">5 &lt; 6 &#8722; &#x41;</text>\n"
    "<use xlink:href=\"#clip1\"/><image xlink:href=\"data:image/png;base64,iVBORw0KGgo=\"/></g>\n"
    "</svg>\n";

std::string refusal(const std::string& text) {
    try {
        embeddableSvg(text, "p-");
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::badFormat);
        EXPECT_FALSE(exception.error().what.empty());
        return exception.error().what;
    }
    ADD_FAILURE() << "accepted: " << text;
    return {};
}

std::string inside(const std::string& content) {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\">" + content + "</svg>";
}

TEST(Svg, DrawingsOfPlotsBecomeElementsOfAPage) {
    const std::string html = embeddableSvg(kDrawing, "f1.");
    EXPECT_THAT(html, ::testing::StartsWith("<svg width=\"160mm\" height=\"90mm\" viewBox=\"0 0 605 340\">"));
    EXPECT_THAT(html, ::testing::EndsWith("</svg>"));
    for (const char* part :
         {"<title>Errors &amp; ranges</title>", "<desc></desc>", "id=\"f1.shade\"", "id=\"f1.clip1\"",
          "clip-path=\"url(#f1.clip1)\"", "fill=\"url(&quot;#f1.shade&quot;)\"", "stroke: url( #f1.shade )",
          "xlink:href=\"#f1.clip1\"", "xlink:href=\"data:image/png;base64,iVBORw0KGgo=\"", "5 &lt; 6 \xE2\x88\x92 A",
          "xml:space=\"preserve\""})
        EXPECT_THAT(html, HasSubstr(part));
    for (const char* part : {"http", "<?", "<!", "script", "class=", "xmlns", "\r"})
        EXPECT_THAT(html, Not(HasSubstr(part)));
}

TEST(Svg, IsTheSameWhenItIsDoneTwice) {
    const std::string once = embeddableSvg(kDrawing, "");
    EXPECT_EQ(embeddableSvg(once, ""), once);
}

TEST(Svg, NothingThatRunsOrLoadsGetsThrough) {
    EXPECT_THAT(refusal(inside("<script>alert(1)</script>")), HasSubstr("script"));
    EXPECT_THAT(refusal(inside("<SCRIPT>alert(1)</SCRIPT>")), HasSubstr("SCRIPT"));
    for (const char* element :
         {"foreignObject", "a", "animate", "set", "iframe", "style", "handler", "svg:script", "feImage", "p", "audio"})
        EXPECT_THAT(refusal(inside("<" + std::string(element) + "/>")), HasSubstr(element));
    EXPECT_THAT(refusal(inside("<g onclick=\"alert(1)\"/>")), HasSubstr("onclick"));
    EXPECT_THAT(refusal("<svg ONLOAD='alert(1)'></svg>"), HasSubstr("ONLOAD"));
    for (const char* reference :
         {"https://example.org/x.svg#a", "//example.org/x", "x.svg#a", "javascript:alert(1)",
          "&#106;avascript:alert(1)", " #a", "data:image/svg+xml;base64,PHN2Zz4=", "data:text/html,x", ""}) {
        refusal(inside("<image href=\"" + std::string(reference) + "\"/>"));
        refusal(inside("<use xlink:href=\"" + std::string(reference) + "\"/>"));
    }
    refusal(inside("<use href=\"data:image/png;base64,iVBORw0KGgo=\"/>"));
    refusal(inside("<g xml:base=\"https://example.org/\"/>"));
    for (const char* value : {"url(https://example.org/x)", "URL('x.png')", "url( x.svg#a )", "@import 'x'",
                              "expression(1)", "u\\72l(x)", "image-set('x' 1x)", "&#117;rl(x)", "url(", "u/**/rl(x)"}) {
        refusal(inside("<g style=\"fill: " + std::string(value) + "\"/>"));
        refusal(inside("<g fill=\"" + std::string(value) + "\"/>"));
    }
}

TEST(Svg, OnlyOneCompleteElementIsTaken) {
    for (const std::string& text : {std::string(),
                                    std::string("no drawing"),
                                    std::string("<svg>"),
                                    std::string("<svg/><svg/>"),
                                    std::string("<svg></svg>rest"),
                                    std::string("<g></g>"),
                                    std::string("<svg><g></svg>"),
                                    std::string("<svg></g></svg>"),
                                    std::string("<svg></svg"),
                                    std::string("<svg"),
                                    std::string("<svg a></svg>"),
                                    std::string("<svg a=b></svg>"),
                                    std::string("<svg a=\"1></svg>"),
                                    std::string("<svg a=\"1\" a=\"2\"></svg>"),
                                    std::string("<svg><!-- </svg>"),
                                    inside("<![CDATA[<script/>]]>"),
                                    inside("&nbsp;"),
                                    inside("&"),
                                    inside("&#0;"),
                                    inside("&#xd800;"),
                                    inside("&#99999999999;"),
                                    inside("&#;"),
                                    inside("<title><g/></title>"),
                                    std::string("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>"),
                                    inside("<!DOCTYPE svg>"),
                                    inside("< g/>"),
                                    inside("<g a=\"<\"/>")})
        refusal(text);
    std::string deep;
    for (int level = 0; level < 200000; ++level) deep += "<g>";
    refusal(inside(deep));
    EXPECT_THROW(embeddableSvg(std::string(kMaximumSvg + 1, ' '), ""), Exception);
    EXPECT_EQ(embeddableSvg("<svg/>", "p-"), "<svg></svg>");
}

TEST(Svg, MutatedDrawingsDoNoHarm) {
    Random random(5);
    const std::string spice = "<>/\"'=&;#:! sonclikurl(\\\xff";
    for (int round = 0; round < 5000; ++round) {
        std::string text = kDrawing;
        for (std::int64_t edits = random.integer(1, 5); edits > 0; --edits) {
            const auto at = static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(text.size()) - 1));
            const char byte =
                spice[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(spice.size()) - 1))];
            if (random.integer(0, 1) == 0)
                text[at] = byte;
            else
                text.insert(at, 1, byte);
        }
        std::string html;
        try {
            html = embeddableSvg(text, "f.");
        } catch (const Exception& exception) {
            EXPECT_EQ(exception.error().code, ErrorCode::badFormat);
            continue;
        }
        EXPECT_EQ(embeddableSvg(html, ""), html) << text;
    }
}

}  // namespace
}  // namespace vitrine::report
