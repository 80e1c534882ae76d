// The page's own style, as text. System fonts only; light and dark by the reader's preference; nothing is reported by
// colour alone.

/** Goes into the page as it is; the page's policy names its digest. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --bg: #f6f7f9; --card: #ffffff; --ink: #1b2130; --dim: #566074; --line: #dde1e8; --accent: #1f4fb4; --code: #f0f2f6;
  --good: #17693a; --good-soft: #e2f3e8; --bad: #b0231b; --bad-soft: #fce8e6; --open: #855000; --open-soft: #fcf0d8;
  --none: #566074; --none-soft: #eceff3;
  --mono: ui-monospace, "Cascadia Code", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #12151b; --card: #1a1f28; --ink: #e6e9f0; --dim: #a4aec0; --line: #323a48; --accent: #9dbcff; --code: #232a36;
    --good: #74d69d; --good-soft: #173524; --bad: #ff9f94; --bad-soft: #43201d; --open: #f2c06a;
    --open-soft: #3b2d12; --none: #a4aec0; --none-soft: #272e3a;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 5.5rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--bg); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
main, footer { max-width: 74rem; margin: 0 auto; padding: 0 1.25rem; }
section { margin: 2.75rem 0; }
h1, h2, h3, h4 { line-height: 1.2; margin: 0 0 .6rem; }
h1 { font-size: 2.6rem; letter-spacing: -.02em; }
h2 { font-size: 1.5rem; letter-spacing: -.01em; }
h3 { font-size: 1.08rem; }
h4 { font-size: .95rem; margin-top: 1.2rem; }
p { margin: 0 0 .7rem; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, pre, .id { font-family: var(--mono); font-size: .86em; }
code, .id, dd, td, th, li { unicode-bidi: isolate; }
pre {
  background: var(--code); padding: .6rem .8rem; border-radius: 6px; overflow: auto; margin: 0;
  white-space: pre-wrap;
}
.steps { margin-bottom: .7rem; } dd .steps { margin-bottom: 0; }
[hidden] { display: none !important; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 3; }
.top {
  position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .9rem;
  padding: .55rem max(1.25rem, calc((100vw - 74rem) / 2 + 1.25rem)); background: var(--card);
  border-bottom: 1px solid var(--line); font-size: .9rem;
}
.brand { margin: 0; font-weight: 700; letter-spacing: -.01em; }
.top ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem .6rem; margin: 0; padding: 0; }
.top nav a { text-decoration: none; }
.top nav a:hover { text-decoration: underline; }
search { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem; margin-left: auto; }
input, select, button {
  font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--dim); border-radius: 6px;
  padding: .2rem .5rem;
}
input[type=search] { width: 7rem; max-width: 60vw; }
select { max-width: 6.7rem; }
button { cursor: pointer; }
#found { width: 6rem; font-size: .72rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
#clear[hidden] { display: inline-block !important; visibility: hidden; }
.verdict {
  background: var(--card); border: 1px solid var(--line); border-left: .55rem solid var(--none); border-radius: 12px;
  padding: 1.6rem 1.8rem 1.2rem; margin-top: 1.75rem;
}
.verdict.good { border-left-color: var(--good); }
.verdict.bad { border-left-color: var(--bad); }
.verdict.open { border-left-color: var(--open); }
.verdict.good h1 { color: var(--good); } .verdict.bad h1 { color: var(--bad); } .verdict.open h1 { color: var(--open); }
.verdict h2 { font-size: 1.05rem; margin-top: 1rem; }
.lead { font-size: 1.12rem; }
.counts { list-style: none; display: flex; flex-wrap: wrap; gap: .6rem; padding: 0; margin: 1.1rem 0; }
.counts li { padding: .45rem .9rem; border-radius: 8px; background: var(--none-soft); color: var(--none); }
.counts strong { font-size: 1.35rem; margin-right: .25rem; font-variant-numeric: tabular-nums; }
.counts .good { background: var(--good-soft); color: var(--good); }
.counts .bad { background: var(--bad-soft); color: var(--bad); }
.counts .open { background: var(--open-soft); color: var(--open); }
.run {
  display: flex; flex-wrap: wrap; gap: .3rem 1.8rem; margin: 1rem 0 0; padding-top: .9rem;
  border-top: 1px solid var(--line); font-size: .88rem;
}
.run div { display: flex; gap: .45rem; min-width: 0; }
.run dt { white-space: nowrap; }
.run dd { margin: 0; }
dt { color: var(--dim); }
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.3rem;
  margin: 0 0 1rem;
}
.fixes { list-style: none; padding: 0; margin: 1rem 0; }
.fixes h3 {
  display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: start; gap: .3rem .7rem;
  font-weight: 600;
}
.rank {
  display: inline-grid; place-items: center; min-width: 1.7rem; height: 1.7rem; padding: 0 .3rem;
  border-radius: 1rem; background: var(--bad-soft); color: var(--bad); font-size: .9rem;
}
.sentence { padding-top: .2rem; }
.weight { padding-top: .25rem; white-space: nowrap; color: var(--bad); font-weight: 600; font-size: .95rem; }
.requirement { max-width: 62rem; color: var(--dim); } .call { font-size: .93rem; }
.repeat { display: flex; gap: .5rem; align-items: start; }
.repeat .command { flex: 1; min-width: 0; }
dd .repeat { margin: 0; }
.diff { margin: .5rem 0 .7rem; font-size: .93rem; border-radius: 6px; overflow: hidden; }
.diff div { display: grid; grid-template-columns: 6.2rem minmax(0, 1fr); gap: .6rem; padding: .3rem .7rem; }
.diff dd { margin: 0; }
.diff .expected { background: var(--good-soft); color: var(--good); }
.diff .actual { background: var(--bad-soft); color: var(--bad); }
.diff dt { color: inherit; font-weight: 600; }
.diff .expected dt::before { content: "- "; }
.diff .actual dt::before { content: "+ "; }
.diff mark {
  background: none; color: inherit; font-weight: 700; text-decoration: underline; text-underline-offset: .2em;
}
.more > summary { padding: .4rem 0; font-weight: 600; }
.facts { margin: .5rem 0 .7rem; font-size: .93rem; }
.facts div { display: grid; grid-template-columns: 6.2rem minmax(0, 1fr); gap: .6rem; padding: .22rem 0; }
.facts dd { margin: 0; }
.command { display: block; background: var(--code); padding: .45rem .7rem; border-radius: 6px; user-select: all; }
.level {
  font-size: .68rem; font-weight: 700; letter-spacing: .06em; padding: .08rem .4rem; border-radius: 4px;
  border: 1px solid currentColor; color: var(--dim); white-space: nowrap; vertical-align: .1em;
  text-transform: uppercase;
}
.badge, .swatch, .tally {
  display: inline-block; white-space: nowrap; font-size: .8rem; font-weight: 600; padding: .06rem .5rem;
  border-radius: 5px; background: var(--none-soft); color: var(--none);
}
.badge.good, .swatch.good { background: var(--good-soft); color: var(--good); }
.badge.bad, .swatch.bad { background: var(--bad-soft); color: var(--bad); }
.badge.open, .swatch.open { background: var(--open-soft); color: var(--open); }
.swatch { min-width: 1.6rem; text-align: center; }
.tally { background: none; padding: 0; margin-left: .5rem; font-weight: 500; color: var(--none); }
.tally.bad { color: var(--bad); font-weight: 700; }
.tally.open { color: var(--open); }
.tally.good { color: var(--good); }
.at, .took { color: var(--dim); font-size: .78rem; font-variant-numeric: tabular-nums; }
.at { display: inline-block; min-width: 4.6rem; text-align: right; margin-right: .3rem; }
.took::before { content: "took "; }
.phase { list-style: none; color: var(--dim); font-weight: 600; }
.lawful { color: var(--open); }
span.bad { color: var(--bad); } .fine { color: var(--good); } .note, em { color: var(--dim); font-size: .88rem; }
.plain { list-style: none; padding: 0; margin: .6rem 0 0; }
.plain li { padding: .4rem 0; border-top: 1px solid var(--line); }
.plain p { margin: 0; }
summary { cursor: pointer; }
.bar { display: block; border-radius: 7px; overflow: hidden; margin: .3rem 0 .8rem; background: var(--none-soft); }
.bar rect { fill: var(--none); fill-opacity: .25; stroke: var(--bg); stroke-width: 1.5; }
.bar .partly { fill-opacity: .5; }
.bar .good { fill: var(--good); fill-opacity: 1; }
.bar .bad { fill: var(--bad); fill-opacity: 1; }
.bar .open { fill: var(--open); fill-opacity: 1; }
.legend {
  list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding: 0; margin: 0 0 1rem;
  font-size: .88rem; color: var(--dim);
}
.scroll + h3 { margin-top: 1.8rem; } .scroll.whole { max-height: none; }
.scroll {
  overflow: auto; width: fit-content; max-width: 100%; max-height: 38rem; border: 1px solid var(--line);
  border-radius: 10px; background: var(--card);
}
table { border-collapse: separate; border-spacing: 0; min-width: 100%; font-size: .9rem; }
th, td {
  text-align: left; vertical-align: top; padding: .45rem .7rem; border-bottom: 1px solid var(--line);
  font-weight: inherit;
}
thead th {
  position: sticky; top: 0; background: var(--card); font-weight: 600; font-size: .82rem; color: var(--dim);
  z-index: 1;
}
tbody:last-child tr:last-child > * { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.requirements tbody th { white-space: nowrap; font-weight: 600; }
.matrix { width: auto; overflow-wrap: normal; }
.matrix thead th { word-break: keep-all; }
.matrix .total { font-weight: 400; color: var(--dim); font-variant-numeric: tabular-nums; white-space: nowrap; }
.matrix tfoot th, .matrix tfoot td { font-size: .82rem; border-top: 1px solid var(--line); border-bottom: 0; }
.matrix thead tr:first-child th { text-align: center; position: static; }
.matrix thead tr:first-child th:first-child { text-align: left; vertical-align: bottom; }
.matrix .moment { text-align: center; padding: .4rem .2rem; vertical-align: bottom; font-weight: 400; }
.matrix .moment span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
.matrix tfoot th { position: sticky; left: 0; background: var(--card); }
.matrix tbody th {
  font-family: var(--mono); font-size: .82rem; white-space: nowrap; position: sticky; left: 0;
  background: var(--card); padding-block: .2rem;
}
.matrix td { text-align: center; padding: .2rem .3rem; min-width: 2rem; font-weight: 700; }
.matrix .first { border-left: 1px solid var(--line); }
.matrix td.good { color: var(--good); }
.matrix td.bad { background: var(--bad-soft); }
.matrix td.open { background: var(--open-soft); }
.matrix td.none { color: var(--none); }
.matrix td a { display: block; text-decoration: none; color: inherit; }
.matrix td.bad a { color: var(--bad); }
.matrix td.open a { color: var(--open); }
.matrix td a:hover { text-decoration: underline; }
.story, .suite { background: var(--card); border: 1px solid var(--line); border-radius: 10px; margin: 0 0 .6rem; }
.story > summary, .suite > summary { padding: .6rem 1rem; }
.story > summary .what { color: var(--dim); font-size: .9rem; }
.story > summary .id { font-weight: 600; margin: 0 .4rem; }
.story[open] > summary { border-bottom: 1px solid var(--line); } .body { padding: 1rem 1.3rem; }
.suite > .scroll { border-width: 1px 0 0; border-radius: 0 0 10px 10px; }
.checks td:first-child { white-space: nowrap; }
.timeline {
  padding-left: 3rem; margin: .4rem 0; border-left: 2px solid var(--line); margin-left: .3rem; font-size: .92rem;
}
.timeline li { padding: .22rem .5rem; border-radius: 6px; }
.timeline li::marker { color: var(--dim); font-size: .8rem; font-variant-numeric: tabular-nums; }
.timeline .between { color: var(--dim); } .timeline .timeline { margin-left: -1rem; }
.mark {
  display: inline-block; font-size: .74rem; letter-spacing: .02em; padding: .04rem .5rem; border-radius: 4px;
  margin-right: .3rem; background: var(--none-soft); color: var(--ink);
}
.fault .mark, .notification .mark { background: var(--open-soft); color: var(--open); }
.reenumerate .mark, .refresh .mark { background: var(--good-soft); color: var(--good); }
.timeline .shows-it, .timeline .died { background: var(--bad-soft); }
.shows-it .mark:last-of-type, .died .mark:last-of-type { background: var(--bad); color: var(--card); }
.outs, .arrow { color: var(--dim); }
.shows-it .outs, .died .outs, .shows-it .arrow, .died .arrow, .shows-it .at, .died .at, .shows-it .took,
.died .took {
  color: inherit;
}
footer { padding-block: 1.5rem 3rem; color: var(--dim); font-size: .88rem; }
@media (max-width: 46rem) {
  html { scroll-padding-top: .5rem; }
  body { font-size: 15px; }
  main, footer { padding: 0 .8rem; }
  .top { position: static; padding: .6rem .8rem; } search { margin-left: 0; }
  h1 { font-size: 2rem; } .verdict { padding: 1.1rem 1rem; } .card { padding: .9rem; } .body { padding: .9rem; }
  .fixes h3 { grid-template-columns: auto minmax(0, 1fr); }
  .weight { grid-column: 2; padding-top: 0; }
  .diff div { grid-template-columns: 1fr; gap: 0; }
  .repeat { flex-direction: column; }
  .repeat .command { width: 100%; }
  #found { width: auto; }
  #found:empty, #clear[hidden] { display: none !important; }
  .matrix tbody th {
    white-space: normal; min-width: 7.5rem; max-width: 8.5rem; overflow-wrap: anywhere; font-size: .72rem;
  }
  .matrix td { min-width: 1.6rem; }
  .facts div { grid-template-columns: 1fr; gap: 0; } .facts dt { font-size: .82rem; }
  .timeline { padding-left: 2.4rem; } th, td { padding: .4rem .5rem; }
  .requirements, .requirements tbody, .requirements tr, .requirements td, .requirements th {
    display: block; border: 0;
  }
  .requirements thead { display: none; }
  .requirements tr { border-bottom: 1px solid var(--line); padding: .5rem; }
  .requirements td, .requirements tbody th { padding: .15rem .3rem; }
  .requirements br { display: none; }
  .requirements .number { text-align: left; }
  .requirements .number::before { content: "Checks: "; color: var(--dim); }
}
@media print {
  :root { --bg: #fff; --card: #fff; --ink: #000; --dim: #444; --line: #bbb; --accent: #000; --code: #f4f4f4; }
  body { font-size: 10pt; }
  .top, .skip { display: none; }
  .scroll { max-height: none; overflow: visible; }
  .card, .verdict, tr { break-inside: avoid; }
  thead th, .matrix tbody th { position: static; }
  #matrix, #failures, #checks, #notes, .copy, .fixes details, .more, .legend { display: none; }
  .fixes li { padding: .4rem .7rem; margin-bottom: .5rem; }
  .requirements tbody:not(.broken):not(.known):not(.finding) { display: none; }
}
`;
