/** What every function of the package throws: `code` is for programs, `message` for people. */
export class MercerError extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = "MercerError";
    this.code = code;
    // Browsers of before 2022 take no options.
    if (options && !("cause" in this)) this.cause = options.cause;
  }
}
