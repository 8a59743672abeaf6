// From times to figures: medians, 99th percentiles, ratios, and the table.

/** @param {number[]} sorted ascending @param {number} share 0 to 1; by nearest rank */
export function quantile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** Times of each platform and step → their figures, in milliseconds. */
export function summarise(samples) {
  return mapValues(samples, (steps) =>
    mapValues(steps, (times) => {
      const sorted = times.toSorted((a, b) => a - b);
      return { n: sorted.length, median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
    }),
  );
}

/** How many times as long as a slate each rival takes at the median. */
export function ratios(milliseconds) {
  return mapValues(milliseconds, (steps) => {
    const slate = steps["recommend home"].median;
    const rivals = ["plain JavaScript scan", "reading the same bytes"].filter((name) => steps[name]);
    return Object.fromEntries(rivals.map((name) => [name, steps[name].median / slate]));
  });
}

/** Everything as text. */
export function table({ environment, model, rounds, milliseconds, ratios: rivals, memory = {} }) {
  const lines = Object.entries(environment).map(([name, is]) => row(name, String(is)));
  lines.push(row("model", shape(model)), row("rounds", String(rounds)), "");
  lines.push(row("ms", "n", "median", "p99", "slates"));
  for (const [platform, steps] of Object.entries(milliseconds)) {
    for (const [step, { n, median, p99 }] of Object.entries(steps)) {
      const ratio = rivals[platform][step];
      const shown = [n, median.toFixed(3), p99.toFixed(3), ratio ? `${ratio.toFixed(2)} ×` : ""];
      lines.push(row(`${platform}: ${step}`, ...shown));
    }
  }
  for (const [platform, { bytes, file, allowed }] of Object.entries(memory)) {
    const beside = `file ${megabytes(file)}, at most ${megabytes(allowed)}`;
    lines.push(row(`${platform}: memory of 100,000`, `${megabytes(bytes)} (${beside})`));
  }
  return lines.map((line) => line.trimEnd()).join("\n");
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function shape({ items, dim, bits, bytes }) {
  return `${items} products × ${dim} × ${bits} bits, ${bytes} bytes`;
}

function row(name, ...cells) {
  if (cells.length === 1) return `${name.padEnd(12)} ${cells[0]}`;
  return name.padEnd(36) + cells.map((cell) => String(cell).padStart(10)).join("");
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
