// `mercer/fallback`: the engine in JavaScript, for `load`'s option of that name.

/** Glue for one engine, which is not started yet. */
export function engine(): object;
/** An engine for that glue. */
export function instance(imports: object): object;
