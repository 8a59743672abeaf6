// WebKit, driven by plain WebDriver over HTTP, in the words of puppeteer that the tests use. A
// visit goes through a proxy of its own (`watch.mjs`): that gives it an origin, and so storage,
// of its own, and sees what WebDriver cannot tell.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { watch } from "./watch.mjs";

const PATIENCE = 60_000;
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const KEYS = { Enter: "\uE007", Tab: "\uE004", Escape: "\uE00C" };

/**
 * Starts the browser with a screen of its own.
 * @param {{ driver: string, screen: string, path: string, args: string[] }} programs
 */
export async function openWebkit({ driver, screen, path, args }) {
  const display = await startScreen(screen);
  const port = await freePort();
  const environment = { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", LIBGL_ALWAYS_SOFTWARE: "1", NO_AT_BRIDGE: "1" };
  const server = spawn(driver, [`--port=${port}`], {
    env: { ...process.env, ...environment, DISPLAY: display.name },
    stdio: "ignore",
  });
  const session = await Session.start(`http://127.0.0.1:${port}`, { binary: path, args });
  const visits = new Set();
  return {
    visit: async (url, options) => {
      const watched = await watch(new URL(url).origin);
      visits.add(watched);
      return visit(session, watched, url, options);
    },
    close: async () => {
      for (const watched of visits) await watched.close();
      await session.end();
      await stop(server);
      await stop(display.program);
    },
  };
}

async function visit(session, watched, url, { width = 1440, height = 900, dark = false } = {}) {
  if (dark) throw new Error("WebDriver cannot ask for dark mode");
  const page = new Page(session, watched);
  await page.setViewport({ width, height });
  await page.goto(url);
  const { errors, requests } = watched;
  return { page, errors, requests, close: () => watched.close() };
}

/** What the tests use of puppeteer's `Page`. */
class Page {
  #session;
  #watched;
  /** When the document that last answered came to be. */
  #document;

  constructor(session, watched) {
    this.#session = session;
    this.#watched = watched;
    this.keyboard = { press: (key) => this.#press(KEYS[key] ?? key) };
  }

  async goto(url) {
    await this.#settle();
    await this.#session.post("url", { url: this.#watched.inside(url) });
    await this.#complete();
  }

  async reload() {
    await this.#settle();
    await this.#session.post("refresh", {});
    await this.#complete();
  }

  /** A window of such a size that the page in it is `width` × `height`. */
  async setViewport({ width, height }) {
    let wanted = { width, height };
    for (let round = 0; round < 3; round += 1) {
      await this.#session.post("window/rect", wanted);
      const inner = await this.#run("() => ({ width: innerWidth, height: innerHeight })", []);
      if (inner.width === width) return;
      wanted = { width: wanted.width + width - inner.width, height: wanted.height + height - inner.height };
    }
    throw new Error(`no window can be had whose page is ${width} pixels wide`);
  }

  title() {
    return this.#session.get("title");
  }

  /** A text is a script, whose answer nobody asks for. */
  evaluate(action, ...args) {
    return this.#run(typeof action === "string" ? `() => {\n${action}\n}` : String(action), args);
  }

  $(selector) {
    return this.#run("(selector) => document.querySelector(selector) !== null || null", [selector]);
  }

  $eval(selector, action, ...args) {
    const found = "document.querySelector(selector) ?? (() => { throw new Error(`nothing is ${selector}`); })()";
    return this.#run(`(selector, ...args) => (${action})(${found}, ...args)`, [selector, ...args]);
  }

  $$eval(selector, action, ...args) {
    const found = "[...document.querySelectorAll(selector)]";
    return this.#run(`(selector, ...args) => (${action})(${found}, ...args)`, [selector, ...args]);
  }

  waitForSelector(selector, options) {
    return this.waitForFunction("(selector) => document.querySelector(selector) !== null", options, selector);
  }

  async waitForFunction(action, { timeout = PATIENCE } = {}, ...args) {
    const until = Date.now() + timeout;
    // Between two pages there is nobody to ask.
    while (!(await this.#run(String(action), args).catch(() => false))) {
      if (Date.now() > until) throw new Error(`waited ${timeout} ms in vain for ${action}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Until there is another document than the one that last answered, and it is complete. */
  async waitForNavigation(options) {
    const before = this.#document;
    const arrived = "(before) => performance.timeOrigin !== before && document.readyState === 'complete'";
    await this.waitForFunction(arrived, options, before);
  }

  async waitForNetworkIdle({ idleTime = 500 } = {}) {
    await this.#watched.idle(idleTime);
    await this.#settle();
  }

  async type(selector, text) {
    const found = await this.#session.post("element", { using: "css selector", value: selector });
    await this.#session.post(`element/${found[ELEMENT]}/value`, { text });
  }

  /** @param {() => void} action runs in every later document, before its own scripts */
  async evaluateOnNewDocument(action) {
    this.#watched.before(`(${action})();`);
  }

  async #press(value) {
    const actions = ["keyDown", "keyUp"].map((type) => ({ type, value }));
    await this.#session.post("actions", { actions: [{ type: "key", id: "keys", actions }] });
  }

  /** Calls a function of the page; its answer travels as JSON, as in puppeteer. */
  async #run(action, args) {
    const said = await this.#session.post("execute/async", { script: script(action), args: [JSON.stringify(args)] });
    const { value, error, seen, born } = JSON.parse(said);
    this.#watched.hear(seen);
    this.#document = born;
    if (error !== undefined) throw new Error(error);
    return value;
  }

  /** WebKit's driver is back before the page's modules have run. */
  #complete() {
    return this.waitForFunction("() => document.readyState === 'complete'");
  }

  /** Hears what the document has to say before it goes. */
  async #settle() {
    await this.#run("() => null", []).catch(() => {});
  }
}

function script(action) {
  return `
    const [text, done] = arguments;
    const say = (said) => done(JSON.stringify({ ...said, born: performance.timeOrigin, seen: window.watched?.splice(0) ?? [] }));
    (async () => (${action})(...JSON.parse(text)))().then(
      (value) => say({ value }),
      (error) => say({ error: String(error?.stack ? error + "\\n" + error.stack : error) }));`;
}

/** A WebDriver session. Commands go one after the other: WebDriver knows no other way. */
class Session {
  #base;
  #last = Promise.resolve();

  constructor(base) {
    this.#base = base;
  }

  static async start(driver, options) {
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": options } };
    const until = Date.now() + PATIENCE;
    for (;;) {
      try {
        const { sessionId } = await send(`${driver}/session`, "POST", { capabilities });
        const session = new Session(`${driver}/session/${sessionId}`);
        await session.post("timeouts", { script: 60_000, pageLoad: 60_000 });
        return session;
      } catch (error) {
        // Not up yet; whatever else it is will be said in the end.
        if (Date.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  get(command) {
    return this.#queue(() => send(`${this.#base}/${command}`, "GET"));
  }

  post(command, body) {
    return this.#queue(() => send(`${this.#base}/${command}`, "POST", body));
  }

  end() {
    return this.#queue(() => send(this.#base, "DELETE"));
  }

  #queue(action) {
    const answer = this.#last.then(action);
    this.#last = answer.catch(() => {});
    return answer;
  }
}

async function send(url, method, body) {
  const answer = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${new URL(url).pathname}: ${value?.error}: ${value?.message}`);
  return value;
}

/** A screen that nobody sees. It names itself. */
async function startScreen(screen) {
  const program = spawn(screen, ["-displayfd", "3", "-screen", "0", "1920x1200x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const number = await new Promise((resolve, reject) => {
    createInterface({ input: program.stdio[3] }).once("line", resolve);
    program.once("error", reject);
    program.once("close", (code) => reject(new Error(`${screen} ended with code ${code}`)));
  });
  return { name: `:${number}`, program };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function stop(program) {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = new Promise((resolve) => program.once("close", resolve));
  program.kill();
  await ended;
}
