// What the rows are called that others are held against.

export const OURS = { slate: "Mercer, a whole slate", search: "Mercer, search alone" };
export const PACKED = "Mercer, search alone, two codes a byte";
export const READING = "reading the same bytes";
