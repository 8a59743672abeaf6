// What page and worker say to each other; another number where they would not understand each other.
export const PROTOCOL = 1;
