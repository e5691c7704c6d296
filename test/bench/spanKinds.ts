/**
 * What must survive a translation, as a reader would mark it: looser patterns than those that the engine protects by, so
 * that the count does not only find what was protected.
 */

export const spanKinds = {
  url: /\b(?:https?|ftp):\/\/[^\s<>"'`»“”)\]},]*[\w/#=-]/g,
  email: /(?<![\w.@/+-])[A-Za-z0-9][\w.+-]*@[\w-]+(?:\.[A-Za-z][\w-]*)+/g,
  path: /(?<![\w/.:~<@$}%*-])(?:~|\.{1,2})?(?:\/[A-Za-z0-9_.+@-]*[A-Za-z0-9_+]){2,}(?![\w(])/g,
  option: /(?<![\w-])--[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?!\w|-[a-z])|(?<![\w\-.'")\]])-[A-Za-z](?![\w-])/g,
  code: /(?<!`)(`{1,2})[^`'\s][^`'\n]*\1(?!`)/g,
  placeholder: /%(?:\d\$)?[sd](?![a-z])|\{\d\}|\$\{[^}\n]*\}/g,
  call: /\b[A-Za-z_][\w.]*\(\)/g,
  camelCase: /(?<![\p{L}\p{N}_])(?:[a-z][a-z0-9]+[A-Z]|[A-Z][a-z0-9]+[A-Z][a-z])\w*(?![\p{L}\p{N}_])/gu,
  snakeCase: /(?<![\p{L}\p{N}_])[A-Za-z][A-Za-z0-9]+_[A-Za-z0-9_]*[A-Za-z0-9](?![\p{L}\p{N}_])/gu,
  version: /\bv?\d+\.\d+\.\d+(?:-[a-z]+\.?\d*)?(?!\w|\.\w)|\bv\d+(?:\.\d+)?(?!\w|\.\w)/g,
  quantity:
    /(?<![\w.,-])\d+(?:[.,]\d+)?[ \u00a0\u202f]?(?:[kMGT]i?[Bb](?:\/s|it\/s|ps)?|KB|[mµnu]s|[kMG]?Hz|px|pt|dpi|rem|em|fps|[mck]?m|mm|kg|mV|kW|mA|dB|°C|°F|%)(?![\p{L}\p{N}])/gu,
  /** Of two digits or more, in no other number, date or word. */
  integer:
    /(?<![\p{L}\p{N}_.,:/#@%~^=+'’-])\d{2,}(?![\p{L}\p{N}_%°]|[.,:/'’=+-]\d| \d{3}(?!\d)|[ \u00a0]?[kMGT]?i?B)/gu,
  emoji:
    /[\p{Emoji_Presentation}\p{Extended_Pictographic}](?:\ufe0f|\p{Emoji_Modifier}|\u200d\p{Extended_Pictographic})*/gu,
  mention: /(?<![\w@/.{*\\])@[A-Za-z][\w-]*[A-Za-z0-9]/g,
  issue: /(?<![\w&#/])#\d+\b|\bGH-\d+\b/g,
} as const satisfies Record<string, RegExp>;

export type SpanKind = keyof typeof spanKinds;

/** The spans of a kind, in order. */
export function spansOf(text: string, kind: SpanKind): string[] {
  return text.match(spanKinds[kind]) ?? [];
}

/** Spans of a text that its translation has less often, as words of their own. */
export function missing(spans: readonly string[], text: string, translation: string): string[] {
  return [...new Set(spans)].flatMap((span) => {
    const lost = countWhole(text, span) - countWhole(translation, span);
    return Array.from({ length: Math.max(0, lost) }, () => span);
  });
}

function countWhole(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) {
    const [before, behind] = [text.slice(0, at), text.slice(at + part.length)];
    const isCut =
      (/^[\p{L}\p{N}]/u.test(part) && /[\p{L}\p{N}_]$/u.test(before)) ||
      (/[\p{L}\p{N}]$/u.test(part) && /^[\p{L}\p{N}_]/u.test(behind));
    if (!isCut) count++;
  }
  return count;
}
