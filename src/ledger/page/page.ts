import type { Period } from "../periods.ts";
import { type Group, meetsTarget, type Stats, TARGETS } from "../stats.ts";
import type { Figures } from "../tally.ts";
import {
  countOf,
  delegatedWords,
  duration,
  GROUPINGS,
  number,
  percent,
  RATE_NAMES,
  RATES,
  rangeOf,
  rounds,
  runsOf,
  short,
  targetWords,
} from "../words.ts";
import { barChart, columnChart, escaped } from "./charts.ts";
import { STATS_STYLE } from "./style.ts";

export interface PageFrame {
  /** Null: every project. */
  readonly project: string | null;
  /** Lines of the ledger that could not be read. */
  readonly skipped: number;
  readonly now: Date;
}

/**
 * The figures as one page that needs nothing but itself: no script, no request. Whatever comes from the ledger is text in it, and
 * what a chart shows stands beside it in words.
 */
export function statsPage(stats: Stats, { project, skipped, now }: PageFrame): string {
  const what = stats.overall.runs === 0 ? "no runs" : `${runsOf(stats.overall.runs)}, ${rangeOf(stats)}`;
  const left = skipped === 0 ? "" : ` ${number(skipped)} of its lines could not be read and are not counted.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>ask_codex: ${what}</title>
<style>${STATS_STYLE}</style>
</head>
<body>
<main>
<header>
<h1>What Codex did for you</h1>
<p class="muted">${what}, ${project === null ? "in every project" : `in ${escaped(project)}`}</p>
</header>
${stats.overall.runs === 0 ? NOTHING_YET : `${ratesOf(stats.overall)}\n${factsOf(stats.overall)}`}
${stats.delegated === null ? "" : `<p>Delegated by Codex: ${delegatedWords(stats.delegated)}</p>`}
${periodsOf(stats)}
${endingsOf(stats)}
${GROUPINGS.map(({ title: by, key, none }) => groupsOf(by, stats[key], none)).join("\n")}
<footer>Written ${now.toISOString().slice(0, 16).replace("T", " ")} UTC by <code>ask_codex stats</code> from its ledger, which holds no
prompts, no code and no answers.${left} Days are those of UTC.</footer>
</main>
</body>
</html>
`;
}

const NOTHING_YET =
  '<p>Nothing to count yet. Give Codex a task, <code>ask_codex "Explain this repository."</code>, and write this page again.</p>';

function ratesOf(overall: Figures): string {
  const cards = RATE_NAMES.map((name) => {
    const share = overall[name];
    const met = meetsTarget(name, share);
    const [words, verdict = ""] = targetWords(name, share).split(": ");
    const look = met ? "met" : "missed";
    const mark = met === null ? "" : `: <span class="${look}">${met ? "✓" : "✗"} ${verdict}</span>`;
    const label = `${RATES[name].title}: ${percent(share.rate)}, ${countOf(name, share)}; target: ${targetWords(name, share)}`;
    return `<article class="card" data-rate="${name}">
<h3>${RATES[name].title}</h3>
<p class="figure">${percent(share.rate)}</p>
${barChart(share.rate, TARGETS[name], label)}
<p>${countOf(name, share)}</p>
<p class="muted">target: ${words}${mark}</p>
</article>`;
  });
  return `<section aria-labelledby="targets">\n<h2 id="targets">Against the targets</h2>\n<div class="cards">${cards.join("\n")}</div>\n</section>`;
}

function factsOf(overall: Figures): string {
  const facts = [
    ["Runs", number(overall.runs)],
    ["Median time", duration(overall.medianMs)],
    ["Nine of ten within", duration(overall.p90Ms)],
    ["Repair rounds, mean", rounds(overall)],
    ["Tokens", tokensOf(overall.tokens)],
    ["Tokens of a run, mean", tokensOf(overall.tokensMean)],
  ];
  const list = facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return `<dl class="facts">${list.join("")}</dl>`;
}

function periodsOf({ periods }: Stats): string {
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return "";
  const { unit } = first;
  const most = periods.reduce((best, period) => (period.runs > best.runs ? period : best), first);
  const told = `Most in a ${unit}: ${runsOf(most.runs)}, ${most.from}`;
  const rateOf = ({ runs, completed }: Period) => percent(runs === 0 ? null : completed / runs);
  const rows = periods.map((period) => {
    const figures = [number(period.runs), number(period.completed), rateOf(period), tokensOf(period.tokens)];
    return `<tr><td>${period.from}</td>${figures.map((figure) => `<td>${figure}</td>`).join("")}</tr>`;
  });
  const runs = periods.map((period) => ({
    part: period.completed,
    whole: period.runs,
    title: `${period.from}: ${period.runs} (${period.completed} completed without help, ${rateOf(period)})`,
  }));
  const tokens = periods.map((period) => ({
    part: period.tokens,
    whole: period.tokens,
    title: `${period.from}: ${number(period.tokens)} tokens`,
  }));
  const mostTokens = Math.max(...periods.map((period) => period.tokens));
  const span = `${first.from} to ${last.from}`;
  const axis = `<div class="axis"><span>${first.from}</span>${first === last ? "" : `<span>${last.from}</span>`}</div>`;
  return `<section aria-labelledby="periods">
<h2 id="periods">Runs by ${unit}</h2>
<figure>
${columnChart(runs, `Runs by ${unit}, ${span}. ${told}`)}
${axis}
<figcaption><span class="key done"></span>completed without help <span class="key rest"></span>the others
<p>${told}</p></figcaption>
</figure>
<figure>
${columnChart(tokens, `Tokens by ${unit}, ${span}. Most: ${number(mostTokens)}`)}
${axis}
<figcaption><p>Tokens by ${unit}; most: ${tokensOf(mostTokens)}</p>
<details><summary>All figures</summary>
<table><thead><tr><th>${unit} of</th><th>runs</th><th>completed without help</th><th>part</th><th>tokens</th></tr></thead><tbody>${rows.join("")}</tbody></table>
</details></figcaption>
</figure>
</section>`;
}

function endingsOf({ endings, overall }: Stats): string {
  const rows = endings.map(({ status, runs }) => {
    const rate = runs / overall.runs;
    const bar = barChart(rate, null, `${status}: ${runsOf(runs)}, ${percent(rate)}`);
    return [status, number(runs), bar, percent(rate)];
  });
  return tableOf("How they ended", ["status", "runs", "part"], rows);
}

function groupsOf(by: string, groups: readonly Group[], none: string): string {
  const [, scope, first] = RATE_NAMES.map((name) => RATES[name].short);
  const heads = [by.toLowerCase(), "runs", "completed", scope, first, "rounds", "median", "9 of 10", "tokens"];
  const rows = groups.map(({ name, figures }) => {
    const { completed, inScope, firstPass } = figures;
    const label = `${name ?? none}: ${percent(completed.rate)} completed without help`;
    const bar = barChart(completed.rate, TARGETS.completed, label);
    const rates = [completed, inScope, firstPass].map(({ rate }) => percent(rate));
    const times = [duration(figures.medianMs), duration(figures.p90Ms)];
    return [name ?? none, number(figures.runs), bar, ...rates, rounds(figures), ...times, tokensOf(figures.tokens)];
  });
  return tableOf(`By ${by.toLowerCase()}`, heads, rows);
}

/** Short, with the full number where it is pointed at. */
function tokensOf(tokens: number | null): string {
  return short(tokens) === number(tokens) ? number(tokens) : `<span title="${number(tokens)}">${short(tokens)}</span>`;
}

/** A row begins with someone else's words; its third cell is a bar, which stands under one head with the figure after it. */
function tableOf(title: string, heads: readonly (string | undefined)[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const id = title.toLowerCase().replaceAll(" ", "-");
  const head = heads.map((text, index) => `<th scope="col"${index === 2 ? ' colspan="2"' : ""}>${text}</th>`);
  const body = rows.map(([name = "", runs, bar, ...figures]) => {
    const cells = figures.map((figure, index) => `<td data-head="${heads[index + 2]}">${figure}</td>`);
    return `<tr><td>${escaped(name)}</td><td data-head="runs">${runs}</td><td class="wide">${bar}</td>${cells.join("")}</tr>`;
  });
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
<div class="table"><table class="groups"><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>
</section>`;
}
