/** The looks of the page: light or dark as the reader's system is, one column on a phone. */
export const STATS_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --edge: #d9dde3; --text: #1b1f24; --muted: #57606a;
  --bar: #1f6feb; --rest: #b35900; --track: #e4e8ee; --mark: #1b1f24; --met: #116329; --missed: #a40e26;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1216; --card: #171b21; --edge: #303741; --text: #e6e9ee; --muted: #9ea7b3;
    --bar: #58a6ff; --rest: #f0a04b; --track: #2a313a; --mark: #e6e9ee; --met: #56d364; --missed: #ff8580;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 0.75rem; }
h3 { font-size: 0.95rem; font-weight: 600; margin: 0; }
p { margin: 0.25rem 0 0; }
.muted, footer, figcaption, th, dt { color: var(--muted); }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); }
.card, figure, .table { background: var(--card); border: 1px solid var(--edge); border-radius: 0.6rem; padding: 1rem 1.1rem; margin: 0; }
.figure { font-size: 2rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; margin: 0.3rem 0 0.5rem; }
.met { color: var(--met); font-weight: 600; }
.missed { color: var(--missed); font-weight: 600; }
svg { display: block; width: 100%; }
.bar { height: 0.7rem; border-radius: 0.2rem; }
.track { fill: var(--track); }
.value, .done { fill: var(--bar); }
.rest { fill: var(--rest); }
.mark { fill: var(--mark); }
.columns { height: 10rem; border-bottom: 1px solid var(--edge); }
.axis { display: flex; justify-content: space-between; font-size: 0.85rem; color: var(--muted); }
.key { display: inline-block; width: 0.75rem; height: 0.75rem; border-radius: 0.15rem; margin-right: 0.35rem; }
.key.done { background: var(--bar); }
.key.rest { background: var(--rest); margin-left: 0.75rem; }
figcaption { font-size: 0.9rem; margin-top: 0.75rem; }
details { margin-top: 0.75rem; }
summary { cursor: pointer; }
dl { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr)); margin: 1rem 0 0; }
dt { font-size: 0.85rem; }
dd { margin: 0; font-size: 1.2rem; font-weight: 600; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { font-size: 0.85rem; font-weight: 600; text-align: right; padding: 0 0 0.4rem 1rem; white-space: nowrap; }
td { text-align: right; padding: 0.4rem 0 0.4rem 1rem; border-top: 1px solid var(--edge); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; }
.groups td:first-child { min-width: 13rem; }
.wide { width: 15%; min-width: 5rem; }
@media (min-width: 46.01rem) { .wide:nth-last-child(2) { width: 50%; } }
footer { margin-top: 2.5rem; font-size: 0.85rem; }
@media (max-width: 46rem) {
  main { padding: 1.25rem 0.9rem 2rem; }
  .groups thead { display: none; }
  .groups tr { display: grid; grid-template-columns: 1fr 1fr; gap: 0.2rem 1rem; padding: 0.8rem 0; border-top: 1px solid var(--edge); }
  .groups tr:first-child { border-top: 0; padding-top: 0; }
  .groups td { display: flex; justify-content: space-between; border: 0; padding: 0; }
  .groups td::before { content: attr(data-head); color: var(--muted); font-size: 0.85rem; }
  .groups td:first-child, .groups .wide { grid-column: 1 / -1; order: -1; width: auto; min-width: 0; font-weight: 600; }
  .groups td:first-child::before, .groups .wide::before { content: none; }
}
`;
