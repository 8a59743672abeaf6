/** What every function of the package throws: `code` is for programs, `message` for people. */
export class MercerError extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = "MercerError";
    this.code = code;
  }
}

/** Calls the engine; what it throws becomes a MercerError, its message after `prefix`. */
export function coded(call, prefix = "") {
  try {
    return call();
  } catch (cause) {
    const code = typeof cause?.code === "string" ? cause.code : "internal";
    throw new MercerError(code, prefix + (cause?.message ?? cause), { cause });
  }
}
