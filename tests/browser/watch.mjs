// A proxy before a site, for a browser that cannot tell what a page does: it writes down every
// request and every failure, and puts a script before the page's own that collects its errors.

import { createServer, request as ask } from "node:http";

const SCRIPT = "/.watch.js";

// Runs in the page. What it collects is fetched with the answers of the tests' own calls, so
// that watching asks nothing of the network.
const COLLECT = `
  window.watched = [];
  addEventListener("error", ({ message, target }) => {
    if (target === window) watched.push({ error: "uncaught: " + message });
  });
  addEventListener("unhandledrejection", ({ reason }) => {
    watched.push({ error: "uncaught: " + (reason?.message ?? reason) });
  });
  {
    const { error } = console;
    console.error = (...args) => {
      watched.push({ error: "console: " + args.join(" ") });
      error.apply(console, args);
    };
  }
  addEventListener("securitypolicyviolation", ({ disposition, blockedURI }) => {
    if (disposition === "report" && /^http/.test(blockedURI)) watched.push({ request: blockedURI });
  });
`;

// Forbids nothing: it makes the page tell of whatever it asks of another origin.
const POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:";

/**
 * Starts a proxy.
 * @param {string} origin of the site behind it
 */
export async function watch(origin) {
  const watched = new Watched(origin);
  await watched.listen();
  return watched;
}

class Watched {
  /** @type {string[]} as the harness promises, with the site's own addresses */
  errors = [];
  /** @type {string[]} */
  requests = [];
  #site;
  #origin;
  #scripts = [COLLECT];
  #underWay = 0;
  #lastMs = Date.now();
  #server = createServer((request, response) => this.#answer(request, response));

  constructor(site) {
    this.#site = site;
  }

  async listen() {
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#origin = `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Where an address of the site is found behind the proxy. */
  inside(url) {
    return url.startsWith(this.#site) ? this.#origin + url.slice(this.#site.length) : url;
  }

  /** Adds a script that runs before every later page. */
  before(script) {
    this.#scripts.push(script);
  }

  /** Takes in what the page collected. */
  hear(seen) {
    for (const { error, request } of seen) {
      if (error) this.errors.push(error);
      if (request) this.requests.push(request);
    }
  }

  /** Waits until nothing was asked or answered for so many milliseconds. */
  async idle(ms) {
    while (this.#underWay > 0 || Date.now() - this.#lastMs < ms) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async close() {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer({ url, method, headers }, response) {
    if (url === SCRIPT) {
      response.writeHead(200, { "content-type": "text/javascript", "cache-control": "no-store" });
      response.end(this.#scripts.join("\n"));
      return;
    }
    const address = this.#site + url;
    this.requests.push(address);
    this.#underWay += 1;
    response.once("close", () => {
      this.#underWay -= 1;
      this.#lastMs = Date.now();
    });
    // A page must arrive whole, to get its script.
    const { host, "accept-encoding": _, ...passed } = headers;
    if (headers.accept?.includes("text/html")) delete passed["if-none-match"];
    const asked = ask(address, { method, headers: passed }, (answer) => this.#pass(address, answer, response));
    asked.on("error", (error) => {
      this.errors.push(`failed: ${address} (${error.message})`);
      response.destroy();
    });
    asked.end();
  }

  async #pass(address, answer, response) {
    if (answer.statusCode >= 400) this.errors.push(`${answer.statusCode}: ${address}`);
    const chunks = [];
    for await (const chunk of answer) chunks.push(chunk);
    let body = Buffer.concat(chunks);
    const headers = { ...answer.headers };
    if (headers["content-type"]?.startsWith("text/html")) {
      const tag = `<script src="${SCRIPT}"></script>`;
      body = Buffer.from(body.toString().replace("<head>", `<head>${tag}`));
      headers["content-length"] = body.length;
      headers["content-security-policy-report-only"] = POLICY;
    }
    response.writeHead(answer.statusCode, headers);
    response.end(body);
  }
}
