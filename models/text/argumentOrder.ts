// Placeholders by which a program puts its arguments into a text one after the other: `%s`, `{}`. They look alike, so that
// nobody sees where a translation has them in another order; the program then says something else.

/** With neither a number nor a name, alone or in a span with others. */
const takesTheNext =
  /(?:%[-+ #0']*(?:\*|\d+)?(?:\.(?:\*|\d+)?)?(?:hh?|ll?|[Lqjzt]|I64|I32)?[diouxXeEfFgGaAcCsSp@]|%<PRI\w+>|%q[+#]*[A-Za-z]|\{(?:![rsa])?(?::[^{}]*)?\})/;

/**
 * Whether a translation's placeholders that take a program's next argument stand in another order than the source's.
 *
 * @param spans what the source's placeholders stand for, in its order
 * @param said which of them the translation says, in its order
 */
export function movesArguments(spans: readonly string[], said: readonly number[]): boolean {
  const places = said.filter((place) => takesTheNext.test(spans[place] ?? ''));
  return places.some((place, index) => place < (places[index - 1] ?? 0));
}
