// What browser tests share: three browsers, the project's own file server, and pages that
// write down every error and every request. Which browser it is, tests need not know.

import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { openWebkit } from "./webdriver.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

// `xtask/src/tools/browsers.rs` knows the same names and variables.
const KNOWN = [
  {
    name: "chromium",
    kind: "chrome",
    variable: "MERCER_CHROMIUM",
    programs: ["chromium", "chromium-browser", "google-chrome"],
    // Root may not use the sandbox, /dev/shm is small in containers, and a browser under
    // test has nobody to talk to but the page's server.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
    ],
  },
  {
    name: "firefox",
    kind: "firefox",
    variable: "MERCER_FIREFOX",
    programs: ["firefox-esr", "firefox"],
    args: [],
  },
  {
    name: "webkit",
    kind: "webkit",
    variable: "MERCER_WEBKIT",
    programs: ["MiniBrowser"],
    args: ["--automation"],
  },
];

// WebKit has no headless mode: it needs a screen, and a driver of its own.
const HELPERS = {
  driver: { variable: "MERCER_WEBKIT_DRIVER", programs: ["WebKitWebDriver"] },
  screen: { variable: "MERCER_XVFB", programs: ["Xvfb"] },
};

/** Where Debian and its kin keep what is on nobody's PATH. */
const LIBRARIES = ["x86_64", "aarch64"].map((machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1`);

/**
 * The browsers every test runs in.
 * @param {Record<string, string | undefined>} [env] where to look
 * @returns {{ name: "chromium" | "firefox" | "webkit", kind: string, path: string, args: string[] }[]}
 * @throws if one of them is not installed; a missing browser is never skipped
 */
export function browsers(env = process.env) {
  return KNOWN.map(({ name, kind, args, ...program }) => {
    const found = { name, kind, path: find({ name, ...program }, env), args };
    if (kind !== "webkit") return found;
    const helpers = Object.entries(HELPERS).map(([role, helper]) => [role, find({ name: role, ...helper }, env)]);
    return { ...found, ...Object.fromEntries(helpers) };
  });
}

function find({ name, variable, programs }, env) {
  const path = env[variable] || findOnPath(programs, env.PATH);
  if (path && isExecutable(path)) return path;
  throw new Error(
    `${path || programs[0] || name} is not installed; \`cargo xtask setup\` installs it or says how ` +
      `(or let ${variable} hold its path)`,
  );
}

/**
 * Starts a browser. `patience` is how many milliseconds an answer of a page may take; 0 is for ever.
 * @param {ReturnType<typeof browsers>[number]} browser
 * @param {{ patience?: number }} [options]
 * @returns {Promise<{ visit: typeof visit, close: () => Promise<void> }>}
 */
export async function open(browser, { patience } = {}) {
  const { kind, path, args } = browser;
  if (kind === "webkit") return openWebkit(browser);
  const running = await puppeteer.launch({
    browser: kind,
    executablePath: path,
    headless: true,
    args,
    ...(patience === undefined ? {} : { protocolTimeout: patience }),
  });
  return {
    visit: (url, options) => visit(running, url, options),
    close: () => running.close(),
  };
}

/**
 * Opens a page in a context of its own (its own storage) and watches it from the start.
 *
 * `errors` holds uncaught exceptions, `console.error`s and failed loads as text; `requests`
 * the URL of everything the page asked for, itself first, without data: and blob: URLs.
 */
async function visit(browser, url, { width = 1440, height = 900, dark = false } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const errors = [];
  const requests = [];
  page.on("pageerror", (error) => errors.push(`uncaught: ${error?.message ?? error}`));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`console: ${message.text()}`);
  });
  page.on("requestfailed", (request) => {
    errors.push(`failed: ${request.url()} (${request.failure()?.errorText})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) errors.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
  });
  await page.setViewport({ width, height });
  if (dark) await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  await page.goto(url, { waitUntil: "load" });
  return { page, errors, requests, close: () => context.close() };
}

/**
 * Those of `requests` that went to another origin than `url`'s.
 * @param {string[]} requests
 * @param {string} url
 */
export function strangers(requests, url) {
  const home = new URL(url).origin;
  return requests.filter((request) => new URL(request).origin !== home);
}

/**
 * Starts `cargo xtask serve` on a free port: www/ at `/`, pkg/ at `/pkg/`, and `mounts`.
 * @param {Record<string, string>} [mounts] path → folder, seen from the repository's root
 * @param {{ isolated?: boolean }} [options] `isolated` gives pages a finer clock
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` ends with a slash
 */
export async function serve(mounts = {}, { isolated = false } = {}) {
  const mountArgs = Object.entries(mounts).flatMap(([path, folder]) => [
    "--mount",
    `${path}=${resolve(ROOT, folder)}`,
  ]);
  const isolation = isolated ? ["--isolated"] : [];
  const server = spawn(
    "cargo",
    ["xtask", "serve", "--port", "0", "--while-stdin-open", ...isolation, ...mountArgs],
    { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] },
  );
  const ended = new Promise((resolve) => server.once("close", resolve));
  const url = await firstLine(server, ended);
  return {
    url,
    close: async () => {
      if (!server.stdin.writableEnded) server.stdin.end();
      await ended;
    },
  };
}

async function firstLine(server, ended) {
  const lines = createInterface({ input: server.stdout });
  const line = new Promise((resolve) => lines.once("line", resolve));
  const failed = new Promise((_, reject) => server.once("error", reject));
  const early = ended.then((code) => {
    throw new Error(`\`cargo xtask serve\` ended with code ${code} before it printed its URL`);
  });
  // Whichever of these loses the race must not become an unhandled rejection later.
  early.catch(() => {});
  return Promise.race([line, failed, early]);
}

function findOnPath(programs, path) {
  if (!path) return undefined;
  const folders = [...path.split(delimiter).filter(Boolean), ...LIBRARIES];
  const places = programs.flatMap((program) => folders.map((folder) => join(folder, program)));
  return places.find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
