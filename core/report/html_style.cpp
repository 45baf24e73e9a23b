// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_style.h"

namespace vitrine::report {

// Text and background of every pair below contrast by at least 4.5 : 1 in both colour schemes.
std::string_view htmlStyle() {
    return R"css(
:root {
  color-scheme: light dark;
  --page: #ffffff; --raised: #f6f8fa; --ink: #1b1f24; --muted: #57606a; --line: #dfe3e8; --rule: #b9c1ca;
  --accent: #1f5f8f; --bar: #4a8cc0; --track: #edf1f5; --ours: #8a4b00; --ours-back: #fdf1e0;
  --code: #4a3f8f; --code-back: #efedfb; --published: #17633a; --published-back: #e4f4ea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #15181c; --raised: #1c2025; --ink: #e4e7eb; --muted: #9da7b3; --line: #2c323a; --rule: #4a535e;
    --accent: #86bdea; --bar: #4684b3; --track: #23292f; --ours: #f0b469; --ours-back: #38290f;
    --code: #bdb4ff; --code-back: #2a2650; --published: #7fd6a2; --published-back: #14351f;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", Arial, sans-serif;
}
.page { max-width: 86rem; margin: 0 auto; padding: 2.5rem clamp(1rem, 3vw, 2.5rem) 4rem; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--raised); padding: .4rem .8rem; }
a { color: var(--accent); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
header { border-bottom: 1px solid var(--line); padding-bottom: 1.4rem; margin-bottom: 1.6rem; }
h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -.01em; margin: 0 0 .35rem; overflow-wrap: anywhere; }
header p { margin: 0; color: var(--muted); overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.6rem 0 .8rem; overflow-wrap: anywhere; }
h3 { font-size: 1.02rem; margin: 1.8rem 0 .6rem; overflow-wrap: anywhere; }
p { max-width: 46rem; margin: .5rem 0; overflow-wrap: anywhere; }
ul { max-width: 46rem; margin: .5rem 0; padding-left: 1.2rem; }
li { margin: .2rem 0; overflow-wrap: anywhere; }
nav ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .9rem; }
main > section:first-child > h2 { margin-top: 1.6rem; }
@media (min-width: 70rem) {
  .columns { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0 2.2rem; align-items: start; }
  nav { position: sticky; top: 1.2rem; max-height: calc(100vh - 2.4rem); overflow-y: auto; }
  nav ol { flex-direction: column; gap: .1rem; border-left: 2px solid var(--line); padding-left: .9rem; }
  nav li.part { padding-left: .9rem; font-size: .85rem; }
  main > section:first-child > h2 { margin-top: 0; }
}
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(12.2rem, 1fr)); gap: .8rem; margin: .8rem 0 1.2rem; }
.fact { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: .75rem .95rem; margin: 0; }
.fact dt { color: var(--muted); font-size: .82rem; }
.fact dd { margin: .1rem 0 0; }
.fact .value { font-size: 1.45rem; font-weight: 600; line-height: 1.25; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.fact .detail { color: var(--muted); font-size: .82rem; overflow-wrap: anywhere; }
@media (max-width: 34rem) {
  .facts { grid-template-columns: 1fr 1fr; gap: .5rem; }
  .fact .value { font-size: 1.2rem; }
}
figure { margin: 1rem 0 1.6rem; }
figure svg { display: block; max-width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line); border-radius: 8px; }
figcaption { color: var(--muted); font-size: .86rem; margin-top: .4rem; }
.tablebox { margin: 1rem 0 1.6rem; }
.scroll { overflow: auto; border: 1px solid var(--line); border-radius: 8px; }
.scroll.long { max-height: 34rem; }
.caption { font-weight: 600; margin: 0 0 .45rem; max-width: none; }
.note { color: var(--muted); font-size: .86rem; margin-top: .45rem; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .88rem; line-height: 1.4; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: .34rem .65rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th {
  position: sticky; top: 0; z-index: 1; background: var(--raised); border-bottom: 1px solid var(--rule);
  font-weight: 600; white-space: nowrap; vertical-align: bottom;
}
thead .unit { color: var(--muted); font-weight: 400; }
tbody th { font-weight: 400; }
tbody tr:hover > * { background: var(--raised); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { padding-left: 0; width: 6.2rem; min-width: 4.4rem; }
.bar span { display: block; height: .62rem; margin-top: .3rem; border-radius: 2px; background: var(--track); overflow: hidden; }
.bar i { display: block; height: 100%; border-radius: 2px; background: var(--bar); }
code, .id { font-family: ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", "Liberation Mono", Menlo, monospace; font-size: .93em; }
.id { min-width: 9rem; overflow-wrap: anywhere; }
.prose { min-width: 13rem; }
.tight { white-space: nowrap; min-width: 0; }
.tight wbr { display: none; }
table.wide th, table.wide td { padding-left: .45rem; padding-right: .45rem; }
table.wide thead th { white-space: normal; }
table.wide .unit { white-space: nowrap; }
table.wide .tight { white-space: normal; }
table.wide .id.tight { white-space: nowrap; }
table.wide .tight wbr { display: inline; }
table.wide .id { min-width: 0; }
table.wide .prose { min-width: 5.5rem; }
table.wide .bar { padding-left: 0; width: 3.6rem; min-width: 1.8rem; }
@media (max-width: 66rem) {
  nav li.part { display: none; }
  table.wide { font-size: .82rem; }
  table.wide th, table.wide td { padding-left: .3rem; padding-right: .3rem; }
  table.wide td.bar { width: 0; min-width: 0; padding: 0; }
  table.wide td.bar span { display: none; }
  table.wide thead th[colspan] { text-align: right; }
  table.wide .id.tight { white-space: normal; }
}
.label { display: inline-block; border-radius: 999px; padding: 0 .55em; font-size: .84em; white-space: nowrap;
  border: 1px solid var(--line); color: var(--muted); }
.label.published { color: var(--published); background: var(--published-back); border-color: transparent; }
.label.code { color: var(--code); background: var(--code-back); border-color: transparent; }
.label.ours { color: var(--ours); background: var(--ours-back); border-color: transparent; }
.label.changed { color: var(--accent); border-color: var(--accent); }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .84rem; }
@page { size: A4; margin: 16mm 14mm 18mm; }
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --raised: #f6f8fa; --ink: #000000; --muted: #4a525b; --line: #d5dae0; --rule: #8b949e;
    --accent: #1f5f8f; --bar: #4a8cc0; --track: #edf1f5; --ours: #8a4b00; --ours-back: #fdf1e0;
    --code: #4a3f8f; --code-back: #efedfb; --published: #17633a; --published-back: #e4f4ea;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 9.5pt; }
  .page { max-width: none; padding: 0; }
  .columns { display: block; }
  nav, .skip { display: none; }
  .facts { grid-template-columns: repeat(4, 1fr); gap: .4rem; }
  .fact { padding: .4rem .6rem; }
  .note, figcaption, .fact dt, .fact .detail { font-size: 8pt; }
  .fact .value { font-size: 13pt; }
  .scroll, .scroll.long { max-height: none; overflow: visible; border: 0; border-radius: 0; border-top: 1px solid var(--rule); }
  table { font-size: 8pt; }
  thead th { position: static; }
  th, td { padding: .18rem .4rem; }
  .bar { width: 3rem; min-width: 2.4rem; }
  .bar span { height: .45rem; margin-top: .2rem; }
  .prose { min-width: 13rem; }
  .id.tight, table.wide .id.tight { white-space: normal; }
  .tight wbr { display: inline; }
  table.wide th, table.wide td { padding-left: .3rem; padding-right: .3rem; }
  .id, .prose { min-width: 0; }
  h2, h3, .caption { break-after: avoid; }
  tr, .fact, figure { break-inside: avoid; }
  thead { display: table-header-group; }
}
)css";
}

}  // namespace vitrine::report
