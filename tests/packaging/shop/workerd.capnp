using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "shop", worker = .shop), (name = "origin", worker = .origin)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "shop")],
);

const shop :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  globalOutbound = "origin",
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "mercer_bg.wasm", wasm = embed "mercer_bg.wasm"),
    (name = "small.mercer", data = embed "small.mercer"),
  ],
);

# What lies behind the worker: pages as a cache holds them, the same for everybody.
const origin :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [(name = "origin.js", esModule = embed "origin.js")],
);
