/** An object without some of its fields. */
export function without<T extends object, Key extends keyof T>(object: T, ...keys: Key[]): Omit<T, Key> {
  const rest = { ...object } as Partial<T>;
  for (const key of keys) Reflect.deleteProperty(rest, key);
  return rest as Omit<T, Key>;
}
