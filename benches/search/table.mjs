// From times to a table: medians, 99th percentiles, how many times as long as Mercer's slate and as its
// search alone; and what was asked of that search.

import { quantile } from "../figures.mjs";
import { OURS, READING } from "./names.mjs";

const PLAIN = "plain JavaScript";

/** The times of everybody → figures; who failed keeps its reason. */
export function summarised(found) {
  const one = ({ milliseconds, ...rest }) => {
    if (!milliseconds) return rest;
    const sorted = milliseconds.toSorted((a, b) => a - b);
    return { ...rest, n: sorted.length, median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
  };
  return Object.fromEntries(Object.entries(found).map(([name, its]) => [name, one(its)]));
}

/** Figures by number of items → a table in Markdown, and a line for each number. */
export function searchTable(results) {
  const head = "| items | who | median, ms | 99th, ms | recall | times the slate | times the search |\n|---|---|---|---|---|---|---|";
  const rows = Object.entries(results).flatMap(([n, found]) =>
    Object.entries(found).map(([name, its]) => row(Number(n), name, its, found)),
  );
  const lines = Object.entries(results).map(([n, found]) => asked(Number(n), found));
  return [head, ...rows, "", ...lines].join("\n");
}

/** How the search alone stands to the fastest exact peer, to plain JavaScript and to reading. */
function asked(n, found) {
  const ours = found[OURS.search]?.median;
  const exact = Object.entries(found).filter(([, its]) => its.isExact && its.median !== undefined);
  const [[name, fastest] = []] = exact.toSorted(([, a], [, b]) => a.median - b.median);
  const plain = exact.find(([name]) => name.startsWith(PLAIN))?.[1];
  const parts = [
    fastest && `${times(fastest.median, ours)} times as fast as ${name}, the fastest exact one`,
    plain && `${times(plain.median, ours)} times as fast as plain JavaScript`,
    `${times(ours, found[READING]?.median)} times as long as reading`,
  ];
  return `- ${n.toLocaleString("en")}: ${OURS.search} is ${parts.filter(Boolean).join(", ")}`;
}

function row(n, name, its, found) {
  const against = (ours) => times(its.median, found[ours]?.median);
  const cells = its.failed
    ? ["–", "–", "–", "–", `failed: ${its.failed.replaceAll("|", "/").replaceAll("\n", " ")}`]
    : [its.median.toFixed(3), its.p99.toFixed(3), recall(its), against(OURS.slate), against(OURS.search)];
  return `| ${[n.toLocaleString("en"), name, ...cells].join(" | ")} |`;
}

function times(a, b) {
  return a === undefined || b === undefined ? "–" : (a / b).toFixed(2);
}

function recall({ recall, effort }) {
  if (recall === undefined) return "–";
  return effort ? `${recall.toFixed(3)} (ef ${effort})` : recall.toFixed(3);
}
