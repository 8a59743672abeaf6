using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "shop", worker = .shop)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "shop")],
);

const shop :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "mercer_bg.wasm", wasm = embed "mercer_bg.wasm"),
    (name = "shop.mercer", data = embed "shop.mercer"),
  ],
);
