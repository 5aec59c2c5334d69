import { Markup } from "./markup.ts";

/** Colours by `light-dark()`, of at least WCAG AA contrast; paper has no backgrounds. */
export const STYLE = new Markup(`
:root { color-scheme: light dark;
  --paper: light-dark(#fff, #14171c); --ink: light-dark(#1b1f27, #e6e9ef);
  --soft: light-dark(#566072, #a3adbd); --line: light-dark(#d5dae2, #343b47);
  --panel: light-dark(#f5f7fa, #1c2129);
  --good: light-dark(#146c2e, #6fd08c); --open: light-dark(#7a4d00, #f0b849);
  --bad: light-dark(#a8201a, #ff8f85); --link: light-dark(#0b57a4, #7db8ff);
  --one: light-dark(#2563a8, #6ea8e8); --two: light-dark(#b45309, #f0a35e);
  --three: light-dark(#6b7280, #9aa3b2); --four: light-dark(#a8201a, #ff8f85); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
p { margin: .4rem 0; max-width: 46rem; }
ul { margin: .4rem 0; padding-left: 1.3rem; overflow-wrap: anywhere; }
code { font: .85em/1.4 ui-monospace, "Liberation Mono", Menlo, monospace; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .8em/1.4 ui-monospace, "Liberation Mono", monospace; }
dl { margin: .4rem 0; }
dl > div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1rem; padding: .25rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: .6rem 0; }
.wide:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; color: var(--soft); padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); font-weight: normal; }
thead th { color: var(--soft); white-space: nowrap; }
td code { min-width: 8rem; display: inline-block; } td pre { min-width: 22rem; }
time { white-space: nowrap; }
.note { background: var(--panel); border-left: 4px solid var(--line); padding: .6rem 1rem; margin: .8rem 0; }
.note.open { border-color: var(--open); } .note.good { border-color: var(--good); } .note.bad { border-color: var(--bad); }
.badge { white-space: nowrap; font-weight: 600; }
.badge.good { color: var(--good); } .badge.open { color: var(--open); } .badge.bad { color: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .7rem; margin: .8rem 0; padding: 0; list-style: none; }
.tiles li { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.tiles b { display: block; font-size: 1.6rem; line-height: 1.2; }
.tiles span { color: var(--soft); font-size: .88rem; }
figure { margin: .8rem 0; } figcaption { color: var(--soft); font-size: .92rem; }
.legend { margin-left: 1rem; white-space: nowrap; } svg.key { display: inline-block; width: .7em; margin: 0 .3em 0 .7em; }
svg { print-color-adjust: exact; display: block; width: 100%; height: auto; max-width: 60rem; }
svg text { fill: var(--ink); font: 12px system-ui, "Liberation Sans", sans-serif; } svg .soft { fill: var(--soft); }
svg .rule { stroke: var(--line); }
svg .one { fill: var(--one); } svg .two { fill: var(--two); } svg .three { fill: var(--three); } svg .four { fill: var(--four); }
@media (max-width: 40rem) { dl > div { grid-template-columns: 1fr; } }
@media print {
  :root { color-scheme: light; }
  body { font-size: 10pt; } main { max-width: none; padding: 0; }
  .wide { overflow: visible; } table { font-size: 8.5pt; } thead { display: table-header-group; }
  tr, figure, dl > div, .note { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .note, .tiles li { background: none; } time { white-space: normal; }
  @page { margin: 15mm; }
}
`);
