// From times to a table: medians, 99th percentiles, and how many times as long as Mercer.

import { quantile } from "../figures.mjs";

/** The times of everybody → figures; who failed keeps its reason. */
export function summarised(found) {
  const one = ({ milliseconds, ...rest }) => {
    if (!milliseconds) return rest;
    const sorted = milliseconds.toSorted((a, b) => a - b);
    return { ...rest, n: sorted.length, median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
  };
  return Object.fromEntries(Object.entries(found).map(([name, its]) => [name, one(its)]));
}

/** Figures by number of items → a table in Markdown; the first entry is what the others are held against. */
export function searchTable(results) {
  const head = "| items | who | median, ms | 99th, ms | recall | times Mercer |\n|---|---|---|---|---|---|";
  const rows = Object.entries(results).flatMap(([n, found]) => {
    const [[, ours]] = Object.entries(found);
    return Object.entries(found).map(([name, its]) => row(Number(n), name, its, ours.median));
  });
  return [head, ...rows].join("\n");
}

function row(n, name, its, ours) {
  const cells = its.failed
    ? ["–", "–", "–", `failed: ${its.failed.replaceAll("|", "/")}`]
    : [its.median.toFixed(3), its.p99.toFixed(3), recall(its), (its.median / ours).toFixed(2)];
  return `| ${[n.toLocaleString("en"), name, ...cells].join(" | ")} |`;
}

function recall({ recall, effort }) {
  if (recall === undefined) return "–";
  return effort ? `${recall.toFixed(3)} (ef ${effort})` : recall.toFixed(3);
}
