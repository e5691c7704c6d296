/** What is made at its first use: a bundle that is read then, say. */

/** Makes it, or hands out what was made. */
export type Later<T> = () => Promise<T>;

/** One making for all who ask; what failed is tried again by the next one. */
export function later<T>(make: () => Promise<T>): Later<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
