// `mercer/worker.js`: what the option `worker` makes a Worker from. It exports nothing.

export {};
